"""Operations on data, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Data"]


class CheckDataIn(TypedDict):
    """Which series are to be checked; what is left out stands for all."""

    priority: NotRequired[int]
    symbol: NotRequired[str | None]
    timeframe: NotRequired[str | None]
    venue: NotRequired[str | None]


class CoverageOut(TypedDict):
    """Where in time the candles of a series are."""

    gap_count: int
    gaps: list[GapOut]
    length_s: int
    stretches: list[StretchOut]
    symbol: str
    timeframe: str
    venue: str


class DownloadIn(TypedDict):
    """What is to be fetched from a venue."""

    end_date: NotRequired[str | None]
    exchange: str
    kinds: NotRequired[list[Literal["candles", "mark", "funding"]]]
    priority: NotRequired[int]
    start_date: str
    symbols: list[str]
    timeframes: NotRequired[list[str]]


class GapOut(TypedDict):
    """Bars that are missing in a row."""

    bars: int
    begin: str
    end: str


class JobError(TypedDict):
    """Why a job failed."""

    allowed: NotRequired[str | None]
    code: str
    detail: str
    field: NotRequired[str | None]
    value: NotRequired[Any]


class JobOut(TypedDict):
    """Work that takes longer than a request."""

    attempts: int
    begun_at: NotRequired[str | None]
    cached: NotRequired[bool]
    created_at: str
    ended_at: NotRequired[str | None]
    error: NotRequired[JobError | None]
    fraction: float
    id: str
    kind: Literal[
        "backtest",
        "sweep",
        "evaluation",
        "strategy_check",
        "drift",
        "download",
        "import",
        "synthetic",
        "data_check",
        "data_repair",
        "features",
    ]
    owner: str
    priority: int
    request: dict[str, Any]
    result: NotRequired[dict[str, Any] | None]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    subject: str
    title: str


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class RepairDataIn(TypedDict):
    """Which series are to be repaired; what is left out stands for all."""

    fill: NotRequired[bool]
    priority: NotRequired[int]
    symbol: NotRequired[str | None]
    timeframe: NotRequired[str | None]
    venue: NotRequired[str | None]


class SeriesList(TypedDict):
    """All series that are stored."""

    items: list[SeriesOut]


class SeriesOut(TypedDict):
    """A series that is stored."""

    filled: int
    first: str
    kind: Literal["candles", "mark", "spread", "funding"]
    last: str
    missing: int
    rows: int
    symbol: str
    timeframe: str | None
    venue: str


class StretchOut(TypedDict):
    """A part of the time between the first bar and the last."""

    begin: str
    filled: int
    stored: int
    wanted: int


class SyntheticIn(TypedDict):
    """A market that never was."""

    days: NotRequired[float | None]
    end_date: NotRequired[str | None]
    price: NotRequired[float]
    priority: NotRequired[int]
    replace: NotRequired[bool]
    seed: NotRequired[int]
    start_date: NotRequired[str | None]
    symbol: str
    timeframe: NotRequired[str]
    venue: NotRequired[str]
    volatility: NotRequired[float]


class Data:
    """Operations on data."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_series(self, *, venue: str | None = None, symbol: str | None = None) -> SeriesList:
        """List what is stored: from when to when, what is missing in between, what was invented."""
        found: SeriesList = self._sender.send("GET", "/api/v1/data", query={"venue": venue, "symbol": symbol})
        return found

    def create_data_check(self, body: CheckDataIn) -> JobOut:
        """Have stored candles checked: every fault and every missing bar is named; nothing is changed."""
        found: JobOut = self._sender.send("POST", "/api/v1/data/checks", body=body)
        return found

    def read_coverage(
        self, *, venue: str | None = None, symbol: str | None = None, timeframe: str | None = None
    ) -> CoverageOut:
        """Tell where in time the candles of a series are, and where there are holes."""
        found: CoverageOut = self._sender.send(
            "GET", "/api/v1/data/coverage", query={"venue": venue, "symbol": symbol, "timeframe": timeframe}
        )
        return found

    def create_download(self, body: DownloadIn) -> JobOut:
        """Have a venue's history fetched; what is stored already is not fetched again."""
        found: JobOut = self._sender.send("POST", "/api/v1/data/downloads", body=body)
        return found

    def create_import(
        self,
        *,
        venue: str | None = None,
        symbol: str | None = None,
        timeframe: str | None = None,
        kind: Literal["candles", "mark", "spread", "funding"] | None = None,
        stamp: Literal["open", "close"] | None = None,
        volume_unit: Literal["base", "quote"] | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        columns: list[str] | None = None,
        repair: bool | None = None,
        replace: bool | None = None,
        format: Literal["csv", "parquet"] | None = None,
    ) -> JobOut:
        """Have a file of candles, marks, spreads or funding rates imported: its bytes are the body, at most 256 MB."""
        found: JobOut = self._sender.send(
            "POST",
            "/api/v1/data/imports",
            query={
                "venue": venue,
                "symbol": symbol,
                "timeframe": timeframe,
                "kind": kind,
                "stamp": stamp,
                "volume_unit": volume_unit,
                "time_unit": time_unit,
                "columns": columns,
                "repair": repair,
                "replace": replace,
                "format": format,
            },
        )
        return found

    def create_data_repair(self, body: RepairDataIn) -> JobOut:
        """Have stored candles repaired: rows at fault are mended or dropped; the job's result names everything done."""
        found: JobOut = self._sender.send("POST", "/api/v1/data/repairs", body=body)
        return found

    def create_synthetic_market(self, body: SyntheticIn) -> JobOut:
        """Have a market made up: regimes, clustered volatility, jumps. Same seed, same market."""
        found: JobOut = self._sender.send("POST", "/api/v1/data/synthetic", body=body)
        return found
