"""Play one step of the time grid: funding, opens, insides, closes. The order is part of the contract.

1  marks move to the open
2  funding due at the open, on positions held before it
3  liquidation where the open has passed the liquidation price
4  resting orders that the open has passed, then arriving orders, changes and cancels, in the order sent
5  the inside of each bar, instrument by instrument, the others at their opens
6  marks move to the close; funding due inside the bar
7  liquidation where the closes together have passed the liquidation price
8  expiry; equity

Under SUBBAR a step is left in the middle where a bar leaves a doubt; the account remembers where, and `play` goes on
from there when it is called again.
"""

from __future__ import annotations

from tradewright.domain.enums import Ambiguity, Code, FillFlag, OrderStatus
from tradewright.kernels.commanding import is_due
from tradewright.kernels.compiling import lean_kernel, part_kernel
from tradewright.kernels.keeping import keep, put_back
from tradewright.kernels.liquidation import liquidate
from tradewright.kernels.margin import dies_below, liquidation_ticks, total_equity
from tradewright.kernels.nearness import wait_for_bar
from tradewright.kernels.opening import meet_open
from tradewright.kernels.orders import cancel_at, close_order, is_over, year_end
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import settle_funding
from tradewright.kernels.skipping import is_asleep
from tradewright.kernels.solvency import Calm, calm_in
from tradewright.kernels.sweeping import sweep_bar
from tradewright.kernels.team import note_shares
from tradewright.kernels.volume import offer_volume, withdraw_volume

__all__ = ["liquidate_at", "play"]

NOT_CALM = Calm(-1, False)


@lean_kernel
def pay_funding(world: World, market: Market, step: int, at_open: bool) -> None:
    """Settle the funding times of this step that lie at its open, or else inside it; they are sorted that way."""
    account = world.account[0]
    while account["payment"] < market.funding.size:
        event = market.funding[account["payment"]]
        if event["step"] != step or event["at_open"] != at_open:
            return
        settle_funding(world, market, account["payment"])
        account["payment"] += 1


@lean_kernel
def liquidate_at(world: World, market: Market, k: int, step: int, flags: int) -> None:
    """Liquidate a position whose liquidation price its mark has passed: at the open (GAP), or at the close."""
    position = world.positions[k]
    mark = position["mark_ticks"]
    level = liquidation_ticks(world, market, k)
    if level > 0 and (mark <= level if dies_below(world, market, k) else mark >= level):
        price = market.open[k, step] if flags == FillFlag.GAP else market.close[k, step]
        liquidate(world, market, k, step, price, flags)


@lean_kernel
def expire(world: World, market: Market, k: int, step: int) -> None:
    """Cancel orders whose number of bars, or whose year, has passed."""
    slot, ts = 0, market.ts_close[step]
    while slot < world.positions[k]["n_orders"]:
        if is_over(world.orders[k, slot], step):
            cancel_at(world, k, slot, ts)
        elif ts >= year_end(world.orders[k, slot]):
            close_order(world, k, slot, OrderStatus.CANCELED.value, Code.GTC_EXPIRED.value, ts)
        else:
            slot += 1


@part_kernel
def play_opens(world: World, market: Market, rules: Rules, step: int) -> Calm:
    """Everything that happens at the open; every mark has moved before the first position is judged by it."""
    count = world.positions.size
    for k in range(count):
        if market.has_bar[k, step]:
            world.positions[k]["mark_ticks"] = market.mark_open[k, step]
            offer_volume(world, market, rules, k, step)
    pay_funding(world, market, step, True)
    calm = calm_in(world, market, step, NOT_CALM)
    if not calm.holds:
        for k in range(count):
            if market.has_bar[k, step]:
                liquidate_at(world, market, k, step, FillFlag.GAP.value)
    travelling = world.account[0]["arrived"] < world.account[0]["command"]
    for k in range(count):
        if travelling or (market.has_bar[k, step] and world.positions[k]["n_orders"] > 0):
            meet_open(world, market, rules, k, step)
    while travelling and is_due(market, rules, market.commands[world.account[0]["arrived"]]["step"], step):
        world.account[0]["arrived"] += 1
        travelling = world.account[0]["arrived"] < world.account[0]["command"]
    return calm


@lean_kernel
def stirs(world: World, market: Market, k: int, step: int, calm: Calm) -> bool:
    """Whether the inside of an instrument's bar can change anything: an order acts or moves, or margin may run out."""
    return bool(market.has_bar[k, step]) and not (calm.holds and is_asleep(world, market, k, step))


@part_kernel
def play_closes(world: World, market: Market, rules: Rules, step: int, calm: Calm) -> None:
    """Everything that happens at the close."""
    count = world.positions.size
    for k in range(count):
        world.positions[k]["mark_ticks"] = market.mark_close[k, step]
    pay_funding(world, market, step, False)
    if not calm_in(world, market, step, calm).holds:
        for k in range(count):
            if market.has_bar[k, step]:
                liquidate_at(world, market, k, step, 0)
    for k in range(count):
        expire(world, market, k, step)
        withdraw_volume(world, k)
        wait_for_bar(world, rules, k)
    world.equity[step] = total_equity(world, market)
    if market.team.size > 0:
        note_shares(world, market, step)


@part_kernel
def is_settled(world: World, market: Market, rules: Rules, k: int, step: int) -> bool:
    """Play the inside of a bar; where SUBBAR would rather have finer bars of it, put everything back and say no."""
    account = world.account[0]
    asks = rules.ambiguity >= Ambiguity.SUBBAR and not account["no_finer"]
    doubts = account["n_ambiguous"]
    if asks:
        keep(world, market, k)
    sweep_bar(world, market, rules, k, step)
    if asks and account["n_ambiguous"] > doubts:
        put_back(world, market, k)
        return False
    account["no_finer"] = False
    return True


@part_kernel
def play(world: World, market: Market, rules: Rules, step: int) -> int:
    """Match and settle one step. Instruments act in the order of their rows.

    Nothing is asked of an instrument that no order, signal or lack of margin can change in this step.

    Returns:
        Code.OK, or under SUBBAR Code.NEED_FINER: the bar of row `inside - 1` leaves a doubt, and nothing of its inside
        has been played. Drill into it, or set `no_finer`; then call again.
    """
    account = world.account[0]
    calm = NOT_CALM
    if account["inside"] == 0:
        calm = play_opens(world, market, rules, step)
    for k in range(max(account["inside"] - 1, 0), world.positions.size):
        calm = calm_in(world, market, step, calm)
        if stirs(world, market, k, step, calm) and not is_settled(world, market, rules, k, step):
            account["inside"] = k + 1
            return Code.NEED_FINER.value
    account["inside"] = 0
    play_closes(world, market, rules, step, calm)
    return Code.OK.value
