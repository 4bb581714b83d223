"""The steps that a session has played, kept small: a day of fifty instruments is megabytes, not hundreds of them."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple, overload

import numpy as np

from tradewright.market.bars import FloatColumn
from tradewright.market.steps import Bar, Funding, Step

__all__ = ["StepLog"]


class _Table(NamedTuple):
    symbols: tuple[str, ...]
    numbers: FloatColumn  # a row for each symbol: open, high, low, close, volume


class StepLog(Sequence[Step]):
    """Steps in their order; each is made anew when it is looked at.

    Attributes:
        opens: when each opened, UTC ns.
        closes: when each closed.
    """

    def __init__(self) -> None:
        self.opens = array("q")
        self.closes = array("q")
        self._bars: list[_Table] = []
        self._marks: list[_Table] = []
        self._funding: dict[int, tuple[Funding, ...]] = {}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def append(self, step: Step) -> None:
        """Keep one that was played."""
        if step.funding:
            self._funding[len(self)] = step.funding
        self.opens.append(step.ts_open)
        self.closes.append(step.ts_close)
        self._bars.append(self._table(step.bars))
        self._marks.append(self._table(step.marks))

    def _table(self, bars: Mapping[str, Bar]) -> _Table:
        names = tuple(bars)
        return _Table(self._names.setdefault(names, names), np.array(list(bars.values()), np.float64))

    def __len__(self) -> int:
        return len(self.opens)

    @overload
    def __getitem__(self, at: int) -> Step: ...
    @overload
    def __getitem__(self, at: slice) -> list[Step]: ...
    def __getitem__(self, at: int | slice) -> Step | list[Step]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        bars, marks = _bars(self._bars[at]), _bars(self._marks[at])
        return Step(self.opens[at], self.closes[at], bars, marks, self._funding.get(at, ()))


def _bars(table: _Table) -> dict[str, Bar]:
    return {symbol: Bar(*row) for symbol, row in zip(table.symbols, table.numbers.tolist(), strict=True)}
