"""A venue's market as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from tradewright.domain.market_events import Channel, MarketEvent, Subscription

__all__ = ["Feed", "FeedAbilities"]


@dataclass(frozen=True, slots=True)
class FeedAbilities:
    """What a venue's feed can tell.

    Args:
        venue: its name.
        channels: that it has.
        filled: channels of which everything that was lost is asked for; of the others the next message tells all.
        timeframes: lengths of its bars.
    """

    venue: str
    channels: frozenset[Channel]
    filled: frozenset[Channel]
    timeframes: tuple[str, ...]


class Feed(Protocol):
    """Tells what happens in a venue's markets.

    Of each subscription, events come in their order, none twice, and none is left out without a `StateChanged` that
    says so: bars by their open, ticks by their number, a book as a snapshot and the changes that follow it without a
    gap; of quotes and marks only the last counts, and an older one is never told after a newer. A bar is told when it
    has closed at the venue, not before. If events are taken more slowly than they come, memory stays bounded.
    """

    @property
    def abilities(self) -> FeedAbilities:
        """What it can tell."""
        ...

    def events(self, wanted: Sequence[Subscription]) -> AsyncIterator[MarketEvent]:
        """Listen, until the iterator is closed.

        Args:
            wanted: at least one; each once.

        Raises:
            UnknownName: the venue does not trade a symbol.
            InvalidValue: it has no such channel, or no bars of that length.
            VenueError: it cannot be reached at the beginning. Later it is tried again for ever, and said.
        """
        ...
