"""How often one client may ask: reads, writes, and attempts to log in, each by themselves."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from tradewright.api.guard.refusing import refuse
from tradewright.api.guard.terms import GuardTerms
from tradewright.api.paths import PREFIX
from tradewright.api.problems import Refused
from tradewright.api.who import READS

__all__ = ["Rates"]

_SECRETS = (f"{PREFIX}/session", f"{PREFIX}/account")
_ONE_NETWORK = 64
_MINUTE_S = 60.0


class Rates:
    """Refuses a client who asks too often, and says when to come back.

    A token bucket: as many at once as a minute allows, and from then on one more each time that its part of a minute
    has gone by. A bucket that is full again is not kept.

    Args:
        app: beneath.
        terms: how often is too often.
        clock: seconds that only go on.
    """

    def __init__(self, app: ASGIApp, terms: GuardTerms, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._clock = app, clock
        self._most = {"read": terms.reads, "write": terms.writes, "login": terms.logins}
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._swept = clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket"):
            kind = _kind(scope)
            wait = self._wait_s(kind, _client(scope))
            if wait > 0:
                words = f"at most {self._most[kind]} {kind}s a minute; come back in {wait} s"
                await refuse(scope, receive, send, Refused(429, "too-often", words, {"Retry-After": str(wait)}))
                return
        await self._app(scope, receive, send)

    def _wait_s(self, kind: str, client: str) -> int:
        # Seconds until there is room, 0 where there is: then it is taken. Who is refused takes none.
        now, most = self._clock(), self._most[kind]
        if now - self._swept >= _MINUTE_S:
            self._swept = now
            self._buckets = {who: one for who, one in self._buckets.items() if now - one.at < _MINUTE_S}
        bucket = self._buckets.setdefault((kind, client), _Bucket(most, now))
        bucket.room = min(most, bucket.room + (now - bucket.at) * most / _MINUTE_S)
        bucket.at = now
        if bucket.room < 1:
            return max(1, math.ceil((1 - bucket.room) * _MINUTE_S / most))
        bucket.room -= 1
        return 0


@dataclass(slots=True)
class _Bucket:
    room: float
    at: float


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
