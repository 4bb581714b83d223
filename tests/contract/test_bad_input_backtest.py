"""Bad input at the door of `tradewright backtest`: one clear line, exit code 2, nothing written."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tradewright.cli.main import main

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
RUN = ["backtest", "ma_crossover", "--instrument", BTC, "--venue", "alpha"]

BROKEN = "class Broken(:\n    pass\n"
FAILS = '''
"""A strategy that fails."""
from tradewright import Strategy


class Fails(Strategy):
    """Fail at the first bar."""

    version = "1"

    def on_bar(self, view):
        return 1 / 0
'''

# What is wrong, the arguments, and what the one line must say.
TABLE: list[tuple[str, list[str], str]] = [
    ("no strategy", ["backtest"], "STRATEGY: None is not allowed; give one, or a team of strategies with --team"),
    ("no instrument", ["backtest", "smc"], "--instrument: None is not allowed; give one, or a team"),
    ("unknown strategy", ["backtest", "smcc", "--instrument", BTC], "strategy 'smcc' is unknown; did you mean 'smc'?"),
    ("broken plug-in", ["backtest", "broken", "--instrument", BTC], "broken.py:1"),
    ("unknown option", [*RUN, "--leverge", "2"], "--leverge"),
    ("instrument of no form", ["backtest", "smc", "--instrument", "btcusdt"], "instrument: 'btcusdt' is not allowed"),
    ("instrument not stored", ["backtest", "smc", "--instrument", "SOL/USDT"], "no candles of SOL/USDT are stored"),
    ("venue of no form", [*RUN[:-1], "Not A Venue"], "Not A Venue"),
    ("venue without it", [*RUN[:-1], "gamma"], "gamma"),
    ("venue not said", ["backtest", "smc", "--instrument", BTC], "one of alpha, beta"),
    ("another currency", [*RUN, "--instrument", "ETH/USDC:USDC"], "multi-assets mode is not modelled"),
    ("latency below zero", [*RUN, "--latency-ms", "-1"], "latency_ms: -1"),
    ("limit fill of no kind", [*RUN, "--limit-fill", "queue"], "limit_fill: 'queue' is not allowed"),
    ("fill chance above one", [*RUN, "--fill-chance", "1.5"], "fill_chance: 1.5 is not allowed"),
    ("instrument twice", [*RUN, "--instrument", BTC], "each once"),
    ("timeframe of no form", [*RUN, "--timeframe", "15"], "--timeframe: '15' is not allowed; give a length such as 1m"),
    ("timeframe that fits no day", [*RUN, "--timeframe", "7m"], "--timeframe: '7m' is not allowed"),
    ("timeframe finer than stored", [*RUN, "--timeframe", "1m"], "1m"),
    ("htf below the timeframe", [*RUN, "--timeframe", "1h", "--htf", "15m"], "--htf: '15m' is not allowed; give a mul"),
    ("htf no multiple", [*RUN, "--timeframe", "1h", "--htf", "90m"], "--htf: '90m' is not allowed"),
    ("from is no time", [*RUN, "--from", "yesterday"], "--from: 'yesterday' is not allowed; give an ISO time"),
    ("to is no time", [*RUN, "--to", "2024-13-01"], "--to: '2024-13-01' is not allowed"),
    ("range the wrong way round", [*RUN, "--from", "2024-01-03", "--to", "2024-01-02"], "a time before --to"),
    ("range without data", [*RUN, "--from", "2031-01-01"], "2031-01-01"),
    ("balance zero", [*RUN, "--balance", "0"], "balance: 0.0 is not allowed"),
    ("balance below zero", [*RUN, "--balance", "-5"], "balance: -5.0 is not allowed"),
    ("balance not a number", [*RUN, "--balance", "nan"], "balance: nan is not allowed"),
    ("balance infinite", [*RUN, "--balance", "inf"], "balance: inf is not allowed"),
    ("balance is text", [*RUN, "--balance", "much"], "'--balance'"),
    ("parameter without value", [*RUN, "--set", "fast"], "--set: 'fast' is not allowed; give name=value"),
    (
        "parameter unknown",
        [*RUN, "--set", "fats=3"],
        "parameter of ma_crossover 'fats' is unknown; did you mean 'fast'?",
    ),
    ("parameter out of range", [*RUN, "--set", "fast=0"], "ma_crossover.fast: "),
    ("parameter not whole", [*RUN, "--set", "fast=2.5"], "ma_crossover.fast: "),
    ("parameter of no choice", [*RUN, "--set", "kind=hull"], "ma_crossover.kind: "),
    ("parameters that do not go together", [*RUN, "--set", "fast=60"], "give fewer bars than slow (50)"),
    ("seed below zero", [*RUN, "--seed", "-1"], "seed: -1 is not allowed"),
    ("path unknown", [*RUN, "--path", "vector"], "path: 'vector' is not allowed"),
    ("path not offered", ["backtest", "smc", *RUN[2:], "--path", "on_bar"], "smc does not offer on_bar"),
    (
        "sizing unknown",
        [*RUN, "--sizing", "martingale"],
        "sizing: 'martingale' is not allowed; give one of risk_fraction",
    ),
    ("size zero", [*RUN, "--size", "0"], "size: 0.0 is not allowed"),
    ("risk of everything", [*RUN, "--size", "1"], "at most 0.5"),
    ("leverage below one", [*RUN, "--leverage", "0.5"], "leverage: 0.5 is not allowed"),
    ("margin mode unknown", [*RUN, "--margin-mode", "portfolio"], "multi-assets and portfolio margin are not modelled"),
    ("exposure not a number", [*RUN, "--max-exposure", "nan"], "max_exposure: nan is not allowed"),
    ("reward:risk below zero", [*RUN, "--min-reward-risk", "-1"], "min_reward_risk: -1.0 is not allowed"),
    ("on-opposite unknown", [*RUN, "--on-opposite", "flip"], "on_opposite: 'flip' is not allowed"),
    ("take-profit unknown", [*RUN, "--take-profit", "stop"], "take_profit: 'stop' is not allowed"),
    ("ambiguity unknown", [*RUN, "--ambiguity", "lucky"], "ambiguity: 'lucky' is not allowed; give one of worst, best"),
    ("participation above one", [*RUN, "--participation", "1.1"], "participation: 1.1 is not allowed"),
    ("slippage below zero", [*RUN, "--slippage-bps", "-1"], "slippage_bps: -1.0 is not allowed"),
    ("slippage unknown", [*RUN, "--slippage", "luck"], "slippage: 'luck' is not allowed; give one of none, ticks"),
    ("slippage of a book", [*RUN, "--slippage", "book"], "walking a book needs a book"),
    ("slippage ticks below zero", [*RUN, "--slippage-ticks", "-1"], "slippage_ticks: -1.0 is not allowed"),
    ("slippage factor not a number", [*RUN, "--slippage-impact", "nan"], "slippage_impact: nan is not allowed"),
    ("fee of everything", [*RUN, "--taker-fee", "1"], "taker_fee: 1.0 is not allowed"),
    ("fee tiers unknown", [*RUN, "--fee-tiers", "kraken"], "fee_tiers: 'kraken' is not allowed; give one of none, bin"),
    ("two fees", [*RUN, "--fee-tiers", "binance_usdm", "--maker-fee", "0"], "none beside --maker-fee or --taker-fee"),
    ("fee discount above one", [*RUN, "--fee-discount", "1.5"], "fee_discount: 1.5 is not allowed"),
    ("funding beyond reason", [*RUN, "--funding-rate", "0.5"], "funding_rate: 0.5 is not allowed"),
    ("strategy that fails", ["backtest", "fails", *RUN[2:]], "fails.py"),
]


def digest(folder: Path) -> str:
    """Every file of a folder, by name and content."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with BTC on two venues and ETH on one, and a strategy folder with two that cannot be used."""
    root = tmp_path_factory.mktemp("doors")
    (root / "strategies").mkdir()
    (root / "strategies" / "broken.py").write_text(BROKEN)
    (root / "strategies" / "fails.py").write_text(FAILS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRADEWRIGHT_DATA_DIR", str(root / "data"))
        for symbol, venue in ((BTC, "alpha"), (BTC, "beta"), (ETH, "alpha")):
            options = ["--timeframe", "5m", "--days", "4", "--venue", venue]
            assert main(["data", "synth", "--instrument", symbol, *options]) == 0
    return root


@pytest.mark.parametrize(("arguments", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_bad_input_is_named_in_one_line_and_writes_nothing(
    stored: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    """Exit code 2, a single line on stderr that names what is wrong, nothing on stdout, the data folder untouched."""
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(stored / "data"))
    monkeypatch.setenv("TRADEWRIGHT_STRATEGIES_DIR", str(stored / "strategies"))
    before = digest(stored)

    code = main(arguments)

    printed = capsys.readouterr()
    assert code == 2, printed
    assert said in printed.err
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert not printed.out
    assert before == digest(stored)
