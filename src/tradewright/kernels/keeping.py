"""Keep the rows of an instrument and the account as they are before the inside of a bar, and put them back.

The inside of a bar changes nothing but these and the ends of the logs, which the account's counters cut off.
"""

from __future__ import annotations

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import DAYS_KEPT, Market, World
from tradewright.kernels.rows import is_within_reach

__all__ = ["keep", "put_back"]


@lean_kernel
def keep(world: World, market: Market, k: int) -> None:
    """Remember the account, and the position and open orders of row `k` and of those beside it."""
    world.kept_account[0] = world.account[0]
    for row in range(world.positions.size):
        if is_within_reach(market, k, row):
            world.kept_positions[row] = world.positions[row]
            for slot in range(world.positions[row]["n_orders"]):
                world.kept_orders[row, slot] = world.orders[row, slot]
    for place in range(DAYS_KEPT):
        world.kept_turnover[place] = world.turnover[place]


@lean_kernel
def put_back(world: World, market: Market, k: int) -> None:
    """Make them what they were; what has been logged since is forgotten."""
    world.account[0] = world.kept_account[0]
    for row in range(world.positions.size):
        if is_within_reach(market, k, row):
            world.positions[row] = world.kept_positions[row]
            for slot in range(world.positions[row]["n_orders"]):
                world.orders[row, slot] = world.kept_orders[row, slot]
    for place in range(DAYS_KEPT):
        world.turnover[place] = world.kept_turnover[place]
