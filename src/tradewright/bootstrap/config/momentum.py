"""Keys of the strategy `momentum_scanner`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from tradewright.bootstrap.config.kinds import LIVE, Words
from tradewright.domain.errors import InvalidValue

__all__ = ["Momentum", "TakeProfit"]

Bars = Annotated[int, Field(ge=1, le=500)]
Share = Annotated[float, Field(gt=0, le=100)]


@dataclass(frozen=True, slots=True)
class TakeProfit:
    """One level at which a part of a position is taken off.

    Args:
        percentage: gain, per cent of the entry.
        position_percentage: part of the position, per cent.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    percentage: Share
    position_percentage: Share


@dataclass(frozen=True, slots=True)
class Momentum:
    """Parameters of the strategy `momentum_scanner`.

    Args:
        rsi_period: bars of the RSI.
        rsi_overbought: RSI above which it is too late to buy.
        rsi_oversold: RSI below which it is too late to sell short.
        macd_fast: bars of the fast average.
        macd_slow: bars of the slow average.
        macd_signal: bars of the signal line.
        roc_periods: bars of the three rates of change, fewest first.
        roc_thresholds: least rate of change over each of them, per cent.
        bollinger_period: bars of the Bollinger bands.
        bollinger_deviations: their width, standard deviations; it counts where `bollinger_band` is not `middle`.
        bollinger_band: where price must stand: beyond the `middle` band; still `inside` the outer one, too; or
            `beyond` the outer one.
        short: whether falling momentum is sold short, too.
        trend_confirmation: whether the ADX must tell of a trend.
        stop_loss: distance of the stop, per cent of price.
        take_profits: levels at which parts of the position are taken off, nearest first.
        trailing_activation: gain from which a stop follows the price, per cent.
        trailing_offset: distance at which it follows, per cent, in steps of 0.1.
    """

    rsi_period: Annotated[int, Field(ge=2, le=200), LIVE] = 14
    rsi_overbought: Annotated[float, Field(ge=51, le=100), LIVE] = 80.0
    rsi_oversold: Annotated[float, Field(ge=0, le=49), LIVE] = 20.0
    macd_fast: Annotated[int, Field(ge=2, le=200), LIVE] = 12
    macd_slow: Annotated[int, Field(ge=3, le=500), LIVE] = 26
    macd_signal: Annotated[int, Field(ge=2, le=200), LIVE] = 9
    roc_periods: Annotated[tuple[Bars, Bars, Bars], LIVE, Words("three whole numbers from 1 to 500")] = (1, 5, 15)
    roc_thresholds: Annotated[tuple[float, float, float], LIVE, Words("three numbers, per cent")] = (0.05, 0.2, 0.4)
    bollinger_period: Annotated[int, Field(ge=2, le=500), LIVE] = 20
    bollinger_deviations: Annotated[float, Field(ge=0.1, le=10), LIVE] = 2.0
    bollinger_band: Annotated[Literal["middle", "inside", "beyond"], LIVE] = "middle"
    short: Annotated[bool, LIVE] = False
    trend_confirmation: Annotated[bool, LIVE] = True
    stop_loss: Annotated[float, Field(ge=0.1, le=50), LIVE] = 2.0
    take_profits: Annotated[
        tuple[TakeProfit, ...], LIVE, Field(min_length=1, max_length=3), Words("one to three levels")
    ] = (TakeProfit(1.5, 30.0), TakeProfit(3.0, 40.0), TakeProfit(5.0, 30.0))
    trailing_activation: Annotated[float, Field(ge=0.1, le=100), LIVE] = 2.0
    trailing_offset: Annotated[float, Field(ge=0.1, le=10), LIVE] = 1.0

    def __post_init__(self) -> None:
        if self.macd_fast >= self.macd_slow:
            raise InvalidValue("macd_fast", self.macd_fast, f"fewer bars than macd_slow ({self.macd_slow})")
        if any(less >= more for less, more in itertools.pairwise(self.roc_periods)):
            raise InvalidValue("roc_periods", list(self.roc_periods), "each of more bars than the one before")
