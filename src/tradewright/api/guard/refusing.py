"""A refusal before any route was asked."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from tradewright.api.problems import Refused, problem

__all__ = ["refuse"]

_POLICY_VIOLATION = 1008


async def refuse(scope: Scope, receive: Receive, send: Send, refusal: Refused) -> None:
    """Answer with a problem document; a socket is closed."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal.code})
        return
    answer = problem(Request(scope), refusal.status, refusal.code, str(refusal), headers=refusal.headers)
    await answer(scope, receive, send)
