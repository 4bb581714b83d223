"""One instrument's orders in a run bar by bar: what its strategy asks for becomes commands, and parents are worked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code, CommandKind, OrderRole, OrderType
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import (
    POSITION_SIDES,
    Ask,
    Cancel,
    CancelAll,
    Change,
    Iceberg,
    OrderIntent,
    PositionSide,
    Twap,
    Vwap,
)
from tradewright.engine.feed import Feed
from tradewright.engine.order_rows import Fault, change_row, check_link, command_row, intent_row, place_row
from tradewright.engine.order_views import open_rows, order_view, placed_row
from tradewright.engine.tags import Tags
from tradewright.engine.working import Work, begin
from tradewright.kernels.records import World
from tradewright.portfolio.run_log import ParentOrder
from tradewright.strategy.signals import ORDER_TYPE
from tradewright.strategy.view import OrderView, ParentView

__all__ = ["Blotter", "Terms", "leg_row"]

Row = tuple[float, ...]


class Terms(NamedTuple):
    """What the run says of orders where they do not.

    Attributes:
        trigger_by: `domain.enums.TriggerBy`.
        protected: hold triggers back while last and mark lie too far apart.
        matches: orders are matched here, not at a venue.
    """

    trigger_by: int
    protected: bool
    matches: bool = True


class _Sent(NamedTuple):
    """An order that has a tag: its row, as what it was placed, and at which step."""

    row: int
    kind: OrderType | None = None
    step: int = -1


def leg_row(rows: Sequence[int], side: PositionSide | None) -> int:
    """Of the rows of an instrument the one that an order is of.

    Raises:
        InvalidValue: in a hedge it does not say its leg, or it says one where there is none.
    """
    if (side is not None) != (len(rows) > 1):
        raise InvalidValue("position_side", side, "'long' or 'short' in a hedge, None in one-way mode")
    return rows[side == "short"]


class Blotter:
    """Turns asks into COMMAND rows, and sends the children of parents at work.

    Args:
        k: row of the instrument; in a hedge that of the long leg, and the short leg's comes next.
        feed: the instrument's bars.
        tags: of the run.
        terms: of the run.
        look: gives the world as it stands.
        legs: how many rows there are.

    Attributes:
        works: parents that may have children to send.
    """

    def __init__(self, k: int, feed: Feed, tags: Tags, terms: Terms, look: Callable[[], World], legs: int = 1) -> None:
        self.k, self.feed = k, feed
        self._rows = range(k, k + legs)
        self._tags, self._terms, self._look = tags, terms, look
        self.works: list[Work] = []
        self._ended: list[ParentOrder] = []
        self._sent: dict[int, _Sent] = {}  # by tag, the last
        self._has_sent = False

    @property
    def instrument(self) -> Instrument:
        """What is traded."""
        return self.feed.instrument

    def rows(self, asks: Sequence[Ask], step: int, bar: int) -> Iterator[Row]:
        """Commands at the close of a step: what is asked, in its order, then the children that are due.

        Args:
            asks: of the strategy.
            step: that has closed.
            bar: its row among the instrument's bars.
        """
        for ask in asks:
            yield from self._asked(ask, step, bar)
        for work in tuple(self.works):
            row = work.child(step, self._open(work.parent.instrument))
            if row is not None:
                self._has_sent = True
                yield row
            elif work.is_over(step):
                self._end(work, step, "filled" if work.lacking == 0 else "expired")

    def _asked(self, ask: Ask, step: int, bar: int) -> Iterator[Row]:
        self._has_sent = True
        where: dict[str, float] = {"step": step, "instrument": self.k, "tag": 0, "order_id": 0}
        if isinstance(ask, OrderIntent):
            yield self._placed(ask, where | {"instrument": leg_row(self._rows, ask.position_side)})
        elif isinstance(ask, Change):
            found = self._named(ask)
            where |= {"instrument": found.row, "tag": self._tags.number(ask.tag), "order_id": ask.order_id}
            yield change_row(ask, where, self.instrument, found.kind)
        elif isinstance(ask, CancelAll):
            for work in tuple(self.works):
                self._end(work, step, "canceled")
            for k in self._rows:
                yield command_row(where | {"instrument": k, "kind": CommandKind.CANCEL_ALL})
        elif isinstance(ask, Cancel):
            yield from self._canceled(ask, where)
        else:
            yield from self._begun(ask, where | {"instrument": leg_row(self._rows, ask.position_side)}, bar)

    def _placed(self, ask: OrderIntent, where: dict[str, float]) -> Row:
        number = self._tags.number(ask.tag)
        # The gate sees for itself whether an order of the same row has it.
        taken = self._work(ask.tag) is not None or (len(self._rows) > 1 and self._is_taken(ask.tag, int(where["step"])))
        fault = Fault(Code.TAG_IN_USE, number) if taken else Fault()
        check_link(ask, self._terms.matches)
        terms = {
            "tag": number,
            "oco": self._tags.number(ask.oco),
            "trigger_by": self._terms.trigger_by,
            "protected": self._terms.protected,
        }
        row = intent_row(ask, where | terms, self.instrument, fault)
        self._sent[number] = _Sent(int(where["instrument"]), ORDER_TYPE[ask.kind], int(where["step"]))
        return row

    def _named(self, ask: Change | Cancel) -> _Sent:
        # Where an open order is, and as what it was placed: a triggered stop-limit has become a limit. One that was
        # asked for at this very close is not in the world yet.
        field, number = ("id", ask.order_id) if ask.order_id else ("tag", self._tags.number(ask.tag))
        for k in self._rows:
            rows = self._open(k)
            for place in np.flatnonzero(rows[field] == number)[:1].tolist():
                return _Sent(k, OrderType(int(rows[place]["origin"])))
        return self._sent.get(number, _Sent(self.k)) if ask.tag else _Sent(self.k)

    def _canceled(self, ask: Cancel, where: dict[str, float]) -> Iterator[Row]:
        kind = {"kind": CommandKind.CANCEL}
        work = self._work(ask.tag)
        if work is None:
            named = {"instrument": self._named(ask).row, "tag": self._tags.number(ask.tag), "order_id": ask.order_id}
            yield command_row(where | kind | named)
            return
        self._end(work, int(where["step"]), "canceled")
        own = work.parent.instrument
        for row in self._open(own):
            if row["parent"] == work.parent.tag:
                yield command_row(where | kind | {"instrument": own, "order_id": int(row["id"])})

    def _begun(self, ask: Twap | Vwap | Iceberg, where: dict[str, float], bar: int) -> Iterator[Row]:
        if ask.tag and (self._work(ask.tag) is not None or self._is_open(ask.tag)):
            number = self._tags.number(ask.tag)
            yield place_row(where | {"tag": number}, 1, 0, Fault(Code.TAG_IN_USE, number))
            return
        number, name = self._tags.new_parent(ask.tag, type(ask).__name__.lower())
        place = (int(where["instrument"]), int(where["step"]), bar)
        work, fault = begin(ask, number, name, place, self.feed)
        if work is None:
            yield place_row(where | {"tag": number}, 1, 0, fault)
            return
        self.works.append(work)

    def _is_open(self, tag: str) -> bool:
        number = self._tags.number(tag)
        return any(bool((self._open(k)["tag"] == number).any()) for k in self._rows)

    def _is_taken(self, tag: str, step: int) -> bool:
        sent = self._sent.get(self._tags.number(tag)) if tag else None
        return sent is not None and (sent.step == step or self._is_open(tag))

    def _open(self, k: int) -> NDArray[np.void]:
        return open_rows(self._look(), k)

    def _leg(self, k: int) -> PositionSide | None:
        return POSITION_SIDES[k - self.k] if len(self._rows) > 1 else None

    def _work(self, tag: str) -> Work | None:
        return next((work for work in self.works if tag and work.name == tag), None)

    def _end(self, work: Work, step: int, status: str) -> None:
        self.works.remove(work)
        self._ended.append(work.told(step, status))

    def note(self, fill: np.void) -> tuple[str, str]:
        """Learn of a fill of this instrument; gives the tag of its order and that of its parent."""
        if fill["role"] == OrderRole.LIQUIDATION:
            for work in [work for work in self.works if work.parent.instrument == fill["instrument"]]:
                self._end(work, int(fill["step"]), "liquidated")
        row = placed_row(self._look(), int(fill["instrument"]), int(fill["order_id"])) if self._has_sent else None
        if row is None:
            return "", ""
        for work in self.works:
            if work.parent.tag == row["parent"]:
                work.filled += int(fill["lots"])
        return self._tags.text(int(row["tag"])), self._tags.text(int(row["parent"]))

    def open_orders(self) -> tuple[OrderView, ...]:
        """See `BarView.orders`."""
        text = self._tags.text
        return tuple(order_view(row, self.instrument, text, self._leg(k)) for k in self._rows for row in self._open(k))

    def open_parents(self, step: int) -> tuple[ParentView, ...]:
        """See `BarView.parents`; at the close of a step."""
        own = [(work, work.parent.instrument) for work in self.works]
        return tuple(work.view(self.instrument, self._open(k), step, self._leg(k)) for work, k in own)

    def parents(self) -> tuple[ParentOrder, ...]:
        """Every parent there was, in the order in which they began."""
        told = [*self._ended, *(work.told(-1, "working") for work in self.works)]
        return tuple(sorted(told, key=lambda parent: parent.tag))
