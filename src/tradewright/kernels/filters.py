"""The venue's filters: price, quantity, value, band and number of an order, each with the numbers compared.

One module for every order, whichever door it came through. In `records.SPEC` a limit of 0 is none. Steps are not
checked here: prices are whole ticks and quantities whole lots already, and who gives others is refused at the door.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.enums import Code, OrderType
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import notional
from tradewright.kernels.records import Market, World
from tradewright.kernels.rows import is_within_reach

__all__ = ["Finding", "Proposal", "filter_band", "filter_order", "is_conditional", "is_unpriced", "takes_market"]


class Proposal(NamedTuple):
    """An order as the filters look at it."""

    instrument: int
    type: int  # OrderType
    side: int
    lots: int  # 0: whatever is held, of what only reduces
    level_ticks: int  # limit price or trigger; 0 for a market order
    reduces: bool


class Finding(NamedTuple):
    """What is wrong, and the numbers compared; Code.OK where nothing is."""

    code: int
    observed: float
    limit: float


@lean_kernel
def found(code: int, observed: float, limit: float) -> Finding:
    """A finding with the numbers compared."""
    return Finding(code, float(observed), float(limit))


@lean_kernel
def nothing_found() -> Finding:
    """Leave to go on."""
    return Finding(Code.OK.value, 0.0, 0.0)


@lean_kernel
def is_conditional(kind: int) -> bool:
    """Whether an order type waits for a trigger."""
    return bool(kind not in (OrderType.MARKET.value, OrderType.LIMIT.value))


@lean_kernel
def takes_market(kind: int) -> bool:
    """Whether an order type fills at the market, without a limit."""
    with_limit = (OrderType.LIMIT.value, OrderType.STOP_LIMIT.value, OrderType.TAKE_PROFIT_LIMIT.value)
    return bool(kind not in with_limit)


@lean_kernel
def is_unpriced(kind: int) -> bool:
    """Whether an order type needs no price: a trailing stop may begin anywhere."""
    return bool(kind in (OrderType.MARKET.value, OrderType.TRAILING_STOP.value))


@lean_kernel
def filter_price(spec: Any, ticks: int) -> Finding:
    """PRICE_FILTER: within the venue's range."""
    if ticks < spec["min_ticks"]:
        return found(Code.PRICE_BELOW_MINIMUM.value, ticks, spec["min_ticks"])
    if 0 < spec["max_ticks"] < ticks:
        return found(Code.PRICE_ABOVE_MAXIMUM.value, ticks, spec["max_ticks"])
    return nothing_found()


@lean_kernel
def filter_lots(spec: Any, market: bool, lots: int) -> Finding:
    """LOT_SIZE, and MARKET_LOT_SIZE for what fills at the market."""
    least = max(spec["min_lots"], spec["market_min_lots"] if market else 0, 1)
    most = spec["market_max_lots"] if market and spec["market_max_lots"] > 0 else spec["max_lots"]
    unit = spec["lots_per_unit"]
    if lots < least:
        return found(Code.QUANTITY_BELOW_MINIMUM.value, lots / unit, least / unit)
    if 0 < most < lots:
        return found(Code.QUANTITY_ABOVE_MAXIMUM.value, lots / unit, most / unit)
    if market and spec["market_step_lots"] > 1 and lots % spec["market_step_lots"] != 0:
        return found(Code.QUANTITY_OFF_STEP.value, lots / unit, spec["market_step_lots"] / unit)
    return nothing_found()


@lean_kernel
def filter_band(spec: Any, side: int, ticks: int, mark: int) -> Finding:
    """PERCENT_PRICE: a buyer's limit not too far above the mark, a seller's not too far below."""
    if side > 0 and 0.0 < spec["price_up"] * mark < ticks:
        return found(Code.PRICE_ABOVE_BAND.value, ticks, spec["price_up"] * mark)
    if side < 0 and ticks < spec["price_down"] * mark:
        return found(Code.PRICE_BELOW_BAND.value, ticks, spec["price_down"] * mark)
    return nothing_found()


@lean_kernel
def filter_number(world: World, market: Market, k: int, conditional: bool) -> Finding:
    """MAX_NUM_ORDERS and MAX_NUM_ALGO_ORDERS: how many such orders the instrument has already, on all of its rows."""
    spec = market.specs[k]
    count = 0
    for row in range(world.positions.size):
        if is_within_reach(market, k, row):
            for slot in range(world.positions[row]["n_orders"]):
                if is_conditional(world.orders[row, slot]["type"]) == conditional:
                    count += 1
    most = spec["max_conditionals"] if conditional else spec["max_orders"]
    if 0 < most <= count:
        code = Code.TOO_MANY_CONDITIONALS.value if conditional else Code.TOO_MANY_ORDERS.value
        return found(code, count, most)
    return nothing_found()


@lean_kernel
def filter_shape(world: World, market: Market, order: Proposal) -> Finding:
    """Everything but the number of orders: price, quantity, value, band; the first finding stands.

    Value counts at an order's own limit price, else at the mark; what only reduces may be of any value.
    """
    spec = market.specs[order.instrument]
    mark = world.positions[order.instrument]["mark_ticks"]
    finding = nothing_found()
    if not is_unpriced(order.type):
        finding = filter_price(spec, order.level_ticks)
    if finding.code == Code.OK and (order.lots > 0 or not order.reduces):
        finding = filter_lots(spec, takes_market(order.type), order.lots)
    value = notional(spec, order.lots, mark if takes_market(order.type) else order.level_ticks)
    if finding.code == Code.OK and not order.reduces and value < spec["min_notional"]:
        finding = found(Code.NOTIONAL_BELOW_MINIMUM.value, value, spec["min_notional"])
    if finding.code == Code.OK and order.type == OrderType.LIMIT.value:
        finding = filter_band(spec, order.side, order.level_ticks, mark)
    return finding


@lean_kernel
def filter_order(world: World, market: Market, order: Proposal) -> Finding:
    """Hold a new order against every filter of its instrument; the first finding stands."""
    finding = filter_shape(world, market, order)
    if finding.code == Code.OK:
        finding = filter_number(world, market, order.instrument, is_conditional(order.type))
    return finding
