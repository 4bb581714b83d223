"""Stored market data, as it is asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from tradewright.api.models.charts import BarsOut
from tradewright.api.models.plain import FrameName, Moment, Sent, SymbolName, Value, VenueName, Word
from tradewright.domain.errors import InvalidValue
from tradewright.domain.times import iso
from tradewright.market.coverage_map import CoverageMap
from tradewright.ports.candle_store import CandleKey
from tradewright.services.heard_markets import HeardMarket
from tradewright.services.market_data import StoredSeries

__all__ = ["CandleQuery", "CandlesOut", "CheckDataIn", "CoverageOut", "DownloadIn", "FeaturesIn", "FeaturesOut",
           "HeardOut", "ImportQuery", "RepairDataIn", "SeriesList", "SeriesOut", "SyntheticIn"]  # fmt: skip


class SeriesOut(BaseModel):
    """A series that is stored."""

    kind: Literal["candles", "mark", "spread", "funding"]
    venue: str = Field(examples=["binance"])
    symbol: str = Field(examples=["BTC/USDT:USDT"])
    timeframe: str | None = Field(description="Of the bars; null for funding.", examples=["1h"])
    rows: int
    first: str = Field(description="Open of the first.", examples=["2024-01-01T00:00:00Z"])
    last: str = Field(description="Open of the last.")
    missing: int = Field(description="Bars missing in between.")
    filled: int = Field(description="Invented bars.")

    @classmethod
    def of(cls, one: StoredSeries) -> Self:
        """A series as an answer."""
        return cls(
            kind=one.kind, venue=one.venue, symbol=one.symbol, timeframe=one.timeframe or None, rows=one.count,
            first=iso(one.first), last=iso(one.last), missing=one.missing, filled=one.filled,
        )  # fmt: skip


class SeriesList(BaseModel):
    """All series that are stored."""

    items: list[SeriesOut]


class StretchOut(BaseModel):
    """A part of the time between the first bar and the last."""

    begin: str
    wanted: int = Field(description="How many bars there should be.")
    stored: int = Field(description="How many there are.")
    filled: int = Field(description="How many of these were invented.")


class GapOut(BaseModel):
    """Bars that are missing in a row."""

    begin: str = Field(description="Open of the first.")
    end: str = Field(description="Close of the last.")
    bars: int


class CoverageOut(BaseModel):
    """Where in time the candles of a series are."""

    venue: str = Field(examples=["binance"])
    symbol: str = Field(examples=["BTC/USDT:USDT"])
    timeframe: str = Field(examples=["1m"])
    length_s: int = Field(description="Of a stretch; the last may be shorter.")
    stretches: list[StretchOut]
    gaps: list[GapOut] = Field(description="In the order of time; the longest, where there are more than a hundred.")
    gap_count: int

    @classmethod
    def of(cls, key: CandleKey, found: CoverageMap) -> Self:
        """A map as an answer."""
        stretches = [StretchOut(begin=iso(one.begin), wanted=one.wanted, stored=one.stored, filled=one.filled)
                     for one in found.stretches]  # fmt: skip
        gaps = [GapOut(begin=iso(one.first), end=iso(one.first + one.count * key.timeframe.ns), bars=one.count)
                for one in found.gaps]  # fmt: skip
        return cls(venue=key.venue, symbol=key.symbol, timeframe=str(key.timeframe),
                   length_s=found.length // 1_000_000_000, stretches=stretches, gaps=gaps,
                   gap_count=found.gap_count)  # fmt: skip


class DownloadIn(Sent):
    """What is to be fetched from a venue."""

    exchange: VenueName = Field(examples=["binance"])
    symbols: list[SymbolName] = Field(min_length=1, max_length=500)
    timeframes: list[FrameName] = Field(default=["1m"], max_length=20)
    start_date: Moment = Field(description="Open of the first bar.")
    end_date: Moment | None = Field(None, description="Close of the last; the present.")
    kinds: list[Literal["candles", "mark", "funding"]] = Field(default=["candles"], min_length=1, max_length=3)
    priority: int = Field(5, ge=0, le=9)


class SyntheticIn(Sent):
    """A market that never was."""

    symbol: SymbolName
    timeframe: FrameName = "1m"
    venue: VenueName = "synthetic"
    start_date: Moment | None = Field(None, description="Open of the first bar; 2024-01-01.")
    end_date: Moment | None = Field(None, description="Close of the last; or say `days`.")
    days: float | None = Field(None, gt=0, le=10_000, description="Length; 30.")
    seed: int = Field(7, ge=0, le=2**31, description="Same seed, same market.")
    price: float = Field(20_000.0, gt=0, le=1e9, description="First open.")
    volatility: float = Field(0.6, gt=0, le=10, description="Yearly, 0.6 is 60 %.")
    replace: bool = Field(False, description="Take the place of another series.")
    priority: int = Field(6, ge=0, le=9)

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.days is not None and self.end_date is not None:
            raise InvalidValue("days", self.days, "days or end_date, not both")
        return self


class CheckDataIn(Sent):
    """Which series are to be checked; what is left out stands for all."""

    venue: VenueName | None = None
    symbol: SymbolName | None = None
    timeframe: FrameName | None = None
    priority: int = Field(5, ge=0, le=9)


class RepairDataIn(CheckDataIn):
    """Which series are to be repaired; what is left out stands for all."""

    fill: bool = Field(False, description="Make up the bars that are missing, and mark them; else they stay missing.")


ColumnName = Annotated[
    str, Field(max_length=120, pattern=r"^(time|open|high|low|close|volume|bid|ask|spread|rate)=\S.*$")
]


class ImportQuery(Sent):
    """What a file holds."""

    venue: VenueName
    symbol: SymbolName = Field(description="In full: BTC/USDT, or BTC/USDT:USDT for a perpetual.")
    timeframe: FrameName | None = Field(None, description="Not needed for funding.")
    kind: Literal["candles", "mark", "spread", "funding"] = "candles"
    stamp: Literal["open", "close"] | None = Field(None, description="What a row's time is.")
    volume_unit: Literal["base", "quote"] | None = None
    time_unit: Literal["s", "ms", "us", "ns"] | None = None
    columns: list[ColumnName] = Field(
        default=[], max_length=10, description="Which column holds what, where names do not say it.",
        examples=[["time=Date", "close=Last"]],
    )  # fmt: skip
    repair: bool = Field(False, description="Mend or drop rows at fault.")
    replace: bool = Field(False, description="New bars win over stored ones.")
    format: Literal["csv", "parquet"] = "csv"


class CandleQuery(Sent):
    """Which bars."""

    symbol: SymbolName
    timeframe: FrameName = "1h"
    venue: VenueName | None = None
    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    limit: int = Field(1_000, ge=1, le=20_000, description="Bars; the last ones are told.")


class CandlesOut(BarsOut):
    """Bars as columns."""

    venue: str
    earlier: bool = Field(description="There are bars before these.")


class HeardOut(BaseModel):
    """A market that a session hears."""

    venue: str
    symbol: str = Field(examples=["BTC/USDT:USDT"])
    timeframe: str = Field(description="Of the session's bars; longer ones can be made of them.")
    deployment: str = Field(description="Whose session.")
    rows: int = Field(description="Bars that are kept for charts.")
    first: str = Field(description="Open of the first.")
    last: str = Field(description="Open of the last.")

    @classmethod
    def of(cls, one: HeardMarket) -> Self:
        """A market as an answer."""
        ts = one.bars.ts_open
        return cls(venue=one.venue, symbol=one.symbol, timeframe=one.timeframe, deployment=one.deployment,
                   rows=ts.size, first=iso(int(ts[0])), last=iso(int(ts[-1])))  # fmt: skip


class IndicatorIn(Sent):
    """An indicator with its parameters."""

    name: Word = Field(examples=["rsi"])
    params: dict[Word, Value] = Field(default={}, max_length=20, examples=[{"n": 14}])


class FeaturesIn(Sent):
    """What is to be reckoned over a stretch of a market."""

    symbol: SymbolName
    timeframe: FrameName = "1h"
    venue: VenueName | None = None
    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    limit: int = Field(1_000, ge=10, le=5_000)
    indicators: list[IndicatorIn] = Field(default=[], max_length=20)
    drawings: list[Literal["smart_money", "patterns", "levels"]] = Field(default=[], max_length=3)


class FeaturesOut(BaseModel):
    """Indicators as columns beside `time`, and drawings."""

    time: list[int] = Field(description="Opens of bars, UTC ms.")
    indicators: dict[str, dict[str, list[float | None]]] = Field(description="Indicator to output to values.")
    drawings: list[dict[str, Any]] = Field(
        description="`kind`, `side`, `shape` (point, path, box), `points` (time, price), `known` (when), `state`."
    )


class IndicatorOut(BaseModel):
    """An indicator that can be asked for."""

    name: str
    title: str
    family: str
    unit: str
    outputs: list[str]
    parameters: list[dict[str, Any]]
