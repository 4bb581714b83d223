"""What a bar proves of an order, and on which side of the open position it waits."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.touching import waits_below

__all__ = ["is_adverse", "is_unproven"]


@lean_kernel
def is_unproven(order: Any, step: int, below: bool) -> bool:
    """Whether the low, or the high, may lie before an order that came into being inside the bar.

    While price falls only what lies below is still to come; while it rises, only what lies above. A mark of its own
    tells nothing of trades.
    """
    if order["step"] != step or order["arrival"] == Arrival.AT_OPEN:
        return False
    if order["arrival"] == Arrival.IN_DOUBT:
        return True
    rising = (order["arrival"] == Arrival.ON_STOP) == (order["side"] < 0)
    return bool(rising == below)


@lean_kernel
def is_adverse(order: Any, held: int) -> bool:
    """Whether the order waits on the side that hurts the position; without one, every order does."""
    return held == 0 or waits_below(order) == (held > 0)
