"""A parent order at work: what of it has filled, what is due next, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import Iceberg, PositionSide, Twap, Vwap
from tradewright.engine.feed import Feed
from tradewright.engine.order_rows import Fault, whole_lots, whole_ticks
from tradewright.execution.algorithms import (
    Parent,
    child_command,
    due_lots,
    iceberg_lots,
    twap,
    volume_profile,
    vwap,
)
from tradewright.market.bars import IntColumn
from tradewright.portfolio.run_log import ParentOrder
from tradewright.strategy.view import ParentView

__all__ = ["Work", "begin"]

_NO_END = 1 << 40
"""Steps; no run is so long."""
_NOTHING = np.zeros(0, np.int64)


@dataclass(slots=True)
class Work:
    """A parent, what it follows, and how far it is.

    Args:
        parent: in ticks, lots and steps of the run.
        name: by which its strategy speaks of it.
        algorithm: `twap`, `vwap` or `iceberg`.
        schedule: lots to send at each close of the window; empty for an iceberg.
        shown: lots of an iceberg's part; 0 otherwise.
        sent: how many children.
        filled: lots of all children.
    """

    parent: Parent
    name: str
    algorithm: str
    schedule: IntColumn
    shown: int
    sent: int = 0
    filled: int = 0

    @property
    def lacking(self) -> int:
        """Lots that have not been filled."""
        return self.parent.lots - self.filled

    def is_over(self, step: int) -> bool:
        """Whether nothing more can come at or after the close of a step."""
        return self.lacking == 0 or step >= self.parent.last

    def working(self, rows: NDArray[np.void]) -> int:
        """Lots that children among these open orders may still fill."""
        own = rows[rows["parent"] == self.parent.tag]
        return int((own["lots"] - own["filled"]).sum())

    def child(self, step: int, rows: NDArray[np.void]) -> tuple[float, ...] | None:
        """The COMMAND row of the child that is due at the close of a step, if one is.

        Args:
            step: that has closed.
            rows: ORDER records of the instrument's open orders.
        """
        working = self.working(rows)
        if self.shown:
            lots = iceberg_lots(self.parent, self.shown, step, self.filled, working)
        else:
            lots = due_lots(self.parent, self.schedule, step, self.filled, working)
        if lots == 0:
            return None
        self.sent += 1
        return child_command(self.parent, self.sent, step, lots)

    def view(self, instrument: Instrument, rows: NDArray[np.void], step: int, leg: PositionSide | None) -> ParentView:
        """The parent as its strategy is shown it; the leg is that of a hedge."""
        lots, last = instrument.from_lots, self.parent.last
        return ParentView(
            tag=self.name,
            side="buy" if self.parent.side > 0 else "sell",
            quantity=lots(self.parent.lots),
            filled=lots(self.filled),
            working=lots(self.working(rows)),
            bars_left=0 if last >= _NO_END else last - step,
            position_side=leg,
        )

    def told(self, ended: int, status: str) -> ParentOrder:
        """The parent as the log keeps it; `ended` is the step at whose close it came to its end, -1 if it has not."""
        parent = self.parent
        last = -1 if parent.last >= _NO_END else parent.last
        return ParentOrder(
            parent.tag, parent.instrument, self.algorithm, parent.side, parent.lots, parent.first, last, ended, status
        )


def begin(
    ask: Twap | Vwap | Iceberg, number: int, name: str, place: tuple[int, int, int], feed: Feed
) -> tuple[Work | None, Fault]:
    """Begin a parent, or say what is wrong with it.

    Args:
        ask: of the strategy.
        number: of its tag.
        name: of it.
        place: row of the instrument, step that has closed, and the row of its bar.
        feed: the instrument's bars; of those, only what had closed by then is looked at.

    Raises:
        InvalidValue: `until` is less than a bar away, or there are more slices than bars.
    """
    k, step, bar = place
    lots, off_lots = whole_lots(ask.quantity, feed.instrument)
    level, off_price = whole_ticks(ask.price, feed.instrument)
    shown, off_shown = whole_lots(ask.shown if isinstance(ask, Iceberg) else None, feed.instrument)
    for fault in (off_lots, off_price, off_shown):
        if fault.code != Code.OK:
            return None, fault
    span = _span(ask, feed, bar)
    parent = Parent(
        number, 1 if ask.side == "buy" else -1, lots, step, step + span, level, k, reduce_only=ask.reduce_only
    )
    algorithm = type(ask).__name__.lower()
    if isinstance(ask, Twap):
        return Work(parent, name, algorithm, twap(parent, ask.slices or span), 0), Fault()
    if isinstance(ask, Iceberg):
        return Work(parent, name, algorithm, _NOTHING, shown), Fault()
    schedule = _expected(ask, parent, feed, bar)
    if schedule is None:
        return None, Fault(Code.NO_VOLUME_PROFILE)
    return Work(parent, name, algorithm, schedule, 0), Fault()


def _span(ask: Any, feed: Feed, bar: int) -> int:
    # Bars of its window; until a time, as many as fit.
    if ask.bars == ask.until == 0:
        return _NO_END
    if ask.bars:
        return int(ask.bars)
    now = int(feed.bars.ts_close[bar])
    length = now - int(feed.bars.ts_open[bar])
    if ask.until < now + length:
        raise InvalidValue("until", ask.until, f"a time at least a bar after this close, {now}")
    return int((ask.until - now) // length)


def _expected(ask: Vwap, parent: Parent, feed: Feed, bar: int) -> IntColumn | None:
    # A schedule over the bars to come: when they open is known by the clock. None where no day tells of any volume.
    now = int(feed.bars.ts_close[bar])
    length = now - int(feed.bars.ts_open[bar])
    ahead = Parent(parent.tag, parent.side, parent.lots, 0, parent.last - parent.first)
    try:
        profile = volume_profile(feed.whole, now, days=ask.days, slots=ask.slots)
        return vwap(ahead, now + (np.arange(ahead.last + 1) - 1) * length, profile)
    except InvalidValue:
        return None
