"""Operations on backtests, and what they take and give.

Written by `scripts/write_reference.py` from the schema; change the API instead.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict
from urllib.parse import quote

from tradewright.client.sender import Sender

__all__ = ["Backtests"]


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


class BacktestOut(TypedDict):
    """A result, whole but for its tables and curves."""

    analysis: dict[str, Any]
    created_at: str
    data: dict[str, Any]
    end_date: str
    final_balance: float
    fingerprints: dict[str, str]
    id: str
    initial_balance: float
    leak_passport: dict[str, Any] | None
    losing_trades: int
    max_drawdown: float
    metrics: dict[str, float | int | None]
    per_instrument: dict[str, dict[str, float | int | None]]
    refusals: dict[str, int]
    sharpe_ratio: float | None
    spec: dict[str, Any]
    start_date: str
    strategy: str
    symbol: str
    team: dict[str, Any]
    timeframe: str
    total_return: float
    total_trades: int
    venue: str
    warnings: list[WarningOut]
    win_rate: float
    winning_trades: int


class BacktestPage(TypedDict):
    """A part of the table of results."""

    items: list[BacktestRow]
    next: NotRequired[str | None]


class BacktestRow(TypedDict):
    """A result in a list."""

    created_at: str
    end_date: str
    figures: dict[str, float | int | None]
    final_balance: float
    id: str
    initial_balance: float
    leak_passed: bool | None
    losing_trades: int
    max_drawdown: float
    sharpe_ratio: float | None
    starred: bool
    start_date: str
    strategy: str
    symbol: str
    tags: list[str]
    timeframe: str
    total_return: float
    total_trades: int
    venue: str
    warnings: list[str]
    win_rate: float
    winning_trades: int


class BarsOut(TypedDict):
    """Bars as columns of the same length. A bar is open from its time until the next."""

    close: list[float]
    high: list[float]
    low: list[float]
    open: list[float]
    symbol: str
    time: list[int]
    timeframe: str
    volume: list[float]


class ChartOut(TypedDict):
    """A market with what the run did in it."""

    bars: BarsOut
    levels: list[RunLevel]
    marks: list[RunFill]


class Compared(TypedDict):
    """Runs side by side; values stand in the order of `runs`."""

    differences: dict[str, list[Any]]
    metrics: dict[str, list[float | int | None]]
    runs: list[BacktestRow]
    same_code: bool
    same_data: bool
    sources: list[str | None]


class CurveOut(TypedDict):
    """Equity and drawdown as columns; lowest and highest points are never left out."""

    drawdown: list[float]
    equity: list[float]
    members: dict[str, list[float]]
    steps: int
    time: list[int]


class Deleted(TypedDict):
    """What was deleted."""

    deleted: int
    ids: list[str]


class Excursions(TypedDict):
    """Worst and best open profit of trades beside what came of them, as columns."""

    bars_held: list[int]
    id: list[int]
    mae: list[float]
    mfe: list[float]
    pnl: list[float]
    r_multiple: list[float | None]


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


class MarkIn(TypedDict):
    """What is to be changed of tags, note and star; what is left out stays."""

    note: NotRequired[str | None]
    starred: NotRequired[bool | None]
    tags: NotRequired[list[str] | None]


class MarkOut(TypedDict):
    """Tags, note and star of a result."""

    note: str
    starred: bool
    tags: list[str]


class Missing(TypedDict):
    """Candles that are not stored."""

    end: NotRequired[str | None]
    start: NotRequired[str | None]
    symbol: str
    timeframe: str
    venue: str


class Month(TypedDict):
    """Returns of a year's months, UTC."""

    months: list[float | None]
    total: float | None
    year: int


class Remedy(TypedDict):
    """A request that would mend it."""

    body: dict[str, Any]
    method: str
    path: str
    title: str


class RunFill(TypedDict):
    """An entry or an exit."""

    price: float
    quantity: float
    role: str
    side: Literal["buy", "sell"]
    time: int
    trade: int


class RunLevel(TypedDict):
    """A stop or a target, for as long as it stood at this price."""

    end: int
    leg: str
    price: float
    start: int
    trade: int


class RunTrade(TypedDict):
    """A trade: from entry to flat. Money is quote currency, quantity base."""

    ambiguous: bool
    bars_held: int
    confidence: float
    entry_price: float
    entry_time: str
    exit_price: float
    exit_reason: str
    exit_time: str
    fees: float
    funding: float
    gross_pnl: float
    id: int
    mae: float
    member: NotRequired[str]
    metadata: str
    mfe: float
    pnl: float
    quantity: float
    r_multiple: float | None
    return_fraction: float
    side: Literal["long", "short"]
    slippage: float
    stop_loss: float | None
    symbol: str
    take_profit: float | None
    touched: bool


class RunTradePage(TypedDict):
    """A part of the trades."""

    items: list[RunTrade]
    next: NotRequired[str | None]
    total: int


class SpreadOut(TypedDict):
    """How often a figure of closed trades lies where."""

    counts: list[int]
    deviation: float | None
    edges: list[float]
    mean: float | None
    median: float | None


class WarningOut(TypedDict):
    """One reason to believe a result less."""

    code: str
    text: str
    values: dict[str, Any]


class Backtests:
    """Operations on backtests."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_backtests(
        self,
        *,
        symbol: str | None = None,
        strategy: str | None = None,
        tag: str | None = None,
        starred: bool | None = None,
        sort: Literal[
            "created_at",
            "symbol",
            "strategy",
            "timeframe",
            "final_balance",
            "total_return",
            "max_drawdown",
            "sharpe_ratio",
            "total_trades",
            "win_rate",
        ]
        | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> BacktestPage:
        """List results as a table: sorted, filtered, in pages. Results whose files are damaged are left out."""
        found: BacktestPage = self._sender.send(
            "GET",
            "/api/v1/backtests",
            query={
                "symbol": symbol,
                "strategy": strategy,
                "tag": tag,
                "starred": starred,
                "sort": sort,
                "order": order,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return found

    def create_backtest(self, body: BacktestIn) -> JobOut:
        """Have a backtest run. The result gets the job's id. What was asked for before is answered at once, with 200."""
        found: JobOut = self._sender.send("POST", "/api/v1/backtests", body=body)
        return found

    def delete_backtests(self, *, confirm: str | None = None) -> Deleted:
        """Delete every result. For some days each can be restored."""
        found: Deleted = self._sender.send("DELETE", "/api/v1/backtests", query={"confirm": confirm})
        return found

    def compare_backtests(self, *, id: list[str] | None = None) -> Compared:
        """Set two to six results side by side: figures, and in what the runs differ."""
        found: Compared = self._sender.send("GET", "/api/v1/backtests/compare", query={"id": id})
        return found

    def read_backtest(self, backtest_id: str) -> BacktestOut:
        """Tell a result, whole but for its tables and curves."""
        found: BacktestOut = self._sender.send("GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}")
        return found

    def mark_backtest(self, backtest_id: str, body: MarkIn) -> MarkOut:
        """Put tags, a note or a star on a result; what is left out stays as it is."""
        found: MarkOut = self._sender.send("PATCH", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}", body=body)
        return found

    def delete_backtest(self, backtest_id: str) -> Deleted:
        """Delete a result. For some days it can be restored."""
        found: Deleted = self._sender.send("DELETE", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}")
        return found

    def read_backtest_candles(
        self,
        backtest_id: str,
        *,
        symbol: str | None = None,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
    ) -> ChartOut:
        """Tell a stretch of bars with the entries and exits of the run in it, and its stops and targets as they stood."""
        found: ChartOut = self._sender.send(
            "GET",
            f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/candles",
            query={"symbol": symbol, "from": from_, "to": to, "limit": limit},
        )
        return found

    def read_backtest_distribution(
        self,
        backtest_id: str,
        *,
        of: Literal["pnl", "r_multiple", "return_fraction", "bars_held", "mae", "mfe"] | None = None,
        bins: int | None = None,
    ) -> SpreadOut:
        """Tell how often a figure of the closed trades lies where."""
        found: SpreadOut = self._sender.send(
            "GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/distribution", query={"of": of, "bins": bins}
        )
        return found

    def read_backtest_equity(self, backtest_id: str, *, max_points: int | None = None) -> CurveOut:
        """Tell equity and drawdown as columns for a chart."""
        found: CurveOut = self._sender.send(
            "GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/equity", query={"max_points": max_points}
        )
        return found

    def read_backtest_excursions(self, backtest_id: str) -> Excursions:
        """Tell the worst and the best open profit of each trade (MAE, MFE) beside its outcome."""
        found: Excursions = self._sender.send("GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/excursions")
        return found

    def export_backtest(self, backtest_id: str, *, format: Literal["csv", "json"] | None = None) -> bytes:
        """Give a result with all its tables: a ZIP of CSV files, or one JSON file."""
        found: bytes = self._sender.send(
            "GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/export", query={"format": format}
        )
        return found

    def read_backtest_mark(self, backtest_id: str) -> MarkOut:
        """Tell tags, note and star of a result."""
        found: MarkOut = self._sender.send("GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/mark")
        return found

    def read_backtest_months(self, backtest_id: str) -> list[Month]:
        """Tell the return of each calendar month, by year."""
        found: list[Month] = self._sender.send("GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/monthly")
        return found

    def read_backtest_report(self, backtest_id: str) -> bytes:
        """Give the result's page: one HTML file that needs nothing else."""
        found: bytes = self._sender.send("GET", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/report")
        return found

    def restore_backtest(self, backtest_id: str) -> BacktestOut:
        """Bring a deleted result back."""
        found: BacktestOut = self._sender.send("POST", f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/restore")
        return found

    def list_backtest_trades(
        self,
        backtest_id: str,
        *,
        sort: Literal[
            "id",
            "symbol",
            "side",
            "ts_entry",
            "ts_exit",
            "quantity",
            "pnl",
            "return_fraction",
            "r_multiple",
            "mae",
            "mfe",
            "bars_held",
            "fees",
            "exit_reason",
        ]
        | None = None,
        order: Literal["asc", "desc"] | None = None,
        side: Literal["long", "short"] | None = None,
        symbol: str | None = None,
        exit_reason: Literal["take_profit", "stop_loss", "exit", "reverse", "liquidation", "open"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> RunTradePage:
        """List the trades of a result: sorted, filtered, in pages."""
        found: RunTradePage = self._sender.send(
            "GET",
            f"/api/v1/backtests/{quote(str(backtest_id), safe='')}/trades",
            query={
                "sort": sort,
                "order": order,
                "side": side,
                "symbol": symbol,
                "exit_reason": exit_reason,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return found
