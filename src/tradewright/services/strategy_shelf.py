"""Strategies as they are now: read again when a file of the user's has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from tradewright.strategy.registry import Registry

__all__ = ["StrategyShelf"]


class StrategyShelf:
    """Gives the registry.

    Args:
        folder: the user's strategy files; need not exist.
        find: loads all that there are.
    """

    def __init__(self, folder: Path, find: Callable[[Path], Registry]) -> None:
        self._folder, self._find = folder, find
        self._known: tuple[tuple[tuple[str, int, int], ...], Registry] | None = None
        self._lock = Lock()

    def __call__(self) -> Registry:
        """The registry of what there is now."""
        with self._lock:
            files = self._files()
            if self._known is None or self._known[0] != files:
                self._known = (files, self._find(self._folder))
            return self._known[1]

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        if not self._folder.is_dir():
            return ()
        found = ((path.name, path.stat()) for path in sorted(self._folder.glob("*.py")))
        return tuple((name, facts.st_mtime_ns, facts.st_size) for name, facts in found)
