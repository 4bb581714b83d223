"""Who asks: somebody at the page, by a cookie, or a program, by a token."""

from __future__ import annotations

import hmac

from starlette.requests import HTTPConnection

from tradewright.api.problems import Refused
from tradewright.bootstrap.server import Server
from tradewright.domain.people import Caller
from tradewright.services.people.logins import Visit, csrf_of

__all__ = ["COOKIE", "CSRF_HEADER", "READS", "visit_of", "who_asks"]

COOKIE = "tradewright_session"
CSRF_HEADER = "X-CSRF-Token"
READS = ("GET", "HEAD", "OPTIONS")


async def who_asks(connection: HTTPConnection) -> Caller | None:
    """Find out who asks, by what the request brings.

    Where it brings a token, a cookie does not count. Who comes by a cookie and changes something must show that the
    page itself sends it.

    Raises:
        Refused: that is missing.
    """
    server: Server = connection.app.state.server
    kind, _, token = connection.headers.get("Authorization", "").partition(" ")
    if kind:
        found = await server.people.tokens.known(token.strip()) if kind.lower() == "bearer" else None
        return None if found is None else found.caller
    cookie = connection.cookies.get(COOKIE, "")
    known = await server.people.logins.known(cookie) if cookie else None
    if known is None:
        return None
    if connection.scope.get("method", "GET") not in READS:
        _check_page(connection, cookie)
    return known.caller


def _check_page(connection: HTTPConnection, cookie: str) -> None:
    shown = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(shown.encode(), csrf_of(cookie).encode()):
        raise Refused(403, "csrf", f"send the csrf of GET /session in the header {CSRF_HEADER}")


def visit_of(connection: HTTPConnection) -> Visit:
    """From where a request comes."""
    address = connection.client.host if connection.client else "unknown"
    return Visit(address, connection.headers.get("User-Agent", ""))
