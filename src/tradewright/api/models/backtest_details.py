"""A backtest in detail, as it is asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field

from tradewright.api.models.backtests import BacktestRow
from tradewright.api.models.charts import BarsOut
from tradewright.api.models.plain import Moment, Sent, SymbolName, Tag, Word
from tradewright.api.paging import CursorText
from tradewright.domain.times import iso
from tradewright.services.result_details import ChartOfRun, Curve, Row

__all__ = [
    "ChartOut",
    "ChartQuery",
    "Compared",
    "CurveOut",
    "Excursions",
    "MarkIn",
    "MarkOut",
    "Month",
    "RunTrade",
    "RunTradePage",
    "SpreadOut",
    "TradeQuery",
]  # fmt: skip

_MS = 1_000_000


class TradeQuery(Sent):
    """Which trades, and in what order."""

    sort: Literal[
        "id", "symbol", "side", "ts_entry", "ts_exit", "quantity", "pnl", "return_fraction", "r_multiple", "mae", "mfe",
        "bars_held", "fees", "exit_reason",
    ] = "id"  # fmt: skip
    order: Literal["asc", "desc"] = "asc"
    side: Literal["long", "short"] | None = None
    symbol: SymbolName | None = None
    exit_reason: Literal["take_profit", "stop_loss", "exit", "reverse", "liquidation", "open"] | None = None
    limit: int = Field(100, ge=1, le=1_000)
    cursor: CursorText | None = Field(None, description="`next` of the page before.")


class RunTrade(BaseModel):
    """A trade: from entry to flat. Money is quote currency, quantity base."""

    id: int
    symbol: str
    side: Literal["long", "short"]
    entry_time: str = Field(examples=["2024-01-02T00:00:00Z"])
    exit_time: str = Field(description="Of an open trade, the run's last close.")
    entry_price: float
    exit_price: float
    quantity: float
    gross_pnl: float = Field(description="Before spread, slippage, fees and funding.")
    fees: float
    funding: float = Field(description="Received; below 0 where it was paid.")
    slippage: float
    pnl: float
    return_fraction: float
    r_multiple: float | None = Field(description="Profit over planned risk; null without a stop.")
    mae: float = Field(description="Worst open profit.")
    mfe: float = Field(description="Best open profit.")
    bars_held: int
    exit_reason: str
    stop_loss: float | None
    take_profit: float | None
    confidence: float
    metadata: str = Field(description="Facts behind the signal, as JSON.")
    ambiguous: bool = Field(description="A bar allowed another outcome.")
    touched: bool
    member: str = Field("", description="Of a team, whose it is.")

    @classmethod
    def of(cls, row: Row) -> Self:
        """A trade out of a row of the table."""
        known = {name: value for name, value in row.items() if name in cls.model_fields}
        return cls(**known | {"entry_time": iso(row["ts_entry"]), "exit_time": iso(row["ts_exit"])})


class RunTradePage(BaseModel):
    """A part of the trades."""

    items: list[RunTrade]
    total: int = Field(description="Trades that fit.")
    next: str | None = Field(None, description="`cursor` of what comes after; null at the end.")


class CurveOut(BaseModel):
    """Equity and drawdown as columns; lowest and highest points are never left out."""

    steps: int = Field(description="Closes of the run, of which these are some.")
    time: list[int] = Field(description="UTC ms.")
    equity: list[float] = Field(description="Quote currency.")
    drawdown: list[float] = Field(description="Fall from the highest so far, fraction.")
    members: dict[str, list[float]] = Field(description="Of a team, equity of each.")

    @classmethod
    def of(cls, curve: Curve) -> Self:
        """A curve as columns."""
        return cls(
            steps=curve.steps, time=(curve.ts // _MS).tolist(), equity=curve.equity.tolist(),
            drawdown=curve.drawdown.tolist(), members={name: one.tolist() for name, one in curve.members.items()},
        )  # fmt: skip


class Month(BaseModel):
    """Returns of a year's months, UTC."""

    year: int
    months: list[float | None] = Field(description="January to December; null where there was no run.")
    total: float | None


class Excursions(BaseModel):
    """Worst and best open profit of trades beside what came of them, as columns."""

    id: list[int]
    mae: list[float]
    mfe: list[float]
    pnl: list[float]
    r_multiple: list[float | None]
    bars_held: list[int]


class SpreadOut(BaseModel):
    """How often a figure of closed trades lies where."""

    edges: list[float] = Field(description="Of the bins, one more than there are.")
    counts: list[int]
    mean: float | None
    median: float | None
    deviation: float | None


class ChartQuery(Sent):
    """Which stretch of a market."""

    symbol: Word | None = Field(None, description="As the result names it; its first.")
    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    limit: int = Field(2_000, ge=10, le=20_000, description="Bars; more are joined into longer ones.")


class RunFill(BaseModel):
    """An entry or an exit."""

    time: int = Field(description="UTC ms.")
    price: float
    quantity: float
    side: Literal["buy", "sell"]
    role: str = Field(examples=["entry"])
    trade: int = Field(description="What belongs together has one number.")


class RunLevel(BaseModel):
    """A stop or a target, for as long as it stood at this price."""

    start: int = Field(description="UTC ms.")
    end: int = Field(description="UTC ms.")
    price: float
    leg: str = Field(examples=["stop_loss", "target_1"])
    trade: int


class ChartOut(BaseModel):
    """A market with what the run did in it."""

    bars: BarsOut
    marks: list[RunFill]
    levels: list[RunLevel]

    @classmethod
    def of(cls, chart: ChartOfRun) -> Self:
        """A chart out of what the service found."""
        marks = [
            RunFill(time=row["ts"] // _MS, trade=row["group"], price=row["price"], quantity=row["quantity"],
                 side=row["side"], role=row["role"])
            for row in chart.fills
        ]  # fmt: skip
        levels = [RunLevel(start=row["ts_from"] // _MS, end=row["ts_to"] // _MS, price=row["price"], leg=row["leg"],
                        trade=row["group"]) for row in chart.levels]  # fmt: skip
        bars = BarsOut.of(chart.symbol, str(chart.timeframe), chart.bars)
        return cls(bars=bars, marks=marks, levels=levels)


class Compared(BaseModel):
    """Runs side by side; values stand in the order of `runs`."""

    runs: list[BacktestRow]
    metrics: dict[str, list[float | int | None]]
    differences: dict[str, list[Any]] = Field(description="Fields of the description that are not the same in all.")
    same_code: bool = Field(description="Platform and strategy.")
    same_data: bool = Field(description="Bars, marks, spreads and rates.")
    sources: list[str | None] = Field(description="SHA-256 of the strategy's source; null where it was not kept.")


class MarkIn(Sent):
    """What is to be changed of tags, note and star; what is left out stays."""

    tags: list[Tag] | None = Field(None, max_length=20)
    note: Annotated[str, Field(max_length=10_000)] | None = None
    starred: bool | None = None


class MarkOut(BaseModel):
    """Tags, note and star of a result."""

    tags: list[str]
    note: str
    starred: bool
