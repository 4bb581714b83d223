"""Sources of strategies, as they are answered."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from tradewright.services.strategy_versions import StrategyVersion

__all__ = ["SourceOut", "VersionOut"]


class SourceOut(BaseModel):
    """The source of a strategy as it was when it ran."""

    strategy: str = Field(examples=["simple_test"])
    sha256: str = Field(description="Of the text.")
    text: str


class VersionOut(BaseModel):
    """One source of a strategy, and the results there are of it."""

    sha256: str = Field(description="Of the source; where that was not kept, of platform and strategy together.")
    kept: bool = Field(description="Whether the source can be read; results of before it was kept have none.")
    versions: list[str] = Field(description="What the strategy called itself, oldest first.", examples=[["1.0.0"]])
    first_run: str | None = Field(description="When the oldest result was made; null where there is none.")
    last_run: str | None = Field(description="When the newest result was made; null where there is none.")
    runs: int = Field(description="How many results there are.")
    current: bool = Field(description="Whether it is what would run now.")

    @classmethod
    def of(cls, one: StrategyVersion) -> Self:
        """A version as an answer."""
        return cls(sha256=one.digest, kept=one.is_kept, versions=list(one.stated), first_run=one.first_run,
                   last_run=one.last_run, runs=one.runs, current=one.is_current)  # fmt: skip
