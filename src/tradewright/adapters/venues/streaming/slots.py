"""One subscription each: what it has told, what it holds back, and what it must ask for. No I/O, and no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tradewright.domain.market_events import BookUpdate, Channel, Mark, MarketEvent, Quote, Subscription
from tradewright.market.book_sync import Sync

__all__ = ["Ask", "AskBars", "AskBook", "AskTicks", "BookSlot", "Diff", "Lost", "Slot", "Step", "ValueSlot"]

_MOST_DIFFS = 5_000


class AskBars(NamedTuple):
    """Ask for bars: first open, last close, UTC ns."""

    start: int
    end: int


class AskTicks(NamedTuple):
    """Ask for ticks by number; without `last` for all that there are."""

    first: int
    last: int | None


class AskBook(NamedTuple):
    """Ask for a snapshot."""


Ask = AskBars | AskTicks | AskBook


class Lost(NamedTuple):
    """What the venue does not have, in words."""

    words: str


class Step(NamedTuple):
    """What comes of a message or an answer.

    Attributes:
        events: to be told now, in this order.
        lost: that there is a hole.
        helped: whether an answer brought what was wanted; what did not is asked for again, later.
    """

    events: Sequence[MarketEvent] = ()
    lost: Lost | None = None
    helped: bool = True


class Slot(Protocol):
    """The state of one subscription."""

    subscription: Subscription

    def reconnected(self, venue_now: int) -> None:
        """The stream begins, or begins anew: messages may have been lost (`venue_now`: UTC ns at the venue)."""
        ...

    def wanted(self, venue_now: int) -> Ask | None:
        """What must be asked for; None for nothing."""
        ...

    def answered(self, ask: Ask, answer: Sequence[MarketEvent]) -> Step:
        """The venue answered."""
        ...


class ValueSlot:
    """Quotes and marks: the newest is all that counts.

    Args:
        subscription: whose.
    """

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self._last = -1

    def reconnected(self, venue_now: int) -> None:
        """See `Slot`."""

    def wanted(self, venue_now: int) -> Ask | None:  # noqa: ARG002 - nothing ever
        """See `Slot`: the next message tells all."""
        return None

    def answered(self, ask: Ask, answer: Sequence[MarketEvent]) -> Step:  # noqa: ARG002 - nothing was asked
        """See `Slot`."""
        return Step()

    def hear(self, event: Quote | Mark) -> Step:
        """A message; one that is older than the last, or the same again, is dropped."""
        number = event.sequence if isinstance(event, Quote) else event.ts
        if number <= self._last:
            return Step()
        self._last = number
        return Step((event,))


class Diff(NamedTuple):
    """A change of a book with the numbers that say whether it follows."""

    first_id: int
    previous_id: int
    update: BookUpdate


class BookSlot:
    """A book: a snapshot, and the changes that follow it without a gap.

    Args:
        subscription: whose.
    """

    def __init__(self, subscription: Subscription) -> None:
        assert subscription.channel is Channel.BOOK
        self.subscription = subscription
        self._sync = Sync()
        self._early: deque[Diff] = deque(maxlen=_MOST_DIFFS)  # the oldest make room: a later snapshot holds them

    def reconnected(self, venue_now: int) -> None:  # noqa: ARG002 - a snapshot is always the newest
        """See `Slot`: the book is unknown until the next snapshot."""
        self._sync = Sync()
        self._early.clear()

    def wanted(self, venue_now: int) -> Ask | None:  # noqa: ARG002 - at any time
        """See `Slot`: a snapshot once a change has been heard, so that one follows the other."""
        return AskBook() if self._sync.last_id < 0 and self._early else None

    def hear(self, diff: Diff) -> Step:
        """A change; while the book is unknown it waits for a snapshot."""
        if self._sync.last_id < 0:
            self._early.append(diff)
            return Step()
        return Step(self._applied([diff]))

    def answered(self, ask: Ask, answer: Sequence[MarketEvent]) -> Step:  # noqa: ARG002 - there is one thing to ask
        """See `Slot`: the snapshot, and what has been heard since; one that is too old is not believed."""
        snapshot = next((one for one in answer if isinstance(one, BookUpdate)), None)
        if snapshot is None:
            return Step(helped=False)
        self._sync.begin(snapshot.last_id)
        fresh = [diff for diff in self._early if not self._sync.is_stale(diff.update.last_id)]
        self._early.clear()
        after = self._applied(fresh)
        if self._sync.last_id < 0:
            return Step(helped=False)
        return Step((snapshot, *(one._replace(ts_seen=max(one.ts_seen, snapshot.ts_seen)) for one in after)))

    def _applied(self, diffs: Sequence[Diff]) -> list[BookUpdate]:
        applied: list[BookUpdate] = []
        for number, diff in enumerate(diffs):
            if diff.update.last_id <= self._sync.last_id:
                continue  # held already, by the snapshot or because it came twice
            if not self._sync.follows(diff.first_id, diff.update.last_id, diff.previous_id):
                self._early.extend(diffs[number:])
                break
            applied.append(diff.update)
        return applied
