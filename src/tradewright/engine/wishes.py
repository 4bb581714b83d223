"""Signals of all instruments as the rows that the kernels read, and the way back from a row to its signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.instrument import Instrument
from tradewright.kernels.records import SIGNAL
from tradewright.market.bars import IntColumn
from tradewright.market.ticks import ticks_of
from tradewright.strategy.signals import Signals

__all__ = ["Wishes", "merge_wishes", "signal_rows"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """Every signal of a run.

    Args:
        rows: SIGNAL records by (step, instrument).
        signals: the columns of each instrument.
        places: for each row, its place in the columns of its instrument.
    """

    rows: NDArray[np.void]
    signals: tuple[Signals, ...]
    places: IntColumn

    def metadata(self, row: int) -> dict[str, Any]:
        """The facts that the strategy gave with a signal."""
        columns = self.signals[int(self.rows[row]["instrument"])].metadata
        return {name: column[self.places[row]].item() for name, column in sorted(columns.items())}


def signal_rows(signals: Signals, k: int, steps: IntColumn, instrument: Instrument) -> NDArray[np.void]:
    """Signals of one instrument as SIGNAL records; `steps` holds the step of each of its bars."""
    rows = np.zeros(signals.size, SIGNAL)
    rows["step"] = steps[signals.bar]
    rows["instrument"] = k
    rows["kind"] = signals.kind
    rows["order_type"] = signals.order_type
    rows["has_stop"] = signals.has_stop
    rows["has_target"] = signals.has_target
    rows["entry_ticks"] = ticks_of(signals.entry, instrument)
    rows["stop_ticks"] = ticks_of(signals.stop_loss, instrument)
    rows["target_ticks"] = ticks_of(signals.take_profit, instrument)
    rows["valid_steps"] = signals.valid_bars
    rows["confidence"] = signals.confidence
    return rows


def merge_wishes(signals: Sequence[Signals], rows: Sequence[NDArray[np.void]]) -> Wishes:
    """Put the rows of all instruments into one order of time; equal times go by instrument."""
    together = np.concatenate(rows) if rows else np.zeros(0, SIGNAL)
    places = np.concatenate([np.arange(part.size) for part in rows]) if rows else np.zeros(0, np.int64)
    order = np.lexsort((together["instrument"], together["step"]))
    return Wishes(together[order], tuple(signals), places[order])
