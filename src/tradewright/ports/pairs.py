"""Which instruments a user watches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradewright.domain.pair import Pair

__all__ = ["Pairs"]


class Pairs(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def all(self, venue: str) -> Sequence[Pair]:
        """Every one of a venue, in the order in which they were added."""
        ...

    async def add(self, pair: Pair) -> None:
        """Watch one more.

        Raises:
            Conflict: it is watched already.
        """
        ...

    async def change(self, pair: Pair) -> None:
        """Say whether one is active.

        Raises:
            Absent: it is not watched.
        """
        ...

    async def remove(self, venue: str, symbol: str) -> None:
        """Watch one no more.

        Raises:
            Absent: it is not watched.
        """
        ...
