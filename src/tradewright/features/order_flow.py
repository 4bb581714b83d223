"""Who was in a hurry: what takers bought and sold in each bar."""

from __future__ import annotations

import math
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.features.columns import column
from tradewright.features.recall import over_the_whole
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = ["FlowStream", "OrderFlow", "bar_of", "order_flow", "stamps_of", "summed"]

Cells = TypeVar("Cells", FloatColumn, float)
SIDES = "1 where the taker bought, -1 where the taker sold"
QUANTITIES = "a number of at least 0"


class OrderFlow(NamedTuple, Generic[Cells]):
    """What takers did in each bar, base currency: columns, or numbers of one bar.

    Attributes:
        bought: volume that takers bought.
        sold: volume that takers sold.
        delta: bought less sold.
        cvd: delta summed since the first bar.
        imbalance: delta over all that was traded, -1 to 1; 0 in a bar without trades.
    """

    bought: Cells
    sold: Cells
    delta: Cells
    cvd: Cells
    imbalance: Cells


@over_the_whole
def order_flow(bars: Bars, ts: ArrayLike, quantity: ArrayLike, side: ArrayLike) -> OrderFlow[FloatColumn]:
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
    place, inside = bar_of(bars, stamps)
    bought, sold = (summed(bars, place, lots, inside & (signs == sign)) for sign in (1.0, -1.0))
    return _flow(bought, sold)


def _flow(bought: FloatColumn, sold: FloatColumn) -> OrderFlow[FloatColumn]:
    delta, traded = bought - sold, bought + sold
    imbalance = np.divide(delta, traded, out=np.zeros(delta.size), where=traded > 0.0)
    return OrderFlow(bought, sold, delta, np.cumsum(delta), imbalance)


def _trades(ts: ArrayLike, quantity: ArrayLike, side: ArrayLike) -> tuple[IntColumn, FloatColumn, FloatColumn]:
    stamps = stamps_of(ts)
    lots, signs = column(quantity), column(side)
    if not stamps.size == lots.size == signs.size:
        raise InvalidValue("trades", [stamps.size, lots.size, signs.size], "columns of one length")
    wrong = signs[np.abs(signs) != 1.0]
    if wrong.size:
        raise InvalidValue("side", float(wrong[0]), SIDES)
    wrong = lots[~(np.isfinite(lots) & (lots >= 0.0))]
    if wrong.size:
        raise InvalidValue("quantity", float(wrong[0]), QUANTITIES)
    return stamps, lots, signs


def stamps_of(ts: ArrayLike) -> IntColumn:
    """Times as one column.

    Raises:
        InvalidValue: they are none, or go back.
    """
    stamps = np.asarray(ts, dtype=np.int64)
    if stamps.ndim != 1 or (np.diff(stamps) < 0).any():
        raise InvalidValue("ts", stamps.shape, "one column of times that do not go back")
    return stamps


def bar_of(bars: Bars, stamps: IntColumn) -> tuple[IntColumn, NDArray[np.bool_]]:
    """The bar of each time, and whether it lies in one at all."""
    place = np.searchsorted(bars.ts_open, stamps, side="right") - 1
    inside = place >= 0
    inside[inside] = stamps[inside] < bars.ts_close[place[inside]]
    return place.astype(np.int64), inside


def summed(bars: Bars, place: IntColumn, values: FloatColumn, chosen: NDArray[np.bool_]) -> FloatColumn:
    """The values of each bar, summed in their order; 0 where there is none."""
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
        if not 0.0 <= quantity < math.inf:
            raise InvalidValue("quantity", quantity, QUANTITIES)
        if side == 1:
            self._bought += quantity
        elif side == -1:
            self._sold += quantity
        else:
            raise InvalidValue("side", side, SIDES)

    def close_bar(self) -> OrderFlow[float]:
        """The bar has closed: its row; the next one begins."""
        bought, sold = self._bought, self._sold
        delta, traded = bought - sold, bought + sold
        self._bought, self._sold, self._cvd = 0.0, 0.0, self._cvd + delta
        return OrderFlow(bought, sold, delta, self._cvd, delta / traded if traded > 0.0 else 0.0)
