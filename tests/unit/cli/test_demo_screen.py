"""The screen of the demo in a terminal of its own: it shows what waits, and keys decide on it."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import sys
import termios
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from tradewright.cli.demo_screen import KeyScreen
from tradewright.domain.mode import SIMULATION
from tradewright.domain.signal import Signal
from tradewright.services.pending import Confirming
from tradewright.testing.live_desk import LiveDesk
from tradewright.testing.session_memory import MemorySessions

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other end of a terminal that is ours."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        yield ours
    os.close(ours)


async def shown(keyboard: int, *keys: str) -> tuple[str, list[dict[str, Any]]]:
    """What the screen showed, and what was asked, when keys were pressed while an order waits."""
    desk = LiveDesk({0: LONG}, Confirming(is_on=True, ttl_s=30.0))
    desk.bar()
    desk.send()
    sessions: MemorySessions[Any] = MemorySessions(SIMULATION)
    paper = io.StringIO()
    console = Console(file=paper, force_terminal=True, width=160, height=60)
    screen = KeyScreen(console)
    drivers = {"desk": SimpleNamespace(live=desk.live)}
    demo: Any = SimpleNamespace(over=asyncio.Event(), drivers=drivers, sessions=sessions, speed=60.0)
    showing = asyncio.create_task(screen.show(demo))
    async with asyncio.timeout(10.0):
        while "happened last" not in paper.getvalue():  # noqa: ASYNC110 - drawn by a thread of the library
            await asyncio.sleep(0.01)
        for key in keys:
            os.write(keyboard, key.encode())
        await showing
    return paper.getvalue(), [dict(record) for _, record in await sessions.asked("desk")]


@pytest.mark.parametrize(("key", "kind"), [("c", "confirm"), ("r", "reject")])
def test_a_key_decides_on_the_order_that_waits(keyboard: int, key: str, kind: str) -> None:
    """It stands on the screen with its stop and target, and the key asks by the order's number."""
    text, asked = asyncio.run(shown(keyboard, key, "q"))
    assert "waits to be confirmed" in text
    assert "buy 1 BTC/USDT:USDT at 1,000.00, stop 990.0, target 1020.0" in text
    assert [{"kind": kind, "order_id": 1, "by": "the keyboard"}] == asked


def test_another_key_decides_nothing(keyboard: int) -> None:
    """Nor do two of them; q ends it."""
    _, asked = asyncio.run(shown(keyboard, "x", " ", "q"))
    assert [] == asked


def test_keys_that_come_at_once_are_all_heard(keyboard: int) -> None:
    """As they do where the screen is busy for a moment, or somebody is quick."""
    _, asked = asyncio.run(shown(keyboard, "xcq"))
    assert ["confirm"] == [one["kind"] for one in asked]


def test_the_terminal_is_left_as_it_was(keyboard: int) -> None:
    """Line by line and echoing, as a shell needs it."""
    before = termios.tcgetattr(sys.stdin.fileno())
    asyncio.run(shown(keyboard, "q"))
    assert before == termios.tcgetattr(sys.stdin.fileno())
