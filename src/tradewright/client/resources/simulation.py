"""Operations on simulation, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from tradewright.client.sender import Sender

__all__ = ["Simulation"]


class DeploymentView(TypedDict):
    """A deployment, and what became of it."""

    created: str
    detail: str
    mode: Literal["simulation", "live"]
    name: str
    origin: Literal["api", "configuration"]
    owner: str
    revision: int
    session: str
    state: Literal["stopped", "starting", "running", "stopping", "failed"]
    terms: TermsView
    updated: str
    wanted: Literal["running", "stopped"]
    wishes: list[int]


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


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class SimulationReset(TypedDict):
    """What is simulated from now on; what is left out stays as it was."""

    commission: NotRequired[float | None]
    confirm_orders: NotRequired[bool | None]
    confirm_ttl_s: NotRequired[float | None]
    initial_balance: NotRequired[float | str | None]
    instruments: NotRequired[list[str] | None]
    limits: NotRequired[dict[str, Any] | None]
    matched_by: NotRequired[Literal["engine", "venue"] | None]
    params: NotRequired[dict[str, Any] | None]
    risk: NotRequired[dict[str, Any] | None]
    slippage_bps: NotRequired[float | None]
    start: NotRequired[bool]
    strategy: NotRequired[str | None]
    timeframe: NotRequired[str | None]


class SimulationSettings(TypedDict):
    """What the simulation trades, and how. In a request, what is left out stays as it is."""

    commission: NotRequired[float | None]
    confirm_orders: NotRequired[bool | None]
    confirm_ttl_s: NotRequired[float | None]
    initial_balance: NotRequired[float | str | None]
    instruments: NotRequired[list[str] | None]
    limits: NotRequired[dict[str, Any] | None]
    matched_by: NotRequired[Literal["engine", "venue"] | None]
    params: NotRequired[dict[str, Any] | None]
    risk: NotRequired[dict[str, Any] | None]
    slippage_bps: NotRequired[float | None]
    strategy: NotRequired[str | None]
    timeframe: NotRequired[str | None]


class SimulationStart(TypedDict):
    """What is simulated. What is left out stays as it was, or is the usual; other terms begin a new session."""

    commission: NotRequired[float | None]
    confirm_orders: NotRequired[bool | None]
    confirm_ttl_s: NotRequired[float | None]
    initial_balance: NotRequired[float | str | None]
    instruments: NotRequired[list[str] | None]
    limits: NotRequired[dict[str, Any] | None]
    matched_by: NotRequired[Literal["engine", "venue"] | None]
    params: NotRequired[dict[str, Any] | None]
    risk: NotRequired[dict[str, Any] | None]
    slippage_bps: NotRequired[float | None]
    strategy: NotRequired[str | None]
    timeframe: NotRequired[str | None]


class SimulationState(TypedDict):
    """How the simulation stands."""

    bars: int
    detail: str
    equity: str | None
    exchange: str
    halted: str
    initial_balance: str
    is_running: bool
    paused: bool
    session: str | None
    settings: SimulationView
    status: Literal["stopped", "starting", "running", "stopping", "failed"]


class SimulationView(TypedDict):
    """What the simulation trades, and how."""

    commission: NotRequired[float | None]
    confirm_orders: NotRequired[bool | None]
    confirm_ttl_s: NotRequired[float | None]
    initial_balance: NotRequired[str | None]
    instruments: NotRequired[list[str] | None]
    limits: NotRequired[dict[str, Any] | None]
    matched_by: NotRequired[Literal["engine", "venue"] | None]
    params: NotRequired[dict[str, Any] | None]
    risk: NotRequired[dict[str, Any] | None]
    slippage_bps: NotRequired[float | None]
    strategy: NotRequired[str | None]
    timeframe: NotRequired[str | None]


class TermsView(TypedDict):
    """What a deployment trades, and how."""

    capital: str
    confirm_orders: bool
    confirm_ttl_s: float
    context: int
    costs: dict[str, Any]
    fills: dict[str, Any]
    htf: str | None
    instruments: list[str]
    limits: dict[str, Any]
    matched_by: Literal["engine", "venue"]
    params: dict[str, Any]
    risk: dict[str, Any]
    seed: int
    strategy: str
    timeframe: str | None


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


class Simulation:
    """Operations on simulation."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_simulation_performance(self, *, deployment: str | None = None) -> PerformanceList:
        """Give the figures of simulations so far."""
        found: PerformanceList = self._sender.send(
            "GET", "/api/v1/simulation/performance", query={"deployment": deployment}
        )
        return found

    def read_simulation_portfolio(self, *, deployment: str | None = None) -> PortfolioView:
        """Say what all simulations are worth, in sum and each."""
        found: PortfolioView = self._sender.send(
            "GET", "/api/v1/simulation/portfolio", query={"deployment": deployment}
        )
        return found

    def list_simulation_positions(self, *, deployment: str | None = None) -> PositionList:
        """List what simulations hold."""
        found: PositionList = self._sender.send("GET", "/api/v1/simulation/positions", query={"deployment": deployment})
        return found

    def reset_simulation(self, body: SimulationReset | None = None) -> DeploymentView:
        """Begin anew, with the capital at the start; what was traded before stays in the books under its session."""
        found: DeploymentView = self._sender.send("POST", "/api/v1/simulation/reset", body=body)
        return found

    def read_simulation_settings(self) -> SimulationView:
        """Say what the simulation trades, and how."""
        found: SimulationView = self._sender.send("GET", "/api/v1/simulation/settings")
        return found

    def update_simulation_settings(self, body: SimulationSettings) -> SimulationView:
        """Change what the simulation trades. Parameters change while it trades; anything else begins anew."""
        found: SimulationView = self._sender.send("PUT", "/api/v1/simulation/settings", body=body)
        return found

    def start_simulation(self, body: SimulationStart | None = None) -> DeploymentView:
        """Start the simulation, or let it go on where it ended."""
        found: DeploymentView = self._sender.send("POST", "/api/v1/simulation/start", body=body)
        return found

    def read_simulation_status(self) -> SimulationState:
        """Say how the simulation stands; `stopped`, with what it would trade, before it was ever started."""
        found: SimulationState = self._sender.send("GET", "/api/v1/simulation/status")
        return found

    def stop_simulation(self) -> DeploymentView:
        """Stop the simulation; it keeps what it holds, and goes on when it is started again."""
        found: DeploymentView = self._sender.send("POST", "/api/v1/simulation/stop")
        return found

    def list_simulation_trades(
        self,
        *,
        deployment: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TradePage:
        """List round trips of simulations, newest first."""
        found: TradePage = self._sender.send(
            "GET",
            "/api/v1/simulation/trades",
            query={"deployment": deployment, "symbol": symbol, "limit": limit, "cursor": cursor},
        )
        return found
