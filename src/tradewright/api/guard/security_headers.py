"""What browsers are told: take nothing from elsewhere, show this page in no other, guess nothing, keep nothing."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewright.api.paths import PREFIX
from tradewright.api.policy import SECURITY_HEADERS

__all__ = ["SecurityHeaders"]

_HSTS = "max-age=31536000"


class SecurityHeaders:
    """Puts them on every answer; what the API answers is kept nowhere.

    Args:
        app: beneath.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(PREFIX):
                    headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        await self._app(scope, receive, tell)
