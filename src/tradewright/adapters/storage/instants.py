"""Time columns of any kind as UTC nanoseconds."""

from __future__ import annotations

import numpy as np

from tradewright.adapters.storage.frames import pl
from tradewright.domain.errors import DataError
from tradewright.domain.times import parse_time
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.ports.candle_files import TimeUnit

__all__ = ["to_ns", "to_numbers"]

_NS_PER: dict[TimeUnit, int] = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
# Seconds of a time at which there was a market of this kind: the spans of two units never overlap.
_EARLIEST, _LATEST = parse_time("2009-01-03") // 10**9, parse_time("2100-01-01") // 10**9
_YEARS = (1970, 2200)
_ISO = (
    r"^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?(?:\.(\d{1,9}))?)?"
    r"\s*(?:Z|UTC|([+-])(\d{2}):?(\d{2}))?\s*$"
)
_ALLOWED = "an ISO time such as 2022-01-01T12:30:00Z, or whole seconds, ms, us or ns since 1970"


def to_ns(column: pl.Series, unit: TimeUnit | None) -> tuple[IntColumn, tuple[str, ...]]:
    """Read a time column: dates and times, ISO text with or without an offset, numbers since 1970.

    Args:
        column: as it stands in the file.
        unit: of numbers; None finds it by magnitude.

    Returns:
        int64 (n,), UTC ns, and notes on what was assumed.

    Raises:
        DataError: a cell is empty or no time, or the unit is in doubt.
    """
    if column.null_count():
        raise DataError(f"row {_first(column.is_null())}: column {column.name!r} is empty")
    if column.dtype.is_temporal():
        return _from_temporal(column)
    if column.dtype == pl.String:
        numbers = column.cast(pl.Float64, strict=False)
        if numbers.null_count():
            return _from_text(column)
        whole = column.cast(pl.Int64, strict=False)
        column = numbers if whole.null_count() else whole
    if not column.dtype.is_numeric():
        raise DataError(f"column {column.name!r} holds {column.dtype}; expected {_ALLOWED}")
    return _from_numbers(column, unit)


def to_numbers(column: pl.Series) -> FloatColumn:
    """Read a column of numbers; empty cells become NaN.

    Raises:
        DataError: a cell is no number; names row and cell.
    """
    if not (column.dtype == pl.String or column.dtype.is_numeric() or column.dtype == pl.Null):
        raise DataError(f"column {column.name!r} holds {column.dtype}; expected numbers")
    numbers = column.cast(pl.Float64, strict=False)
    broken = numbers.is_null() & column.is_not_null()
    if broken.any():
        row = _first(broken)
        raise DataError(f"row {row}: column {column.name!r} has {column[row - 1]!r}, which is not a number")
    return np.ascontiguousarray(numbers.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _from_temporal(column: pl.Series) -> tuple[IntColumn, tuple[str, ...]]:
    if not isinstance(column.dtype, pl.Datetime | pl.Date):
        raise DataError(f"column {column.name!r} holds {column.dtype}; expected {_ALLOWED}")
    zone = column.dtype.time_zone if isinstance(column.dtype, pl.Datetime) else None
    notes = () if zone else (f"column {column.name!r} has no time zone: taken as UTC",)
    stamps = column.cast(pl.Datetime("us", zone)) if column.dtype == pl.Date else column
    years = stamps.dt.year()
    outside = ~years.is_between(*_YEARS)
    if outside.any():
        row = _first(outside)
        raise DataError(
            f"row {row}: column {column.name!r} has {column[row - 1]}; expected a year from {_YEARS[0]} to {_YEARS[1]}"
        )
    return np.ascontiguousarray(stamps.dt.epoch("ns").to_numpy(), dtype=np.int64), notes


def _from_text(column: pl.Series) -> tuple[IntColumn, tuple[str, ...]]:
    parts = pl.DataFrame({"text": column}).select(
        pl.col("text").str.extract(_ISO, group).alias(name)
        for group, name in enumerate(("day", "minute", "second", "fraction", "sign", "hours", "minutes"), start=1)
    )
    local = pl.concat_str(
        "day", pl.lit(" "), pl.col("minute").fill_null("00:00"), pl.lit(":"), pl.col("second").fill_null("00")
    )
    offset = (pl.col("hours").cast(pl.Int64) * 60 + pl.col("minutes").cast(pl.Int64)) * 60 * _NS_PER["s"]
    read = parts.select(
        (
            local.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms", strict=False).dt.epoch("s") * _NS_PER["s"]
            + pl.col("fraction").str.pad_end(9, "0").cast(pl.Int64).fill_null(0)
            - pl.when(pl.col("sign") == "-").then(-offset).otherwise(offset).fill_null(0)
        ).alias("ts")
    )["ts"]
    if read.null_count():
        row = _first(read.is_null())
        raise DataError(f"row {row}: column {column.name!r} has {column[row - 1]!r}; expected {_ALLOWED}")
    has_zone = column.str.contains(r"(Z|UTC|[+-]\d{2}:?\d{2})\s*$") & column.str.contains(":")
    notes = () if has_zone.all() else (f"column {column.name!r} has no time zone: taken as UTC",)
    return np.ascontiguousarray(read.to_numpy(), dtype=np.int64), notes


def _from_numbers(column: pl.Series, unit: TimeUnit | None) -> tuple[IntColumn, tuple[str, ...]]:
    values = column.to_numpy()
    lowest, highest = float(values.min()), float(values.max())
    fitting = [
        name for name, per in _NS_PER.items() if lowest * per >= _EARLIEST * 1e9 and highest * per < _LATEST * 1e9
    ]
    if unit is None and len(fitting) != 1:
        raise DataError(
            f"column {column.name!r} runs from {lowest:.16g} to {highest:.16g}: "
            "the unit is in doubt; give --time-unit s, ms, us or ns"
        )
    chosen = unit or fitting[0]
    if not 0 <= lowest * _NS_PER[chosen] <= highest * _NS_PER[chosen] < 2**62:
        raise DataError(f"column {column.name!r}: {highest:.16g} {chosen} is outside the years 1970 to 2115")
    if column.dtype.is_integer():
        stamps = values.astype(np.int64) * _NS_PER[chosen]
    else:
        stamps = np.rint(values * float(_NS_PER[chosen])).astype(np.int64)
    return np.ascontiguousarray(stamps, dtype=np.int64), (f"column {column.name!r} counts {chosen} since 1970",)


def _first(mask: pl.Series) -> int:
    # Rows are counted from 1 below the header, as a reader of the file counts them.
    return int(mask.arg_true()[0]) + 1
