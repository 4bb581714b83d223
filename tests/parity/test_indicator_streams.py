"""Indicators one bar at a time against the same indicators over whole columns."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright import ta
from tradewright.market.bars import Bars
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.view import BarView
from tradewright.testing.bars import traded
from tradewright.testing.indicators import called, some_values, streamed

BARS = traded(330, 17)
INDICATORS = {name: ta.Indicator(row) for name, row in ta.CATALOG.items()}


STILL = BARS._replace(**{name: np.full(330, 0.1) for name in ("open", "high", "low", "close", "volume")})


def with_gaps(bars: Bars) -> Bars:
    """Two rows that are no numbers, one of them in the warm-up."""
    broken = bars._replace(**{field: getattr(bars, field).copy() for field in bars._fields[2:]})
    for column in broken[2:]:
        column[[3, 170]] = np.nan, np.inf
    return broken


@pytest.mark.parametrize("name", INDICATORS)
@pytest.mark.parametrize("market", [BARS, STILL], ids=["uneven", "still"])
def test_streaming_says_what_the_column_says_to_the_last_bit(name: str, market: Bars) -> None:
    """With gaps, its defaults and other parameters: the same numbers and the same NaN in every row."""
    indicator, rng, broken = INDICATORS[name], np.random.default_rng(3), with_gaps(market)
    for values in ([], some_values(indicator.row, rng), some_values(indicator.row, rng)):
        for batch, live in zip(called(indicator, broken, *values), streamed(indicator, broken, *values), strict=True):
            np.testing.assert_array_equal(batch, live, str(values))


def test_a_stream_follows_the_view_of_on_bar() -> None:
    """A strategy hands over what it is shown, and has the row of the whole column."""
    closed = ClosedBars(BARS)
    for name in ("rsi", "atr", "obv", "sar", "session_vwap", "pivot_points", "aroon"):
        indicator = INDICATORS[name]
        stream = indicator.stream()
        rows = [stream.follow(BarView(closed, k)) for k in range(150)]
        for k, column in enumerate(called(indicator, BARS)):
            live = [row[k] if isinstance(row, tuple) else row for row in rows]
            np.testing.assert_array_equal(column[:150], live, name)
