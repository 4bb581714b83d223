"""Keep an instrument and the account as they are before the inside of a bar, and put them back.

The inside of a bar changes nothing but these and the ends of the logs, which the account's counters cut off.
"""

from __future__ import annotations

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import DAYS_KEPT, World

__all__ = ["keep", "put_back"]


@lean_kernel
def keep(world: World, k: int) -> None:
    """Remember the account and instrument `k`, its position and its open orders."""
    world.kept_account[0] = world.account[0]
    world.kept_position[0] = world.positions[k]
    for slot in range(world.positions[k]["n_orders"]):
        world.kept_orders[slot] = world.orders[k, slot]
    for place in range(DAYS_KEPT):
        world.kept_turnover[place] = world.turnover[place]


@lean_kernel
def put_back(world: World, k: int) -> None:
    """Make them what they were; what has been logged since is forgotten."""
    world.account[0] = world.kept_account[0]
    world.positions[k] = world.kept_position[0]
    for slot in range(world.positions[k]["n_orders"]):
        world.orders[k, slot] = world.kept_orders[slot]
    for place in range(DAYS_KEPT):
        world.turnover[place] = world.kept_turnover[place]
