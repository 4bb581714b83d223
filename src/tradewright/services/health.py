"""Whether all is well, part by part, each with a reason."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum, unique
from pathlib import Path

from tradewright.domain.errors import TradewrightError
from tradewright.domain.heartbeat import Heartbeat
from tradewright.domain.timeframe import SECOND_NS
from tradewright.ports.bulletin import Bulletin
from tradewright.ports.clock import Clock
from tradewright.services.jobs.queue import Standing
from tradewright.services.news import News

__all__ = [
    "Check",
    "Finding",
    "HealthWatch",
    "State",
    "check_all",
    "clock_check",
    "database_check",
    "disk_check",
    "process_check",
    "queue_check",
]

_GIB = 2**30
_SLOW_DATABASE_S = 0.1
_PATIENCE_S = 30.0
_LONGEST_S = 5.0


@unique
class State(IntEnum):
    """How well a part is."""

    OK = 0
    WARNING = 1
    FAILED = 2

    @property
    def word(self) -> str:
        """As it is told."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Args:
        part: what was looked at.
        state: how well it is.
        reason: in words, with what to do where something is to be done.
        value: what was measured; None where nothing was.
        unit: of the value.
    """

    part: str
    state: State
    reason: str
    value: float | None = None
    unit: str = ""


Check = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks at a part, or at several of a kind."""


async def check_all(checks: Sequence[tuple[str, Check]]) -> list[Finding]:
    """Look at everything at once. A check that fails, or does not end in five seconds, is a finding itself.

    Args:
        checks: each with the part that it is of.
    """
    found = await asyncio.gather(*(_checked(part, check) for part, check in checks))
    return [one for findings in found for one in findings]


async def _checked(part: str, check: Check) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(_LONGEST_S):
            return await check()
    except TimeoutError:
        return [Finding(part, State.FAILED, f"no answer within {_LONGEST_S:g} s")]
    except TradewrightError as error:
        return [Finding(part, State.FAILED, str(error))]


def database_check(ask: Callable[[], Awaitable[object]], clock: Clock) -> Check:
    """Whether the database answers, and how soon.

    Args:
        ask: reads something small from it.
        clock: to measure by.
    """

    async def check() -> Sequence[Finding]:
        begun = clock.monotonic()
        await ask()
        took = clock.monotonic() - begun
        state, reason = State.OK, "it answers"
        if took > _SLOW_DATABASE_S:
            state, reason = State.WARNING, "it answers slowly: other work holds it, or the disk is slow"
        return [Finding("database", state, reason, round(1_000 * took, 3), "ms")]

    return check


def disk_check(folder: Path, least: float = 0.5 * _GIB, little: float = 5.0 * _GIB) -> Check:
    """Whether there is room for what is stored.

    Args:
        folder: where things lie; it need not be there yet.
        least: bytes below which it has failed.
        little: bytes below which it is warned of.
    """

    async def check() -> Sequence[Finding]:
        free = await asyncio.to_thread(_free, folder)
        state, reason = State.OK, "there is room"
        if free < little:
            state = State.FAILED if free < least else State.WARNING
            reason = "little room is left: journals and candles cannot be written for long"
        return [Finding("disk", state, reason, round(free / _GIB, 2), "GiB")]

    return check


def _free(folder: Path) -> int:
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.is_dir())
    return shutil.disk_usage(there).free


def clock_check(clock: Clock, most_s: float = 5.0) -> Check:
    """Whether this machine's clock was set while the process ran: it should run beside the one that nobody sets.

    Args:
        clock: both of them.
        most_s: how far they may run apart.
    """
    lead = clock.now_ns() / SECOND_NS - clock.monotonic()

    async def check() -> Sequence[Finding]:
        gap = clock.now_ns() / SECOND_NS - clock.monotonic() - lead
        is_set = abs(gap) > most_s
        reason = "the clock of this machine was set, or the machine slept" if is_set else "it runs evenly"
        return [Finding("clock", State.WARNING if is_set else State.OK, reason, round(gap, 3), "s")]

    return check


def process_check(bulletin: Bulletin, clock: Clock, patience_s: float = _PATIENCE_S) -> Check:
    """Whether each process of the group gives signs of life, and what it says of its feed, its venue and its clock.

    Args:
        bulletin: where they are given.
        clock: for how late they are.
        patience_s: by which a sign may be overdue.
    """

    async def check() -> Sequence[Finding]:
        beats = await bulletin.beats()
        now = clock.now_ns()
        return [finding for beat in beats.values() for finding in _of_process(beat, now, patience_s)]

    return check


def queue_check(standing: Callable[[], Standing], patient_s: float = 600.0, most_s: float = 60.0) -> Check:
    """Whether jobs are done, and how long they wait.

    Args:
        standing: of the queue.
        patient_s: so long a job may wait for others before it is warned of.
        most_s: so long one may wait while there is no worker at all.
    """

    async def check() -> Sequence[Finding]:
        now = standing()
        reason = f"{now.waiting} wait, {now.running} are being done, {now.workers} of {now.places} workers are there"
        state = State.OK
        if now.waiting and not now.workers and now.oldest_s > most_s:
            state, reason = State.FAILED, f"{reason}: workers do not start; the server's log says why"
        elif now.oldest_s > patient_s:
            state, reason = State.WARNING, f"{reason}: more is asked for than is done; cancel some, or server.workers"
        return [Finding("jobs", state, reason, round(now.oldest_s, 1), "s")]

    return check


def _of_process(beat: Heartbeat, now: int, patience_s: float) -> Sequence[Finding]:
    age = (now - beat.at) / SECOND_NS
    part = f"process {beat.name}"
    if beat.is_late(now, patience_s):
        return [Finding(part, State.FAILED, "no sign of life: it has ended, or hangs", round(age, 1), "s")]
    found = [Finding(part, State.OK, "it gives signs of life", round(age, 1), "s")]
    for told in beat.state.get("health", ()):
        state = State[str(told["state"]).upper()]
        found.append(Finding(told["part"], state, told["reason"], told.get("value"), told.get("unit", "")))
    return found


class HealthWatch:
    """Looks at everything again and again, and tells where a part has become better or worse.

    Args:
        checks: each with its part.
        news: is told `health.changed`.
        clock: to wait by.
        every_s: seconds between two looks.
    """

    def __init__(self, checks: Sequence[tuple[str, Check]], news: News, clock: Clock, every_s: float = 15.0) -> None:
        self._checks, self._news, self._clock, self._every = checks, news, clock, every_s
        self._known: dict[str, State] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await self._clock.sleep(self._every)

    async def look(self) -> None:
        """Look once. What is well at the first look is not worth a word."""
        for one in await check_all(self._checks):
            if one.state is not self._known.get(one.part, State.OK):
                told = {"part": one.part, "status": one.state.word, "reason": one.reason}
                self._news.tell("health.changed", told)
            self._known[one.part] = one.state
