"""Which instruments are looked at: filters, each with the words in which it turns one away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from tradewright.domain.errors import InvalidValue

__all__ = ["FilterSpec", "MarketFigures", "MarketName", "Verdict", "reasons"]

MarketName = Literal["any", "spot", "perpetual"]


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """Which instruments the scanner looks at; a key without a value filters nothing.

    Args:
        min_market_cap: least market capitalisation, US dollars.
        min_daily_volume: least turnover of 24 hours, quote currency.
        max_spread_percentage: widest spread between best bid and ask, per cent of price.
        min_exchange_listings: fewest exchanges that list it.
        max_volatility: most difference between the highest and the lowest price of 24 hours, per cent of the lowest.
        allowed_quote_currencies: that it may be priced in; none allows all.
        min_history_days: days that it must have been traded.
        market: `spot` or `perpetual` alone, or `any`.
        excluded_bases: coins that are left out, such as those that stand for a dollar.
    """

    min_market_cap: float | None = None
    min_daily_volume: float | None = None
    max_spread_percentage: float | None = None
    min_exchange_listings: int | None = None
    max_volatility: float | None = None
    allowed_quote_currencies: tuple[str, ...] = ()
    min_history_days: float | None = None
    market: MarketName = "any"
    excluded_bases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, most in (
            ("min_market_cap", 1e15), ("min_daily_volume", 1e15), ("max_spread_percentage", 100.0),
            ("min_exchange_listings", 10_000.0), ("max_volatility", 1e6), ("min_history_days", 10_000.0),
        ):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and 0.0 <= value <= most):
                raise InvalidValue(name, value, f"a number from 0 to {most:,.0f}, or nothing")
        if self.market not in get_args(MarketName):
            raise InvalidValue("market", self.market, f"one of {', '.join(get_args(MarketName))}")

    @property
    def without_bars(self) -> FilterSpec:
        """What can be judged before any bar is asked for."""
        return replace(self, min_daily_volume=None, max_volatility=None, min_history_days=None)


@dataclass(frozen=True, slots=True)
class MarketFigures:
    """What is known of an instrument; None is not known.

    Args:
        quote: currency that it is priced in.
        turnover: of 24 hours, quote currency.
        volatility: highest over lowest price of 24 hours, per cent beyond the lowest.
        spread: between best bid and ask, per cent of price.
        history_days: that it has been traded, at least.
        market_cap: US dollars.
        listings: exchanges that list it.
        base: coin that is traded.
        is_perpetual: it is a perpetual contract; else it is spot.
    """

    quote: str
    turnover: float | None = None
    volatility: float | None = None
    spread: float | None = None
    history_days: float | None = None
    market_cap: float | None = None
    listings: int | None = None
    base: str = ""
    is_perpetual: bool | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scan found of one instrument.

    Args:
        symbol: of the instrument.
        at: venue's time, UTC ns.
        reasons: why it is not looked at; empty where it is.
        figures: by which that was judged.
        signal: `long` or `short`, where the strategy gave one at the last close.
    """

    symbol: str
    at: int
    reasons: tuple[str, ...]
    figures: MarketFigures
    signal: str | None = None

    @property
    def is_admitted(self) -> bool:
        """Whether positions may be opened in it."""
        return not self.reasons


def reasons(spec: FilterSpec, known: MarketFigures) -> tuple[str, ...]:
    """Why an instrument is turned away; empty where it is not. What a filter asks for and nobody knows turns it away.

    Example:
        >>> reasons(FilterSpec(min_daily_volume=5e6, max_volatility=15.0), MarketFigures("USDT", 1e6, 3.5))
        ('turnover of 24 hours 1,000,000 is below 5,000,000',)
    """
    return tuple(_reasons(spec, known))


def _reasons(spec: FilterSpec, known: MarketFigures) -> Iterator[str]:
    if spec.allowed_quote_currencies and known.quote not in spec.allowed_quote_currencies:
        yield f"quote currency {known.quote} is none of {', '.join(spec.allowed_quote_currencies)}"
    if spec.market != "any" and known.is_perpetual is not (spec.market == "perpetual"):
        yield f"it is {'a perpetual' if known.is_perpetual else 'spot'}, not {spec.market}"
    if known.base in spec.excluded_bases:
        yield f"coin {known.base} is left out"
    for what, value, least in (
        ("market cap", known.market_cap, spec.min_market_cap),
        ("turnover of 24 hours", known.turnover, spec.min_daily_volume),
        ("listings", known.listings, spec.min_exchange_listings),
        ("days of history", known.history_days, spec.min_history_days),
    ):
        if least is not None and (value is None or value < least):
            yield f"{what} not known" if value is None else f"{what} {value:,.10g} is below {least:,.10g}"
    for what, value, most in (
        ("spread, per cent,", known.spread, spec.max_spread_percentage),
        ("volatility of 24 hours, per cent,", known.volatility, spec.max_volatility),
    ):
        if most is not None and (value is None or value > most):
            yield f"{what} not known" if value is None else f"{what} {value:,.4g} is above {most:,.4g}"
