"""Operations on charts, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Charts"]


class CandlesOut(TypedDict):
    """Bars as columns."""

    close: list[float]
    earlier: bool
    high: list[float]
    low: list[float]
    open: list[float]
    symbol: str
    time: list[int]
    timeframe: str
    venue: str
    volume: list[float]


FeaturesIn = TypedDict(
    "FeaturesIn",
    {
        "drawings": "NotRequired[list[Literal['smart_money', 'patterns', 'levels']]]",
        "from": "NotRequired[str | None]",
        "indicators": "NotRequired[list[IndicatorIn]]",
        "limit": "NotRequired[int]",
        "symbol": "str",
        "timeframe": "NotRequired[str]",
        "to": "NotRequired[str | None]",
        "venue": "NotRequired[str | None]",
    },
)


class FeaturesOut(TypedDict):
    """Indicators as columns beside `time`, and drawings."""

    drawings: list[dict[str, Any]]
    indicators: dict[str, dict[str, list[float | None]]]
    time: list[int]


class HeardOut(TypedDict):
    """A market that a session hears."""

    deployment: str
    first: str
    last: str
    rows: int
    symbol: str
    timeframe: str
    venue: str


class IndicatorIn(TypedDict):
    """An indicator with its parameters."""

    name: str
    params: NotRequired[dict[str, Any]]


class IndicatorOut(TypedDict):
    """An indicator that can be asked for."""

    family: str
    name: str
    outputs: list[str]
    parameters: list[dict[str, Any]]
    title: str
    unit: str


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


class Charts:
    """Operations on charts."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_candles(
        self,
        *,
        symbol: str | None = None,
        timeframe: str | None = None,
        venue: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
    ) -> CandlesOut:
        """Tell bars of a market, the last ones of the stretch; shorter bars are joined where need be."""
        found: CandlesOut = self._sender.send(
            "GET",
            "/api/v1/candles",
            query={"symbol": symbol, "timeframe": timeframe, "venue": venue, "from": from_, "to": to, "limit": limit},
        )
        return found

    def list_heard_markets(self) -> list[HeardOut]:
        """List the markets that sessions hear: charts of them reach up to the last close, stored or not."""
        found: list[HeardOut] = self._sender.send("GET", "/api/v1/candles/heard")
        return found

    def list_features(self) -> list[IndicatorOut]:
        """List the indicators that can be asked for, with their parameters."""
        found: list[IndicatorOut] = self._sender.send("GET", "/api/v1/features")
        return found

    def read_features(self, body: FeaturesIn) -> FeaturesOut:
        """Reckon indicators, smart-money zones, patterns and levels over a stretch of a market."""
        found: FeaturesOut = self._sender.send("POST", "/api/v1/features", body=body)
        return found
