"""At the venue: orders that are good till a date end by themselves when it comes, others after a year."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, OrderStatus
from tradewright.kernels.book import FAR
from tradewright.kernels.book_fills import dismiss, set_venue_clock
from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.orders import is_over, year_end
from tradewright.kernels.replay_records import Replay

__all__ = ["expire_next", "note_expiry"]


@lean_kernel
def note_expiry(replay: Replay, order: Any) -> None:
    """Remember when an open order ends by itself, if that is sooner than what is remembered."""
    clock = replay.clock[0]
    end = order["valid_until"] if order["valid_until"] > 0 else year_end(order)
    clock["next_expiry"] = min(clock["next_expiry"], end)


@shared_kernel
def expire_next(replay: Replay) -> None:
    """Let the time come at which the next order may end: first rows first, of one the oldest first.

    The order for which the time was remembered may have left meanwhile.
    """
    world, clock = replay.world, replay.clock[0]
    set_venue_clock(replay, clock["next_expiry"])
    clock["next_expiry"] = FAR
    for k in range(world.positions.size):
        slot = 0
        while slot < world.positions[k]["n_orders"]:
            if is_over(world.orders[k, slot], clock["venue_now"]):
                dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.OK.value)
            elif clock["venue_now"] >= year_end(world.orders[k, slot]):
                dismiss(replay, k, slot, OrderStatus.CANCELED.value, Code.GTC_EXPIRED.value)
            else:
                note_expiry(replay, world.orders[k, slot])
                slot += 1
