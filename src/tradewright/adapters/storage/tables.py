"""CSV and Parquet files as frames, with every way they can fail put into words."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from tradewright.adapters.storage.frames import pl
from tradewright.domain.errors import DataError

__all__ = ["KLINE_COLUMNS", "open_table"]

# The venue's downloads come without a header line.
KLINE_COLUMNS = (
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "count",
    "taker_buy_volume",
    "taker_buy_quote_volume",
    "ignore",
)
_PARQUET = (".parquet", ".pq")
_CSV = (".csv", ".tsv", ".txt", ".csv.gz")
_EMPTY_TEXT = ["", "null", "NULL", "None", "NA", "N/A"]


def open_table(path: Path) -> pl.DataFrame:
    """Read a file; a CSV's columns stay text, so that a bad cell can be named later.

    Raises:
        DataError: it is absent, a folder, empty, of an unknown kind or damaged.
    """
    if path.is_dir():
        raise DataError(f"{path}: is a folder; give one CSV or Parquet file")
    if not path.is_file():
        raise DataError(f"{path}: there is no such file")
    name = path.name.lower()
    if not name.endswith((*_PARQUET, *_CSV)):
        raise DataError(f"{path}: the name ends neither in .csv nor in .parquet")
    try:
        frame = pl.read_parquet(path) if name.endswith(_PARQUET) else _read_csv(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{path}: cannot be read ({reason})") from error
    if frame.is_empty():
        raise DataError(f"{path}: holds no rows")
    return frame


def _read_csv(path: Path) -> pl.DataFrame:
    first = _first_line(path)
    separator = max(",;\t", key=first.count)
    names = next(csv.reader([first], delimiter=separator))
    is_headless = all(_is_number(name) for name in names)
    if is_headless and len(names) != len(KLINE_COLUMNS):
        raise DataError(f"{path}: the first line holds numbers, not column names; add a header line")
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated and not is_headless:
        raise DataError(f"{path}: two columns are called {repeated[0]!r}; rename one")
    return pl.read_csv(
        path,
        separator=separator,
        has_header=not is_headless,
        new_columns=list(KLINE_COLUMNS) if is_headless else None,
        infer_schema=False,
        null_values=_EMPTY_TEXT,
    )


def _first_line(path: Path) -> str:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8-sig") as lines:
        line = str(lines.readline()).strip("\r\n")
    if not line.strip():
        raise DataError(f"{path}: is empty, or its first line is")
    return line


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
