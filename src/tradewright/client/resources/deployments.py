"""Operations on deployments, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Deployments"]


class Answer(TypedDict):
    """What became of what was asked of a deployment's session."""

    state: Literal["done", "refused", "waiting", "idle"]
    text: str


class ApartView(TypedDict):
    """An execution that is not the same in both."""

    expected: float | None
    instrument: str
    ours: float | None
    side: Literal["buy", "sell"]
    ts: str
    why: str


class DeploymentList(TypedDict):
    """Deployments, by name."""

    items: list[DeploymentView]


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


class DriftView(TypedDict):
    """What sets a session and the backtest over its bars apart."""

    deployment: str
    differences: int
    equity: float
    executions: int
    expected: int
    items: list[ApartView]
    score: float
    session: str
    worse_bps: float | None


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class NewDeployment(TypedDict):
    """A deployment that is to be."""

    capital: NotRequired[float | str | None]
    confirm_orders: NotRequired[bool | None]
    confirm_ttl_s: NotRequired[float | None]
    context: NotRequired[int | None]
    costs: NotRequired[dict[str, Any]]
    fills: NotRequired[dict[str, Any]]
    htf: NotRequired[str | None]
    instruments: list[str]
    limits: NotRequired[dict[str, Any]]
    matched_by: NotRequired[Literal["engine", "venue"] | None]
    mode: NotRequired[Literal["simulation", "live"]]
    name: str
    params: NotRequired[dict[str, Any]]
    risk: NotRequired[dict[str, Any]]
    seed: NotRequired[int | None]
    start: NotRequired[bool]
    strategy: str
    timeframe: NotRequired[str | None]


class Note(TypedDict):
    """Something that a session at a venue has noted."""

    text: str
    ts: str


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class SessionStatus(TypedDict):
    """What a session is, and how it stands. What only a session at a venue has is null elsewhere."""

    bars: int
    bars_missed: int
    differences: NotRequired[list[str] | None]
    equity: str
    foreign_orders: NotRequired[int | None]
    halted: NotRequired[str | None]
    instruments: list[str]
    last_close: str
    matched_by: Literal["engine", "venue"]
    notes: NotRequired[list[Note] | None]
    orders_unknown: NotRequired[int | None]
    params: dict[str, Any]
    paused: bool
    session: str
    strategy: str
    synced: NotRequired[bool | None]
    timeframe: str
    venue: str


class Swap(TypedDict):
    """Other parameters, or another strategy, for one that trades."""

    params: NotRequired[dict[str, Any]]
    strategy: NotRequired[str | None]


class TermsModel(TypedDict):
    """What a deployment trades, and how; what is left out is the strategy's or the configuration's."""

    capital: NotRequired[float | str | None]
    confirm_orders: NotRequired[bool | None]
    confirm_ttl_s: NotRequired[float | None]
    context: NotRequired[int | None]
    costs: NotRequired[dict[str, Any]]
    fills: NotRequired[dict[str, Any]]
    htf: NotRequired[str | None]
    instruments: list[str]
    limits: NotRequired[dict[str, Any]]
    matched_by: NotRequired[Literal["engine", "venue"] | None]
    params: NotRequired[dict[str, Any]]
    risk: NotRequired[dict[str, Any]]
    seed: NotRequired[int | None]
    strategy: str
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


class Deployments:
    """Operations on deployments."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_deployments(self, *, mode: Literal["simulation", "live"] | None = None) -> DeploymentList:
        """List deployments, those of the configuration among them."""
        found: DeploymentList = self._sender.send("GET", "/api/v1/deployments", query={"mode": mode})
        return found

    def create_deployment(self, body: NewDeployment) -> DeploymentView:
        """Add a deployment; with `start`, it begins to trade."""
        found: DeploymentView = self._sender.send("POST", "/api/v1/deployments", body=body)
        return found

    def get_deployment(self, name: str) -> DeploymentView:
        """Show what a deployment trades, and how it stands."""
        found: DeploymentView = self._sender.send("GET", f"/api/v1/deployments/{quote(str(name), safe='')}")
        return found

    def delete_deployment(self, name: str) -> None:
        """Forget one that does not trade; the journals and books of its sessions stay."""
        self._sender.send("DELETE", f"/api/v1/deployments/{quote(str(name), safe='')}")

    def read_answer(self, name: str, *, wish: list[int] | None = None, wait_s: float | None = None) -> Answer:
        """Tell what became of what was asked of its session. Of a number that nobody remembers, or never gave: `done`."""
        found: Answer = self._sender.send(
            "GET", f"/api/v1/deployments/{quote(str(name), safe='')}/answer", query={"wish": wish, "wait_s": wait_s}
        )
        return found

    def read_drift(self, name: str) -> DriftView:
        """Play its session again, run the backtest over the same bars, and say in what the two differ."""
        found: DriftView = self._sender.send("GET", f"/api/v1/deployments/{quote(str(name), safe='')}/drift")
        return found

    def flatten_deployment(self, name: str) -> DeploymentView:
        """Cancel every order of one and close every position."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/flatten")
        return found

    def kill_deployment(self, name: str) -> DeploymentView:
        """Cancel what may open a position, and open nothing any more; see also POST /risk/kill."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/kill")
        return found

    def pause_deployment(self, name: str) -> DeploymentView:
        """Let one open nothing more until it is resumed; what leaves, reduces and cancels still passes."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/pause")
        return found

    def reset_deployment(self, name: str) -> DeploymentView:
        """Begin anew with the same terms; the journal of the session before stays."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/reset")
        return found

    def resume_deployment(self, name: str) -> DeploymentView:
        """End a pause."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/resume")
        return found

    def start_deployment(self, name: str) -> DeploymentView:
        """Let one trade; it goes on where it ended."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/start")
        return found

    def read_deployment_status(self, name: str) -> SessionStatus:
        """Say how its session stands: what it trades, its equity, what holds it back."""
        found: SessionStatus = self._sender.send("GET", f"/api/v1/deployments/{quote(str(name), safe='')}/status")
        return found

    def stop_deployment(self, name: str) -> DeploymentView:
        """Let one trade no more; what protects its positions stays at the venue."""
        found: DeploymentView = self._sender.send("POST", f"/api/v1/deployments/{quote(str(name), safe='')}/stop")
        return found

    def swap_deployment(self, name: str, body: Swap) -> DeploymentView:
        """Go on with other parameters, or another strategy: what is held and waits stays."""
        found: DeploymentView = self._sender.send(
            "POST", f"/api/v1/deployments/{quote(str(name), safe='')}/swap", body=body
        )
        return found

    def update_deployment_terms(self, name: str, body: TermsModel) -> DeploymentView:
        """Give one other terms: it begins anew with them, and the journal of the session before stays."""
        found: DeploymentView = self._sender.send(
            "PUT", f"/api/v1/deployments/{quote(str(name), safe='')}/terms", body=body
        )
        return found
