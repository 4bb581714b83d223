"""Funding rates as Parquet files: `{venue}/{symbol}.parquet`."""

from __future__ import annotations

from pathlib import Path

from tradewright.adapters.storage.atomic import replacing
from tradewright.adapters.storage.file_names import symbol_of
from tradewright.adapters.storage.frames import pl, schema_of
from tradewright.domain.errors import StoreError
from tradewright.domain.instrument import Instrument
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.ports.funding_store import Rates

__all__ = ["ParquetFunding"]

_KINDS = {"ts": "Int64", "rate": "Float64"}


class ParquetFunding:
    """Funding rates below a folder. Columns: `ts` (int64, UTC ns) and `rate` (float64, fraction per payment).

    Args:
        root: the folder; it is made when the first rates are saved.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def list(self) -> tuple[tuple[str, str], ...]:
        found = ((path.parent.name, symbol_of(path.stem)) for path in self._root.glob("*/*.parquet"))
        return tuple(sorted(found))

    def load(self, venue: str, symbol: str) -> Rates | None:
        path = self._path(venue, symbol)
        if not path.exists():
            return None
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise StoreError(f"{path}: not a readable Parquet file; delete it and import again") from error
        for name, kind in schema_of(_KINDS).items():
            if frame.schema.get(name) != kind or frame[name].null_count():
                raise StoreError(f"{path}: column {name!r} is not {kind} throughout; delete it and import again")
        return frame["ts"].to_numpy(), frame["rate"].to_numpy()

    def save(self, venue: str, symbol: str, ts: IntColumn, rate: FloatColumn) -> None:
        with replacing(self._path(venue, symbol)) as temporary:
            pl.DataFrame({"ts": ts, "rate": rate}, schema=schema_of(_KINDS)).write_parquet(
                temporary, compression="zstd"
            )

    def _path(self, venue: str, symbol: str) -> Path:
        return self._root / venue / f"{Instrument(symbol, venue).file_name}.parquet"
