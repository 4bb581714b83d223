"""Files that somebody else wrote: candles and funding rates to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, FloatColumn, IntColumn
from tradewright.market.stamps import Convention

__all__ = ["ROLES", "CandleFiles", "CandleTable", "RateTable", "ReadOptions", "TimeUnit", "VolumeUnit"]

VolumeUnit = Literal["base", "quote"]
TimeUnit = Literal["s", "ms", "us", "ns"]
ROLES = ("time", "open", "high", "low", "close", "volume", "rate", "spread", "bid", "ask")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says of a file; None is to be found out, and asked for where it is ambiguous.

    Args:
        timeframe: of the bars.
        base: base currency, to understand a column such as `volume_btc`.
        quote: quote currency, the same.
        stamp: whether time stamps are a bar's open or close.
        volume_unit: currency of the volume.
        time_unit: of whole-number stamps.
        columns: role to column name, for names that are not understood.
        needs_volume: False for mark prices, which have none.
        is_spread: the file holds a spread: one column of it, or bid and ask, or it in the form of candles.
    """

    timeframe: Timeframe
    base: str = ""
    quote: str = ""
    stamp: Convention | None = None
    volume_unit: VolumeUnit | None = None
    time_unit: TimeUnit | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    needs_volume: bool = True
    is_spread: bool = False

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("--stamp", self.stamp, ("open", "close")),
            ("--volume-unit", self.volume_unit, ("base", "quote")),
            ("--time-unit", self.time_unit, ("s", "ms", "us", "ns")),
        ):
            if value is not None and value not in allowed:
                raise InvalidValue(name, value, f"one of {', '.join(allowed)}")
        for role, name in self.columns.items():
            if role not in ROLES:
                raise InvalidValue("--column", f"{role}={name}", f"one of {', '.join(ROLES)} before the '='")


@dataclass(frozen=True, slots=True)
class CandleTable:
    """A file's rows, in their order, faults and all.

    Args:
        bars: raw rows; `ts_open` follows the stamp convention, stamps a hair off the grid are snapped.
        columns: role to the column it was read from.
        stamp: the convention that was used.
        notes: what was found out or assumed, in plain words.
    """

    bars: Bars
    columns: dict[str, str]
    stamp: Convention
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateTable:
    """A file's funding rates, in the order of the file.

    Args:
        ts: int64, UTC ns, as stamped.
        rate: fraction per payment.
        columns: role to the column it was read from.
        notes: what was found out or assumed.
    """

    ts: IntColumn
    rate: FloatColumn
    columns: dict[str, str]
    notes: tuple[str, ...]


class CandleFiles(Protocol):
    """Reads CSV and Parquet files."""

    def candles(self, path: Path, options: ReadOptions) -> CandleTable:
        """Read candles.

        Raises:
            DataError: the file is absent, unreadable or ambiguous; says which option would settle it.
        """
        ...

    def rates(self, path: Path, options: ReadOptions) -> RateTable:
        """Read funding rates.

        Raises:
            DataError: the file is absent, unreadable or ambiguous.
        """
        ...
