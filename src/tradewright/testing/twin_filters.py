"""The slow twin of the venue's filters: what a venue says to an order before it looks at anybody's money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tradewright.domain.enums import Code, OrderType
from tradewright.testing.twin_account import Books

__all__ = ["WITH_LIMIT", "Objection", "Wish", "band", "filters"]

WITH_LIMIT = {OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}

Objection = tuple[int, float, float]
"""Code and the two numbers compared."""


class Wish(NamedTuple):
    """An order that somebody wants."""

    k: int
    type: int
    side: int
    lots: int
    level: int
    reduces: bool


def filters(books: Books, wish: Wish, *, new: bool) -> Iterator[Objection]:
    """All objections: price, quantity, value, band and, for a new order, how many there are. Limits of 0 are none."""
    spec, mark = books.specs[wish.k], books.holdings[wish.k].mark
    priced = wish.type not in {OrderType.MARKET, OrderType.TRAILING_STOP}
    at_market = wish.type not in WITH_LIMIT
    if priced and wish.level < spec.min_ticks:
        yield Code.PRICE_BELOW_MINIMUM, wish.level, spec.min_ticks
    if priced and spec.max_ticks and wish.level > spec.max_ticks:
        yield Code.PRICE_ABOVE_MAXIMUM, wish.level, spec.max_ticks
    if wish.lots or not wish.reduces:
        yield from sizes(books, wish, at_market=at_market)
    value = spec.value(wish.lots, mark if at_market else wish.level)
    if not wish.reduces and value < spec.min_notional:
        yield Code.NOTIONAL_BELOW_MINIMUM, value, spec.min_notional
    if wish.type == OrderType.LIMIT:
        yield from band(books, wish.k, wish.side, wish.level)
    if new:
        yield from numbers(books, wish)


def sizes(books: Books, wish: Wish, *, at_market: bool) -> Iterator[Objection]:
    """What fills at the market keeps the market's own limits where there are any."""
    spec = books.specs[wish.k]
    unit = spec.lots_per_unit
    least = max(spec.min_lots, spec.market_min_lots if at_market else 0, 1)
    most = (at_market and spec.market_max_lots) or spec.max_lots
    step = (at_market and spec.market_step_lots) or 1
    if wish.lots < least:
        yield Code.QUANTITY_BELOW_MINIMUM, wish.lots / unit, least / unit
    if most and wish.lots > most:
        yield Code.QUANTITY_ABOVE_MAXIMUM, wish.lots / unit, most / unit
    if wish.lots % step:
        yield Code.QUANTITY_OFF_STEP, wish.lots / unit, step / unit


def band(books: Books, k: int, side: int, level: int) -> Iterator[Objection]:
    """How far from the mark a limit may be on the side that takes; from none while there is no mark."""
    spec, mark = books.specs[k], books.holdings[k].mark
    if side > 0 and spec.price_up and mark and level > spec.price_up * mark:
        yield Code.PRICE_ABOVE_BAND, level, spec.price_up * mark
    if side < 0 and level < spec.price_down * mark:
        yield Code.PRICE_BELOW_BAND, level, spec.price_down * mark


def numbers(books: Books, wish: Wish) -> Iterator[Objection]:
    """How many orders of its sort, with or without a trigger, the instrument may have."""
    spec = books.specs[wish.k]
    conditional = wish.type not in {OrderType.MARKET, OrderType.LIMIT}
    rows = [wish.k, *books.team.beside(wish.k)]
    same = [order for k in rows for order in books.holdings[k].orders if order.is_conditional == conditional]
    most = spec.max_conditionals if conditional else spec.max_orders
    if most and len(same) >= most:
        yield Code.TOO_MANY_CONDITIONALS if conditional else Code.TOO_MANY_ORDERS, len(same), most
