"""Candles in memory, where a test has no need of files."""

from __future__ import annotations

import numpy as np

from tradewright.domain.errors import DataError, StoreError
from tradewright.market.merge import MarkedBars, MergeOutcome, make_marked, merge, take
from tradewright.ports.candle_store import CandleKey

__all__ = ["MemoryCandles"]


class MemoryCandles:
    """See `ports.candle_store.CandleStore`."""

    def __init__(self) -> None:
        self._kept: dict[CandleKey, MarkedBars] = {}

    def list(self) -> tuple[CandleKey, ...]:
        """See `CandleStore.list`."""
        return tuple(sorted(self._kept))

    def load(self, key: CandleKey, start: int | None = None, end: int | None = None) -> MarkedBars:
        """See `CandleStore.load`."""
        if key not in self._kept:
            raise StoreError(f"{key} is not stored")
        bars, filled = self._kept[key]
        rows = np.ones(len(filled), np.bool_)
        if start is not None:
            rows &= bars.ts_open >= start
        if end is not None:
            rows &= bars.ts_close <= end
        return MarkedBars(take(bars, rows), filled[rows])

    def save(self, key: CandleKey, marked: MarkedBars) -> None:
        """See `CandleStore.save`."""
        self._kept[key] = marked

    def merge(self, key: CandleKey, new: MarkedBars, *, replace: bool = False) -> MergeOutcome:
        """See `CandleStore.merge`."""
        nothing = make_marked(take(new.bars, np.zeros(len(new.filled), np.bool_)))
        united, outcome = merge(self._kept.get(key, nothing), new, key.timeframe)
        if outcome.conflicts and not replace:
            raise DataError(f"{key}: {len(outcome.conflicts)} stored bars differ from the new ones")
        self._kept[key] = united
        return outcome

    def delete(self, key: CandleKey) -> None:
        """See `CandleStore.delete`."""
        if key not in self._kept:
            raise StoreError(f"{key} is not stored")
        del self._kept[key]
