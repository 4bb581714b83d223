"""The tables of a run as Parquet files, and as CSV or JSON for other programs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tradewright.adapters.storage.frames import pl
from tradewright.domain.errors import StoreError
from tradewright.ports.result_store import Tables

__all__ = ["read_table", "read_tables", "replacing_folder", "table_rows", "tables_of", "write_csv", "write_tables"]

TABLES = ("trades", "equity", "fills", "orders", "refusals", "funding")
SOMETIMES = ("parents",)
"""Tables of some runs alone."""


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path`; when the block ends well, it becomes `path`, which must not exist.

    Raises:
        StoreError: the system refuses to write; there is no `path` then.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.mkdir(parents=True)
        yield draft
        draft.rename(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _frame(columns: Any) -> pl.DataFrame:
    # NaN means "not defined", which a file says with null.
    series = [
        pl.Series(name, values, dtype=pl.String if isinstance(values, list) else None)
        for name, values in columns.items()
    ]
    return pl.DataFrame(series).with_columns(pl.selectors.float().fill_nan(None))


def write_tables(folder: Path, tables: Tables) -> None:
    """Write `{name}.parquet` for each table."""
    for name, columns in tables.items():
        _frame(columns).write_parquet(folder / f"{name}.parquet", statistics=False)


def _read(folder: Path, name: str) -> pl.DataFrame:
    path = folder / f"{name}.parquet"
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"{path}: cannot be read ({reason})") from error


def tables_of(folder: Path) -> tuple[str, ...]:
    """Names of the tables that a run has."""
    return TABLES + tuple(name for name in SOMETIMES if (folder / f"{name}.parquet").is_file())


def read_tables(folder: Path) -> dict[str, dict[str, NDArray[Any] | list[str]]]:
    """Read what `write_tables` wrote.

    Raises:
        StoreError: a file is absent or damaged.
    """
    return {name: read_table(folder, name) for name in tables_of(folder)}


def read_table(folder: Path, name: str) -> dict[str, NDArray[Any] | list[str]]:
    """Read one of them.

    Raises:
        StoreError: its file is absent or damaged.
    """
    frame = _read(folder, name)
    return {column.name: column.to_list() if column.dtype == pl.String else column.to_numpy() for column in frame}


def table_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read one table as rows for JSON: None where a value is not defined."""
    return _read(folder, name).to_dicts()


def write_csv(folder: Path, name: str, path: Path) -> None:
    """Write one table as CSV: a header, empty cells where a value is not defined."""
    _read(folder, name).write_csv(path)
