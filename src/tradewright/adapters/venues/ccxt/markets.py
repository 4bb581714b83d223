"""What is traded, from the library's markets: steps whatever their precision mode, lots whatever a contract holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tradewright.domain.abilities import VenueAbilities
from tradewright.domain.enums import Code
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import DEFAULT_TIERS, Instrument, MarginTier
from tradewright.domain.orders import Amendment, NewOrder, Rejected

__all__ = ["contracts_of", "instruments_of", "off_precision"]

_SYMBOL = re.compile(r"[A-Z0-9]{1,20}/[A-Z0-9]{1,20}(:[A-Z0-9]{1,20})?")
_DECIMAL_PLACES, _SIGNIFICANT = 2, 3
_FINEST = Decimal("0.00000001")


def instruments_of(exchange: Any, abilities: VenueAbilities, tiers: Mapping[str, Any]) -> list[Instrument]:
    """The instruments of one kind of market; what has no symbol in our alphabet, or no steps, is left out.

    Where a venue counts significant digits there is no tick: the finest stands for it, and `off_precision` decides.
    """
    wanted, found = abilities.markets[0], list[Instrument]()
    for symbol, market in exchange.markets.items():
        of_kind = market.get("swap") and market.get("linear") if wanted == "linear" else market.get("spot")
        if of_kind and market.get("active") is not False and _SYMBOL.fullmatch(symbol):
            instrument = _instrument(exchange, abilities.venue, market, _tiers(tiers.get(symbol) or ()))
            found += [instrument] if instrument else []
    return found


def _instrument(
    exchange: Any, venue: str, market: Mapping[str, Any], tiers: tuple[MarginTier, ...]
) -> Instrument | None:
    precision, limits = market.get("precision") or {}, market.get("limits") or {}
    size = Decimal(str(market.get("contractSize") or 1))
    tick, lot = _step(exchange, precision.get("price")), _step(exchange, precision.get("amount"))
    least = Decimal(str((limits.get("amount") or {}).get("min") or 0)) * size
    try:
        return Instrument(
            market["symbol"], venue, tick_size=_text(tick), lot_size=_text(lot * size), min_quantity=float(least),
            min_notional=float((limits.get("cost") or {}).get("min") or 0.0),
            maker_fee=float(market.get("maker") or 0.0), taker_fee=float(market.get("taker") or 0.0),
            funding_hours=8 if market.get("swap") else 0, tiers=tiers,
        )  # fmt: skip
    except InvalidValue:
        return None  # a venue's slip in one market does not close the others


def _step(exchange: Any, precision: Any) -> Decimal:
    if precision is None or exchange.precisionMode == _SIGNIFICANT:
        return _FINEST
    value = Decimal(str(precision))
    return Decimal(1).scaleb(-int(value)) if exchange.precisionMode == _DECIMAL_PLACES else value


def _text(step: Decimal) -> str:
    text = f"{step:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tiers(rows: Sequence[Mapping[str, Any]]) -> tuple[MarginTier, ...]:
    try:
        found = [
            MarginTier(
                float(row.get("minNotional") or 0.0), float(row["maintenanceMarginRate"]), float(row["maxLeverage"])
            )
            for row in rows
        ]
    except (KeyError, TypeError, ValueError):
        return DEFAULT_TIERS
    return tuple(sorted(found, key=lambda tier: tier.floor)) or DEFAULT_TIERS


def contracts_of(quantity: Decimal, size: Decimal) -> Decimal:
    """A quantity of base as a number of contracts, exactly."""
    return quantity / size


def off_precision(exchange: Any, order: NewOrder | Amendment, instrument: str, size: Decimal) -> Rejected | None:
    """The refusal of what the library would round on its way; None for what it sends as it is."""
    names = ("price", "trigger", "activation") if isinstance(order, NewOrder) else ("price", "trigger")
    for name in names:
        value: Decimal | None = getattr(order, name)
        if value is not None and Decimal(exchange.price_to_precision(instrument, str(value))) != value:
            text = f"the {name} {value} is not one that {exchange.id} takes for {instrument}"
            return Rejected(text, Code.PRICE_OFF_TICK, was_sent=False)
    if not order.quantity:
        return None
    contracts = contracts_of(order.quantity, size)
    step = exchange.markets[instrument]["precision"].get("amount")
    if step is not None and _kept(exchange, instrument, contracts) != contracts:
        text = f"the quantity {order.quantity} is not one that {exchange.id} takes for {instrument}"
        return Rejected(text, Code.QUANTITY_OFF_STEP, was_sent=False)
    return None


def _kept(exchange: Any, instrument: str, contracts: Decimal) -> Decimal:
    import ccxt  # noqa: PLC0415 - heavy

    try:
        return Decimal(exchange.amount_to_precision(instrument, str(contracts)))
    except ccxt.InvalidOrder:
        return Decimal(-1)  # below one step
