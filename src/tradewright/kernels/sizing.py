"""How many lots: from equity, the distance to the stop and the costs, down to whole lots."""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import OrderType, Sizing
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.margin import set_aside
from tradewright.kernels.money import notional, whole_lots
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.slippage import foreseen_ticks, half_spread
from tradewright.kernels.team import equity_of_all, is_of
from tradewright.kernels.watching import kelly_fraction, optimal_stake

__all__ = [
    "Means",
    "affordable_lots",
    "capped_lots",
    "committed",
    "fraction_at_risk",
    "means_for",
    "order_cost",
    "stakes",
    "wanted_lots",
    "worst_value",
]

# A venue prices a market order's margin a little beyond the book (Binance: ask + 0.05 %).
_ARRIVAL_BUFFER = 0.0005


class Means(NamedTuple):
    """What an account can do beside all that it holds and has asked for already, quote."""

    exposure: float  # notional of all else, of the same member
    most_exposure: float  # that the cap allows in all
    margin: float  # that all else needs, and the cost of closing what an entry replaces
    free: float  # equity that may stand behind it


@lean_kernel
def fraction_at_risk(world: World, rules: Rules, who: int) -> float:
    """What part of equity an entry may lose at its stop: `size`, or `size` of what the trades so far tell.

    What is not above 0 is what they tell itself: nothing is to be staked.
    """
    account = world.account[who]
    if rules.sizing not in (Sizing.KELLY.value, Sizing.OPTIMAL_F.value):
        return float(rules.size)
    if account["n_won"] + account["n_lost"] < rules.kelly_trades:
        return float(rules.kelly_start)
    fraction = kelly_fraction(account) if rules.sizing == Sizing.KELLY else optimal_stake(world, who)
    return min(rules.size * fraction, rules.kelly_cap) if fraction > 0.0 else fraction


@lean_kernel
def stakes(rules: Rules) -> bool:
    """Whether sizes are counted from what a stop would lose."""
    return bool(rules.sizing in (Sizing.RISK_FRACTION.value, Sizing.KELLY.value, Sizing.OPTIMAL_F.value))


@lean_kernel
def wanted_lots(rules: Rules, spec: Any, signal: Any, equity: float, entry: int, part: float) -> int:
    """Lots that the sizing rule asks for, before any cap; `part` is the fraction at risk.

    By the stop: `equity * part / (|entry - stop| + fees and slippage of both fills)`, per lot, rounded down. What
    slippage grows with the quantity is not foreseen.
    """
    per_lot = entry * spec["tick_value"]
    if stakes(rules):
        rate = spec["taker_rate"] + spec["cost_rate"]
        foreseen = 2.0 * foreseen_ticks(spec) * spec["tick_value"]
        costs = (entry + signal["stop_ticks"]) * spec["tick_value"] * rate + foreseen
        risk = abs(entry - signal["stop_ticks"]) * spec["tick_value"] + costs
        return whole_lots(equity * part / risk)
    if rules.sizing == Sizing.EQUITY_FRACTION:
        return whole_lots(equity * rules.size / per_lot)
    if rules.sizing == Sizing.FIXED_NOTIONAL:
        return whole_lots(rules.size / per_lot)
    return whole_lots(rules.size * spec["lots_per_unit"])


@lean_kernel
def worst_value(world: World, market: Market, k: int, bought: float, sold: float) -> float:
    """The most notional that an instrument holds, or holds once all that buy, all that sell, or a reversal has filled.

    Args:
        world: as it stands.
        market: for the instrument's terms.
        k: row of the instrument.
        bought: notional of further orders that would buy, quote.
        sold: the same for selling.
    """
    spec = market.specs[k]
    position = world.positions[k]
    value = notional(spec, position["lots"], position["mark_ticks"])
    held = value if position["lots"] > 0 else -value
    for slot in range(position["n_orders"]):
        order = world.orders[k, slot]
        if order["reduce_only"]:
            continue
        ticks = order["level_ticks"] if order["level_ticks"] > 0 else position["mark_ticks"]
        if order["reverses"]:
            value = max(value, notional(spec, order["lots"], ticks))
        elif order["side"] > 0:
            bought += notional(spec, order["lots"] - order["filled"], ticks)
        else:
            sold += notional(spec, order["lots"] - order["filled"], ticks)
    return max(value, abs(held + bought), abs(held - sold))


@lean_kernel
def committed(world: World, market: Market, skip: int) -> tuple[float, float]:
    """Notional and initial margin that every row but `skip` holds, or holds once its waiting orders fill.

    Notional is that of the same member alone; margin is of the whole account. What an isolated position holds has its
    margin set aside already.
    """
    exposure = 0.0
    margin = 0.0
    who = market.specs[skip]["member"]
    for k in range(world.positions.size):
        if k != skip and (world.positions[k]["lots"] != 0 or world.positions[k]["n_orders"] > 0):
            value = worst_value(world, market, k, 0.0, 0.0)
            if is_of(market, k, who):
                exposure += value
            if market.specs[k]["is_isolated"]:
                value -= notional(market.specs[k], world.positions[k]["lots"], world.positions[k]["mark_ticks"])
            margin += value / market.specs[k]["leverage"]
    return exposure, margin


@lean_kernel
def market_buffer(spec: Any, ticks: int) -> float:
    """How many times its initial margin an order must be able to pay, so that price, costs and fee are covered."""
    costs = spec["cost_rate"] + foreseen_ticks(spec) / max(ticks, 1)
    return float(1.0 + _ARRIVAL_BUFFER + costs + spec["taker_rate"] * spec["leverage"])


@lean_kernel
def cost_by_book(world: World, market: Market, order: tuple[int, int], step: int, ticks: int) -> float:
    """How many times its initial margin at `ticks` a market order (row, side) costs, as a venue reckons (rule M-4).

    A buyer's price is the ask and a little beyond it, a seller's the bid, of the close of a step; what the mark says is
    lost at that price comes on top, and the fee.
    """
    k, side = order
    spec = market.specs[k]
    last = market.close[k, step]
    half = half_spread(market, k, step, last)
    price = (last + half) * (1.0 + _ARRIVAL_BUFFER) if side > 0 else last - half
    lost = max(side * (price - world.positions[k]["mark_ticks"]), 0.0)
    return float((price + lost * spec["leverage"]) / ticks + spec["taker_rate"] * spec["leverage"])


@lean_kernel
def order_cost(world: World, market: Market, order: tuple[int, int, int], step: int, ticks: int) -> float:
    """How many times its initial margin at `ticks` an order (row, side, type) must be able to pay."""
    k, side, kind = order
    spec = market.specs[k]
    if spec["by_book"] and kind == OrderType.MARKET.value:
        return cost_by_book(world, market, (k, side), step, ticks)
    return market_buffer(spec, ticks)


@lean_kernel
def means_for(world: World, market: Market, rules: Rules, order: tuple[int, int], equity: float) -> Means:
    """What the account leaves for an order (row, ticks); the member has so much equity.

    The row's present position is set aside: an entry replaces it, at the cost of closing it.
    """
    k, entry = order
    spec = market.specs[k]
    exposure, margin = committed(world, market, k)
    rate = spec["taker_rate"] + spec["cost_rate"] + foreseen_ticks(spec) / entry
    closing = notional(spec, world.positions[k]["lots"], entry) * rate
    free = equity_of_all(world, market, equity) - set_aside(world, market, k)
    return Means(float(exposure), float(equity * rules.max_exposure), float(margin + closing), float(free))


@lean_kernel
def affordable_lots(spec: Any, means: Means, entry: int, cost: float) -> tuple[int, int]:
    """The most lots at a price that the exposure cap leaves, and that the free margin does at the cost of each."""
    per_lot = entry * spec["tick_value"]
    by_exposure = (means.most_exposure - means.exposure) / per_lot
    by_margin = (means.free - means.margin) * spec["leverage"] / (per_lot * cost)
    return max(whole_lots(by_exposure), 0), max(whole_lots(by_margin), 0)


@lean_kernel
def capped_lots(rules: Rules, spec: Any, lots: int, equity: float, entry: int) -> int:
    """Lots that the cap on a single position leaves of those wanted."""
    if rules.max_position <= 0.0:
        return lots
    return min(lots, whole_lots(equity * rules.max_position / (entry * spec["tick_value"])))
