"""Signals of all instruments as the rows that the kernels read, and the way back from a row to its signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import TimeInForce
from tradewright.domain.instrument import Instrument
from tradewright.domain.signal import Signal
from tradewright.kernels.records import SIGNAL
from tradewright.market.bars import IntColumn
from tradewright.market.ticks import ticks_of
from tradewright.strategy.signals import KIND, ORDER_TYPE, Signals

__all__ = ["Wishes", "merge_wishes", "signal_rows", "wish_row"]


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
    """Signals of one instrument as SIGNAL records; `steps` holds the step of each signal's bar."""
    rows = np.zeros(signals.size, SIGNAL)
    rows["step"] = steps
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


def wish_row(wish: Signal, k: int, step: int, instrument: Instrument) -> tuple[float, ...]:
    """One signal as the fields of a SIGNAL record, in their order: what `signal_rows` gives for it, sooner."""
    stop, target = wish.stop_loss, wish.take_profit
    return (
        step,
        k,
        KIND[wish.side],
        ORDER_TYPE[wish.kind],
        stop is not None,
        target is not None,
        TimeInForce.GTC,
        0,
        0 if wish.side == "exit" else instrument.to_ticks(wish.entry),
        0 if stop is None else instrument.to_ticks(stop),
        0 if target is None else instrument.to_ticks(target),
        wish.valid_bars,
        wish.confidence,
    )


def merge_wishes(signals: Sequence[Signals], rows: Sequence[NDArray[np.void]]) -> Wishes:
    """Put the rows of all instruments into one order of time; equal times go by instrument."""
    together = np.concatenate(rows) if rows else np.zeros(0, SIGNAL)
    places = np.concatenate([np.arange(part.size) for part in rows]) if rows else np.zeros(0, np.int64)
    order = np.lexsort((together["instrument"], together["step"]))
    return Wishes(together[order], tuple(signals), places[order])
