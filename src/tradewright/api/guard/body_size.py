"""How long the body of a request may be, whatever it says of itself."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewright.api.guard.refusing import refuse
from tradewright.api.paths import PREFIX
from tradewright.api.problems import Refused

__all__ = ["FILE_BYTES", "FILE_PATHS", "BodySize"]

_TOO_LARGE = 413
FILE_BYTES = 256 << 20
FILE_PATHS = (f"{PREFIX}/data/imports",)
"""Where the body is a file; `Idempotency-Key` would hold it in memory, and is not for these."""


class _TooLarge(HTTPException):
    pass


class BodySize:
    """Refuses a body that is too long, before it is read where its length is told, else as soon as it is too long.

    Args:
        app: beneath.
        most: bytes.
        files: bytes of a body that is a file: it is written to the disk as it comes.
    """

    def __init__(self, app: ASGIApp, most: int, files: int = FILE_BYTES) -> None:
        self._app, self._usual, self._files = app, most, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._files if scope["path"] in FILE_PATHS else self._usual
        if (refusal := _refusal(Headers(scope=scope), most)) is not None:
            await refuse(scope, receive, send, refusal)
            return
        try:
            await self._app(scope, _counted(receive, most), send)
        except _TooLarge:
            await refuse(scope, receive, send, _too_large(most))


def _refusal(headers: Headers, most: int) -> Refused | None:
    told = headers.getlist("Content-Length")
    if len(told) > 1 or (told and not (told[0].isascii() and told[0].isdigit())):
        return Refused(400, "bad-request", "Content-Length is no number", {"Connection": "close"})
    if told and "Transfer-Encoding" in headers:
        return Refused(400, "bad-request", "Content-Length and Transfer-Encoding", {"Connection": "close"})
    return _too_large(most) if told and int(told[0]) > most else None


def _counted(receive: Receive, most: int) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            # As an error of HTTP it passes through whatever reads the body.
            raise _TooLarge(_TOO_LARGE, _words(most), {"Connection": "close"})
        return message

    return counting


def _words(most: int) -> str:
    return f"a request has {most} bytes at most"


def _too_large(most: int) -> Refused:
    return Refused(413, "too-large", _words(most), {"Connection": "close"})
