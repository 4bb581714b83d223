"""A market of elsewhere, played as it is heard: the paper venue."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from tradewright.adapters.venues.practice.funding import FundingRates
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.reels import Message, Reel
from tradewright.adapters.venues.practice.replay import ReelScript
from tradewright.domain.enums import EventKind
from tradewright.domain.market_events import BookUpdate, Mark, MarketEvent, Quote, Tick
from tradewright.market.growing_tape import GrowingTape

__all__ = ["HeardRates", "Mirror", "MirrorScript"]

_ASSUMED = 0.0001


class HeardRates(FundingRates):
    """The rates that the market itself tells; before the first of them, one of a hundredth of a per cent."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        super().__init__(listings, 0)
        self._heard: dict[int, float] = {}

    def hear(self, k: int, rate: float) -> None:
        """Learn what is paid next."""
        self._heard[k] = rate

    def rate(self, k: int, ts: int) -> float:
        """See `FundingRates`: what was told last."""
        del ts
        return self._heard.get(k, _ASSUMED)


class MirrorScript(ReelScript):
    """Events, each played when it is heard: nothing of the market is made up, and our orders do not move it.

    Args:
        listings: what is traded; their prices are those with which it begins.
        start: when it begins, UTC ns.
    """

    def __init__(self, listings: Sequence[Listing], start: int) -> None:
        super().__init__(Reel(tuple(listings), start, (), ()))
        self._coming: deque[Message] = deque()
        self._tapes = [GrowingTape(listing.instrument) for listing in listings]
        self._rows = {listing.instrument.symbol: k for k, listing in enumerate(listings)}
        self._last = start
        self.rates = HeardRates(listings)

    def hear(self, event: MarketEvent, now: int) -> None:
        """Take an event in; it happens now, UTC ns, and never before one that was heard sooner.

        Raises:
            DataError: a price is no multiple of the tick, or a quantity none of the lot.
        """
        if isinstance(event, Mark) and event.symbol in self._rows:
            self.rates.hear(self._rows[event.symbol], event.funding_rate)
        if not isinstance(event, Tick | Quote | BookUpdate) or event.symbol not in self._rows:
            return
        k = self._rows[event.symbol]
        rows = self._tapes[k].rows_of(event)
        rows = rows[rows["kind"] != EventKind.CLEAR]
        self._last = max(self._last, now)
        update_id = event.last_id if isinstance(event, BookUpdate) else 0
        if rows.size or update_id:
            is_snapshot = isinstance(event, BookUpdate) and event.is_snapshot
            message = Message(self._last, k, "", rows, "", update_id, is_snapshot, event.ts, isinstance(event, Tick))
            self._coming.append(message)

    def next_point(self) -> int | None:
        """See `Script`: the market does not end."""
        return self._coming[0].ts if self._coming else None

    def play(self) -> None:
        """See `Script`."""
        self.act(self._coming.popleft())


class Mirror:
    """What an exchange is made of that mirrors a market.

    Args:
        listings: what is traded.
        start: when it begins, UTC ns.
    """

    def __init__(self, listings: Sequence[Listing], start: int) -> None:
        self.start, self.script = start, MirrorScript(listings, start)
