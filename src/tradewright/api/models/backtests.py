"""Backtests: what is asked for, and what is answered. Names of fields are those of the first API of this kind."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tradewright.api.models.plain import (
    FrameName,
    Moment,
    Sent,
    SymbolName,
    Tag,
    Value,
    VenueName,
    Word,
    ns_of,
    schema_of,
    some_of,
)
from tradewright.api.paging import CursorText, Page
from tradewright.domain.errors import InvalidValue
from tradewright.domain.limits import LimitSpec
from tradewright.domain.result_mark import ResultMark
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunResult
from tradewright.domain.timeframe import Timeframe
from tradewright.services.backtests import BacktestRequest
from tradewright.services.result_shelf import Brief

__all__ = ["BacktestIn", "BacktestOut", "BacktestPage", "BacktestRow", "Deleted", "TableQuery", "WarningOut"]

_EXAMPLE: dict[str, Any] = {
    "symbol": "BTCUSDT", "strategy": "SIMPLE_TEST", "start_date": "2024-01-01T00:00:00Z",
    "end_date": "2024-01-07T00:00:00Z", "timeframes": ["1h"], "tf_roles": {"1h": "LTF"},
    "initial_balance": 10000.0, "commission": 0.001,
}  # fmt: skip
Some = dict[str, Any]
Risk = Annotated[Some, some_of(RiskSpec), schema_of(RiskSpec)]
Costs = Annotated[Some, some_of(CostSpec), schema_of(CostSpec)]
Fills = Annotated[Some, some_of(FillSpec), schema_of(FillSpec)]
Limits = Annotated[Some, some_of(LimitSpec), schema_of(LimitSpec)]
SortName = Literal[
    "created_at", "symbol", "strategy", "timeframe", "final_balance", "total_return", "max_drawdown", "sharpe_ratio",
    "total_trades", "win_rate",
]  # fmt: skip


class BacktestIn(Sent):
    """A backtest; what is left out is taken from the strategy or the stored data."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    symbol: SymbolName | None = Field(None, description="As people write it; or `symbols` for several in one account.")
    symbols: list[SymbolName] = Field(default=[], max_length=200)
    strategy: Word = Field(description="Its name, in any case.", examples=["SIMPLE_TEST"])
    start_date: Moment | None = Field(None, description="Open of the first bar; the first stored.")
    end_date: Moment | None = Field(None, description="Close of the last bar; the last stored.")
    timeframes: list[FrameName] = Field(default=[], max_length=2, description="One, or two with roles.")
    tf_roles: dict[FrameName, Literal["HTF", "LTF"]] = Field(
        default={}, description="LTF is traded, HTF gives context; without roles the shorter is traded."
    )
    initial_balance: float = Field(10_000.0, gt=0, le=1e12, description="Quote currency.")
    commission: float | None = Field(None, ge=0, le=0.1, description="Fraction of notional, maker and taker alike.")
    venue: VenueName | None = Field(
        None, description="Where the candles are from; needed only where several have them."
    )
    params: dict[Word, Value] = Field(default={}, max_length=200, description="Of the strategy.")
    risk: Risk = Field(default={}, description="Fields that differ from the strategy's.")
    limits: Limits = Field(default={}, description="Fields that differ from the defaults.")
    costs: Costs = Field(default={}, description="Fields that differ from the defaults.")
    fills: Fills = Field(default={}, description="Fields that differ from the defaults.")
    seed: int = Field(1, ge=0, le=2**53, description="Of every random choice.")
    path: Literal["auto", "signals", "on_bar"] = Field("auto", description="How the strategy is asked.")
    partial: bool = Field(False, description="What is stored of the range will do.")
    tag: Tag | None = Field(None, description="Put on the result.")
    priority: int = Field(6, ge=0, le=9, description="The highest is done first.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        # Not a ValueError: it names the field that is at fault.
        if bool(self.symbol) == bool(self.symbols):
            raise InvalidValue("symbol", self.symbol, "one, or several as symbols, and not both")
        if len(set(self.symbols)) != len(self.symbols):
            raise InvalidValue("symbols", ", ".join(self.symbols), "each once")
        odd = sorted(set(self.tf_roles) - set(self.timeframes))
        roles = list(self.tf_roles.values())
        if odd or len(set(roles)) != len(roles) or (len(self.timeframes) == 1 and roles == ["HTF"]):
            raise InvalidValue("tf_roles", str(self.tf_roles), "one of timeframes as LTF, and at most one other as HTF")
        if self.start_date and self.end_date and self.start_date >= self.end_date:
            raise InvalidValue("start_date", self.start_date.isoformat(), "a time before end_date")
        return self

    def request(self) -> BacktestRequest:
        """What the service is asked.

        Raises:
            InvalidValue: a timeframe is none.
        """
        ltf, htf = self._frames()
        fees = {} if self.commission is None else {"maker_fee": self.commission, "taker_fee": self.commission}
        return BacktestRequest(
            strategy=self.strategy, instruments=(self.symbol,) if self.symbol else tuple(self.symbols),
            venue=self.venue, timeframe=ltf, htf=htf, start=ns_of(self.start_date) if self.start_date else None,
            end=ns_of(self.end_date) if self.end_date else None, balance=self.initial_balance, params=self.params,
            seed=self.seed, costs=fees | self.costs, risk=self.risk, fills=self.fills, limits=self.limits,
            path=self.path,
        )  # fmt: skip

    def _frames(self) -> tuple[str | None, str | None]:
        if not self.timeframes:
            return None, None
        known = sorted(self.timeframes, key=lambda text: Timeframe.parse(text, "timeframes"))
        by_role = {role: frame for frame, role in self.tf_roles.items()}
        ltf = by_role.get("LTF") or next(one for one in known if one != by_role.get("HTF"))
        return ltf, next((one for one in known if one != ltf), None)


class TableQuery(Sent):
    """Which results, and in what order."""

    symbol: SymbolName | None = Field(None, description="As people write it.")
    strategy: Word | None = None
    tag: Tag | None = None
    starred: bool | None = None
    sort: SortName = "created_at"
    order: Literal["asc", "desc"] = "desc"
    limit: int = Field(50, ge=1, le=1_000, description="How many are told at most.")
    cursor: CursorText | None = Field(None, description="`next` of the page before.")


class WarningOut(BaseModel):
    """One reason to believe a result less."""

    code: str = Field(examples=["few-trades"])
    text: str
    values: dict[str, Any]


class _Result(BaseModel):
    id: str = Field(examples=["20261121-101530-3f9a"])
    symbol: str = Field(examples=["BTC/USDT:USDT"])
    strategy: str = Field(examples=["simple_test"])
    start_date: str = Field(examples=["2024-01-01T00:00:00Z"])
    end_date: str = Field(examples=["2024-01-07T00:00:00Z"])
    initial_balance: float = Field(examples=[10000.0])
    final_balance: float = Field(examples=[10250.0])
    total_return: float = Field(description="Fraction.", examples=[0.025])
    max_drawdown: float = Field(description="Fraction, 0 or more.", examples=[0.015])
    sharpe_ratio: float | None = Field(examples=[1.2])
    total_trades: int = Field(examples=[15])
    winning_trades: int = Field(examples=[9])
    losing_trades: int = Field(examples=[6])
    win_rate: float = Field(description="Fraction.", examples=[0.6])
    created_at: str = Field(examples=["2026-11-21T10:15:30Z"])
    timeframe: str = Field(examples=["1h"])
    venue: str = Field(examples=["binance"])


class BacktestRow(_Result):
    """A result in a list."""

    warnings: list[str] = Field(description="Codes of the reasons to believe it less.")
    leak_passed: bool | None = Field(description="What the leak test said; null where it was not run.")
    figures: dict[str, float | int | None] = Field(description="Some of the metrics.")
    tags: list[str]
    starred: bool

    @classmethod
    def of(cls, brief: Brief, mark: ResultMark) -> Self:
        """A result as a row."""
        return cls(
            **brief.head, timeframe=brief.timeframe, venue=brief.venue, warnings=list(brief.warnings),
            leak_passed=brief.leak_passed, figures=dict(brief.figures or {}), tags=list(mark.tags),
            starred=mark.is_starred,
        )  # fmt: skip


class BacktestPage(Page[BacktestRow]):
    """A part of the table of results."""


class BacktestOut(_Result):
    """A result, whole but for its tables and curves."""

    spec: dict[str, Any] = Field(description="The run's description: same description, data and code, same result.")
    fingerprints: dict[str, str] = Field(description="SHA-256 of `spec`, `code`, `data`, `outcome`; `source`, kept.")
    metrics: dict[str, float | int | None]
    per_instrument: dict[str, dict[str, float | int | None]]
    warnings: list[WarningOut] = Field(description="Reasons to believe it less.")
    refusals: dict[str, int] = Field(description="Refused signals by reason.")
    leak_passport: dict[str, Any] | None = Field(description="Verdict of the leak test.")
    data: dict[str, Any] = Field(description="Bars, gaps and range by instrument, and what was assumed.")
    analysis: dict[str, Any]
    team: dict[str, Any]

    @classmethod
    def of(cls, result: RunResult) -> Self:
        """A result as an answer."""
        given = {name: getattr(result, name) for name in RunResult.__dataclass_fields__ if name != "warnings"}
        warnings = [WarningOut(code=one.code, text=one.text, values=one.values) for one in result.warnings]
        return cls(**given, warnings=warnings, timeframe=result.spec["timeframe"], venue=result.spec["venue"])


class Deleted(BaseModel):
    """What was deleted."""

    deleted: int = Field(description="How many.", examples=[1])
    ids: Annotated[list[str], Field(description="Each can be restored for some days.")]
