"""What whoever leaves a wish for a session is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tradewright.domain.mode import SIMULATION
from tradewright.services.wish_answers import WishAnswer, ask_and_hear
from tradewright.testing.session_memory import MemorySessions
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

_NAME = "one"
_PAUSE, _FLATTEN = {"kind": "pause"}, {"kind": "flatten"}
Work = Callable[[MemorySessions[Any], SimulatedClock], Awaitable[None]]


async def _nobody(_: MemorySessions[Any], clock: SimulatedClock) -> None:
    await clock.sleep(60)


def _answering(*refusals: str) -> Work:
    async def work(sessions: MemorySessions[Any], clock: SimulatedClock) -> None:
        await clock.sleep(0.5)
        for (number, _), refusal in zip(await sessions.asked(_NAME), refusals, strict=True):
            await sessions.answered(_NAME, number, refusal)
        await clock.sleep(60)

    return work


def _told(wishes: Sequence[Mapping[str, Any]], work: Work | None) -> tuple[WishAnswer, float]:
    clock = SimulatedClock(0)

    async def whole() -> tuple[WishAnswer, float]:
        sessions = MemorySessions(SIMULATION)
        async with sessions.begin(_NAME):
            pass
        begin = clock.monotonic()
        if work is None:
            return await ask_and_hear(sessions, _NAME, wishes, clock), clock.monotonic() - begin
        async with sessions.open(_NAME):
            other = asyncio.create_task(work(sessions, clock))
            told = await ask_and_hear(sessions, _NAME, wishes, clock)
            other.cancel()
        return told, clock.monotonic() - begin

    return run_simulated(whole)


def test_a_session_that_answers_is_heard() -> None:
    """Done, or refused with its reason, as soon as it is said."""
    told, took = _told([_PAUSE], _answering(""))
    assert WishAnswer("done") == told
    assert 0.5 <= took < 1.0
    assert WishAnswer("refused", "no bar yet") == _told([_FLATTEN], _answering("no bar yet"))[0]


def test_of_several_wishes_each_is_told() -> None:
    """Where one is refused, what was done of the others is said beside it."""
    told = _told([_PAUSE, _FLATTEN], _answering("", "no bar yet"))[0]
    assert WishAnswer("refused", "pause: done; flatten: no bar yet") == told
    assert WishAnswer("done") == _told([_PAUSE, _FLATTEN], _answering("", ""))[0]


def test_a_session_that_says_nothing_is_not_waited_for_long() -> None:
    """Two seconds where a process runs it; no moment where none does."""
    told, took = _told([_PAUSE], _nobody)
    assert WishAnswer("waiting") == told
    assert 2.0 <= took < 2.5
    assert (WishAnswer("idle"), 0.0) == _told([_PAUSE], None)
