"""What a taker pays beyond the price he meets: half the spread, and slippage by the model of the instrument's terms.

The spread is a share of the price, or as it was recorded for the bar. `take_bound` says how far from the mark a taker
without a limit may go: his price ends there, and where the market's own price lies beyond, he does not trade.

RATE            a share of the price, spread and slippage in one
TICKS           so many ticks on top of half the spread
VOLUME_SHARE    `price * k * (q / V)**2` on top; V is the volume of the bar, and q at most all of it
SQUARE_ROOT     `price * Y * sigma * sqrt(q / ADV)` on top; sigma and ADV are known before the bar: `Market.impact`
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.domain.enums import Slippage
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import Market

__all__ = ["farthest_ticks", "foreseen_ticks", "half_spread", "is_beyond_bound", "taker_ticks", "within_bound"]


@lean_kernel
def foreseen_ticks(spec: Any) -> float:
    """Ticks of slippage that are the same at any price and for any quantity."""
    return float(spec["slippage_size"]) if spec["slippage"] == Slippage.TICKS else 0.0


@lean_kernel
def half_spread(market: Market, k: int, step: int, ticks: int) -> float:
    """How far bid and ask lie from a price, ticks: as recorded for the bar, else as assumed."""
    spec = market.specs[k]
    return float(market.spread[k, step]) if spec["has_spread"] else float(ticks * spec["spread_rate"])


@lean_kernel
def farthest_ticks(spec: Any, side: int, mark: int) -> int:
    """The worst price that a taker accepts; 0 where there is no bound, or no mark yet."""
    if spec["take_bound"] <= 0.0 or mark <= 0:
        return 0
    far = mark * (1.0 + side * spec["take_bound"])
    return int(np.floor(far + 1e-9)) if side > 0 else max(int(np.ceil(far - 1e-9)), 1)


@lean_kernel
def farthest_in_bar(market: Market, k: int, step: int, side: int, ticks: int) -> int:
    """As `farthest_ticks`, while trades are at a price: the mark is as far from them as it was at the bar's open."""
    spec = market.specs[k]
    if spec["take_bound"] <= 0.0:
        return 0
    return farthest_ticks(spec, side, ticks + market.mark_open[k, step] - market.open[k, step])


@lean_kernel
def is_beyond_bound(market: Market, k: int, step: int, side: int, ticks: int) -> bool:
    """Whether a price that trades are at is beyond what a taker accepts."""
    far = farthest_in_bar(market, k, step, side, ticks)
    return bool(far > 0 and (ticks - far) * side > 0)


@lean_kernel
def within_bound(market: Market, k: int, step: int, side: int, price: int, ticks: int) -> int:
    """A taker's price while trades are at `ticks`, but none beyond the bound; nor does he gain from it."""
    far = farthest_in_bar(market, k, step, side, ticks)
    if far == 0:
        return price
    return min(price, max(far, ticks)) if side > 0 else max(price, min(far, ticks))


@lean_kernel
def taker_ticks(market: Market, k: int, step: int, side: int, lots: int, ticks: int) -> int:
    """A price after what taking so many lots costs: always adverse, in whole ticks, rounded against the taker."""
    spec = market.specs[k]
    cost = ticks * spec["cost_rate"] + foreseen_ticks(spec)
    if spec["has_spread"]:
        cost += market.spread[k, step] - ticks * spec["spread_rate"]
    if spec["slippage"] == Slippage.VOLUME_SHARE:
        volume = market.volume[k, step]
        share = lots / volume if lots < volume else 1.0
        cost += ticks * spec["slippage_size"] * (share * share)
    elif spec["slippage"] == Slippage.SQUARE_ROOT:
        cost += ticks * spec["slippage_size"] * (market.impact[k, step] * np.sqrt(lots))
    return int(max(ticks + side * int(np.ceil(cost - 1e-9)), 1))
