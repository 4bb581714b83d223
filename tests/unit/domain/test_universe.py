"""Filters of the universe: what passes, and in which words the rest is turned away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.universe import FilterSpec, MarketFigures, reasons

STRICT = FilterSpec(1e8, 5e6, 0.5, 3, 15.0, ("USD", "USDT"), 30.0, "spot", ("USDC", "DAI"))
GOOD = MarketFigures("USDT", 5e6, 15.0, 0.5, 30.0, 1e8, 3, "BTC", is_perpetual=False)


def test_what_meets_each_filter_exactly_passes() -> None:
    """The least and the most are still allowed; without filters everything passes."""
    assert () == reasons(STRICT, GOOD)
    assert () == reasons(FilterSpec(), MarketFigures("BTC"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"quote": "EUR"}, "quote currency EUR is none of USD, USDT"),
        ({"turnover": 4_999_999.0}, "turnover of 24 hours 4,999,999 is below 5,000,000"),
        ({"volatility": 15.1}, "volatility of 24 hours, per cent, 15.1 is above 15"),
        ({"spread": 0.51}, "spread, per cent, 0.51 is above 0.5"),
        ({"history_days": 29.5}, "days of history 29.5 is below 30"),
        ({"market_cap": None}, "market cap not known"),
        ({"listings": 2}, "listings 2 is below 3"),
        ({"spread": None}, "spread, per cent, not known"),
        ({"is_perpetual": True}, "it is a perpetual, not spot"),
        ({"base": "USDC"}, "coin USDC is left out"),
    ],
)
def test_each_filter_says_why_it_turns_away(change: dict[str, object], words: str) -> None:
    """One reason for one fault, with both numbers; what nobody knows is a reason, too."""
    assert (words,) == reasons(STRICT, replace(GOOD, **change))  # type: ignore[arg-type]  # fields of it


@pytest.mark.parametrize("field", ["min_market_cap", "max_spread_percentage", "min_history_days", "max_volatility"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_filters_that_make_no_sense_are_named(field: str, value: float) -> None:
    """By their field."""
    with pytest.raises(InvalidValue, match=field):
        FilterSpec(**{field: value})  # type: ignore[arg-type]  # a number


def test_a_market_that_is_none_is_refused() -> None:
    """By its field; and what is judged without bars leaves out what needs them."""
    with pytest.raises(InvalidValue, match="market"):
        FilterSpec(market="futures")  # type: ignore[arg-type]  # what is wrong
    unknown = MarketFigures("USDT", spread=0.5, market_cap=1e8, listings=3, base="BTC", is_perpetual=False)
    assert () == reasons(STRICT.without_bars, unknown)
