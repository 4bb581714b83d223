"""Finer bars of a run: which are used, which are not, and what is told of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.domain.enums import FillFlag
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.ambiguity import ambiguity_spread
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.drilling import HeldBars
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import origin_of
from tradewright.market.bars import Bars, make_bars
from tradewright.market.resample import resample
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

MINUTE, HALF = Timeframe.parse("1m"), Timeframe.parse("30s")
WISH = Signal("long", entry=1_000.0, stop_loss=990.0, take_profit=1_040.0)
COINS = Instrument("BTC/USDT:USDT", "test", funding_hours=0)

pytestmark = pytest.mark.rule("A-5")


class Once(Strategy):
    """Buy after the first bar."""

    version = "1.0.0"
    ltf = "1m"

    def signals(self, bars):
        """One wish."""
        return Signals.from_list([(0, WISH)])

    def on_bar(self, bar):
        """The same wish."""
        return WISH if bar.ts_open == 0 else None


def bars_of(*rows: tuple[float, float, float, float], timeframe: Timeframe = HALF) -> Bars:
    """Bars from midnight on."""
    columns = tuple(np.array(column) for column in zip(*rows, strict=True))
    return make_bars(timeframe.ns * np.arange(len(rows), dtype=np.int64), columns, np.full(len(rows), 1e6), timeframe)


FLAT = (1e3, 1e3, 1e3, 1e3)
UP_FIRST = bars_of(FLAT, FLAT, (1e3, 1_050.0, 999.0, 1_045.0), (1_045.0, 1_045.0, 980.0, 1e3))


def run(finer: Bars | None, path: str = "signals", bars: Bars | None = None, **fills: str) -> Run:
    """Buy at 1000, then a bar down to 980 and up to 1050."""
    bars = resample(UP_FIRST, HALF, MINUTE) if bars is None else bars
    source = None if finer is None else HeldBars(finer, "30s")
    settings = FillSpec(**{"ambiguity": "subbar"} | fills)
    spec = RunSpec("once", "1.0.0", (), "test", (COINS.symbol,), "1m", fills=settings)
    return run_backtest(spec, Once(), [Feed(COINS, bars, finer=source)], path)


@pytest.mark.parametrize("path", ["signals", "on_bar"])
def test_finer_bars_settle_the_doubt_on_either_path(path):
    """The target came first, say the halves of the minute; nothing is left open, and the result says what was used."""
    told = run(UP_FIRST, path)
    (part,) = told.drilled

    assert FillFlag.DRILLED == told.world.fills["flags"][-1]
    assert told.world.equity[-1] > 10_000.0
    assert (0, 1) == (told.world.account[0]["n_ambiguous"], told.world.account[0]["n_drilled"])
    assert ("30s", 1, 0, 0) == (part.timeframe, part.bars, part.without, part.differing)


@pytest.mark.parametrize("path", ["signals", "on_bar"])
@pytest.mark.parametrize(
    ("finer", "without", "differing"),
    [
        (None, 1, 0),
        (bars_of(FLAT, FLAT), 1, 0),
        (bars_of(FLAT, FLAT, (1e3, 1_050.0, 999.0, 1_045.0), (1_045.0, 1_045.0, 985.0, 1e3)), 0, 1),
    ],
)
def test_bar_is_decided_as_worst_and_counted_where_no_finer_bars_fit(path, finer, without, differing):
    """None at all, none of that minute, or some that do not add up to it: the stop, and the result says why."""
    told = run(finer, path)
    (part,) = told.drilled

    assert (0, without, differing) == (part.bars, part.without, part.differing)
    assert run(None, path, ambiguity="worst").world.equity.tolist() == told.world.equity.tolist()
    assert told.world.account[0]["n_ambiguous"] == 1


def test_finer_bars_that_were_used_are_part_of_the_data():
    """Other finer bars are other data: their fingerprint differs, as does what came out; unused ones do not count."""
    down_first = bars_of(FLAT, FLAT, (1e3, 1e3, 980.0, 985.0), (985.0, 1_050.0, 985.0, 1e3))
    prints = [origin_of(run(finer), "id", "", "", None).fingerprints["data"] for finer in (UP_FIRST, down_first, None)]

    assert 3 == len(set(prints))
    assert origin_of(run(None, ambiguity="worst"), "id", "", "", None).fingerprints["data"] == prints[2]


def test_spread_of_a_drilled_run_is_that_of_the_doubts_it_leaves():
    """All settled: nothing. Nothing settled: as much as between worst and best."""
    spread = ambiguity_spread(run(None, ambiguity="worst"), Once())

    assert 0.0 == ambiguity_spread(run(UP_FIRST), Once())
    assert spread == ambiguity_spread(run(None), Once()) > 0.0


def test_run_that_does_not_drill_never_asks_for_finer_bars():
    """Under another policy the source is not touched."""

    class Untouched(HeldBars):
        def between(self, start: int, end: int) -> Bars:
            raise AssertionError

    feed = replace(run(None).feeds[0], finer=Untouched(UP_FIRST, "30s"))
    spec = RunSpec("once", "1.0.0", (), "test", (COINS.symbol,), "1m")
    assert run_backtest(spec, Once(), [feed]).world.account[0]["n_ambiguous"] == 1


def test_held_bars_give_those_that_lie_wholly_inside():
    """Half a bar at either end is none."""
    held = HeldBars(UP_FIRST, "30s")

    assert [HALF.ns, 2 * HALF.ns] == held.between(1, 3 * HALF.ns + 1).ts_open.tolist()
    assert 0 == held.between(10 * HALF.ns, 12 * HALF.ns).ts_open.size
