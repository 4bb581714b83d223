"""How far a trade went against and for itself while it was open.

A bar does not say in which order its prices came. So the worst open profit (MAE) takes every price that may have been
met, and the best (MFE) only those that certainly were:

* a bar in which the position was open from open to close counts whole;
* in a bar entered on the way, the worst counts whole, of the best only the close;
* in a bar left on the way, the best counts only the exit's own price; so does the worst if a stop or a liquidation
  ended it there, else it counts whole;
* a bar left at its open counts only the exit's price.

Open profit includes what the trade has already realised, before fees and funding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tradewright.domain.enums import OrderRole
from tradewright.market.bars import Bars

__all__ = ["Stand", "excursions"]

_STOPPED = (OrderRole.STOP_LOSS, OrderRole.LIQUIDATION)


class Stand(NamedTuple):
    """Where a trade stands right after one of its fills.

    Attributes:
        bar: position of the fill's bar.
        at_open: whether it was filled at the bar's open.
        price: of the fill, quote per base.
        role: OrderRole of the fill.
        quantity: held now, base, signed.
        entry: average entry now, quote per base.
        realised: so far, quote.
    """

    bar: int
    at_open: bool
    price: float
    role: int
    quantity: float
    entry: float
    realised: float


def excursions(bars: Bars, stands: Sequence[Stand]) -> tuple[float, float]:
    """Measure the worst and the best open profit of a trade: (MAE <= 0, MFE >= 0), quote.

    Args:
        bars: of the instrument.
        stands: one per fill, in order; if the last one still holds a position, it is open to the last bar.
    """
    profits = [0.0]
    for place, stand in enumerate(stands):
        if stand.quantity == 0.0:
            break
        following = stands[place + 1] if place + 1 < len(stands) else None
        worst, best = _lows_and_highs(bars, stand, following)
        profits += [stand.realised + (price - stand.entry) * stand.quantity for price in (*worst, *best)]
    return min(profits), max(profits)


def _lows_and_highs(bars: Bars, stand: Stand, following: Stand | None) -> tuple[list[float], list[float]]:
    # Prices that may have been the worst, and prices that were reached for certain.
    adverse, favourable = (bars.low, bars.high) if stand.quantity > 0 else (bars.high, bars.low)
    start = stand.bar if stand.at_open else stand.bar + 1
    stop = len(bars.close) if following is None else following.bar
    worst, best = [stand.price], [stand.price]
    if start < stop:
        pick_worst, pick_best = ("min", "max") if stand.quantity > 0 else ("max", "min")
        worst.append(float(getattr(adverse[start:stop], pick_worst)()))
        best.append(float(getattr(favourable[start:stop], pick_best)()))
    if not stand.at_open and (following is None or following.bar > stand.bar):
        worst.append(float(adverse[stand.bar]))
        best.append(float(bars.close[stand.bar]))
    if following is not None:
        worst.append(following.price)
        best.append(following.price)
        if not following.at_open and following.role not in _STOPPED:
            worst.append(float(adverse[following.bar]))
    return worst, best
