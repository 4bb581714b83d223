"""By which name the server is called, and from whose page."""

from __future__ import annotations

import ipaddress
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from tradewright.api.guard.refusing import refuse
from tradewright.api.problems import Refused
from tradewright.api.who import READS

__all__ = ["Origins"]

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
_OWN_SITE = ("same-origin", "none")


class Origins:
    """Refuses a name that is not ours, and changes and sockets that another page asks for.

    A page elsewhere could let its own name point to this machine, and be served as if it were ours; an address or
    `localhost` cannot be taken like that.

    Args:
        app: beneath.
        names: that are ours beside `localhost` and addresses; None takes every name.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...] | None) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket") and (refusal := self._refusal(scope)) is not None:
            await refuse(scope, receive, send, refusal)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Refused | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("Host", "")):
            return Refused(400, "unknown-host", "the server is not called by this name; see server.names")
        is_read = scope["type"] == "http" and scope["method"] in READS
        if not is_read and not _is_own_page(headers):
            return Refused(403, "foreign-origin", "changes are taken from this server's own page only")
        return None

    def _is_ours(self, host: str) -> bool:
        if self._names is None:
            return True
        found = _HOST.fullmatch(host.lower())
        name = found["name"].strip("[]") if found else ""
        if name == "localhost" or name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _is_own_page(headers: Headers) -> bool:
    if headers.get("Sec-Fetch-Site", "none") not in _OWN_SITE:
        return False
    origin = headers.get("Origin")
    return origin is None or origin.partition("://")[2] == headers.get("Host", "")
