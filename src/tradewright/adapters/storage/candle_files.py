"""Files of candles and funding rates, read into columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tradewright.adapters.storage.frames import pl
from tradewright.adapters.storage.instants import to_ns, to_numbers
from tradewright.adapters.storage.roles import Columns, find_columns, find_rate_columns
from tradewright.adapters.storage.tables import open_table
from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import SECOND_NS
from tradewright.market.bars import FloatColumn, IntColumn, make_bars
from tradewright.market.stamps import Convention, snap, volume_evidence
from tradewright.ports.candle_files import CandleTable, RateTable, ReadOptions

__all__ = ["TableFiles"]


class TableFiles:
    """Reads CSV and Parquet."""

    def candles(self, path: Path, options: ReadOptions) -> CandleTable:
        frame = open_table(path)
        try:
            return _candles(frame, options)
        except DataError as error:
            raise DataError(f"{path.name}: {error}") from error

    def rates(self, path: Path, options: ReadOptions) -> RateTable:
        frame = open_table(path)
        try:
            columns = find_rate_columns(frame.columns, options)
            ts, notes = to_ns(frame[columns.by_role["time"]], options.time_unit)
            rate = to_numbers(frame[columns.by_role["rate"]])
        except DataError as error:
            raise DataError(f"{path.name}: {error}") from error
        return RateTable(ts, rate, columns.by_role, notes)


def _candles(frame: pl.DataFrame, options: ReadOptions) -> CandleTable:
    columns = find_columns(frame.columns, options)
    ts, notes = to_ns(frame[columns.by_role["time"]], options.time_unit)
    o, high, low, close = _prices(frame, columns.by_role)
    volume = _volume(frame, columns) if options.needs_volume else np.zeros(len(ts))
    stamp = columns.stamp or _ask_for_stamp(columns.by_role["time"], ts, volume, options)
    ts, moved = _on_grid(ts, options)
    _check_spacing(ts, options)
    unit, said = _unit(columns, options)
    if unit == "quote":
        with np.errstate(divide="ignore", invalid="ignore"):
            volume = volume * 3.0 / (high + low + close)
    ts_open = ts - options.timeframe.ns if stamp == "close" else ts
    bars = make_bars(ts_open, (o, high, low, close), volume, options.timeframe)
    return CandleTable(bars, columns.by_role, stamp, (*notes, *moved, *said))


def _prices(frame: pl.DataFrame, by_role: dict[str, str]) -> tuple[FloatColumn, FloatColumn, FloatColumn, FloatColumn]:
    if "open" in by_role:
        o, high, low, close = (to_numbers(frame[by_role[role]]) for role in ("open", "high", "low", "close"))
        return o, high, low, close
    if "spread" in by_role:
        spread = to_numbers(frame[by_role["spread"]])
    else:
        # The difference of two prices has the noise of both; no market quotes finer than a hundred-millionth.
        spread = np.round(to_numbers(frame[by_role["ask"]]) - to_numbers(frame[by_role["bid"]]), 8)
    return spread, spread, spread, spread


def _ask_for_stamp(name: str, ts: IntColumn, volume: FloatColumn, options: ReadOptions) -> Convention:
    evidence = volume_evidence(ts, volume, options.timeframe)
    raise DataError(
        f"column {name!r} does not say whether it is a bar's open or close; {evidence}; "
        "give --stamp open or --stamp close"
    )


def _volume(frame: pl.DataFrame, columns: Columns) -> FloatColumn:
    column = frame[columns.by_role["volume"]]
    if column.null_count() == len(column):
        raise DataError(f"column {column.name!r} is empty throughout; give --kind mark if these are mark prices")
    return to_numbers(column)


def _on_grid(ts: IntColumn, options: ReadOptions) -> tuple[IntColumn, tuple[str, ...]]:
    snapped, moved = snap(ts, options.timeframe)
    if not moved.any():
        return ts, ()
    furthest = int(np.abs(snapped - ts).max()) / SECOND_NS * 1e3
    return snapped, (f"{int(moved.sum()):,} stamps stood up to {furthest:g} ms beside the grid and were moved onto it",)


def _check_spacing(ts: IntColumn, options: ReadOptions) -> None:
    steps = np.diff(np.unique(ts))
    if len(steps) and (usual := int(np.median(steps))) != options.timeframe.ns:
        raise DataError(f"rows are {usual / SECOND_NS:g} s apart; --timeframe {options.timeframe} does not fit")


def _unit(columns: Columns, options: ReadOptions) -> tuple[str, tuple[str, ...]]:
    if not options.needs_volume:
        return "base", ()
    unit = options.volume_unit or columns.volume_unit or "base"
    if unit == "quote":
        return unit, ("volume is in quote currency: divided by the typical price (high + low + close) / 3",)
    if options.volume_unit or columns.volume_unit:
        return unit, ()
    return unit, ("volume is taken as base currency; give --volume-unit quote if it is not",)
