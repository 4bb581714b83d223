"""Pass quickly over steps in which nothing can happen, keeping the equity curve.

Nothing here decides anything: a step is only ever skipped if `play` would have left it without effect. The twin and the
`skipping on = off` test hold it to that.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import OrderStatus, OrderType
from tradewright.kernels.bar_path import NEVER
from tradewright.kernels.compiling import lean_kernel, part_kernel
from tradewright.kernels.margin import liquidation_ticks
from tradewright.kernels.orders import year_end
from tradewright.kernels.records import Market, World
from tradewright.kernels.solvency import may_liquidate
from tradewright.kernels.team import draw_shares
from tradewright.kernels.touching import trigger_ticks, waits_below
from tradewright.kernels.trailing import next_lift
from tradewright.kernels.triggering import watches_mark

__all__ = ["is_asleep", "quiet_until", "skip"]

_STRETCH = 512
"""Steps that are looked at together: few enough that their columns stay in the nearest cache."""


@lean_kernel
def first_at(market: Market, ts: int, begin: int, end: int) -> int:
    """First step from `begin` on, at most `end`, whose close is at a time or after it."""
    if end <= begin or market.ts_close[end - 1] < ts:
        return end
    while begin < end:
        middle = begin + (end - begin) // 2
        if market.ts_close[middle] < ts:
            begin = middle + 1
        else:
            end = middle
    return begin


@lean_kernel
def quiet_until(world: World, market: Market, stop: int) -> int:
    """First step at which something is due: an arrival, a signal, a command, funding, an expiry; else `stop`."""
    account = world.account[0]
    until = stop
    if account["signal"] < market.signals.size:
        until = min(until, market.signals[account["signal"]]["step"])
    if account["arrived"] < account["command"]:
        return int(account["step"])
    if account["command"] < market.commands.size:
        until = min(until, market.commands[account["command"]]["step"])
    if account["payment"] < market.funding.size:
        until = min(until, market.funding[account["payment"]]["step"])
    for k in range(world.positions.size):
        for slot in range(world.positions[k]["n_orders"]):
            order = world.orders[k, slot]
            if order["status"] == OrderStatus.PENDING or order["triggered"]:
                return int(account["step"])
            if order["valid_until"] > 0:
                until = min(until, order["valid_until"])
            until = first_at(market, year_end(order), int(account["step"]), int(until))
    return int(max(until, account["step"]))


@lean_kernel
def wakes(order: Any) -> tuple[int, int]:
    """Prices at or below the first, or at or above the second, act on an order or move it."""
    ticks = trigger_ticks(order)
    below = waits_below(order)
    if order["type"] != OrderType.TRAILING_STOP:
        return (ticks, NEVER) if below else (0, ticks)
    if not order["armed"]:
        return (0, ticks) if below else (ticks, NEVER)
    lift = next_lift(order)
    return (ticks, lift) if below else (lift, ticks)


@lean_kernel
def bounds(world: World, k: int, by_mark: bool) -> tuple[int, int]:
    """Last prices, or marks, at or below the first, or at or above the second, wake an order of instrument `k`."""
    low = 0
    high = NEVER
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if watches_mark(order) != by_mark:
            continue
        lower, upper = wakes(order)
        low = max(low, lower)
        high = min(high, upper)
    return low, high


@lean_kernel
def mark_bounds(world: World, market: Market, k: int) -> tuple[int, int]:
    """Marks at or below the first, or at or above the second, wake an order of instrument `k`, or liquidate it.

    The latter where it alone is held.
    """
    low, high = bounds(world, k, True)
    level = liquidation_ticks(world, market, k)
    if level == 0:
        return low, high
    return (max(low, level), high) if world.positions[k]["lots"] > 0 else (low, min(high, level))


@lean_kernel
def skip_one(world: World, market: Market, k: int, until: int) -> int:
    """Skip while only instrument `k` holds or waits; returns the first step that must be played."""
    step = int(world.account[0]["step"])
    low, high = bounds(world, k, False)
    mark_limits = mark_bounds(world, market, k)
    is_apart = market.specs[k]["has_mark"]
    if not is_apart:
        low, high = max(low, mark_limits[0]), min(high, mark_limits[1])
    lows = market.low[k]
    highs = market.high[k]
    closes = market.mark_close[k]
    wallet = world.account[0]["wallet"]
    lots = world.positions[k]["lots"]
    entry = world.positions[k]["entry_ticks"]
    value = market.specs[k]["tick_value"]
    # Where the mark is the last price, one range of prices is all there is to look at.
    if not is_apart:
        while step < until and lows[step] > low and highs[step] < high:
            world.equity[step] = wallet + lots * (closes[step] - entry) * value
            step += 1
        return step
    while step < until and lows[step] > low and highs[step] < high and is_within(market, k, step, mark_limits):
        world.equity[step] = wallet + lots * (closes[step] - entry) * value
        step += 1
    return step


@lean_kernel
def is_within(market: Market, k: int, step: int, limits: tuple[int, int]) -> bool:
    """Whether the marks of a bar stay between two limits."""
    return bool(market.mark_low[k, step] > limits[0] and market.mark_high[k, step] < limits[1])


@lean_kernel
def asleep_until(world: World, market: Market, k: int, begin: int, end: int) -> int:
    """First step from `begin` on, at most `end`, whose bar acts on a resting order of instrument `k` or moves it."""
    if world.positions[k]["n_orders"] == 0:
        return end
    low, high = bounds(world, k, False)
    mark_limits = bounds(world, k, True)
    lows = market.low[k]
    highs = market.high[k]
    step = begin
    while step < end and lows[step] > low and highs[step] < high:
        step += 1
    if mark_limits == (0, NEVER):
        return step
    marked = begin
    while marked < step and is_within(market, k, marked, mark_limits):
        marked += 1
    return marked


@lean_kernel
def is_asleep(world: World, market: Market, k: int, step: int) -> bool:
    """Whether the inside of a bar leaves every order of instrument `k` as it is."""
    return asleep_until(world, market, k, step, step + 1) > step


@lean_kernel
def calm_until(world: World, market: Market, begin: int, end: int) -> int:
    """A step up to which margin cannot run out, at most `end`; `begin` where it may run out in the first."""
    while end > begin and may_liquidate(world, market, begin, end):
        # Halves: far from liquidation one look does for many steps, near it each step is looked at for itself.
        end = begin + (end - begin) // 2
    return end


@lean_kernel
def draw_equity(world: World, market: Market, begin: int, end: int) -> None:
    """Keep the equity at the closes of quiet steps, instrument by instrument in the order of `total_equity`."""
    wallet = world.account[0]["wallet"]
    for step in range(begin, end):
        world.equity[step] = wallet
    for k in range(world.positions.size):
        lots = world.positions[k]["lots"]
        if lots != 0:
            entry = world.positions[k]["entry_ticks"]
            value = market.specs[k]["tick_value"]
            closes = market.mark_close[k]
            for step in range(begin, end):
                world.equity[step] += lots * (closes[step] - entry) * value


@part_kernel
def skip_many(world: World, market: Market, until: int) -> int:
    """Skip while several instruments hold or wait; returns the first step that must be played."""
    step = int(world.account[0]["step"])
    while step < until:
        end = min(step + _STRETCH, until)
        for k in range(world.positions.size):
            end = asleep_until(world, market, k, step, end)
        end = calm_until(world, market, step, end)
        if end == step:
            return step
        draw_equity(world, market, step, end)
        step = end
    return step


@lean_kernel
def skip(world: World, market: Market, stop: int) -> int:
    """Advance the account's step over everything quiet; returns the step reached, at most `stop`."""
    account = world.account[0]
    begin = int(account["step"])
    until = quiet_until(world, market, stop)
    if until == begin:
        return begin
    active = 0
    only = 0
    for k in range(world.positions.size):
        if world.positions[k]["lots"] != 0 or world.positions[k]["n_orders"] > 0:
            active += 1
            only = k
    step = skip_one(world, market, only, until) if active <= 1 else skip_many(world, market, until)
    if step > begin:
        if market.team.size > 0:
            draw_shares(world, market, begin, step)
        for k in range(world.positions.size):
            world.positions[k]["mark_ticks"] = market.mark_close[k, step - 1]
        account["step"] = step
    return step
