"""How many stand before us at a price: what trades and cancellations do to the queue ahead of an order.

Of a decrease that trades do not explain, nobody tells whether it left before or behind us. With f lots ahead and b
behind, a model says which share p left behind us; f shrinks by (1 - p) of the change, and by what b could not give.
Sources: the documentation of hftbacktest, "Probability queue models"; Rigtorp, "Estimating order queue position".
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.domain.enums import QueueModel
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import whole_lots

__all__ = ["ahead_after_change", "has_queue", "pass_trade", "share_behind"]


@lean_kernel
def has_queue(model: int) -> bool:
    """Whether the model follows a queue at all."""
    return bool(model >= QueueModel.RISK_AVERSE)


@lean_kernel
def share_behind(model: int, power: float, front: float, back: float) -> float:
    """Share of an unexplained decrease that left from behind us, 0 to 1. Nobody on one side: all left the other."""
    both = front + back
    if back <= 0.0 or front <= 0.0:
        share = 0.0 if back <= 0.0 else 1.0
    elif model == QueueModel.POWER:
        share = back**power / (back**power + front**power)
    elif model == QueueModel.POWER2:
        share = (back / both) ** power
    elif model == QueueModel.POWER3:
        share = 1.0 - (front / both) ** power
    elif model == QueueModel.LOG:
        share = np.log1p(back) / (np.log1p(back) + np.log1p(front))
    elif model == QueueModel.LOG2:
        share = np.log1p(back) / np.log1p(both)
    else:
        share = 1.0  # RISK_AVERSE
    return float(share)


@lean_kernel
def ahead_after_change(model: int, power: float, ticket: Any, before: int, after: int) -> float:
    """Lots ahead after the level has changed. What trades did to it is known already, and not counted again."""
    front = ticket["ahead"]
    decrease = before - after - ticket["traded"]
    if decrease > 0.0:
        back = max(before - ticket["traded"] - front, 0.0)
        share = share_behind(model, power, front, back)
        front -= (1.0 - share) * decrease + max(share * decrease - back, 0.0)
    return float(max(min(front, float(after)), 0.0))


@lean_kernel
def pass_trade(ticket: Any, lots: int, left: int, rest: int) -> int:
    """Let a trade at our price go by; returns how many lots of ours it fills.

    Args:
        ticket: changed in place.
        lots: of the trade.
        left: what orders of ours before this one have left of it.
        rest: what the order still asks for.
    """
    filled = min(whole_lots(max(left - ticket["ahead"], 0.0)), rest)
    ticket["ahead"] = max(ticket["ahead"] - left, 0.0)
    ticket["traded"] += lots
    return int(filled)
