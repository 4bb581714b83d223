"""An evaluation as it is answered: standings, the cells of its heat map, and what it rests on."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = ["EvaluationOut"]


class CellOut(BaseModel):
    """What one strategy did on one instrument in one period."""

    instrument: str = Field(examples=["BTC/USDT:USDT"])
    period: int = Field(description="Its place among the periods, 0 the oldest.")
    total_return: float | None = Field(description="Fraction, after costs; null where there are no bars.")
    trades: int = Field(description="Round trips that closed in it.")


class StandingOut(BaseModel):
    """Where a strategy stands."""

    rank: int = Field(description="1 for the highest Sharpe ratio.")
    strategy: str
    sharpe: float | None = Field(description="Annualised, after costs; null without variation.")
    low: float | None = Field(description="Lower end of its 95 % interval.")
    high: float | None = Field(description="Upper end.")
    best_chance: float | None = Field(description="Share of the resamples in which it is the best.")
    behind_low: float | None = Field(description="Lower end of how far the first is ahead; null for the first.")
    total_return: float = Field(description="Of equal parts in every instrument, fraction.")
    worst_period: float | None = Field(description="Lowest of its cells, fraction.")
    trades: int
    verdict: Literal["best", "behind", "not_told_apart", "few_trades", "no_figures", "leaks"]
    spans_needed: int | None = Field(description="About how many spans it would take to tell it from the first.")


class EvaluationOut(BaseModel):
    """Strategies side by side, and whether the sample says which is the best."""

    id: str
    created_at: str
    asked: dict[str, Any] = Field(description="What was asked for.")
    skipped: dict[str, str] = Field(description="Strategy to the reason why it could not run.")
    standings: list[StandingOut] = Field(description="Best first.")
    cells: dict[str, list[CellOut]] = Field(description="By strategy.")
    periods: list[tuple[str, str]] = Field(description="First and last moment of each.")
    instruments: list[str]
    span: Literal["day", "hour"] = Field(description="What returns are taken over.")
    spans: int
    mean_block: float = Field(description="Of the resampling, spans.")
    told: bool = Field(description="The sample says which one is the best.")
