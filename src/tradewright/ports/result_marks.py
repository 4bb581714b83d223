"""Where it is kept what people put on results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tradewright.domain.result_mark import MarkChange, ResultMark

__all__ = ["ResultMarks"]


class ResultMarks(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def all(self) -> Mapping[str, ResultMark]:
        """Of every result that has any, by its id."""
        ...

    async def get(self, result_id: str) -> ResultMark:
        """Of one; an empty one where it has none."""
        ...

    async def change(self, result_id: str, change: MarkChange, at: int) -> ResultMark:
        """Change it, whatever else changes it at the same time; gives it as it is then. `at` is UTC ns."""
        ...
