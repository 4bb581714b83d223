"""Operations on portfolio, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Portfolio"]


class Asked(TypedDict):
    """A wish was left for a session. GET /deployments/{name}/answer tells what became of it."""

    asked: str
    deployment: str
    session: str
    wishes: list[int]


class ClosePosition(TypedDict):
    """How much of a position is closed."""

    instrument: str
    part: NotRequired[float]
    position_side: NotRequired[Literal["long", "short"] | None]


class EquityPage(TypedDict):
    """Points of equity, newest first."""

    items: list[EquityView]
    next: NotRequired[str | None]


class EquityView(TypedDict):
    """What a deployment was worth at a close."""

    drawdown: float
    equity: str
    session: str
    ts: str


class FillPage(TypedDict):
    """Fills, newest first."""

    items: list[FillView]
    next: NotRequired[str | None]


class FillView(TypedDict):
    """An execution."""

    fee: str
    fee_asset: str
    id: str
    instrument: str
    is_maker: bool
    order: str
    price: str
    quantity: str
    session: str
    side: str
    ts: str


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class PartView(TypedDict):
    """What one deployment contributes."""

    as_of: str
    balance_at_start: str
    day_profit: NotRequired[str]
    deployment: str
    equity: str
    exposure: str
    fees: str
    funding: str
    open_profit: str
    realised: str
    session: str
    state: str
    wallet: str


class PerformanceList(TypedDict):
    """Figures, by deployment."""

    items: list[PerformanceView]


class PerformanceView(TypedDict):
    """Figures of a deployment so far: the names and meanings are those of a backtest's metrics."""

    deployment: str
    figures: dict[str, float | int | None]
    session: str


class PortfolioView(TypedDict):
    """Money of several deployments, in quote currency."""

    balance_at_start: str
    day_profit: NotRequired[str]
    deployments: list[PartView]
    equity: str
    exposure: str
    fees: str
    funding: str
    mode: Literal["simulation", "live"]
    open_profit: str
    positions: list[PositionView]
    realised: str
    wallet: str


class PositionList(TypedDict):
    """Positions, by deployment."""

    items: list[PositionView]


class PositionView(TypedDict):
    """What is held of an instrument."""

    deployment: str
    entry: str
    instrument: str
    price: str
    profit: str
    quantity: str
    side: Literal["long", "short"]
    stop: NotRequired[str | None]
    target: NotRequired[str | None]


class ProtectPosition(TypedDict):
    """Where a position is left: prices of its stop-loss and its take-profit; null leaves them as they are."""

    instrument: str
    position_side: NotRequired[Literal["long", "short"] | None]
    stop_loss: NotRequired[float | str | None]
    take_profit: NotRequired[float | str | None]


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class TradePage(TypedDict):
    """Trades, newest first."""

    items: list[TradeView]
    next: NotRequired[str | None]


class TradeView(TypedDict):
    """A round trip."""

    entered: str
    entry_price: str
    exit_price: str | None
    exit_reason: str
    fees: str
    funding: str
    instrument: str
    left: str | None
    metadata: dict[str, Any]
    number: int
    pnl: str
    quantity: str
    session: str
    side: str
    stop_loss: str | None
    take_profit: str | None


class Portfolio:
    """Operations on portfolio."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_equity(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        deployment: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EquityPage:
        """List what deployments were worth at each close, newest first."""
        found: EquityPage = self._sender.send(
            "GET",
            "/api/v1/equity",
            query={"mode": mode, "deployment": deployment, "symbol": symbol, "limit": limit, "cursor": cursor},
        )
        return found

    def list_fills(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        deployment: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> FillPage:
        """List executions, newest first."""
        found: FillPage = self._sender.send(
            "GET",
            "/api/v1/fills",
            query={"mode": mode, "deployment": deployment, "symbol": symbol, "limit": limit, "cursor": cursor},
        )
        return found

    def read_performance(
        self, *, mode: Literal["simulation", "live"] | None = None, deployment: str | None = None
    ) -> PerformanceList:
        """Give the figures of deployments so far, by the names of a backtest's metrics."""
        found: PerformanceList = self._sender.send(
            "GET", "/api/v1/performance", query={"mode": mode, "deployment": deployment}
        )
        return found

    def read_portfolio(
        self, *, mode: Literal["simulation", "live"] | None = None, deployment: str | None = None
    ) -> PortfolioView:
        """Say what all deployments of a mode are worth, in sum and each."""
        found: PortfolioView = self._sender.send(
            "GET", "/api/v1/portfolio", query={"mode": mode, "deployment": deployment}
        )
        return found

    def list_positions(
        self, *, mode: Literal["simulation", "live"] | None = None, deployment: str | None = None
    ) -> PositionList:
        """List what is held."""
        found: PositionList = self._sender.send(
            "GET", "/api/v1/positions", query={"mode": mode, "deployment": deployment}
        )
        return found

    def close_position(self, deployment: str, body: ClosePosition) -> Asked:
        """Close a position, or a part of it, at the market."""
        found: Asked = self._sender.send(
            "POST", f"/api/v1/positions/{quote(str(deployment), safe='')}/close", body=body
        )
        return found

    def protect_position(self, deployment: str, body: ProtectPosition) -> Asked:
        """Move the stop-loss or the take-profit of a position, or give it one."""
        found: Asked = self._sender.send("PUT", f"/api/v1/positions/{quote(str(deployment), safe='')}/exits", body=body)
        return found

    def list_trades(
        self,
        *,
        mode: Literal["simulation", "live"] | None = None,
        deployment: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TradePage:
        """List round trips, newest first; those that are open among them."""
        found: TradePage = self._sender.send(
            "GET",
            "/api/v1/trades",
            query={"mode": mode, "deployment": deployment, "symbol": symbol, "limit": limit, "cursor": cursor},
        )
        return found
