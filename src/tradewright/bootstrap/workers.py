"""Workers as processes of our own program, spoken with in lines of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from tradewright.bootstrap.config.tree import Logging
from tradewright.bootstrap.settings import Settings
from tradewright.domain.job import Headway, Job
from tradewright.ports.jobs import Died, Done, Failed, Told

__all__ = ["ProcessWorkers"]

_LONGEST_LINE = 64 << 20


class ProcessWorkers:
    """See `ports.jobs.Workers`: each is a process, which ends by itself when this one does.

    Args:
        settings: where things lie. The address of the database is not told: a worker does not need it.
        logging: what it logs; None for the usual.
    """

    def __init__(self, settings: Settings, logging: Logging | None = None) -> None:
        self._settings = settings
        self._logging = {} if logging is None else {"level": logging.level, "debug": logging.debug}

    async def start(self, name: str) -> _Process:
        """Start one; it hears no Ctrl-C of the terminal."""
        made = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "tradewright.bootstrap.worker", name,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LONGEST_LINE, start_new_session=True,
        )  # fmt: skip
        worker = _Process(made)
        worker.say(
            data_dir=str(self._settings.data_dir.absolute()),
            strategies_dir=str(self._settings.strategies_dir.absolute()),
            reach=asdict(self._settings.reach),
            logging=self._logging,
        )
        return worker


class _Process:
    def __init__(self, made: asyncio.subprocess.Process) -> None:
        self._made = made
        assert made.stdin is not None
        assert made.stdout is not None
        self._in, self._out = made.stdin, made.stdout
        self._job = ""

    def say(self, **words: Any) -> None:
        """Send a line; nobody hears it where the process has ended, which its silence tells."""
        with suppress(OSError, RuntimeError):
            self._in.write(json.dumps(words, separators=(",", ":")).encode() + b"\n")

    async def work(self, job: Job) -> AsyncIterator[Told]:
        self._job = job.id
        self.say(id=job.id, kind=job.kind, request=dict(job.request), created=job.created)
        while True:
            told = await self._heard()
            yield told
            if not isinstance(told, Headway):
                return

    async def _heard(self) -> Told:
        while True:
            try:
                line = await self._out.readline()
            except ValueError:
                return Died("said too long a line")
            if not line.endswith(b"\n"):
                return Died(f"exit code {await self._made.wait()}")
            told: dict[str, Any] = json.loads(line)
            if told.pop("id") == self._job:
                return _told(told)

    @property
    def is_alive(self) -> bool:
        return self._made.returncode is None

    def cancel(self) -> None:
        self.say(cancel=self._job)

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self._made.kill()
        await self._made.wait()
        self._in.close()


def _told(told: dict[str, Any]) -> Told:
    if "fraction" in told:
        return Headway(**told)
    return Done(told["result"]) if "result" in told else Failed(told["error"])
