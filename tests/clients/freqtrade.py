"""freqtrade in live futures mode: it enters, its stop rests at the exchange, the stop acts, and it enters again.

Arguments: BASE KEY SECRET. The stop is near, so that a drawn market reaches it within a minute or two.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE_S = 400
STRATEGY = """
from freqtrade.strategy import IStrategy


class Always(IStrategy):
    INTERFACE_VERSION = 3
    timeframe, startup_candle_count, minimal_roi, stoploss = "1m", 5, {"0": 10}, -0.0012
    process_only_new_candles = False
    order_types = {"entry": "market", "exit": "market", "stoploss": "market", "stoploss_on_exchange": True}

    def populate_indicators(self, dataframe, metadata):
        return dataframe

    def populate_entry_trend(self, dataframe, metadata):
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe, metadata):
        dataframe["exit_long"] = 0
        return dataframe

    def leverage(self, *given, **named):
        return 3.0
"""


def configuration(base: str, key: str, secret: str) -> dict[str, object]:
    """A live configuration; nothing but the addresses is out of the ordinary."""
    paths = {"fapiPublic": "/fapi/v1", "fapiPublicV2": "/fapi/v2", "fapiPublicV3": "/fapi/v3"}
    paths |= {name.replace("Public", "Private"): path for name, path in paths.items()}
    paths |= {"fapiData": "/futures/data", "public": "/api/v3", "private": "/api/v3", "sapi": "/sapi/v1"}
    options = {"fetchMarkets": {"types": ["linear"]}, "fetchCurrencies": False, "fetchMargins": False}
    urls = {"api": {name: base + path for name, path in paths.items()}}
    book = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
    return {
        "dry_run": False,
        "trading_mode": "futures",
        "margin_mode": "isolated",
        "max_open_trades": 1,
        "stake_currency": "USDT",
        "stake_amount": 1_000,
        "entry_pricing": book,
        "exit_pricing": book,
        "exchange": {
            "name": "binance",
            "key": key,
            "secret": secret,
            "ccxt_config": {"enableRateLimit": False, "options": options, "urls": urls},
            "pair_whitelist": ["BTC/USDT:USDT"],
        },
        "pairlists": [{"method": "StaticPairList"}],
        "internals": {"process_throttle_secs": 1},
        "initial_state": "running",
        "strategy": "Always",
    }


def main() -> None:
    """Let the bot trade until it has entered again after a stop, and say so."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "user_data/strategies").mkdir(parents=True)
        (folder / "user_data/strategies/always.py").write_text(STRATEGY)
        (folder / "config.json").write_text(json.dumps(configuration(*sys.argv[1:4])))
        command = [sys.executable, "-m", "freqtrade", "trade", "-c", "config.json", "--userdir", "user_data"]
        bot = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            rounds = follow(bot)
        finally:
            bot.terminate()
            bot.communicate(timeout=60)
    print(f"freqtrade: {rounds} entries, a stop at the exchange between them")


def follow(bot: subprocess.Popen[str]) -> int:
    """Read the bot's log until the second entry; how many entries there were."""
    begin, entries, stops, told = time.monotonic(), 0, 0, []
    for line in bot.stdout or ():
        told.append(line)
        assert " - ERROR - " not in line, line
        entries += "was created for BTC/USDT:USDT" in line
        stops += "'exit_reason': 'stoploss_on_exchange'" in line
        if entries > 1:
            assert stops, "it entered again without a stop"
            return entries
        assert time.monotonic() - begin < PATIENCE_S, "".join(told[-20:])
    raise AssertionError("".join(told[-20:]))


main()
