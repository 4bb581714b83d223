"""Around every request: how long it took, how it ended, and a log line that says so."""

from __future__ import annotations

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewright.api.metrics import Metrics
from tradewright.api.paths import PREFIX
from tradewright.bootstrap.logs import bound, log

__all__ = ["Observing"]

_NO_ROUTE = "none"
_FAILED = 500


class Observing:
    """Middleware that counts, measures and logs. Paths are told by their route, bodies and queries never.

    Args:
        app: beneath.
        metrics: to count in.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.monotonic(), _FAILED
        state = scope.setdefault("state", {})

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with bound(request_id=state.get("request_id")):
            try:
                await self._app(scope, receive, tell)
            except Exception:
                log.exception("request failed", **self._told(scope, state, status, begun))
                raise
            else:
                self._end(scope, state, status, begun)

    def _end(self, scope: Scope, state: Any, status: int, begun: float) -> None:
        told = self._told(scope, state, status, begun)
        (log.warning if status >= _FAILED else log.info)("request", **told)

    def _told(self, scope: Scope, state: Any, status: int, begun: float) -> dict[str, Any]:
        seconds = time.monotonic() - begun
        route = _route_of(scope)
        self._metrics.answered(scope["method"], route, status, seconds)
        caller = state.get("caller")
        return {
            "method": scope["method"], "route": route, "status": status, "ms": round(1_000 * seconds, 2),
            "by": caller.by if caller else None,
        }  # fmt: skip


def _route_of(scope: Scope) -> str:
    # A route knows its path within the router; the rest is what they all begin with.
    path = getattr(scope.get("route"), "path", None)
    if path is None:
        return _NO_ROUTE
    return PREFIX + path if scope["path"].startswith(PREFIX) and not path.startswith(PREFIX) else str(path)
