"""Files of public trades, read as events."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.storage.frames import pl
from tradewright.adapters.storage.instants import to_ns, to_numbers
from tradewright.adapters.storage.tables import open_table
from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.market.events import EVENT
from tradewright.ports.candle_files import TimeUnit

__all__ = ["read_trades"]

_NAMES = {
    "time": ("timestamp", "time", "ts", "trade_time"),
    "price": ("price",),
    "amount": ("amount", "quantity", "qty", "size"),
    "side": ("side", "taker_side"),
}
_SIDES = {"buy": 1, "sell": -1}
_NS_PER_MS = 1_000_000
_A_HAIR = 1e-6


def read_trades(
    path: Path, instrument: Instrument, *, time_unit: TimeUnit | None = None, feed_ms: float = 10.0
) -> NDArray[np.void]:
    """Read a CSV or Parquet file of trades.

    Args:
        path: a table with the columns time, price, amount and side (of the taker: buy or sell), oldest first.
        instrument: the market; its steps hold.
        time_unit: of times that are numbers; None finds it by magnitude.
        feed_ms: how long a trade was on its way here, for a file does not tell, ms.

    Returns:
        EVENT, trades alone; the sequence counts the rows from 1.

    Raises:
        DataError: a column is missing, or a row holds what no trade of the market can; names row and value.
    """
    frame = open_table(path)
    try:
        columns = {role: _column(frame, role) for role in _NAMES}
        ts = _times(columns["time"], time_unit)
        events = np.zeros(ts.size, EVENT)
        events["ticks"] = _steps(columns["price"], instrument.tick, f"the tick {instrument.tick_size}")
        events["lots"] = _steps(columns["amount"], instrument.lot, f"the lot {instrument.lot_size}")
        events["side"] = _sides(columns["side"])
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from error
    events["ts_exchange"], events["ts_local"] = ts, ts + round(feed_ms * _NS_PER_MS)
    events["sequence"] = np.arange(1, ts.size + 1)
    events["kind"], events["last"] = EventKind.TRADE.value, True
    return events


def _column(frame: pl.DataFrame, role: str) -> pl.Series:
    found = [name for name in frame.columns if name.lower() in _NAMES[role]]
    if len(found) != 1:
        raise DataError(f"has the columns {', '.join(frame.columns)}; expected one of {', '.join(_NAMES[role])}")
    return frame[found[0]]


def _times(column: pl.Series, unit: TimeUnit | None) -> IntColumn:
    ts, _ = to_ns(column, unit)
    backwards = np.flatnonzero(np.diff(ts) < 0)
    if backwards.size:
        raise DataError(f"row {backwards[0] + 2}: is older than the row before; expected the oldest first")
    return ts


def _steps(column: pl.Series, step: tuple[int, int], what: str) -> IntColumn:
    numbers: FloatColumn = to_numbers(column)
    scaled = numbers * float(step[1]) / float(step[0])
    steps = np.rint(scaled)
    wrong = ~(np.abs(scaled - steps) <= _A_HAIR * np.maximum(1.0, np.abs(scaled))) | ~(steps >= 1) | (steps > 2.0**53)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(f"row {row + 1}: column {column.name!r} has {column[row]!r}; expected a multiple of {what}")
    return steps.astype(np.int64)


def _sides(column: pl.Series) -> IntColumn:
    texts = [str(value).lower() for value in column]
    wrong = next((row for row, text in enumerate(texts) if text not in _SIDES), None)
    if wrong is not None:
        raise DataError(f"row {wrong + 1}: column {column.name!r} has {column[wrong]!r}; expected buy or sell")
    return np.array([_SIDES[text] for text in texts], np.int64)
