"""Operations on evaluations, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Evaluations"]


class BacktestIn(TypedDict):
    """A backtest; what is left out is taken from the strategy or the stored data."""

    commission: NotRequired[float | None]
    costs: NotRequired[dict[str, Any]]
    end_date: NotRequired[str | None]
    fills: NotRequired[dict[str, Any]]
    initial_balance: NotRequired[float]
    limits: NotRequired[dict[str, Any]]
    params: NotRequired[dict[str, Any]]
    partial: NotRequired[bool]
    path: NotRequired[Literal["auto", "signals", "on_bar"]]
    priority: NotRequired[int]
    risk: NotRequired[dict[str, Any]]
    seed: NotRequired[int]
    start_date: NotRequired[str | None]
    strategy: str
    symbol: NotRequired[str | None]
    symbols: NotRequired[list[str]]
    tag: NotRequired[str | None]
    tf_roles: NotRequired[dict[str, Any]]
    timeframes: NotRequired[list[str]]
    venue: NotRequired[str | None]


class CellOut(TypedDict):
    """What one strategy did on one instrument in one period."""

    instrument: str
    period: int
    total_return: float | None
    trades: int


class EvaluationIn(TypedDict):
    """What is to be compared; what is left out stands for all."""

    costs: NotRequired[dict[str, Any]]
    end_date: NotRequired[str | None]
    fills: NotRequired[dict[str, Any]]
    initial_balance: NotRequired[float]
    periods: NotRequired[int]
    priority: NotRequired[int]
    risk: NotRequired[dict[str, Any]]
    seed: NotRequired[int]
    start_date: NotRequired[str | None]
    strategies: NotRequired[list[str]]
    symbols: NotRequired[list[str]]
    timeframe: NotRequired[str | None]
    venue: NotRequired[str | None]


class EvaluationList(TypedDict):
    """Ids of evaluations, newest first."""

    items: list[str]


class EvaluationOut(TypedDict):
    """Strategies side by side, and whether the sample says which is the best."""

    asked: dict[str, Any]
    cells: dict[str, list[CellOut]]
    created_at: str
    id: str
    instruments: list[str]
    mean_block: float
    periods: list[list[Any]]
    skipped: dict[str, str]
    span: Literal["day", "hour"]
    spans: int
    standings: list[StandingOut]
    told: bool


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


class StandingOut(TypedDict):
    """Where a strategy stands."""

    behind_low: float | None
    best_chance: float | None
    high: float | None
    low: float | None
    rank: int
    sharpe: float | None
    spans_needed: int | None
    strategy: str
    total_return: float
    trades: int
    verdict: Literal["best", "behind", "not_told_apart", "few_trades", "no_figures", "leaks"]
    worst_period: float | None


class SweepIn(TypedDict):
    """A backtest for each combination of values."""

    backtest: BacktestIn
    grid: dict[str, Any]
    priority: NotRequired[int]


class Evaluations:
    """Operations on evaluations."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_evaluations(self) -> EvaluationList:
        """List evaluations, newest first."""
        found: EvaluationList = self._sender.send("GET", "/api/v1/evaluations")
        return found

    def create_evaluation(self, body: EvaluationIn) -> JobOut:
        """Have strategies run on instruments and ranked, with a heat map, and whether the sample is large enough."""
        found: JobOut = self._sender.send("POST", "/api/v1/evaluations", body=body)
        return found

    def read_evaluation(self, evaluation_id: str) -> EvaluationOut:
        """Tell an evaluation: standings, and the cells of its heat map."""
        found: EvaluationOut = self._sender.send("GET", f"/api/v1/evaluations/{quote(str(evaluation_id), safe='')}")
        return found

    def read_evaluation_report(self, evaluation_id: str) -> bytes:
        """Give the heat map as a page that needs nothing else."""
        found: bytes = self._sender.send("GET", f"/api/v1/evaluations/{quote(str(evaluation_id), safe='')}/report")
        return found

    def create_sweep(self, body: SweepIn) -> JobOut:
        """Have a strategy run with every combination of values; the job's result has a row of figures for each."""
        found: JobOut = self._sender.send("POST", "/api/v1/sweeps", body=body)
        return found
