"""Each part says how well it is, and why; a check that fails or hangs is itself a finding."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tradewright.domain.errors import StoreError
from tradewright.domain.heartbeat import Heartbeat
from tradewright.services import health
from tradewright.services.health import (
    State,
    check_all,
    clock_check,
    database_check,
    disk_check,
    process_check,
    queue_check,
)
from tradewright.services.jobs.queue import Standing

SECOND = 1_000_000_000


class Clock:
    """Both clocks by hand."""

    def __init__(self):
        self.wall, self.even = 1_000 * SECOND, 0.0

    def now_ns(self):
        return self.wall

    def monotonic(self):
        return self.even

    async def sleep(self, seconds):
        raise AssertionError("nothing here waits")


def _found(part, check):
    return asyncio.run(check_all([(part, check)]))


@pytest.mark.parametrize(("took", "state"), [(0.01, State.OK), (0.2, State.WARNING)])
def test_database_that_answers_slowly_is_warned_of(took, state):
    """Above a tenth of a second something holds it."""
    clock = Clock()

    async def ask():
        clock.even += took

    (one,) = _found("database", database_check(ask, clock))
    assert (state, 1_000 * took, "ms") == (one.state, one.value, one.unit)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(0, 0, 0.0, 0, 2), State.OK),
        (Standing(3, 1, 30.0, 1, 2), State.OK),
        (Standing(3, 1, 900.0, 1, 2), State.WARNING),
        (Standing(3, 0, 20.0, 0, 2), State.OK),
        (Standing(3, 0, 90.0, 0, 2), State.FAILED),
    ],
)
def test_queue_that_is_not_worked_off_is_told(standing, state):
    """Jobs that wait long are warned of; jobs that wait while no worker starts are a failure; the age is measured."""
    (one,) = _found("jobs", queue_check(lambda: standing))
    assert (state, standing.oldest_s, "s") == (one.state, one.value, one.unit)
    assert f"{standing.waiting} wait" in one.reason


def test_check_that_fails_is_a_finding():
    """The reason is that of the error, and the other parts are looked at all the same."""

    async def ask():
        raise StoreError("the database is gone")

    clock = Clock()
    found = asyncio.run(check_all([("database", database_check(ask, clock)), ("clock", clock_check(clock))]))
    assert [("database", State.FAILED, "the database is gone"), ("clock", State.OK)] == [
        (found[0].part, found[0].state, found[0].reason), (found[1].part, found[1].state),
    ]  # fmt: skip


def test_check_that_hangs_is_a_finding(monkeypatch):
    """Nobody waits for it for ever."""
    monkeypatch.setattr(health, "_LONGEST_S", 0.01)

    async def hang():
        await asyncio.Event().wait()

    (one,) = _found("venue", hang)
    assert ("venue", State.FAILED) == (one.part, one.state)


@pytest.mark.parametrize(("least", "little", "state"), [
    (0, 0, State.OK), (0, float("inf"), State.WARNING), (float("inf"), float("inf"), State.FAILED),
])  # fmt: skip
def test_little_room_is_warned_of_even_before_the_folder_is_there(least, little, state, tmp_path: Path):
    """What is looked at is the disk on which the folder will lie."""
    (one,) = _found("disk", disk_check(tmp_path / "not" / "yet", least, little))
    assert state == one.state


@pytest.mark.parametrize(("jump", "state"), [(0, State.OK), (4, State.OK), (6, State.WARNING), (-6, State.WARNING)])
def test_clock_that_was_set_is_noticed(jump, state):
    """It should run beside the one that nobody sets."""
    clock = Clock()
    check = clock_check(clock)
    clock.even += 100
    clock.wall += (100 + jump) * SECOND
    (one,) = _found("clock", check)
    assert (state, jump) == (one.state, one.value)


class Board:
    """Signs of life by hand."""

    def __init__(self, *beats):
        self.own = {beat.name: beat for beat in beats}

    async def beats(self):
        return self.own


def test_process_without_a_sign_of_life_has_failed_and_what_others_say_of_their_parts_is_told():
    """A process that lives says how its feed and its venue are; of one that is late only that is told."""
    clock = Clock()
    told = {
        "health": [{"part": "feed", "state": "warning", "reason": "the last bar is late", "value": 90.0, "unit": "s"}]
    }
    lives = Heartbeat("trade", "r", 1, clock.now_ns() - SECOND, 5.0, told)
    late = Heartbeat("scan", "r", 2, clock.now_ns() - 100 * SECOND, 5.0, told)
    found = _found("processes", process_check(Board(lives, late), clock))
    assert [
        ("process trade", State.OK, 1.0), ("feed", State.WARNING, 90.0), ("process scan", State.FAILED, 100.0),
    ] == [(one.part, one.state, one.value) for one in found]  # fmt: skip
