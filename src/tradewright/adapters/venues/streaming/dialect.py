"""What a venue's adapter says of its streams, so that one driver can listen to any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from tradewright.adapters.venues.streaming.slots import Ask, Slot, Step
from tradewright.domain.market_events import MarketEvent, Subscription
from tradewright.ports.feed import FeedAbilities

__all__ = ["Acknowledged", "Dialect", "Line", "Refused", "Told"]


class Line(NamedTuple):
    """One connection.

    Attributes:
        url: to be dialled.
        requests: texts that subscribe; each is acknowledged by its position, from 1.
        names: of its streams, and whose they are; None for one that only shows that the line is alive.
    """

    url: str
    requests: tuple[str, ...]
    names: Mapping[str, Subscription | None]


class Told(NamedTuple):
    """A message of a stream; `slot` is None for one that only shows that the line is alive."""

    slot: Slot | None
    step: Step


class Acknowledged(NamedTuple):
    """A request to subscribe was taken."""

    number: int


class Refused(NamedTuple):
    """A request to subscribe was not taken."""

    words: str


class Dialect(Protocol):
    """A venue's streams."""

    @property
    def abilities(self) -> FeedAbilities:
        """What they can tell."""
        ...

    async def prepare(self, wanted: Sequence[Subscription]) -> None:
        """Learn what is needed to understand them, and look at the venue's clock; see `Feed.events` for errors."""
        ...

    async def measure(self) -> None:
        """Look at the venue's clock again."""
        ...

    def venue_now(self) -> int:
        """The earliest time that it can be at the venue, UTC ns."""
        ...

    def lines(self, wanted: Sequence[Subscription]) -> Sequence[Line]:
        """The connections that are needed."""
        ...

    def slot(self, subscription: Subscription) -> Slot:
        """A new state for a subscription."""
        ...

    def hear(self, text: str, ts_seen: int, slots: Mapping[str, Slot | None]) -> Told | Acknowledged | Refused | None:
        """Read a message and let its slot hear it; None for what nobody has asked for.

        Args:
            text: as it came.
            ts_seen: our time when it came, UTC ns.
            slots: of the line's streams, by their names.

        Raises:
            DataError: it cannot be read.
        """
        ...

    async def ask(self, subscription: Subscription, ask: Ask) -> Sequence[MarketEvent]:
        """Ask the venue for what a slot wants.

        Raises:
            VenueError: it cannot be had now.
            DataError: the answer cannot be read.
        """
        ...
