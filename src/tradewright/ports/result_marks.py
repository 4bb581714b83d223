"""Where it is kept what people put on results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tradewright.domain.result_mark import ResultMark

__all__ = ["ResultMarks"]


class ResultMarks(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def all(self) -> Mapping[str, ResultMark]:
        """Of every result that has any, by its id."""
        ...

    async def get(self, result_id: str) -> ResultMark:
        """Of one; an empty one where it has none."""
        ...

    async def put(self, result_id: str, mark: ResultMark, at: int) -> None:
        """Put it in place of what was there; `at` is UTC ns."""
        ...
