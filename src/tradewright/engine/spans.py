"""Which time the data of a run's instruments cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradewright.domain.errors import DataError
from tradewright.domain.times import iso
from tradewright.engine.feed import Feed

__all__ = ["Span", "check_overlap", "span_of", "spans_of"]

Span = tuple[int, int]
"""First open and last close, UTC ns."""


def span_of(feed: Feed) -> Span:
    """What time an instrument's bars cover; it has some."""
    return int(feed.bars.ts_open[0]), int(feed.bars.ts_close[-1])


def spans_of(feeds: Sequence[Feed]) -> dict[str, Span]:
    """What time the bars of each instrument cover, by its symbol; one without bars is left out."""
    return {feed.instrument.symbol: span_of(feed) for feed in feeds if feed.bars.ts_open.size}


def check_overlap(spans: Mapping[str, Span]) -> None:
    """Refuse instruments that never trade at the same time: their run would be two, one after the other.

    Raises:
        DataError: there is a time before which all bars of some instruments end, and after which those of all others
            begin.
    """
    ordered = sorted(spans.items(), key=lambda one: one[1])
    for place in range(1, len(ordered)):
        before = max(ordered[:place], key=lambda one: one[1][1])
        after = ordered[place]
        if after[1][0] >= before[1][1]:
            raise DataError(
                f"the bars of {_told(*before)} end before those of {_told(*after)} begin, so they share no time in "
                "which one account could trade both; run each alone, or store candles of the same time"
            )


def _told(symbol: str, span: Span) -> str:
    return f"{symbol} ({iso(span[0])} to {iso(span[1])})"
