"""Writes with an idempotency key are done once: who asks again is given the answer that there was."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewright.api.guard.body_size import FILE_PATHS
from tradewright.api.guard.refusing import refuse
from tradewright.api.problems import Refused
from tradewright.api.who import READS
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import StoreError
from tradewright.ports.answers import Asked, KeptAnswer

__all__ = ["KEY", "REPLAYED", "Once"]

KEY, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
_SANE = re.compile(r"[\x21-\x7e]{1,128}")
_DAY = 86_400 * 1_000_000_000
_KEPT_HEADERS = ("content-type", "location", "etag")
_OK, _REFUSED, _BROKEN, _NOT_NOW = 200, 400, 500, 503


class Once:
    """Keeps answers of writes that bring a key, for a day, by who asks.

    What was refused was not done, and is looked at anew. Where the process ended before there was an answer, nobody
    knows, and who asks again is told so.

    Args:
        app: beneath.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        key = Headers(scope=scope).get(KEY) if scope["type"] == "http" and scope["method"] not in READS else None
        if key is None or scope["path"] in FILE_PATHS:
            await self._app(scope, receive, send)
        elif not _SANE.fullmatch(key):
            words = f"{KEY}: give 1 to 128 letters, digits and signs of ASCII"
            await refuse(scope, receive, send, Refused(400, "bad-request", words))
        else:
            await self._keyed(scope, receive, send, key)

    async def _keyed(self, scope: Scope, receive: Receive, send: Send, key: str) -> None:
        request = Request(scope, receive)
        body = await request.body()
        again = _given(body, receive)
        server: Server = scope["app"].state.server
        if (name := await _name_of(request)) is None:
            await self._app(scope, again, send)
            return
        asked = Asked(name, key, _digest(scope, body), server.run_id, server.clock.now_ns())
        try:
            kept = await server.answers.begin(asked, _DAY)
        except StoreError as error:
            await refuse(scope, receive, send, Refused(503, "key-not-kept", str(error), {"Retry-After": "1"}))
            return
        if kept is not None:
            await _repeat(scope, receive, send, asked, kept)
            return
        await self._do(scope, again, send, asked)

    async def _do(self, scope: Scope, receive: Receive, send: Send, asked: Asked) -> None:
        answer, server = _Held(), scope["app"].state.server
        try:
            await self._app(scope, receive, answer.take)
        except Exception:
            await server.answers.end(asked, _BROKEN, {}, None)
            raise
        # Where it cannot be put down, what it was is not known to who asks again; who asks now is told it.
        with suppress(StoreError):
            if _REFUSED <= answer.status < _BROKEN or answer.status == _NOT_NOW:
                await server.answers.forget(asked)
            else:
                body = None if scope["state"].get("keeps_secret") else answer.text
                await server.answers.end(asked, answer.status, answer.headers, body)
        for message in answer.messages:
            await send(message)


class _Held:
    """An answer that is held back until it is kept."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.status = _BROKEN
        self.headers: dict[str, str] = {}

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            found = Headers(raw=message["headers"])
            self.headers = {name: found[name] for name in _KEPT_HEADERS if name in found}
        self.messages.append(message)

    @property
    def text(self) -> str | None:
        """The body; None where it is no text."""
        try:
            return b"".join(message.get("body", b"") for message in self.messages).decode()
        except UnicodeDecodeError:
            return None


async def _repeat(scope: Scope, receive: Receive, send: Send, asked: Asked, kept: KeptAnswer) -> None:
    if (refusal := _refusal(asked, kept)) is not None:
        await refuse(scope, receive, send, refusal)
        return
    assert kept.status is not None
    answer = Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})
    await answer(scope, receive, send)


def _refusal(asked: Asked, kept: KeptAnswer) -> Refused | None:
    if kept.asked.request != asked.request:
        return Refused(409, "key-used", f"{KEY} was used for another request; take a new one")
    if kept.status is None and kept.asked.run == asked.run:
        return Refused(409, "under-way", "the request with this key is being done", {"Retry-After": "1"})
    if kept.status is None or kept.status == _BROKEN:
        words = "the server failed while the request with this key was being done: look whether it was"
        return Refused(409, "not-known-whether-done", words)
    if kept.body is None:
        return Refused(409, "answer-not-kept", "it was done; its answer held a secret, which was shown once")
    return None


async def _name_of(request: Request) -> str | None:
    try:
        caller = await request.app.state.who(request)
    except Refused:
        return None
    return None if caller is None else str(caller.name)


def _digest(scope: Scope, body: bytes) -> str:
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], body)
    return hashlib.sha256(b"\n".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _given(body: bytes, receive: Receive) -> Receive:
    # The body has been read; whoever comes next reads it from here.
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
