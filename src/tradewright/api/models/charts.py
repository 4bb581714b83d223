"""Bars as columns, for charts."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from tradewright.market.bars import Bars

__all__ = ["BarsOut"]

_MS = 1_000_000


class BarsOut(BaseModel):
    """Bars as columns of the same length. A bar is open from its time until the next."""

    symbol: str = Field(examples=["BTC/USDT:USDT"])
    timeframe: str = Field(description="Of these bars; longer than asked where there were too many.", examples=["1h"])
    time: list[int] = Field(description="Opens, UTC ms.")
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float] = Field(description="Base currency.")

    @classmethod
    def of(cls, symbol: str, timeframe: str, bars: Bars) -> Self:
        """Bars as an answer."""
        columns = {name: getattr(bars, name).tolist() for name in ("open", "high", "low", "close", "volume")}
        return cls(symbol=symbol, timeframe=timeframe, time=(bars.ts_open // _MS).tolist(), **columns)
