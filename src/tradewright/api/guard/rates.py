"""How often one client may ask: reads, writes, and attempts to log in, each by themselves."""

from __future__ import annotations

import ipaddress
import math

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewright.api.guard.refusing import refuse
from tradewright.api.guard.terms import GuardTerms
from tradewright.api.paths import PREFIX
from tradewright.api.problems import Refused
from tradewright.api.who import READS
from tradewright.bootstrap.wiring import now

__all__ = ["Rates"]

_SECRETS = (f"{PREFIX}/session", f"{PREFIX}/account")
_ONE_NETWORK = 64


class Rates:
    """Refuses a client who asks too often, and says when to come back.

    Args:
        app: beneath.
        terms: how often is too often.
    """

    def __init__(self, app: ASGIApp, terms: GuardTerms) -> None:
        self._app = app
        self._limits = {
            "read": RateLimitItemPerMinute(terms.reads),
            "write": RateLimitItemPerMinute(terms.writes),
            "login": RateLimitItemPerMinute(terms.logins),
        }
        self._counts = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket"):
            kind, client = _kind(scope), _client(scope)
            if not self._counts.hit(self._limits[kind], client, kind):
                await refuse(scope, receive, send, self._refusal(self._limits[kind], client, kind))
                return
        await self._app(scope, receive, send)

    def _refusal(self, limit: RateLimitItem, client: str, kind: str) -> Refused:
        wait = max(1, math.ceil(self._counts.get_window_stats(limit, client, kind).reset_time - now().timestamp()))
        words = f"at most {limit.amount} {kind}s a minute; come back in {wait} s"
        return Refused(429, "too-often", words, {"Retry-After": str(wait)})


def _kind(scope: Scope) -> str:
    if scope["type"] == "websocket" or scope["method"] in READS:
        return "read"
    return "login" if scope["path"].startswith(_SECRETS) else "write"


def _client(scope: Scope) -> str:
    # Whoever has one address of IPv6 has a network of them.
    host = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _ONE_NETWORK), strict=False))
    return str(address)
