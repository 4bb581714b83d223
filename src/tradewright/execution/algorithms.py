"""Execution algorithms: one parent order becomes child commands over the bars of its window (rule R-7).

Everything here is a pure function of what is known when a child is sent: the parent, its schedule, what has been
filled, and what still works. Children that `due_lots` and `iceberg_lots` ask for never let fills exceed the parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import CommandKind, OrderType, TimeInForce
from tradewright.domain.errors import InvalidValue
from tradewright.kernels.records import COMMAND
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = [
    "Parent",
    "child_command",
    "child_commands",
    "due_lots",
    "iceberg_lots",
    "twap",
    "volume_profile",
    "vwap",
]

_DAY = 86_400 * 10**9


class Parent(NamedTuple):
    """An order that is worked by children.

    Attributes:
        tag: above 0; children carry it as their parent, and `tag + 1`, `tag + 2` … as their own tags.
        side: +1 buys, -1 sells.
        lots: above 0, of all children together.
        first: step at whose close the first child is sent.
        last: step in whose bar the last fill may be; after `first`.
        level_ticks: limit price of every child; 0 sends market orders.
        instrument: row of the instrument.
        reduce_only: children may only reduce.
    """

    tag: int
    side: int
    lots: int
    first: int
    last: int
    level_ticks: int = 0
    instrument: int = 0
    reduce_only: bool = False


def _check(parent: Parent) -> None:
    if parent.tag < 1:
        raise InvalidValue("tag", parent.tag, "a whole number above 0")
    if parent.side not in (1, -1):
        raise InvalidValue("side", parent.side, "+1 or -1")
    if parent.lots < 1:
        raise InvalidValue("lots", parent.lots, "a whole number above 0")
    if not 0 <= parent.first < parent.last:
        raise InvalidValue("last", parent.last, f"a step after the first, {parent.first}")


def twap(parent: Parent, slices: int) -> IntColumn:
    """Lots to send at each close of the window, in `slices` equal parts at equal distances.

    Returns:
        (last - first,) one number for each step from `first` on; they add up to the parent.

    Raises:
        InvalidValue: by field.

    Example:
        >>> twap(Parent(tag=1, side=1, lots=10, first=0, last=6), slices=3).tolist()
        [3, 0, 3, 0, 4, 0]
    """
    _check(parent)
    span = parent.last - parent.first
    if not 1 <= slices <= span:
        raise InvalidValue("slices", slices, f"from 1 to {span}, the steps of the window")
    weights = np.zeros(span)
    weights[[number * span // slices for number in range(slices)]] = 1.0
    return _shared(parent.lots, weights)


def vwap(parent: Parent, ts_open: IntColumn, profile: FloatColumn) -> IntColumn:
    """Lots to send at each close of the window, in proportion to the volume expected in the bar that follows it.

    Args:
        parent: to be worked.
        ts_open: of every step of the run, UTC ns.
        profile: of `volume_profile`, from days before the window.

    Returns:
        As `twap`.

    Raises:
        InvalidValue: by field, or the profile expects no volume at all in the window.
    """
    _check(parent)
    if parent.last >= ts_open.size:
        raise InvalidValue("last", parent.last, f"a step of the run, at most {ts_open.size - 1}")
    slots = (ts_open[parent.first + 1 : parent.last + 1] % _DAY) * profile.size // _DAY
    weights = profile[slots]
    if not weights.sum() > 0.0:
        raise InvalidValue("profile", float(weights.sum()), "some volume in the window")
    return _shared(parent.lots, weights)


def volume_profile(bars: Bars, before: int, *, days: int = 20, slots: int = 24) -> FloatColumn:
    """What part of a day's volume each part of the day had, on the whole days before a time.

    Args:
        bars: of the instrument.
        before: UTC ns, the close at which the parent is sent; its day and all after it are not looked at.
        days: at most so many days back.
        slots: equal parts of a day, from midnight UTC.

    Returns:
        (slots,) fractions that add up to 1.

    Raises:
        InvalidValue: by field, or there is no volume on those days.
    """
    if days < 1 or slots < 1:
        raise InvalidValue("days" if days < 1 else "slots", min(days, slots), "a whole number above 0")
    end = before // _DAY * _DAY
    known = (bars.ts_close <= end) & (bars.ts_open >= end - days * _DAY)
    places = (bars.ts_open[known] % _DAY) * slots // _DAY
    volume = np.bincount(places, weights=bars.volume[known], minlength=slots)
    if not volume.sum() > 0.0:
        raise InvalidValue("before", before, "a time with some volume on the days before it")
    return np.asarray(volume / volume.sum(), np.float64)


def _shared(lots: int, weights: FloatColumn) -> IntColumn:
    # Each share is what the whole up to it is, rounded down, beyond the whole before it: no lot is lost, none is added.
    whole = np.floor(lots * np.cumsum(weights) / weights.sum() + 1e-9).astype(np.int64)
    whole[-1] = lots
    shares: IntColumn = np.diff(np.minimum(whole, lots), prepend=0)
    return shares


def due_lots(parent: Parent, schedule: IntColumn, step: int, filled: int, working: int) -> int:
    """Lots of the child to send at a step's close: what the schedule asks by then, less what is done and under way.

    Args:
        parent: being worked.
        schedule: of `twap` or `vwap`.
        step: that has closed.
        filled: lots of all children that have been filled.
        working: lots of all children that may still fill.

    Returns:
        0 outside the window; never more than the parent still lacks, so what a cancelled child left is sent again.
    """
    if not parent.first <= step < parent.last:
        return 0
    wanted = int(schedule[: step - parent.first + 1].sum())
    return max(min(wanted, parent.lots) - filled - working, 0)


def iceberg_lots(parent: Parent, shown: int, step: int, filled: int, working: int) -> int:
    """Lots of the next visible part of an iceberg: `shown`, or what is left, once nothing is working any more.

    Raises:
        InvalidValue: `shown` is not above 0.
    """
    if shown < 1:
        raise InvalidValue("shown", shown, "a whole number above 0")
    if working > 0 or not parent.first <= step < parent.last:
        return 0
    return max(min(shown, parent.lots - filled), 0)


def child_command(parent: Parent, number: int, step: int, lots: int) -> tuple[float, ...]:
    """A child as the fields of a COMMAND record, in their order; it ends with the parent's window.

    Args:
        parent: it belongs to.
        number: of the child, from 1.
        step: at whose close it is sent.
        lots: of it.
    """
    asked = {
        "step": step,
        "instrument": parent.instrument,
        "kind": CommandKind.PLACE,
        "tag": parent.tag + number,
        "type": OrderType.LIMIT if parent.level_ticks > 0 else OrderType.MARKET,
        "side": parent.side,
        "lots": lots,
        "level_ticks": parent.level_ticks,
        "time_in_force": TimeInForce.GTD,
        "valid_steps": parent.last - step,
        "parent": parent.tag,
        "reduce_only": parent.reduce_only,
    }
    return tuple(asked.get(name, 0) for name in COMMAND.names or ())


def child_commands(parent: Parent, schedule: Sequence[int] | IntColumn) -> NDArray[np.void]:
    """All children of a schedule that is followed whatever becomes of them: COMMAND records, by step."""
    sent = [(parent.first + place, int(lots)) for place, lots in enumerate(schedule) if lots > 0]
    rows = [child_command(parent, number, step, lots) for number, (step, lots) in enumerate(sent, start=1)]
    return np.array(rows, COMMAND)
