"""Who was in a hurry: what takers bought and sold in each bar, and how the best quotes leant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.features.moving import column
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = ["FlowStream", "OrderFlow", "order_flow", "quote_flow"]


class OrderFlow(NamedTuple):
    """What takers did, one row for each bar, base currency.

    Attributes:
        bought: volume that takers bought.
        sold: volume that takers sold.
        delta: bought less sold.
        cvd: delta summed since the first bar.
        imbalance: delta over all that was traded, -1 to 1; 0 in a bar without trades.
    """

    bought: FloatColumn
    sold: FloatColumn
    delta: FloatColumn
    cvd: FloatColumn
    imbalance: FloatColumn


def order_flow(bars: Bars, ts: ArrayLike, quantity: ArrayLike, side: ArrayLike) -> OrderFlow:
    """Sum public trades bar by bar.

    A trade belongs to the bar with `ts_open <= ts < ts_close`, so that each row is known at its bar's close. Trades
    before the first bar, after the last and between bars that are missing are left out.

    Args:
        bars: one row of the result for each.
        ts: when each trade happened, UTC ns, ascending.
        quantity: base currency, >= 0.
        side: of the taker, 1 bought, -1 sold; of a venue that says "buyer is maker", true is -1.

    Raises:
        InvalidValue: the columns differ in length, times go back, a side is neither 1 nor -1, a quantity is below 0.
    """
    stamps, lots, signs = _trades(ts, quantity, side)
    place, inside = _bar_of(bars, stamps)
    bought, sold = (_summed(bars, place, lots, inside & (signs == sign)) for sign in (1.0, -1.0))
    return _flow(bought, sold)


def _flow(bought: FloatColumn, sold: FloatColumn) -> OrderFlow:
    delta, traded = bought - sold, bought + sold
    imbalance = np.divide(delta, traded, out=np.zeros(delta.size), where=traded > 0.0)
    return OrderFlow(bought, sold, delta, np.cumsum(delta), imbalance)


def _trades(ts: ArrayLike, quantity: ArrayLike, side: ArrayLike) -> tuple[IntColumn, FloatColumn, FloatColumn]:
    stamps = _stamps(ts)
    lots, signs = column(quantity), column(side)
    if not stamps.size == lots.size == signs.size:
        raise InvalidValue("trades", [stamps.size, lots.size, signs.size], "columns of one length")
    wrong = signs[np.abs(signs) != 1.0]
    if wrong.size:
        raise InvalidValue("side", float(wrong[0]), "1 where the taker bought, -1 where the taker sold")
    wrong = lots[~(np.isfinite(lots) & (lots >= 0.0))]
    if wrong.size:
        raise InvalidValue("quantity", float(wrong[0]), "a number of at least 0")
    return stamps, lots, signs


def _stamps(ts: ArrayLike) -> IntColumn:
    stamps = np.asarray(ts, dtype=np.int64)
    if stamps.ndim != 1 or (np.diff(stamps) < 0).any():
        raise InvalidValue("ts", stamps.shape, "one column of times that do not go back")
    return stamps


def _bar_of(bars: Bars, stamps: IntColumn) -> tuple[IntColumn, NDArray[np.bool_]]:
    """The bar of each time, and whether it lies in one at all."""
    place = np.searchsorted(bars.ts_open, stamps, side="right") - 1
    inside = place >= 0
    inside[inside] = stamps[inside] < bars.ts_close[place[inside]]
    return place.astype(np.int64), inside


def _summed(bars: Bars, place: IntColumn, values: FloatColumn, chosen: NDArray[np.bool_]) -> FloatColumn:
    return np.asarray(np.bincount(place[chosen], values[chosen], bars.ts_open.size), dtype=np.float64)


class FlowStream:
    """`order_flow`, trade by trade: to the last bit what the columns say."""

    def __init__(self) -> None:
        self._bought, self._sold, self._cvd = 0.0, 0.0, 0.0

    def trade(self, quantity: float, side: int) -> None:
        """Take a trade of the bar that is open; side of the taker, 1 bought, -1 sold.

        Raises:
            InvalidValue: the side is neither, or the quantity is no number of at least 0.
        """
        _trades([0], [quantity], [side])
        if side > 0:
            self._bought += quantity
        else:
            self._sold += quantity

    def close_bar(self) -> dict[str, float]:
        """The bar has closed: its row, by the names of `OrderFlow`; the next one begins."""
        bought, sold = self._bought, self._sold
        delta, traded = bought - sold, bought + sold
        self._bought, self._sold, self._cvd = 0.0, 0.0, self._cvd + delta
        imbalance = delta / traded if traded > 0.0 else 0.0
        return {"bought": bought, "sold": sold, "delta": delta, "cvd": self._cvd, "imbalance": imbalance}


def quote_flow(bars: Bars, ts: ArrayLike, quotes: Sequence[ArrayLike]) -> FloatColumn:
    """Order flow imbalance of the best quotes in each bar.

    Cont, Kukanov & Stoikov (2014), Journal of Financial Econometrics 12. A quote adds what came to the bid or left the
    ask, and takes off what left the bid or came to the ask: e = the bid's size where it did not fall, less its size
    before where it did not rise, less the ask's size where it did not rise, plus its size before where it did not fall.
    A quote is known when it is published, so that a row is known at its bar's close.

    Args:
        bars: one row of the result for each.
        ts: when each quote was published, UTC ns, ascending.
        quotes: four columns: bid, its size, ask, its size.

    Returns:
        base currency, one row for each bar; the first quote of all has none before it and adds nothing.

    Raises:
        InvalidValue: the columns differ in length, or times go back.
    """
    stamps = _stamps(ts)
    bid, bid_size, ask, ask_size = map(column, quotes)
    if any(one.size != stamps.size for one in (bid, bid_size, ask, ask_size)):
        raise InvalidValue("quotes", [one.size for one in (bid, bid_size, ask, ask_size)], f"{stamps.size} rows each")
    moved = np.zeros(stamps.size)
    moved[1:] = (
        np.where(bid[1:] >= bid[:-1], bid_size[1:], 0.0)
        - np.where(bid[1:] <= bid[:-1], bid_size[:-1], 0.0)
        - np.where(ask[1:] <= ask[:-1], ask_size[1:], 0.0)
        + np.where(ask[1:] >= ask[:-1], ask_size[:-1], 0.0)
    )
    place, inside = _bar_of(bars, stamps)
    return _summed(bars, place, moved, inside)
