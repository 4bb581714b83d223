"""Operations on strategies, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Strategies"]


class ActivateIn(TypedDict):
    """Which strategy is to be traded."""

    deployment: NotRequired[str | None]
    params: NotRequired[dict[str, Any]]
    strategy: str


class Activated(TypedDict):
    """What is traded now."""

    deployment: str
    params: dict[str, Any]
    running: bool
    strategy: str


class BrokenOut(TypedDict):
    """A plug-in that cannot be used."""

    file: str
    line: int
    name: str
    reason: str


class CheckIn(TypedDict):
    """On what a strategy is to be checked; without a symbol, on a made-up market."""

    params: NotRequired[dict[str, Any]]
    priority: NotRequired[int]
    seed: NotRequired[int]
    symbol: NotRequired[str | None]
    timeframe: NotRequired[str | None]
    venue: NotRequired[str | None]


class CodeOut(TypedDict):
    """A strategy's code, to be read."""

    file: str
    name: str
    sha256: str
    text: str


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


class ParamOut(TypedDict):
    """A parameter."""

    allowed: str
    choices: list[str]
    default: int | float | bool | str
    doc: str
    high: float | None
    low: float | None
    name: str
    type: Literal["int", "float", "bool", "str"]


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class SchemaOut(TypedDict):
    """What a form for a strategy needs."""

    name: str
    parameters: dict[str, Any]
    presets: dict[str, dict[str, Any]]
    risk: dict[str, Any]
    timeframes: dict[str, str]
    version: str


class SourceOut(TypedDict):
    """The source of a strategy as it was when it ran."""

    sha256: str
    strategy: str
    text: str


class StrategyList(TypedDict):
    """All strategies, by name."""

    broken: list[BrokenOut]
    items: list[StrategyOut]


class StrategyOut(TypedDict):
    """What a strategy says of itself."""

    doc: str
    file: str
    htf: str | None
    ltf: str
    name: str
    origin: Literal["built_in", "yours", "installed"]
    params: list[ParamOut]
    paths: list[str]
    risk: dict[str, Any]
    summary: str
    version: str


class VersionOut(TypedDict):
    """One source of a strategy, and the results there are of it."""

    current: bool
    first_run: str | None
    kept: bool
    last_run: str | None
    runs: int
    sha256: str
    versions: list[str]


class Strategies:
    """Operations on strategies."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def read_backtest_source(self, backtest_id: str) -> SourceOut:
        """Show the source of the strategy that a result was made with."""
        found: SourceOut = self._sender.send("GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/source")
        return found

    def list_strategies(self) -> StrategyList:
        """List strategies: built in, the user's, and installed; and those that cannot be used, with the reason."""
        found: StrategyList = self._sender.send("GET", "/api/v1/strategies")
        return found

    def activate_strategy(self, body: ActivateIn) -> Activated:
        """Let a deployment trade a strategy from now on; what it holds stays. Without a name, the simulation is meant."""
        found: Activated = self._sender.send("POST", "/api/v1/strategies/activate", body=body)
        return found

    def read_strategy(self, name: str) -> StrategyOut:
        """Tell what a strategy says of itself."""
        found: StrategyOut = self._sender.send("GET", f"/api/v1/strategies/{quote(str(name), safe='')}")
        return found

    def check_strategy(self, name: str, body: CheckIn) -> JobOut:
        """Have it held to its contract and tested for knowledge of the future; the job's result is the passport."""
        found: JobOut = self._sender.send("POST", f"/api/v1/strategies/{quote(str(name), safe='')}/check", body=body)
        return found

    def read_strategy_code(self, name: str) -> CodeOut:
        """Show its code."""
        found: CodeOut = self._sender.send("GET", f"/api/v1/strategies/{quote(str(name), safe='')}/code")
        return found

    def list_strategy_parameters(self, name: str) -> list[ParamOut]:
        """List its parameters, in the order of its code."""
        found: list[ParamOut] = self._sender.send("GET", f"/api/v1/strategies/{quote(str(name), safe='')}/parameters")
        return found

    def read_strategy_schema(self, name: str) -> SchemaOut:
        """Tell what a form for its parameters needs: types, ranges, defaults, presets, timeframes with roles."""
        found: SchemaOut = self._sender.send("GET", f"/api/v1/strategies/{quote(str(name), safe='')}/schema")
        return found

    def list_strategy_versions(self, name: str) -> list[VersionOut]:
        """List what was run under a strategy's name: each source, when first and last, how often; and what there is now."""
        found: list[VersionOut] = self._sender.send("GET", f"/api/v1/strategies/{quote(str(name), safe='')}/versions")
        return found

    def read_strategy_version(self, name: str, sha256: str) -> SourceOut:
        """Show one of these sources."""
        found: SourceOut = self._sender.send(
            "GET", f"/api/v1/strategies/{quote(str(name), safe='')}/versions/{quote(str(sha256), safe='')}"
        )
        return found
