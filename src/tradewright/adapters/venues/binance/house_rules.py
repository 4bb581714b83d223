"""What Binance USDT-M counts, and what its answers mean for the one who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewright.adapters.venues.transport.budget import Budget
from tradewright.adapters.venues.transport.calls import Reply, Verdict, judge
from tradewright.adapters.venues.transport.client import number_of
from tradewright.adapters.venues.transport.door import Address

__all__ = [
    "FUNDING_POOL",
    "MAIN",
    "NOT_DONE",
    "NOT_KNOWN",
    "PRACTICE",
    "learn_limits",
    "order_budgets",
    "usdm_address",
    "verdict",
]

MAIN, PRACTICE = "https://fapi.binance.com", "http://127.0.0.1:18080"
FUNDING_POOL = "funding"
_MINUTE_S = 60.0
_TOO_MANY_ORDERS = -1015
NOT_DONE = frozenset({-1001, -1008, -1016})
"""Internal error, overloaded, no longer available: failures that the venue vouches for."""
NOT_KNOWN = frozenset({-1000, -1006, -1007})
"""Unknown error, unexpected answer, timeout behind the door: the request may have been done."""
_DONE, _UNAVAILABLE = 200, 503
_SURELY_FAILED = "Service Unavailable"


def usdm_address() -> Address:
    """What one address may ask: weight by the minute, and funding rates apart."""
    weight = Budget(2_400, _MINUTE_S, "X-MBX-USED-WEIGHT-1M")
    return Address((weight,), {FUNDING_POOL: Budget(500, 5 * _MINUTE_S)})


def learn_limits(address: Address, info: Mapping[str, Any]) -> None:
    """Keep to the weight that the venue grants now, where it says so.

    Args:
        address: whose budget it is.
        info: answer of exchangeInfo.
    """
    for row in info.get("rateLimits", ()):
        if (row.get("rateLimitType"), row.get("interval"), row.get("intervalNum")) == ("REQUEST_WEIGHT", "MINUTE", 1):
            for budget in address.weights:
                budget.limit = int(row["limit"])


def order_budgets() -> tuple[Budget, ...]:
    """What one account may order."""
    return Budget(300, 10.0, "X-MBX-ORDER-COUNT-10S"), Budget(1_200, _MINUTE_S, "X-MBX-ORDER-COUNT-1M")


def verdict(reply: Reply) -> Verdict:
    """What an answer means.

    -1007 and a plain 503 leave open whether it was done, as the venue says itself; "Service Unavailable" and the
    numbers of `NOT_DONE` say that it was not.
    """
    number = number_of(reply)
    if number == _TOO_MANY_ORDERS:
        return Verdict.ORDERS_LIMITED
    if number in NOT_KNOWN:
        return Verdict.UNKNOWN
    if number in NOT_DONE or (reply.status == _UNAVAILABLE and _SURELY_FAILED in str(reply.body)):
        return Verdict.BUSY
    if reply.status == _DONE and isinstance(reply.body, str):
        return Verdict.UNKNOWN  # an answer that is no JSON was cut, or comes from somebody in between
    return judge(reply)
