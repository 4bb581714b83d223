"""Processes of our own program."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence

__all__ = ["CommandLauncher", "end_with"]

_LOOK_S = 1.0
_CODE = "from tradewright.bootstrap.processes import end_with; end_with({}); {}"
_RUN = "from tradewright.cli.main import run; run()"


class CommandLauncher:
    """See `ports.processes.Launcher`: commands of `tradewright`, each in a process of its own.

    Args:
        commands: by name, the command and its arguments.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands

    async def start(self, name: str) -> _Process:
        """Start one; it hears no Ctrl-C of the terminal: whoever supervises it ends it, or it ends when that dies."""
        made = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _CODE.format(os.getpid(), _RUN), *self._commands[name], start_new_session=True
        )
        return _Process(made)


def end_with(parent: int) -> None:
    """Ask this process to end as soon as another, that began it, is there no more."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


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
