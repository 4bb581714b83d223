"""How the best quotes leant: what came to the bid and left the ask, against what left the bid and came to the ask."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tradewright.domain.errors import InvalidValue
from tradewright.features.columns import column
from tradewright.features.order_flow import Cells, bar_of, stamps_of, summed
from tradewright.features.recall import over_the_whole
from tradewright.market.bars import Bars, FloatColumn

__all__ = ["QuoteFlow", "QuoteStream", "quote_flow"]

Quote = tuple[float, float, float, float]
NAMES = ("bid", "bid size", "ask", "ask size")
WANTED = "a finite number"


class QuoteFlow(NamedTuple, Generic[Cells]):
    """How the best quotes leant in each bar: columns, or numbers of one bar.

    Attributes:
        flow: order flow imbalance, base currency; above 0 it pressed upwards.
        depth: mean size of the best quotes of both sides, base currency; 0 in a bar without quotes.
        pressure: flow over depth, which compares across instruments; 0 in a bar without quotes.
    """

    flow: Cells
    depth: Cells
    pressure: Cells


@over_the_whole
def quote_flow(bars: Bars, ts: ArrayLike, quotes: Sequence[ArrayLike]) -> QuoteFlow[FloatColumn]:
    """Order flow imbalance of the best quotes in each bar (Cont, Kukanov & Stoikov, 2014).

    A quote adds what came to the bid or left the ask, and takes off what left the bid or came to the ask: the bid's
    size where it did not fall, less its size before where it did not rise, less the ask's size where it did not rise,
    plus its size before where it did not fall. The first quote of all has none before it and adds nothing.
    A quote is known when it is published, so that a row is known at its bar's close.

    Args:
        bars: one row of the result for each.
        ts: when each quote was published, UTC ns, ascending.
        quotes: four columns: bid, its size, ask, its size.

    Raises:
        InvalidValue: the columns differ in length or are not finite, or times go back.
    """
    stamps = stamps_of(ts)
    bid, bid_size, ask, ask_size = found = [column(one) for one in quotes]
    if any(one.size != stamps.size for one in found):
        raise InvalidValue("quotes", [one.size for one in found], f"{stamps.size} rows each")
    for name, one in zip(NAMES, found, strict=True):
        if not np.isfinite(one).all():
            raise InvalidValue(name, float(one[~np.isfinite(one)][0]), WANTED)
    moved = np.zeros(stamps.size)
    moved[1:] = (
        np.where(bid[1:] >= bid[:-1], bid_size[1:], 0.0)
        - np.where(bid[1:] <= bid[:-1], bid_size[:-1], 0.0)
        - np.where(ask[1:] <= ask[:-1], ask_size[1:], 0.0)
        + np.where(ask[1:] >= ask[:-1], ask_size[:-1], 0.0)
    )
    place, inside = bar_of(bars, stamps)
    flow, sizes, count = (
        summed(bars, place, values, inside) for values in (moved, (bid_size + ask_size) / 2.0, np.ones(stamps.size))
    )
    depth = np.divide(sizes, count, out=np.zeros(flow.size), where=count > 0.0)
    return QuoteFlow(flow, depth, np.divide(flow, depth, out=np.zeros(flow.size), where=depth > 0.0))


class QuoteStream:
    """`quote_flow`, quote by quote: to the last bit what the columns say."""

    def __init__(self) -> None:
        self._before: Quote | None = None
        self._flow, self._sizes, self._count = 0.0, 0.0, 0

    def quote(self, bid: float, bid_size: float, ask: float, ask_size: float) -> None:
        """Take a quote that was published in the bar that is open.

        Raises:
            InvalidValue: one of them is no finite number.
        """
        now = (bid, bid_size, ask, ask_size)
        for name, value in zip(NAMES, now, strict=True):
            if not math.isfinite(value):
                raise InvalidValue(name, value, WANTED)
        if self._before is not None:
            bid_before, bid_was, ask_before, ask_was = self._before
            self._flow += (
                (bid_size if bid >= bid_before else 0.0)
                - (bid_was if bid <= bid_before else 0.0)
                - (ask_size if ask <= ask_before else 0.0)
                + (ask_was if ask >= ask_before else 0.0)
            )
        self._before, self._sizes, self._count = now, self._sizes + (bid_size + ask_size) / 2.0, self._count + 1

    def close_bar(self) -> QuoteFlow[float]:
        """The bar has closed: its row; the next one begins, and goes on from the last quote."""
        flow, depth = self._flow, self._sizes / self._count if self._count else 0.0
        self._flow, self._sizes, self._count = 0.0, 0.0, 0
        return QuoteFlow(flow, depth, flow / depth if depth > 0.0 else 0.0)
