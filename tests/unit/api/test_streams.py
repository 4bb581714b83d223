"""Events over a WebSocket and as server-sent events: typed, numbered, and bounded for whoever reads slowly."""

from __future__ import annotations

import asyncio
import json
import math
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from tradewright.api.models.news import KINDS, AnyEvent
from tradewright.api.routes.updates import _send
from tradewright.api.streaming import MOST_WAITING, event_stream
from tradewright.domain.people import Role
from tradewright.ports.happenings import SessionFacts
from tradewright.services.desk.watching import FactsWatch

_SOURCES = Path(__file__).resolve().parents[3] / "src" / "tradewright"


def _told(client, kind, data, **more):
    client.portal.call(lambda: _tell(client.app.state.server.news, kind, data, more))


async def _tell(news, kind, data, more):
    news.tell(kind, data, **more)
    await news.look()


def test_a_socket_hears_what_happens_and_what_was_missed(asked_as):
    """From after the event that is named, then as it comes; a price has no number."""
    client = asked_as(Role.VIEWER)
    for n in range(3):
        _told(client, "pairs.changed", {"symbol": f"P{n}", "is_active": True})
    with client.websocket_connect("/ws/updates?after=1") as socket:
        assert [2, 3] == [socket.receive_json()["id"] for _ in range(2)]
        _told(client, "job.progress", {"n": 9}, lasting=False)
        found = socket.receive_json()
        assert (None, "job.progress", {"n": 9}) == (found["id"], found["type"], found["data"])


def test_who_is_not_let_in_hears_nothing(nobody):
    """The socket is closed with 4401; the stream answers 401."""
    with nobody.websocket_connect("/ws/updates") as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert 4401 == closed.value.code
    assert (401, 401) == tuple(nobody.get(f"/api/v1/{path}").status_code for path in ("events", "signals/stream"))


class _Deaf:
    """A socket whose other end never reads."""

    def __init__(self, app) -> None:
        self.app, self.sent = app, 0

    async def send_json(self, _):
        """Wait for ever, after the first."""
        self.sent += 1
        if self.sent > 1:
            await asyncio.Event().wait()


def test_a_slow_socket_costs_no_memory(asked_as):
    """Ten thousand events for one who does not read: a bounded few wait, and the last word is to read anew."""
    client = asked_as(Role.VIEWER)
    server = client.app.state.server

    async def act():
        with server.news.listening(None, MOST_WAITING) as heard:
            sending = asyncio.create_task(_send(_Deaf(client.app), server, heard))
            waiting = []
            for n in range(10_000):
                server.news.tell("job.progress", {"n": n}, lasting=False)
                if n % 100 == 0:
                    await asyncio.sleep(0)
                waiting.append(len(heard))
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return max(waiting)

    assert MOST_WAITING >= client.portal.call(act)


def test_a_stream_tells_all_the_same_and_leaves_nobody_behind(asked_as):
    """Events are written once, as the standard has them; who is gone listens no more, wherever he was cut off."""
    client = asked_as(Role.VIEWER)
    server = client.app.state.server

    async def act():
        request = HTTPConnection({"type": "http", "app": client.app, "headers": [(b"authorization", b"-")]})
        streams = [event_stream(request, None).body_iterator for _ in range(2)]
        first = [asyncio.create_task(anext(one)) for one in streams]
        await asyncio.sleep(0)
        server.news.tell("job.progress", {"n": 9, "part": math.nan}, lasting=False)
        told = await asyncio.gather(*first)
        beside = server.news.listeners
        for one in streams:
            await one.aclose()
        return told, beside, server.news.listeners

    told, beside, after = client.portal.call(act)
    assert told[0] == told[1]
    lines = dict(line.split(": ", 1) for line in told[0].decode().splitlines() if line)
    assert "job.progress" == lines["event"]
    assert {"n": 9, "part": None} == json.loads(lines["data"])["data"]
    assert 2 == beside - after


def test_every_kind_that_is_told_is_in_the_schema():
    """What the code tells is what the union of the schema knows."""
    told = set()
    for path in _SOURCES.rglob("*.py"):
        told |= set(re.findall(r"(?:news|reporter)\.tell\(\s*\"([a-z_.]+)\"", path.read_text()))
    telling = (_SOURCES / "services" / "desk" / "telling.py").read_text()
    told |= set(re.findall(r"\(\"([a-z_.]+)\", row\)", telling))
    assert told
    assert [] == sorted(told - KINDS)


def test_what_a_session_puts_down_is_told_as_an_event_of_the_schema(asked_as):
    """Once for each time that it was put down, with its positions as text."""
    client = asked_as(Role.VIEWER)
    server = client.app.state.server
    told = {"status": {"bars": 1}, "portfolio": {"equity": 1.5}, "positions": [], "pending": [], "prices": {"B/U": 2.5}}

    async def act():
        watch = FactsWatch(server.desk.facts, server.news, server.clock)
        with server.news.listening() as heard:
            await server.desk.facts.put([SessionFacts("s", "d", "simulation", server.clock.now_ns(), told)])
            await watch.look()
            await watch.look()
            event = await anext(heard)
            return event, len(heard)

    event, rest = client.portal.call(act)
    assert (0, "snapshot") == (rest, event.type)
    whole = TypeAdapter(AnyEvent).validate_python({"type": event.type, "ts": event.ts, "data": event.data})
    assert "2.5" == whole.model_dump(mode="json")["data"]["prices"]["B/U"]
