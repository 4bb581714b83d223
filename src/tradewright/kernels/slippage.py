"""What a taker pays beyond the price he meets: half the spread, and slippage by the model of the instrument's terms.

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

__all__ = ["foreseen_ticks", "taker_ticks"]


@lean_kernel
def foreseen_ticks(spec: Any) -> float:
    """Ticks of slippage that are the same at any price and for any quantity."""
    return float(spec["slippage_size"]) if spec["slippage"] == Slippage.TICKS else 0.0


@lean_kernel
def taker_ticks(market: Market, k: int, step: int, side: int, lots: int, ticks: int) -> int:
    """A price after what taking so many lots costs: always adverse, in whole ticks, rounded against the taker."""
    spec = market.specs[k]
    cost = ticks * spec["cost_rate"] + foreseen_ticks(spec)
    if spec["slippage"] == Slippage.VOLUME_SHARE:
        volume = market.volume[k, step]
        share = lots / volume if lots < volume else 1.0
        cost += ticks * spec["slippage_size"] * (share * share)
    elif spec["slippage"] == Slippage.SQUARE_ROOT:
        cost += ticks * spec["slippage_size"] * (market.impact[k, step] * np.sqrt(lots))
    return int(max(ticks + side * int(np.ceil(cost - 1e-9)), 1))
