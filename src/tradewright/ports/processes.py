"""Processes that are started and watched."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Child", "Launcher"]


class Child(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    async def ended(self) -> int:
        """Wait for its end; gives its exit code, below 0 where a signal ended it."""
        ...

    def end(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


class Launcher(Protocol):
    """Starts processes by the name of their work."""

    async def start(self, name: str) -> Child:
        """Start one.

        Raises:
            OSError: the system cannot start it.
        """
        ...
