"""Bars shorter than those of a run, asked for one bar at a time."""

from __future__ import annotations

from typing import Protocol

from tradewright.market.bars import Bars

__all__ = ["FinerBars"]


class FinerBars(Protocol):
    """What bars of one instrument are made of."""

    @property
    def timeframe(self) -> str:
        """Length of the finer bars, such as 1m."""
        ...

    def between(self, start: int, end: int) -> Bars:
        """The finer bars that open at or after `start` and close at or before `end` (UTC ns); none may be there.

        Raises:
            DataError: what is stored is damaged.
            StoreError: a file cannot be read.
        """
        ...
