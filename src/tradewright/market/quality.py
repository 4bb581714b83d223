"""What is wrong with bars, each fault named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, IntColumn

__all__ = ["Fault", "Finding", "Gap", "QualityReport", "check", "missing_between"]


class Fault(StrEnum):
    """What can be wrong with a row. The text is stable: it stands in JSON."""

    DISORDER = "disorder"
    DUPLICATE = "duplicate"
    CONFLICT = "conflicting duplicate"
    OFF_GRID = "off-grid stamp"
    NOT_A_NUMBER = "not a finite number"
    NON_POSITIVE = "non-positive price"
    RANGE = "open or close outside low to high"
    HIGH_BELOW_LOW = "high below low"
    NEGATIVE_VOLUME = "negative volume"
    FUTURE = "bar not closed yet"


@dataclass(frozen=True, slots=True)
class Finding:
    """The rows with one fault.

    Args:
        fault: what is wrong.
        rows: positions in the data as given, from 0, ascending.
        stamps: their open times, UTC ns.
    """

    fault: Fault
    rows: tuple[int, ...]
    stamps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of missing bars.

    Args:
        first: open time of the first missing bar, UTC ns.
        count: how many are missing in a row, >= 1.
    """

    first: int
    count: int


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What `check` found.

    Args:
        timeframe: of the bars.
        count: rows looked at.
        first: earliest open time, None without rows.
        last: latest open time.
        findings: faults, in the order of `Fault`; a fault without rows is left out.
        gaps: runs of missing bars, oldest first.
    """

    timeframe: Timeframe
    count: int
    first: int | None
    last: int | None
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]

    @property
    def is_sound(self) -> bool:
        """Whether no row is at fault. Gaps are not a fault of a row: what was not traded cannot be repaired."""
        return not self.findings

    @property
    def missing_count(self) -> int:
        """How many bars are missing between the first and the last."""
        return sum(gap.count for gap in self.gaps)

    def missing(self) -> Iterator[int]:
        """Name each missing bar by its open time, oldest first."""
        for gap in self.gaps:
            yield from range(gap.first, gap.first + gap.count * self.timeframe.ns, self.timeframe.ns)

    def rows(self, fault: Fault) -> tuple[int, ...]:
        """Positions of the rows with that fault; empty where there is none."""
        return next((found.rows for found in self.findings if found.fault == fault), ())


def check(bars: Bars, timeframe: Timeframe, now_ns: int) -> QualityReport:
    """Look for every known fault, in columns as they came: unsorted, repeated, broken.

    Args:
        bars: any rows at all; nothing is changed.
        timeframe: length that each bar should have.
        now_ns: a bar that closes after it is one from the future, UTC ns.

    Returns:
        The report. Gaps are counted between the first and the last stamp that stand on the grid.
    """
    ts = bars.ts_open
    off_grid = (ts - timeframe.anchor_ns) % timeframe.ns != 0
    copies, conflicts = _duplicates(bars)
    masks = {
        Fault.DISORDER: _disorder(ts),
        Fault.DUPLICATE: copies,
        Fault.CONFLICT: conflicts,
        Fault.OFF_GRID: off_grid,
        **_value_faults(bars),
        Fault.FUTURE: ts > now_ns - timeframe.ns,
    }
    findings = []
    for fault, mask in masks.items():
        if len(rows := np.flatnonzero(mask)):
            findings.append(Finding(fault, tuple(rows.tolist()), tuple(ts[rows].tolist())))
    gaps = missing_between(np.unique(ts[~off_grid]), timeframe)
    first, last = (int(ts.min()), int(ts.max())) if len(ts) else (None, None)
    return QualityReport(timeframe, len(ts), first, last, tuple(findings), gaps)


def missing_between(stamps: IntColumn, timeframe: Timeframe) -> tuple[Gap, ...]:
    """Find the runs of missing bars between strictly ascending open times that stand on the grid."""
    before = np.flatnonzero(np.diff(stamps) != timeframe.ns)
    counts = np.diff(stamps)[before] // timeframe.ns - 1
    return tuple(
        Gap(int(stamp) + timeframe.ns, int(count)) for stamp, count in zip(stamps[before], counts, strict=True)
    )


def _disorder(ts: IntColumn) -> NDArray[np.bool_]:
    late = np.zeros(len(ts), np.bool_)
    if len(ts):
        late[1:] = ts[1:] < np.maximum.accumulate(ts)[:-1]
    return late


def _duplicates(bars: Bars) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    # A row that repeats the stamp of an earlier row: equal to the row before it of that stamp, or in conflict.
    copies, conflicts = np.zeros((2, len(bars.ts_open)), np.bool_)
    order = np.argsort(bars.ts_open, kind="stable")
    again = np.flatnonzero(np.diff(bars.ts_open[order]) == 0)
    earlier, later = order[again], order[again + 1]
    equal = np.ones(len(again), np.bool_)
    for column in bars[2:]:
        one, other = column[earlier], column[later]
        equal &= (one == other) | (np.isnan(one) & np.isnan(other))
    copies[later[equal]] = True
    conflicts[later[~equal]] = True
    return copies, conflicts


def _value_faults(bars: Bars) -> dict[Fault, NDArray[np.bool_]]:
    # Comparisons with NaN are false, so a row that is not a number has that one fault.
    prices = np.stack((bars.open, bars.high, bars.low, bars.close))
    body_low, body_high = np.minimum(bars.open, bars.close), np.maximum(bars.open, bars.close)
    crossed = bars.high < bars.low
    return {
        Fault.NOT_A_NUMBER: np.asarray(~np.isfinite(np.vstack((prices, bars.volume))).all(axis=0)),
        Fault.NON_POSITIVE: np.asarray((prices <= 0).any(axis=0)),
        Fault.RANGE: ((body_low < bars.low) | (body_high > bars.high)) & ~crossed,
        Fault.HIGH_BELOW_LOW: crossed,
        Fault.NEGATIVE_VOLUME: bars.volume < 0,
    }
