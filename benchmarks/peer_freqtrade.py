"""The jobs on freqtrade. Usage: python peer_freqtrade.py (A | B | C | D) FOLDER [--bars N]. In its own environment.

Its backtest asks an exchange for markets, precision, leverage and funding. `Exchange` answers in its place, without a
network: no limits, no rounding, leverage 1, no funding. Of B it knows the target as a return after both fees.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import freqtrade
import numpy as np
import pandas as pd
from freqtrade.configuration import TimeRange
from freqtrade.enums import CandleType, MarginMode, RunMode, TradingMode
from freqtrade.optimize import backtesting
from freqtrade.strategy import IStrategy
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, STOP, TARGET, WARM_UP, Outcome, measure, wish
from market import read

LOOK = {"A": "1m", "B": "1m", "C": "5m", "D": "5m"}
PLACE = Path(tempfile.mkdtemp())


class Exchange:
    """What a backtest asks of an exchange, answered as plainly as may be."""

    name = id = "binance"
    precisionMode = precision_mode_price = 4  # noqa: N815 - the peer's name
    margin_mode = MarginMode.ISOLATED
    _leverage_tiers: ClassVar[dict[str, Any]] = {}
    answers: ClassVar[dict[str, Any]] = {
        "market_is_tradable": True, "get_pair_quote_currency": "USDT", "get_proxy_coin": "USDT", "get_fee": FEE,
        "get_max_leverage": 1.0, "get_min_pair_stake_amount": 0.0, "get_max_pair_stake_amount": float("inf"),
        "get_contract_size": 1.0, "get_precision_amount": None, "get_precision_price": None,
        "get_liquidation_price": None, "calculate_funding_fees": 0.0, "exchange_has": True, "ohlcv_candle_limit": 1_000,
        "validate_required_startup_candles": 1, "balance_includes_unrealized_pnl": False,
    }  # fmt: skip
    options: ClassVar[dict[str, Any]] = {
        "funding_fee_timeframe": "8h", "mark_ohlcv_timeframe": "8h", "ohlcv_has_history": True,
    }  # fmt: skip

    def __init__(self, pairs: list[str]) -> None:
        traits = {"quote": "USDT", "settle": "USDT", "active": True, "spot": False, "linear": True, "swap": True}
        self.markets = {pair: {"symbol": pair, "base": pair.partition("/")[0], "limits": {}} | traits for pair in pairs}

    def __getattr__(self, name: str) -> Any:
        if name not in self.answers:
            raise AttributeError(name)
        return lambda *_, **__: self.answers[name]

    def get_markets(self, *_: Any, **__: Any) -> dict[str, Any]:
        """All."""
        return self.markets

    def get_pair_base_currency(self, pair: str) -> str:
        """What is traded."""
        return pair.partition("/")[0]

    def get_option(self, name: str, otherwise: Any = None) -> Any:
        """How the exchange differs from others."""
        return self.options.get(name, otherwise)


class Cross(IStrategy):
    """Jobs A, C and D."""

    INTERFACE_VERSION = 3
    timeframe, can_short, stoploss, minimal_roi = "5m", True, -0.99, {"0": 1_000}
    use_exit_signal, process_only_new_candles, startup_candle_count = True, True, 0
    order_types: ClassVar[dict[str, Any]] = {
        "entry": "market", "exit": "market", "stoploss": "market", "stoploss_on_exchange": False,
    }  # fmt: skip
    fast, slow = FAST, SLOW

    def averages(self, close: pd.Series) -> tuple[pd.Series, pd.Series]:
        """The fast and the slow one."""
        return close.rolling(self.fast).mean(), close.rolling(self.slow).mean()

    def populate_indicators(self, dataframe, _metadata):
        """See freqtrade."""
        quick, calm = self.averages(dataframe["close"])
        dataframe["up"] = (quick.shift() <= calm.shift()) & (quick > calm)
        dataframe["down"] = (quick.shift() >= calm.shift()) & (quick < calm)
        return dataframe

    def populate_entry_trend(self, dataframe, _metadata):
        """See freqtrade."""
        dataframe["enter_long"], dataframe["enter_short"] = dataframe["up"] * 1, dataframe["down"] * 1
        return dataframe

    def populate_exit_trend(self, dataframe, _metadata):
        """See freqtrade."""
        dataframe["exit_long"], dataframe["exit_short"] = dataframe["down"] * 1, dataframe["up"] * 1
        return dataframe


class Bracket(Cross):
    """Job B."""

    stoploss, minimal_roi, use_exit_signal = -STOP, {"0": TARGET - 2 * FEE}, False

    def averages(self, close):
        """See Cross."""
        return tuple(close.ewm(span=bars, adjust=False).mean() for bars in (self.fast, self.slow))

    def populate_indicators(self, dataframe, metadata):
        """See Cross; none before the averages have settled."""
        dataframe = super().populate_indicators(dataframe, metadata)
        dataframe.loc[: WARM_UP - 1, ["up", "down"]] = False
        return dataframe

    def populate_exit_trend(self, dataframe, _metadata):
        """It leaves at stop or target."""
        return dataframe


def tester(pairs: list[str], job: str) -> backtesting.Backtesting:
    """A backtest of freqtrade's, with the strategy of a job."""
    settings = {
        "dry_run": True, "dry_run_wallet": CASH * len(pairs), "stake_currency": "USDT", "stake_amount": "unlimited",
        "tradable_balance_ratio": SHARE, "max_open_trades": len(pairs), "amount_reserve_percent": 0.0,
        "timeframe": LOOK[job], "fee": FEE, "trading_mode": TradingMode.FUTURES, "margin_mode": MarginMode.ISOLATED,
        "candle_type_def": CandleType.FUTURES, "runmode": RunMode.OTHER, "pairlists": [{"method": "StaticPairList"}],
        "exchange": {"name": "binance", "pair_whitelist": pairs, "pair_blacklist": []},
        "strategy": "Bracket" if job == "B" else "Cross", "strategy_path": str(Path(__file__).parent),
        "user_data_dir": PLACE, "datadir": PLACE, "dataformat_ohlcv": "feather", "dataformat_trades": "feather",
        "entry_pricing": {"price_side": "other"}, "exit_pricing": {"price_side": "other"}, "internals": {},
        "export": "none", "original_config": {}, "enable_protections": False, "disableparamexport": True,
        "unfilledtimeout": {"entry": 10, "exit": 10, "unit": "minutes", "exit_timeout_count": 0},
    }  # fmt: skip
    backtesting.migrate_data = lambda *_, **__: None  # there is no data on disk
    found = backtesting.Backtesting(settings, Exchange(pairs))
    found.funding_fee_timeframe_secs, found.futures_data = 8 * 3_600, dict.fromkeys(pairs)
    return found


def main() -> None:
    """Measure the job."""
    asked = wish()
    logging.disable(logging.WARNING)
    columns = {key: np.atleast_2d(values) for key, values in read(asked.folder, MARKET[asked.job], asked.bars).items()}
    count, size = columns["close"].shape
    pairs = [f"S{k:02d}/USDT:USDT" for k in range(count)]
    dates = pd.date_range("2023-01-01", periods=size, freq=f"{LOOK[asked.job][0]}min", tz="UTC")
    frames = {
        pair: pd.DataFrame({"date": dates} | {key: values[k] for key, values in columns.items()})
        for k, pair in enumerate(pairs)
    }
    lasts = {pair: frame["close"].iloc[-1] for pair, frame in frames.items()}
    test = tester(pairs, asked.job)
    strategy = test.strategylist[0]
    strategy.timeframe = LOOK[asked.job]

    def run(fast: int = FAST, slow: int = SLOW) -> Outcome:
        strategy.fast, strategy.slow = fast, slow
        test.backtest_one_strategy(strategy, {pair: frame.copy() for pair, frame in frames.items()}, TimeRange())
        done = test.all_bt_content[strategy.get_strategy_name()]
        trades = done["results"]
        # At the end it closes, at the last open and for a fee, what others leave open and count at the last close.
        forced = trades[trades["exit_reason"] == "force_exit"]
        side = 1.0 - 2.0 * forced["is_short"]
        later = forced["pair"].map(lasts) - forced["close_rate"]
        left_out = forced["amount"] * (side * later + forced["close_rate"] * FEE)
        return len(trades), float(done["final_balance"] + left_out.sum())

    def call() -> Outcome:
        if asked.job != "C":
            return run()
        outcomes = [run(fast, slow) for fast, slow in GRID[: asked.pairs]]
        return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)

    bars = size * count * (asked.pairs if asked.job == "C" else 1)
    measure(f"freqtrade {freqtrade.__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
