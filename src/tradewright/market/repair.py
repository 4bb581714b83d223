"""Bars made sound again, with a list of everything that was done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, IntColumn, make_bars
from tradewright.market.merge import BoolColumn, MarkedBars, take
from tradewright.market.quality import Fault, check, missing_between
from tradewright.market.stamps import snap

__all__ = ["Action", "Deed", "repair"]

_BROKEN = (
    Fault.OFF_GRID,
    Fault.NOT_A_NUMBER,
    Fault.NON_POSITIVE,
    Fault.RANGE,
    Fault.HIGH_BELOW_LOW,
    Fault.NEGATIVE_VOLUME,
    Fault.FUTURE,
)


class Deed(StrEnum):
    """What a repair can do. The text is stable: it stands in JSON."""

    SNAPPED = "snapped to the grid"
    DROPPED = "dropped"
    SORTED = "moved into order"
    COPY_DROPPED = "dropped an exact copy"
    LAST_KEPT = "kept the last of conflicting rows"
    FILLED = "filled with the previous close"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done to one bar.

    Args:
        deed: what.
        ts: open time of the bar, UTC ns, as it was before.
        reason: the fault that led to it.
    """

    deed: Deed
    ts: int
    reason: str


def repair(
    marked: MarkedBars, timeframe: Timeframe, now_ns: int, *, fill: bool = False
) -> tuple[MarkedBars, tuple[Action, ...]]:
    """Make bars sound: snap, drop broken rows, sort, drop duplicates; fill gaps only when asked.

    A stamp is snapped only a hair (see `stamps.snap`), and not onto a bar that is there. Of rows with the same stamp
    and different values the last given is kept. A filled bar has the previous close as its four prices and no volume,
    and is marked; nothing else is ever invented.

    Args:
        marked: rows as they came.
        timeframe: length that each bar should have.
        now_ns: bars that close after it are dropped, UTC ns.
        fill: close the gaps.

    Returns:
        Sound bars (`check` finds no fault), and each thing done, in the order it was done.
    """
    actions: list[Action] = []
    mended = _drop_broken(_snap(marked, timeframe, actions), timeframe, now_ns, actions)
    mended = _drop_duplicates(_sort(mended, timeframe, now_ns, actions), timeframe, now_ns, actions)
    if fill:
        mended = _fill(mended, timeframe, actions)
    return mended, tuple(actions)


def _snap(marked: MarkedBars, timeframe: Timeframe, actions: list[Action]) -> MarkedBars:
    bars = marked.bars
    snapped, moved = snap(bars.ts_open, timeframe)
    _, place, counts = np.unique(snapped, return_inverse=True, return_counts=True)
    moved &= counts[place] == 1
    if not moved.any():
        return marked
    actions += [Action(Deed.SNAPPED, ts, Fault.OFF_GRID) for ts in bars.ts_open[moved].tolist()]
    return MarkedBars(_rebuild(bars, np.where(moved, snapped, bars.ts_open), timeframe), marked.filled)


def _drop_broken(marked: MarkedBars, timeframe: Timeframe, now_ns: int, actions: list[Action]) -> MarkedBars:
    report = check(marked.bars, timeframe, now_ns)
    reasons: dict[int, str] = {}
    for found in report.findings:
        if found.fault in _BROKEN:
            for row in found.rows:
                reasons.setdefault(row, found.fault)
    stamps = marked.bars.ts_open
    actions += [Action(Deed.DROPPED, int(stamps[row]), reasons[row]) for row in sorted(reasons)]
    return _without(marked, np.array(sorted(reasons), np.int64))


def _sort(marked: MarkedBars, timeframe: Timeframe, now_ns: int, actions: list[Action]) -> MarkedBars:
    late = check(marked.bars, timeframe, now_ns).rows(Fault.DISORDER)
    actions += [Action(Deed.SORTED, int(marked.bars.ts_open[row]), Fault.DISORDER) for row in late]
    order = np.argsort(marked.bars.ts_open, kind="stable")
    return MarkedBars(take(marked.bars, order), marked.filled[order])


def _drop_duplicates(marked: MarkedBars, timeframe: Timeframe, now_ns: int, actions: list[Action]) -> MarkedBars:
    # Sorted and stable, so rows of one stamp are neighbours in the order given: each repeat drops the one before it.
    report = check(marked.bars, timeframe, now_ns)
    copies, conflicts = report.rows(Fault.DUPLICATE), report.rows(Fault.CONFLICT)
    stamps = marked.bars.ts_open
    actions += [Action(Deed.COPY_DROPPED, int(stamps[row]), Fault.DUPLICATE) for row in copies]
    actions += [Action(Deed.LAST_KEPT, int(stamps[row]), Fault.CONFLICT) for row in conflicts]
    return _without(marked, np.array(sorted({*copies, *conflicts}), np.int64) - 1)


def _fill(marked: MarkedBars, timeframe: Timeframe, actions: list[Action]) -> MarkedBars:
    bars = marked.bars
    gaps = missing_between(bars.ts_open, timeframe)
    if not gaps:
        return marked
    missing = np.concatenate([gap.first + timeframe.ns * np.arange(gap.count) for gap in gaps])
    actions += [Action(Deed.FILLED, ts, "missing") for ts in missing.tolist()]
    places = np.searchsorted(bars.ts_open, missing)
    flat = bars.close[places - 1]
    ts_open = np.insert(bars.ts_open, places, missing)
    prices = tuple(np.insert(column, places, flat) for column in (bars.open, bars.high, bars.low, bars.close))
    whole = make_bars(ts_open, prices, np.insert(bars.volume, places, 0.0), timeframe)
    return MarkedBars(whole, np.insert(marked.filled, places, values=True))


def _without(marked: MarkedBars, rows: IntColumn) -> MarkedBars:
    keep: BoolColumn = np.ones(len(marked.filled), np.bool_)
    keep[rows] = False
    return MarkedBars(take(marked.bars, keep), marked.filled[keep])


def _rebuild(bars: Bars, ts_open: IntColumn, timeframe: Timeframe) -> Bars:
    return make_bars(ts_open, (bars.open, bars.high, bars.low, bars.close), bars.volume, timeframe)
