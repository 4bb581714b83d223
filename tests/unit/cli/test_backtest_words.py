"""What `tradewright backtest` says of money, markets and options: a user's folder, candles and strategy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tradewright.bootstrap.settings import DATA_DIR, STRATEGIES_DIR
from tradewright.cli.main import main

BTC = "BTC/USDT:USDT"
ALL_IN = ("--leverage", "10", "--sizing", "equity_fraction", "--size", "9", "--max-exposure", "10",
          "--min-reward-risk", "0")  # fmt: skip
ONCE = '''
import numpy as np
from tradewright import Param, Signal, Signals, Strategy


class Once(Strategy):
    """Enters at the close of one bar and stays."""

    version = "1.0.0"
    ltf = "1h"
    at: int = Param(5, low=0, high=1000, doc="the bar")
    target: float = Param(3.0, low=-9.0, high=9.0, doc="multiples of the close")
    side: int = Param(1, low=-1, high=1, doc="1 buys, -1 sells short")

    def signals(self, bars):
        row = np.arange(bars.close.size) == self.at
        stop = bars.close * (1.0 - 0.99 * self.side)
        wish = {"long" if self.side > 0 else "short": row}
        return Signals.from_masks(bars, **wish, stop_loss=stop, take_profit=bars.close * self.target)

    def on_bar(self, view):
        if view.index != self.at:
            return None
        side = "long" if self.side > 0 else "short"
        return Signal(side, view.close, view.close * (1.0 - 0.99 * self.side), view.close * self.target)
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with a strategy that enters once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATA_DIR, "data")
    monkeypatch.setenv(STRATEGIES_DIR, "strategies")
    monkeypatch.setenv("COLUMNS", "400")
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "once.py").write_text(ONCE)
    return tmp_path


def store(symbol: str, closes: Sequence[float], start: str = "2024-01-01") -> None:
    """Store hours that open at the close before, but for a fall, which is a gap."""
    ts, before, lines = (
        datetime.fromisoformat(start).replace(tzinfo=UTC),
        closes[0],
        ["time,open,high,low,close,volume"],
    )
    for close in closes:
        first = close if close < 0.9 * before else before
        lines.append(f"{ts.isoformat()},{first},{max(first, close)},{min(first, close)},{close},100000")
        ts, before = ts + timedelta(hours=1), close
    Path("candles.csv").write_text("\n".join(lines) + "\n")
    where = ("--venue", "x", "--instrument", symbol, "--timeframe", "1h", "--stamp", "open")
    assert 0 == main(["data", "import", "candles.csv", *where])


def said(capsys: pytest.CaptureFixture[str], *options: str, symbols: Sequence[str] = (BTC,)) -> str:
    """What a run prints."""
    capsys.readouterr()
    chosen = [part for symbol in symbols for part in ("--instrument", symbol)]
    assert 0 == main(["backtest", "once", *chosen, *options])
    return " ".join(capsys.readouterr().out.split())


def told(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """The result of a run as JSON."""
    capsys.readouterr()
    assert 0 == main(["backtest", "once", "--instrument", BTC, "--json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The table of refusals of a result."""
    rows: list[dict[str, Any]] = pl.read_parquet(f"data/artifacts/{result['id']}/refusals.parquet").to_dicts()
    return rows


@pytest.mark.usefixtures("folder")
def test_what_the_insurance_fund_paid_is_no_profit_and_adds_up_to_the_balance(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Price falls through bankruptcy: the wallet ends at 0, fees beyond it are the fund's, and each has its line."""
    store(BTC, [100.0] * 50 + [30.0] * 10)
    result = told(capsys, *ALL_IN)
    figures, split = result["metrics"], result["analysis"]["costs"]["figures"]
    assert (10_000.0, 0.0) == (result["initial_balance"], result["final_balance"])
    assert figures["insurance"] > 1_000.0
    assert pytest.approx(-10_000.0 - figures["insurance"]) == figures["net_pnl"] == split["net_pnl"]
    assert (-10_000.0, figures["insurance"]) == (figures["equity_change"], split["insurance"])
    words = said(capsys, *ALL_IN)
    assert f"insurance fund paid {figures['insurance']:,.2f} USDT net profit without it " in words
    assert f"The venue's insurance fund paid {figures['insurance']:,.2f} USDT which" in words
    assert "Liquidations: 1." in words
    assert "1 times" not in words


@pytest.mark.usefixtures("folder")
def test_funding_says_who_paid_and_no_fund_is_named_that_paid_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A long pays a positive rate and receives a negative one."""
    store(BTC, [100.0] * 50)
    paid = said(capsys, "--funding-rate", "0.001", "--min-reward-risk", "0")
    assert "funding paid " in paid
    assert "insurance" not in paid
    assert "funding received " in said(capsys, "--funding-rate", "-0.001", "--min-reward-risk", "0")


@pytest.mark.usefixtures("folder")
def test_markets_of_other_times_are_refused_and_a_market_that_ends_is_warned_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No common time is an error that names both spans; what is held past the last bar is told, also in windows."""
    store(BTC, [100.0] * 100)
    store("ETH/USDT:USDT", [100.0] * 40)
    store("SOL/USDT:USDT", [100.0] * 40, "2024-03-01")
    for window in ((), ("--window", "2")):
        capsys.readouterr()
        assert 0 != main(["backtest", "once", "--instrument", BTC, "--instrument", "SOL/USDT:USDT", *window])
        error = capsys.readouterr().err
        assert f"{BTC} (2024-01-01T00:00:00Z to 2024-01-05T04:00:00Z)" in error
        assert "SOL/USDT:USDT (2024-03-01T00:00:00Z to 2024-03-02T16:00:00Z)" in error
        words = said(capsys, "--min-reward-risk", "0", *window, symbols=(BTC, "ETH/USDT:USDT"))
        assert "Data that end before the run does: ETH/USDT:USDT (2024-01-02 16:00 UTC)." in words
        # A stop 99 away: 100 at risk are 1.01 base, whose 0.01 % of 100 are paid eight times from the last bar on.
        assert "past the last bar of their instrument: ETH/USDT:USDT (2024-01-02 16:00 UTC)." in words
        assert "funding of -0.08 USDT" in words


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("path", ["signals", "on_bar"])
@pytest.mark.parametrize(("target", "level"), [("-0.5", -50.0), ("0", 0.0)])
def test_a_short_whose_target_is_no_price_is_refused_with_its_number(
    capsys: pytest.CaptureFixture[str], path: str, target: str, level: float
) -> None:
    """Half the price below zero, and zero itself: one refusal, by either path, with level and entry."""
    store(BTC, [100.0] * 20)
    result = told(capsys, "--path", path, "--set", "side=-1", "--set", f"target={target}")
    assert ({"target-wrong-side": 1}, 1) == (result["refusals"], result["metrics"]["refused_signals"])
    (row,) = refused(result)
    assert (level, 100.0) == (row["observed"], row["limit"])


@pytest.mark.usefixtures("folder")
def test_triggers_by_a_mark_that_is_not_recorded_are_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    """They watch the last price, and the run says so."""
    store(BTC, [100.0] * 20)
    told_of = f"watch the mark price, and of {BTC} none is recorded"
    assert told_of in said(capsys, "--trigger-by", "mark")
    assert told_of not in said(capsys)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--slippage-ticks", "3"), "slippage_ticks: 3.0 is not allowed; give it with --slippage ticks: beside bps"),
        (
            ("--slippage", "none", "--slippage-bps", "2"),
            "slippage_bps: 2.0 is not allowed; give it with --slippage",
        ),
        (("--slippage-impact", "1"), "give it with --slippage volume_share or --slippage square_root"),
        (
            ("--spread", "recorded", "--spread-bps", "2"),
            "spread_bps: 2.0 is not allowed; give it with --spread auto",
        ),
        (("--fill-chance", "0.5"), "fill_chance: 0.5 is not allowed; give it with --limit-fill prob: beside through"),
        (("--sizing", "fixed_quantity", "--kelly-cap", "0.1"), "kelly_cap: 0.1 is not allowed; give it with --sizing"),
        (("--correlation-bars", "50"), "correlation_bars: 50 is not allowed; give it with --max-correlation"),
    ],
)
def test_an_option_without_the_one_it_belongs_to_is_refused(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    """Option, value and what it goes with are named; nothing is ignored."""
    assert 0 != main(["backtest", "ma_crossover", "--instrument", BTC, *options])
    assert words in capsys.readouterr().err
