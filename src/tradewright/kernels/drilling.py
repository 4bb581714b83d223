"""Drill: play the inside of a bar that leaves a doubt on the finer bars that it is made of.

Each finer bar is a small step of one instrument: its volume, its open, its inside. The bar's own open has been played,
and its close is still to come; the other instruments stand at their opens meanwhile.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code, FillFlag
from tradewright.kernels.compiling import entry_kernel, lean_kernel
from tradewright.kernels.keeping import keep, put_back
from tradewright.kernels.opening import RESTING, act_on_open
from tradewright.kernels.params import Rules
from tradewright.kernels.playing import liquidate_at
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import is_within_reach
from tradewright.kernels.sweeping import sweep_bar
from tradewright.kernels.trailing import follow_open
from tradewright.kernels.volume import offer_volume, use_up

__all__ = ["drill"]

_LINES_PER_ORDER = 4


@lean_kernel
def has_room(world: World) -> bool:
    """Whether the logs have room for the fullest that one finer bar can be."""
    account = world.account[0]
    lines = _LINES_PER_ORDER * world.orders.size
    return bool(account["n_fills"] + lines <= world.fills.size and account["n_closed"] + lines <= world.closed.size)


@lean_kernel
def age(world: World, market: Market, k: int, step: int) -> None:
    """Make every open order older than the first finer bar, whose number is 0."""
    for row in range(world.positions.size):
        if is_within_reach(market, k, row):
            for slot in range(world.positions[row]["n_orders"]):
                world.orders[row, slot]["step"] -= step + 1


@lean_kernel
def dated(order: Any, step: int) -> int:
    """The step of an order that `age` has made older, or that came into being in a finer bar."""
    return int(order["step"] + step + 1 if order["step"] < 0 else step)


@lean_kernel
def date(world: World, market: Market, k: int, step: int) -> None:
    """Undo `age`, and let what came into being since belong to the step; mark its fills."""
    for own in range(world.positions.size):
        if is_within_reach(market, k, own):
            for slot in range(world.positions[own]["n_orders"]):
                world.orders[own, slot]["step"] = dated(world.orders[own, slot], step)
    for row in range(world.kept_account[0]["n_closed"], world.account[0]["n_closed"]):
        world.closed[row]["step"] = dated(world.closed[row], step)
    for row in range(world.kept_account[0]["n_fills"], world.account[0]["n_fills"]):
        world.fills[row]["step"] = step
        world.fills[row]["flags"] |= FillFlag.DRILLED.value


@lean_kernel
def charge(position: Any, side: int, used: int) -> int:
    """Take volume that is owed out of what the present bar offers; returns what is still owed."""
    paid = min(used, position["buyable"] if side > 0 else position["sellable"])
    use_up(position, side, paid)
    return int(used - paid)


@lean_kernel
def play_parts(world: World, finer: Market, rules: Rules, k: int, used: tuple[int, int]) -> bool:
    """Play the finer bars one after another; says no where a log has no room for the next of them.

    What the open of the whole bar has taken of its volume is owed by the first of them.
    """
    position = world.positions[k]
    bought, sold = used
    for part in range(finer.ts_open.size):
        if not has_room(world):
            return False
        offer_volume(world, finer, rules, k, part)
        bought = charge(position, 1, bought)
        sold = charge(position, -1, sold)
        position["mark_ticks"] = finer.mark_open[k, part]
        if part > 0:
            liquidate_at(world, finer, k, part, FillFlag.GAP.value)
            act_on_open(world, finer, rules, k, part, RESTING)
            follow_open(world, k, finer.open[k, part])
        sweep_bar(world, finer, rules, k, part)
    return True


@entry_kernel
def drill(world: World, market: Market, finer: Market, rules: Rules) -> int:
    """Play the inside of the bar at which `play` stopped, on finer bars.

    Args:
        world: in the middle of a step; changed in place.
        market: of the run.
        finer: the same with the finer bars of that one bar as its steps; they must add up to it. Only the row of the
            instrument is read.
        rules: of the account.

    Returns:
        Code.OK, or Code.NEED_ROOM: nothing has been played; enlarge the logs and call again.
    """
    account = world.account[0]
    step = int(account["step"])
    k = int(account["inside"]) - 1
    keep(world, market, k)
    position = world.positions[k]
    buyable, sellable = position["buyable"], position["sellable"]
    offer_volume(world, market, rules, k, step)
    used = (int(position["buyable"] - buyable), int(position["sellable"] - sellable))
    age(world, market, k, step)
    if not play_parts(world, finer, rules, k, used):
        put_back(world, market, k)
        return Code.NEED_ROOM.value
    date(world, market, k, step)
    account["n_ambiguous"] = min(account["n_ambiguous"], world.kept_account[0]["n_ambiguous"] + 1)
    account["n_drilled"] += 1
    account["inside"] = k + 2
    return Code.OK.value
