"""One instrument's orders in a run bar by bar: what its strategy asks for becomes commands, and parents are worked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tradewright.domain.enums import Code, CommandKind, OrderRole, OrderType
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import Ask, Cancel, CancelAll, Change, Iceberg, OrderIntent, Twap, Vwap
from tradewright.engine.feed import Feed
from tradewright.engine.order_rows import Fault, change_row, check_link, command_row, intent_row, place_row
from tradewright.engine.order_views import open_rows, order_view, placed_row
from tradewright.engine.tags import Tags
from tradewright.engine.working import Work, begin
from tradewright.kernels.records import World
from tradewright.portfolio.run_log import ParentOrder
from tradewright.strategy.signals import ORDER_TYPE
from tradewright.strategy.view import OrderView, ParentView

__all__ = ["Blotter", "Terms"]

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


class Blotter:
    """Turns asks into COMMAND rows, and sends the children of parents at work.

    Args:
        k: row of the instrument.
        feed: the instrument's bars.
        tags: of the run.
        terms: of the run.
        look: gives the world as it stands.

    Attributes:
        works: parents that may have children to send.
    """

    def __init__(self, k: int, feed: Feed, tags: Tags, terms: Terms, look: Callable[[], World]) -> None:
        self.k, self.feed = k, feed
        self._tags, self._terms, self._look = tags, terms, look
        self.works: list[Work] = []
        self._ended: list[ParentOrder] = []
        self._kinds: dict[int, OrderType] = {}
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
            row = work.child(step, open_rows(self._look(), self.k))
            if row is not None:
                self._has_sent = True
                yield row
            elif work.is_over(step):
                self._end(work, step, "filled" if work.lacking == 0 else "expired")

    def _asked(self, ask: Ask, step: int, bar: int) -> Iterator[Row]:
        self._has_sent = True
        where: dict[str, float] = {"step": step, "instrument": self.k, "tag": 0, "order_id": 0}
        if isinstance(ask, OrderIntent):
            yield self._placed(ask, where)
        elif isinstance(ask, Change):
            where |= {"tag": self._tags.number(ask.tag), "order_id": ask.order_id}
            yield change_row(ask, where, self.instrument, self._kind(int(where["tag"]), ask.order_id))
        elif isinstance(ask, CancelAll):
            for work in tuple(self.works):
                self._end(work, step, "canceled")
            yield command_row(where | {"kind": CommandKind.CANCEL_ALL})
        elif isinstance(ask, Cancel):
            yield from self._canceled(ask, where)
        else:
            yield from self._begun(ask, where, bar)

    def _placed(self, ask: OrderIntent, where: dict[str, float]) -> Row:
        number = self._tags.number(ask.tag)
        taken = self._work(ask.tag) is not None
        fault = Fault(Code.TAG_IN_USE, number) if taken else Fault()
        check_link(ask, self._terms.matches)
        terms = {
            "tag": number,
            "oco": self._tags.number(ask.oco),
            "trigger_by": self._terms.trigger_by,
            "protected": self._terms.protected,
        }
        row = intent_row(ask, where | terms, self.instrument, fault)
        self._kinds[number] = ORDER_TYPE[ask.kind]
        return row

    def _kind(self, number: int, order_id: int) -> OrderType | None:
        # As which an order was placed: a triggered stop-limit has become a limit.
        if order_id == 0:
            return self._kinds.get(number)
        row = placed_row(self._look(), self.k, order_id)
        return None if row is None else OrderType(int(row["origin"]))

    def _canceled(self, ask: Cancel, where: dict[str, float]) -> Iterator[Row]:
        kind = {"kind": CommandKind.CANCEL}
        work = self._work(ask.tag)
        if work is None:
            yield command_row(where | kind | {"tag": self._tags.number(ask.tag), "order_id": ask.order_id})
            return
        self._end(work, int(where["step"]), "canceled")
        for row in open_rows(self._look(), self.k):
            if row["parent"] == work.parent.tag:
                yield command_row(where | kind | {"order_id": int(row["id"])})

    def _begun(self, ask: Twap | Vwap | Iceberg, where: dict[str, float], bar: int) -> Iterator[Row]:
        if ask.tag and (self._work(ask.tag) is not None or self._is_open(ask.tag)):
            number = self._tags.number(ask.tag)
            yield place_row(where | {"tag": number}, 1, 0, Fault(Code.TAG_IN_USE, number))
            return
        number, name = self._tags.new_parent(ask.tag, type(ask).__name__.lower())
        work, fault = begin(ask, number, name, (self.k, int(where["step"]), bar), self.feed)
        if work is None:
            yield place_row(where | {"tag": number}, 1, 0, fault)
            return
        self.works.append(work)

    def _is_open(self, tag: str) -> bool:
        number = self._tags.number(tag)
        return any(row["tag"] == number for row in open_rows(self._look(), self.k))

    def _work(self, tag: str) -> Work | None:
        return next((work for work in self.works if tag and work.name == tag), None)

    def _end(self, work: Work, step: int, status: str) -> None:
        self.works.remove(work)
        self._ended.append(work.told(step, status))

    def note(self, fill: np.void) -> tuple[str, str]:
        """Learn of a fill of this instrument; gives the tag of its order and that of its parent."""
        if fill["role"] == OrderRole.LIQUIDATION:
            for work in tuple(self.works):
                self._end(work, int(fill["step"]), "liquidated")
        row = placed_row(self._look(), self.k, int(fill["order_id"])) if self._has_sent else None
        if row is None:
            return "", ""
        for work in self.works:
            if work.parent.tag == row["parent"]:
                work.filled += int(fill["lots"])
        return self._tags.text(int(row["tag"])), self._tags.text(int(row["parent"]))

    def open_orders(self) -> tuple[OrderView, ...]:
        """See `BarView.orders`."""
        rows, text = open_rows(self._look(), self.k), self._tags.text
        return tuple(order_view(row, self.instrument, text) for row in rows)

    def open_parents(self, step: int) -> tuple[ParentView, ...]:
        """See `BarView.parents`; at the close of a step."""
        rows = open_rows(self._look(), self.k)
        return tuple(work.view(self.instrument, rows, step) for work in self.works)

    def parents(self) -> tuple[ParentOrder, ...]:
        """Every parent there was, in the order in which they began."""
        told = [*self._ended, *(work.told(-1, "working") for work in self.works)]
        return tuple(sorted(told, key=lambda parent: parent.tag))
