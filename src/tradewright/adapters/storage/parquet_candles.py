"""Candles as Parquet files: `{venue}/{symbol}/{timeframe}.parquet`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tradewright.adapters.storage.atomic import replacing
from tradewright.adapters.storage.file_names import symbol_of
from tradewright.adapters.storage.frames import pl, schema_of
from tradewright.adapters.storage.locking import writing
from tradewright.domain.errors import DataError, InvalidValue, StoreError
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.market.bars import IntColumn, make_bars
from tradewright.market.merge import MarkedBars, MergeOutcome, make_marked, merge, take
from tradewright.ports.candle_store import CandleKey

__all__ = ["ParquetCandles"]

_ROWS_TOGETHER = 1 << 15
"""Rows of a group in a file: three weeks of minutes."""

_KINDS = {
    "ts_open": "Int64",
    "open": "Float64",
    "high": "Float64",
    "low": "Float64",
    "close": "Float64",
    "volume": "Float64",
    "filled": "Boolean",
}


class ParquetCandles:
    """Candles below a folder, one Parquet file for a series.

    Columns: `ts_open` (int64, UTC ns), `open`, `high`, `low`, `close`, `volume` (float64), `filled` (bool).

    Args:
        root: the folder; it is made when the first series is saved.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def list(self) -> tuple[CandleKey, ...]:
        found = (_key_of(path) for path in self._root.glob("*/*/*.parquet"))
        return tuple(sorted(key for key in found if key is not None))

    def load(self, key: CandleKey, start: int | None = None, end: int | None = None) -> MarkedBars:
        path = self._path(key)
        if not path.is_file():
            raise StoreError(f"{key} is not stored")
        # Only groups of rows that reach into the range are read: a short stretch of a long series costs little.
        rows = pl.scan_parquet(path)
        if start is not None:
            rows = rows.filter(pl.col("ts_open") >= start)
        if end is not None:
            rows = rows.filter(pl.col("ts_open") <= end - key.timeframe.ns)
        try:
            frame = rows.collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise StoreError(f"{path}: not a readable Parquet file; delete it and import again") from error
        _check_schema(path, frame)
        return _marked(frame, key.timeframe)

    def save(self, key: CandleKey, marked: MarkedBars) -> None:
        with writing(self._path(key), str(key)):
            self._put(key, marked)

    def _put(self, key: CandleKey, marked: MarkedBars) -> None:
        bars = marked.bars
        columns = (bars.ts_open, bars.open, bars.high, bars.low, bars.close, bars.volume, marked.filled)
        frame = pl.DataFrame(dict(zip(_KINDS, columns, strict=True)), schema=schema_of(_KINDS))
        with replacing(self._path(key)) as temporary:
            frame.write_parquet(temporary, compression="zstd", row_group_size=_ROWS_TOGETHER)

    def merge(self, key: CandleKey, new: MarkedBars, *, replace: bool = False) -> MergeOutcome:
        with writing(self._path(key), str(key)):
            return self._merge(key, new, replace)

    def _merge(self, key: CandleKey, new: MarkedBars, replace: bool) -> MergeOutcome:
        old = self.load(key) if self._path(key).exists() else make_marked(take(new.bars, _NO_ROWS))
        _check_ascending(key, old)
        united, outcome = merge(old, new, key.timeframe)
        if outcome.conflicts and not replace:
            raise DataError(
                f"{key}: {len(outcome.conflicts):,} stored bars differ from the new ones, "
                f"the first at {iso(outcome.conflicts[0])}; give --replace-conflicts to take the new ones"
            )
        if outcome.added or outcome.upgraded or outcome.conflicts:
            self._put(key, united)
        return outcome

    def delete(self, key: CandleKey) -> None:
        path = self._path(key)
        if not path.is_file():
            raise StoreError(f"{key} is not stored")
        with writing(path, str(key)):
            path.unlink()

    def _path(self, key: CandleKey) -> Path:
        return self._root / key.venue / Instrument(key.symbol, key.venue).file_name / f"{key.timeframe}.parquet"


_NO_ROWS: IntColumn = np.empty(0, np.int64)


def _key_of(path: Path) -> CandleKey | None:
    # Files that are not ours have other names: they are left alone.
    try:
        return CandleKey(path.parent.parent.name, symbol_of(path.parent.name), Timeframe.parse(path.stem))
    except InvalidValue:
        return None


def _check_schema(path: Path, frame: pl.DataFrame) -> None:
    for name, kind in schema_of(_KINDS).items():
        if frame.schema.get(name) != kind:
            raise StoreError(f"{path}: column {name!r} is {frame.schema.get(name, 'absent')}, expected {kind}")
        if frame[name].null_count():
            raise StoreError(f"{path}: column {name!r} has empty rows; delete the file and import again")


def _check_ascending(key: CandleKey, stored: MarkedBars) -> None:
    if (np.diff(stored.bars.ts_open) <= 0).any():
        raise StoreError(f"{key}: the stored bars are not in order; run 'tradewright data repair' first")


def _marked(frame: pl.DataFrame, timeframe: Timeframe) -> MarkedBars:
    o, high, low, close, volume = (frame[name].to_numpy() for name in ("open", "high", "low", "close", "volume"))
    bars = make_bars(frame["ts_open"].to_numpy(), (o, high, low, close), volume, timeframe)
    return MarkedBars(bars, np.ascontiguousarray(frame["filled"].to_numpy()))
