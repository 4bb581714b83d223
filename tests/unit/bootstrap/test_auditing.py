"""The auditor writes what it is told at once, keeps what a log refuses, and writes each deed once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tradewright.bootstrap.auditing import Auditor
from tradewright.domain.errors import StoreError
from tradewright.ports.audit_log import Deed
from tradewright.testing.simulated_time import run_simulated


class _Log:
    """Keeps what is added, but for the first so many times, which fail."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.actions, self.added = failures, list[str](), asyncio.Event()
        self.deeds: list[Deed] = []

    async def add(self, deeds: Sequence[Deed]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise StoreError("the database is locked")
        self.deeds += deeds
        self.actions += [deed.action for deed in deeds]
        self.added.set()


def _deed(action: str) -> Deed:
    return Deed(1, "ann", action, "x", {}, "run")


def _auditor(log: Any) -> tuple[Auditor, asyncio.Task[None]]:
    auditor = Auditor(log)
    return auditor, asyncio.create_task(auditor.run())


def test_a_deed_is_written_at_once_and_what_comes_meanwhile_after_it() -> None:
    async def work() -> tuple[list[str], float]:
        log, loop = _Log(), asyncio.get_running_loop()
        begun = loop.time()
        auditor, running = _auditor(log)
        auditor.note(_deed("one"))
        await log.added.wait()
        at = loop.time()
        auditor.note(_deed("two"))
        await auditor.close(running)
        return log.actions, at - begun

    assert (["one", "two"], 0.0) == run_simulated(work)


def test_what_the_log_refuses_is_tried_again_and_entered_once() -> None:
    async def work() -> list[str]:
        log = _Log(failures=2)
        auditor, running = _auditor(log)
        auditor.note(_deed("one"))
        auditor.note(_deed("two"))
        await log.added.wait()
        await auditor.close(running)
        return log.actions

    assert ["one", "two"] == run_simulated(work)


def test_what_is_asked_of_a_session_on_paper_is_entered_between_its_beginning_and_its_end() -> None:
    class Told:
        heard = ""

        def asked(self, record: Any, refusal: str) -> None:
            self.heard += f"{record['kind']} {refusal}"

    async def work() -> tuple[list[str], list[Deed], str]:
        log, told = _Log(), Told()
        auditor, running = _auditor(log)
        auditor.opened("trend", "ann")
        heard: Any = told
        for refusal in ("", "it has ended"):
            auditor.hearing("trend", heard).asked({"kind": "pause", "by": "bob"}, refusal)
        await auditor.close(running)
        return log.actions, log.deeds, told.heard

    actions, (_, paused, refused, _), told = run_simulated(work)
    assert ["session.opened", "session.paused", "session.refused", "session.closed"] == actions
    assert ("bob", "trend", {}) == (paused.actor, paused.subject, paused.details)
    assert {"asked": "pause", "refusal": "it has ended"} == refused.details
    assert "pause pause it has ended" == told


def test_a_log_that_never_lets_it_is_told_at_the_end() -> None:
    async def work() -> None:
        auditor, running = _auditor(_Log(failures=100))
        auditor.note(_deed("one"))
        await asyncio.sleep(5.0)
        await auditor.close(running)

    with pytest.raises(StoreError, match="locked"):
        run_simulated(work)
