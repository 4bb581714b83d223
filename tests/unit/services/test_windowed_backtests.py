"""A backtest in windows of time leaves what a backtest over all bars leaves, and refuses what it cannot do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.wiring import backtests, shelves, windowed_backtests
from tradewright.cli.main import app
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars
from tradewright.market.merge import make_marked, take
from tradewright.market.synthetic import synthesise
from tradewright.ports.candle_store import CandleKey
from tradewright.services.backtests import BacktestRequest, Kept

FIVE = Timeframe.parse("5m")
START = 1_704_067_200_000_000_000  # 2024-01-01
DAY = 288
BARS = 12 * DAY
HOLED, MARKED, LATE = SYMBOLS = ("BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT:USDT")
TIGHT = {"fast": 2, "slow": 3, "stop_atr": 0.3, "reward": 1.0}

PLAIN = BacktestRequest("ma_crossover", SYMBOLS, timeframe="5m", risk={"size": 0.02, "max_positions": 3})
CASES = {
    "bars as they are stored": PLAIN,
    "bars made of shorter ones": replace(PLAIN, timeframe="15m", htf="1h", fills={"latency_ms": 2_000_000.0}),
    "doubts inside bars": replace(PLAIN, params=TIGHT, risk={**PLAIN.risk, "min_reward_risk": 0.0}),
    "a range that begins and ends inside": replace(PLAIN, start=START + 31 * FIVE.ns, end=START + 9 * DAY * FIVE.ns),
    "two legs": replace(PLAIN, risk={"position_mode": "hedge", "sizing": "fixed_notional", "size": 500.0}),
    "the last price for a mark": replace(PLAIN, risk={**PLAIN.risk, "mark_price": "last"}, costs={"spread": "assumed"}),
    "limits that wait in a queue": replace(PLAIN, fills={"limit_fill": "prob", "participation": 0.01}),
}


def without(bars: Bars, *stretches: tuple[int, int], seed: int = 0) -> Bars:
    """Bars of which whole stretches are missing, and one of thirty."""
    there = np.random.default_rng(seed).random(bars.close.size) > 1 / 30
    for start, stop in stretches:
        there[start:stop] = False
    there[[0, -1]] = True
    return take(bars, np.flatnonzero(there))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with twelve days of three perpetuals.

    One has holes, one of them longer than three windows of a day. One has marks, with holes of their own, which end two
    days early, and funding for the middle. One is listed late, and has spreads for some days.
    """
    kept = Settings(data_dir=tmp_path / "data")
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(kept.data_dir))
    store = shelves(kept)
    for seed, symbol in enumerate(SYMBOLS):
        bars = synthesise(FIVE, START, BARS, seed + 1)
        if symbol == HOLED:
            bars = without(bars, (2 * DAY - 40, 2 * DAY + 25), (5 * DAY - 3, 8 * DAY + 200))
        if symbol == LATE:
            bars = take(bars, np.arange(4 * DAY + 77, BARS))
        key = CandleKey("test", symbol, FIVE)
        store.candles.save(key, make_marked(bars))
        store.instruments.save(Instrument(symbol, "test", tick_size="0.1", lot_size="0.001"))
        if symbol == MARKED:
            marks = bars._replace(high=bars.high * 1.0004, low=bars.low * 0.9996)
            store.marks.save(key, make_marked(without(take(marks, np.arange(100, BARS - 2 * DAY)), seed=5)))
            ts = START + 8 * 3_600_000_000_000 * np.arange(9, 27, dtype=np.int64)
            store.funding.save("test", symbol, ts, np.linspace(-0.0004, 0.0006, ts.size))
        if symbol == LATE:
            wide = bars._replace(**dict.fromkeys(("open", "high", "low", "close"), np.full(bars.close.size, 0.7)))
            store.spreads.save(key, make_marked(without(take(wide, np.arange(50, 4 * DAY)), seed=6)))
    return kept


def files_of(settings: Settings, kept: Kept) -> dict[str, bytes]:
    """Head, tables and report of a result, byte for byte, without its id and time."""
    own = (kept.result.id, kept.result.created_at)
    paths = [path for path in settings.data_dir.rglob("*") if path.is_file() and own[0] in str(path)]
    found = {}
    for path in paths:
        content = path.read_bytes()
        for mark in own:
            content = content.replace(mark.encode(), b"*")
        found[str(path.relative_to(settings.data_dir)).replace(own[0], "*")] = content
    return found


@pytest.mark.parametrize("days", [1, 5])
@pytest.mark.parametrize("case", CASES)
def test_windows_leave_the_same_files(settings: Settings, case: str, days: int) -> None:
    """Head, metrics, warnings, every table and the page: the same bytes, wherever time is cut."""
    whole = backtests(settings).run(CASES[case])
    parts = windowed_backtests(settings, days).run(CASES[case])

    assert whole.result.total_trades > 20
    assert whole.result.metrics == parts.result.metrics
    assert whole.result.data == parts.result.data
    files = files_of(settings, whole)
    assert len(files) >= 8
    assert files == files_of(settings, parts)


def test_what_the_store_lacks_is_in_the_result(settings: Settings) -> None:
    """The cases above speak of something: holes, marks, spreads and funding of both kinds, and a spread of doubt."""
    result = windowed_backtests(settings, 2).run(CASES["doubts inside bars"]).result
    data = result.data["instruments"]

    assert data[HOLED]["missing_bars"] > 3 * DAY
    assert data[MARKED]["mark"] == "recorded"
    assert data[MARKED]["marks_missing"] > 2 * DAY
    assert 0 < data[MARKED]["funding_assumed"] < data[HOLED]["funding_assumed"]
    assert any(words.startswith(f"spread of {LATE}: the recorded") for words in result.data["assumptions"])
    assert result.metrics["ambiguous_bars"]
    assert result.metrics["ambiguity_spread"]
    assert result.leak_passport is not None


def test_candles_that_change_meanwhile_end_the_run(settings: Settings) -> None:
    """What was read first must be what is told of; nothing is kept then."""
    key, store = CandleKey("test", MARKED, FIVE), shelves(settings).candles
    seen = []

    def meddle(done: int, _total: int) -> None:
        seen.append(done)
        if done == len(SYMBOLS):
            bars = store.load(key).bars
            store.save(key, make_marked(bars._replace(volume=bars.volume * 2.0)))

    with pytest.raises(DataError, match=f"candles of {MARKED} changed while the run was under way"):
        windowed_backtests(settings, 3).run(PLAIN, meddle)
    assert seen == [0, 1, 2, 3, 3, 4, 5, 6, 7]
    assert not (settings.data_dir / "backtests").exists()


ON_BAR = '''
from tradewright.strategy.strategy import Strategy


class Asked(Strategy):
    """Can only be asked bar by bar."""

    version, ltf = "1.0.0", "5m"

    def on_bar(self, view):
        """Nothing is wished."""
'''

REFUSED: dict[str, tuple[list[str], str]] = {
    "finer bars": (["--ambiguity", "subbar"], "ambiguity: 'subbar' is not allowed; give any but subbar in a run over"),
    "correlation": (["--max-correlation", "0.8"], "max_correlation: 0.8 is not allowed; give 0 in a run over windows"),
    "days before": (["--slippage", "square_root"], "slippage: 'square_root' is not allowed; give any but square_root"),
    "bar by bar": (["--path", "on_bar"], "--path: 'on_bar' is not allowed; give auto or signals, as --window needs"),
    "another engine": (["--engine", "backtrader"], "--engine: 'backtrader' is not allowed; give tradewright, as"),
    "no length": (["--window", "0"], "--window: 0 is not allowed; give a day or more"),
}


def refusal(*words: str) -> str:
    """What the command line says, and that it says it."""
    outcome = CliRunner().invoke(app, ["backtest", *words])
    assert outcome.exit_code != 0
    return str(outcome.exception)


@pytest.mark.parametrize("name", REFUSED)
def test_what_windows_cannot_do_is_refused_by_name(settings: Settings, name: str) -> None:
    """The field, the value and what is allowed; nothing is kept."""
    options, words = REFUSED[name]
    told = refusal("ma_crossover", "--instrument", MARKED, "--timeframe", "5m", "--window", "3", *options)

    assert words in told
    assert not (settings.data_dir / "backtests").exists()


def test_a_strategy_that_must_be_asked_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no columns."""
    folder = settings.data_dir.parent / "strategies"
    folder.mkdir()
    (folder / "asked.py").write_text(ON_BAR)
    monkeypatch.setenv("TRADEWRIGHT_STRATEGIES_DIR", str(folder))

    assert "asked: a run over windows needs signals by columns" in refusal(
        "asked", "--instrument", MARKED, "--window", "3"
    )


def test_a_team_is_refused(settings: Settings) -> None:
    """It is run over all its bars at once."""
    file = settings.data_dir.parent / "team.toml"
    member = 'name = "one"\nstrategy = "ma_crossover"\ninstruments = ["ETH/USDT:USDT"]\nshare = 1.0\n'
    file.write_text(f"[[member]]\n{member}")

    assert "--window: 3 is not allowed; give none with --team" in refusal("--team", str(file), "--window", "3")
