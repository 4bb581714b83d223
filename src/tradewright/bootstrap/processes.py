"""Processes of our own program."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence

__all__ = ["CommandLauncher"]


class CommandLauncher:
    """See `ports.processes.Launcher`: each name is a command of `tradewright`, in a process of its own.

    Args:
        arguments: that each command is given.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._arguments = tuple(arguments)

    async def start(self, name: str) -> _Process:
        """Start one; it hears no Ctrl-C of the terminal: whoever supervises it ends it."""
        made = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from tradewright.cli.main import run; run()", name, *self._arguments,
            start_new_session=True,
        )  # fmt: skip
        return _Process(made)


class _Process:
    def __init__(self, made: asyncio.subprocess.Process) -> None:
        self._made = made

    @property
    def pid(self) -> int:
        return self._made.pid

    async def ended(self) -> int:
        return await self._made.wait()

    def end(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self._made.returncode is None:
            self._made.send_signal(number)
