"""The feeds of a run of which only one, or a stretch of time of all of them, is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tradewright.domain.errors import DataError
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.spans import check_overlap, span_of
from tradewright.market.bars import Bars, empty_bars
from tradewright.ports.candle_store import CandleKey
from tradewright.services.market_data import Kind, MarketData, fingerprint

__all__ = ["StoredFeeds"]

Stretch = Callable[[int, int], Bars]


@dataclass(frozen=True, slots=True)
class _Known:
    # What stays of a feed when its bars have been let go; `mark` and `spread` have no bars where they are there.
    bare: Feed
    span: tuple[int, int]
    bars: Stretch
    mark: Stretch | None
    spread: Stretch | None

    def within(self, start: int, end: int) -> Feed:
        mark, spread = (load and load(start, end) for load in (self.mark, self.spread))
        return replace(self.bare, bars=self.bars(start, end), mark=mark, spread=spread)


class StoredFeeds:
    """Feeds of one instrument after the other, then of one stretch of time after the other.

    Args:
        market_data: where they are stored.
        spec: of the run; a feed for each of its instruments.
        load: gives the whole feed of a symbol.
        context: gives the bars of the higher timeframe alone.
    """

    def __init__(
        self, market_data: MarketData, spec: RunSpec, load: Callable[[str], Feed], context: Callable[[str], Bars | None]
    ) -> None:
        self._market_data, self._spec, self._load, self._context = market_data, spec, load, context
        self._timeframe = Timeframe.parse(spec.timeframe)
        self._proven: set[int] = set()
        self._known: list[_Known] = []

    def each(self) -> Iterator[Feed]:
        """Every feed with all of its bars, one by one; what they are is remembered.

        Raises:
            TradewrightError: a feed is not stored, or not whole.
        """
        self._known.clear()
        for symbol in self._spec.instruments:
            feed = self._load(symbol)
            self._known.append(self._known_of(feed))
            yield feed

    def whole(self, k: int) -> Feed:
        """One of the feeds again, with all of its bars.

        Raises:
            DataError: its bars are others now.
        """
        known, symbol = self._known[k], self._spec.instruments[k]
        feed = replace(known.within(*known.span), htf=self._context(symbol))
        if k not in self._proven and fingerprint(feed.bars) != feed.fingerprint:
            raise DataError(f"the stored candles of {symbol} changed while the run was under way; run it again")
        self._proven.add(k)
        return feed

    def windows(self, days: int) -> list[tuple[int, int]]:
        """Stretches of so many days, a bar at least, from the first open of any feed to the last close, UTC ns.

        Raises:
            DataError: some of the feeds end before the others begin.
        """
        check_overlap({one.bare.instrument.symbol: one.span for one in self._known})
        length = self._timeframe.ns
        width = max(days * _DAY_NS // length, 1) * length
        first, last = min(one.span[0] for one in self._known), max(one.span[1] for one in self._known)
        return [(start, min(start + width, last)) for start in range(first, last, width)]

    def within(self, start: int, end: int) -> list[Feed]:
        """The feeds of one stretch of time, some of them maybe without bars; funding records are whole."""
        return [one.within(start, end) for one in self._known]

    def _known_of(self, feed: Feed) -> _Known:
        def stretches(kind: Kind, bars: Bars) -> Stretch:
            key = CandleKey(self._spec.venue, feed.instrument.symbol, self._timeframe)
            return self._market_data.stretches(kind, key, bars)

        return _Known(
            bare=replace(feed, bars=empty_bars(), htf=None, mark=None, spread=None),
            span=span_of(feed),
            bars=stretches("candles", feed.bars),
            mark=feed.mark and stretches("mark", feed.mark),
            spread=feed.spread and stretches("spread", feed.spread),
        )


_DAY_NS = 86_400_000_000_000
