"""What happens inside a bar, of which only open, high, low and close are known: the worst that these allow.

With a position open, everything on the adverse side happens before anything on the favourable side, nearest to the open
first. Without one, the nearest order acts first. Exits that came into being inside the bar are held to what must have
happened after them: see `favourable_reach`. A fill which the bar does not prove is flagged AMBIGUOUS.
Every order is OPEN here: what was PENDING arrived at the open.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Arrival, FillFlag, Liquidity, OrderRole, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.execution import execute, taker_ticks
from tradewright.kernels.liquidation import liquidate
from tradewright.kernels.margin import liquidation_ticks
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import Terms
from tradewright.kernels.touching import is_reached, waits_below

__all__ = ["sweep_bar"]

NOTHING = -1
LIQUIDATION = -2


@lean_kernel
def favourable_reach(market: Market, order: Any, step: int) -> int:
    """How far price is known to have gone in the position's favour while the order was there.

    An exit attached to a limit entry inside the bar arrived while price moved against the position; the favourable
    extreme may lie before it, and only the close certainly came after.
    """
    k = order["instrument"]
    if order["step"] == step and order["arrival"] == Arrival.ON_LIMIT:
        return int(market.close[k, step])
    return int(market.low[k, step] if waits_below(order) else market.high[k, step])


@lean_kernel
def can_act(market: Market, order: Any, step: int, adverse: bool) -> bool:
    """Whether the bar brings a resting order to life, by the reach that counts for its side."""
    k = order["instrument"]
    if adverse:
        return is_reached(order, market.low[k, step], market.high[k, step])
    reach = favourable_reach(market, order, step)
    return is_reached(order, reach, reach)


@lean_kernel
def liquidation_within(world: World, market: Market, k: int, step: int) -> int:
    """Price of the bar at which the position is liquidated; 0 where the bar spares it.

    What another instrument lost in this step may have moved the liquidation price beyond the open: then it is the open.
    """
    level = liquidation_ticks(world, market, k)
    if level == 0:
        return 0
    if world.positions[k]["lots"] > 0:
        return int(min(level, market.open[k, step])) if market.low[k, step] <= level else 0
    return int(max(level, market.open[k, step])) if market.high[k, step] >= level else 0


@lean_kernel
def nearest(world: World, market: Market, k: int, step: int, held: int) -> int:
    """Slot of the order that acts next, LIQUIDATION, or NOTHING. Ties go to the older order, and to orders at all."""
    best = NOTHING
    best_rank = 0
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        adverse = held == 0 or waits_below(order) == (held > 0)
        if not can_act(market, order, step, adverse):
            continue
        distance = abs(order["level_ticks"] - market.open[k, step])
        # Every favourable order ranks behind every adverse one.
        rank = distance if adverse else distance + market.high[k, step]
        if best == NOTHING or rank < best_rank:
            best = slot
            best_rank = rank
    level = liquidation_within(world, market, k, step)
    if level > 0 and (best == NOTHING or abs(level - market.open[k, step]) < best_rank):
        return LIQUIDATION
    return best


@lean_kernel
def has_rival(world: World, market: Market, k: int, step: int, below: bool) -> bool:
    """Whether the bar also reaches an order on the other side of the price than the one that acts."""
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if waits_below(order) != below and is_reached(order, market.low[k, step], market.high[k, step]):
            return True
    return False


@lean_kernel
def is_ambiguous(world: World, market: Market, k: int, step: int, slot: int) -> bool:
    """Whether the bar allows that the position ended otherwise, or did not end, instead of by this order."""
    order = world.orders[k, slot]
    if has_rival(world, market, k, step, waits_below(order)):
        return True
    inside = order["step"] == step and order["arrival"] == Arrival.ON_STOP
    # A stop attached to a stop entry: the extreme may lie before the entry; only the close proves it.
    close = market.close[k, step]
    return bool(inside and order["role"] == OrderRole.STOP_LOSS) and not is_reached(order, close, close)


@lean_kernel
def liquidate_inside(world: World, market: Market, k: int, step: int, entered: bool) -> bool:
    """Liquidate at the price the bar reaches; returns whether the bar allows another outcome.

    `entered`: a stop entry opened the position inside this bar, so that its worst price may lie before the entry.
    """
    is_long = world.positions[k]["lots"] > 0
    level = liquidation_within(world, market, k, step)
    close = market.close[k, step]
    unproven = entered and (close > level if is_long else close < level)
    ambiguous = bool(unproven or has_rival(world, market, k, step, is_long))
    liquidate(world, market, k, step, level, FillFlag.AMBIGUOUS.value if ambiguous else 0)
    return ambiguous


@lean_kernel
def inside_terms(market: Market, order: Any, step: int, ambiguous: bool) -> Terms:
    """Terms of a fill inside the bar.

    A limit gets its own price as maker. A trigger gets its level and the costs of taking, within the bar's extremes.
    """
    k = order["instrument"]
    level = int(order["level_ticks"])
    flags = FillFlag.AMBIGUOUS.value if ambiguous else 0
    ts = int(market.ts_close[step])
    if order["type"] == OrderType.LIMIT:
        return Terms(level, level, Liquidity.MAKER.value, flags, Arrival.ON_LIMIT.value, step, ts)
    ticks = taker_ticks(market.specs[k], order["side"], level)
    if order["side"] > 0:
        ticks = max(level, min(ticks, market.high[k, step]))
    else:
        ticks = min(level, max(ticks, market.low[k, step]))
    return Terms(int(ticks), level, Liquidity.TAKER.value, flags, Arrival.ON_STOP.value, step, ts)


@lean_kernel
def missed_target(world: World, market: Market, k: int, step: int) -> bool:
    """Whether a target lies within the bar and was not granted, because its reach is not proven."""
    for slot in range(world.positions[k]["n_orders"]):
        order = world.orders[k, slot]
        if order["step"] == step and order["arrival"] == Arrival.ON_LIMIT and order["role"] == OrderRole.TAKE_PROFIT:
            return is_reached(order, market.low[k, step], market.high[k, step])
    return False


@lean_kernel
def sweep_bar(world: World, market: Market, rules: Rules, k: int, step: int) -> None:
    """Play the inside of a bar until nothing more can happen in it."""
    decided = False
    entered = False
    while True:
        slot = nearest(world, market, k, step, world.positions[k]["lots"])
        if slot == NOTHING:
            break
        if slot == LIQUIDATION:
            decided = liquidate_inside(world, market, k, step, entered) or decided
            continue
        order = world.orders[k, slot]
        entry_side = 0 if order["reduce_only"] or order["type"] != OrderType.STOP_MARKET else order["side"]
        ambiguous = is_ambiguous(world, market, k, step, slot)
        decided = decided or ambiguous
        execute(world, market, rules, order, inside_terms(market, order, step, ambiguous))
        entered = world.positions[k]["lots"] * entry_side > 0
    if decided or missed_target(world, market, k, step):
        world.account[0]["n_ambiguous"] += 1
