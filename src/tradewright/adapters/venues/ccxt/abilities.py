"""What each exchange of CCXT can do, read from the library without asking anybody."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from tradewright.adapters.venues.ccxt.library import bare
from tradewright.domain.abilities import Ability, MarketKind, VenueAbilities
from tradewright.domain.signal import EntryKind, ForceName

__all__ = ["abilities_of", "by_stop_prices", "features_of", "library_abilities", "markets_of"]

_HAS: dict[Ability, str] = {
    "modify": "editOrder", "cancel_all": "cancelAllOrders", "batch": "createOrders", "fills_since": "fetchMyTrades",
    "order_events": "watchOrders", "fill_events": "watchMyTrades", "balance_events": "watchBalance",
}  # fmt: skip
_HAS_LINEAR: dict[Ability, str] = {
    "reduce_only": "createReduceOnlyOrder", "positions": "fetchPositions", "leverage": "setLeverage",
    "margin_mode": "setMarginMode", "position_events": "watchPositions", "margin_tiers": "fetchLeverageTiers",
}  # fmt: skip
_FORCES: dict[str, ForceName] = {"IOC": "ioc", "FOK": "fok", "PO": "gtx"}
_FUNCTION = re.compile(r"^    (?:async )?def (\w+)", re.MULTILINE)
_BATCH = 5


def markets_of(exchange: Any) -> tuple[MarketKind, ...]:
    """The kinds of markets that we can trade there; linear first."""
    found: list[MarketKind] = []
    if exchange.has.get("swap") and _features(exchange, "linear"):
        found.append("linear")
    if exchange.has.get("spot"):
        found.append("spot")
    return tuple(found)


def features_of(exchange: Any, market: MarketKind) -> Mapping[str, Any]:
    """What the library says of orders at a kind of market; empty where it says nothing."""
    features: Mapping[str, Any] = (_features(exchange, market) or {}).get("createOrder") or {}
    return features


def _features(exchange: Any, market: MarketKind) -> Any:
    features = getattr(exchange, "features", None) or {}
    return (features.get("swap") or {}).get("linear") if market == "linear" else features.get("spot")


def by_stop_prices(exchange: Any) -> bool:
    """Whether a stop loss or take profit may open a position too, as at Binance."""
    return str(exchange.id).startswith("binance")


def abilities_of(exchange: Any, market: MarketKind) -> VenueAbilities:
    """What can be done at a kind of market; what the library leaves open cannot."""
    can: set[Ability] = {ability for ability, name in _HAS.items() if exchange.has.get(name) is True}
    if market == "linear":
        can |= {ability for ability, name in _HAS_LINEAR.items() if exchange.has.get(name) is True}
        if features_of(exchange, market).get("hedged") and exchange.has.get("setPositionMode") is True:
            can.add("hedge")
    if _mentions(exchange, ("create_order", "create_spot_order", "create_swap_order", "order_request"), "lientOrderId"):
        can.add("client_ids")
    if exchange.has.get("fetchOrder") and _mentions(exchange, ("fetch_order",), "lientOrderId"):
        can.add("find_by_client_id")
    if ((_features(exchange, market) or {}).get("fetchOpenOrders") or {}).get("trigger"):
        can.add("open_conditionals")
    ids = (36 if by_stop_prices(exchange) else 32) if "client_ids" in can else 0
    return VenueAbilities(
        exchange.id, str(exchange.name), (market,), _kinds(exchange, market), _forces(exchange, market),
        frozenset(can), longest_client_id=ids, batch=_BATCH if "batch" in can else 1,
    )  # fmt: skip


def _kinds(exchange: Any, market: MarketKind) -> frozenset[EntryKind]:
    features, kinds = features_of(exchange, market), set[EntryKind]()
    if exchange.has.get("createMarketOrder", True) is not False:
        kinds.add("market")
    if exchange.has.get("createLimitOrder", True) is not False:
        kinds.add("limit")
    if features.get("triggerPrice"):
        kinds |= {"stop", "stop_limit"}
    if features.get("triggerPrice") and (features.get("triggerDirection") or by_stop_prices(exchange)):
        kinds |= {"take_profit", "take_profit_limit"}
    if features.get("trailing"):
        kinds.add("trailing_stop")
    return frozenset(kinds)


def _forces(exchange: Any, market: MarketKind) -> frozenset[ForceName]:
    told = features_of(exchange, market).get("timeInForce") or {}
    forces: set[ForceName] = {force for name, force in _FORCES.items() if told.get(name)}
    return frozenset(forces | {"gtc"})


def _mentions(exchange: Any, functions: tuple[str, ...], word: str) -> bool:
    # `features` does not tell it, so the library's own code is asked.
    for kind in type(exchange).__mro__:
        module = sys.modules.get(kind.__module__)
        if module is None or ".base." in kind.__module__ or not kind.__module__.startswith("ccxt."):
            continue
        if any(word in text for name, text in _bodies(str(module.__file__)) if name.startswith(functions)):
            return True
    return False


@lru_cache(maxsize=512)
def _bodies(path: str) -> tuple[tuple[str, str], ...]:
    text = Path(path).read_text(encoding="utf-8")
    marks = [(found.group(1), found.start()) for found in _FUNCTION.finditer(text)]
    ends = [*(start for _, start in marks), len(text)][1:]
    wanted = ("create_", "fetch_order", "order_request")
    return tuple(
        (name, text[start:end]) for (name, start), end in zip(marks, ends, strict=True) if name.startswith(wanted)
    )


def library_abilities(name: str, venue: str) -> tuple[VenueAbilities, ...]:
    """What an exchange of the library can do, for each kind of market; nobody is asked.

    Args:
        name: of the library.
        venue: name that it bears here.

    Raises:
        UnknownName: the library has none of that name.
    """
    exchange = bare(name)
    return tuple(replace(abilities_of(exchange, market), venue=venue) for market in markets_of(exchange))
