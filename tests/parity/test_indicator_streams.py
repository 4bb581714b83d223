"""Indicators one bar at a time against the same indicators over whole columns."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright import ta
from tradewright.testing.bars import traded
from tradewright.testing.indicators import called, handed, streamed

BARS = traded(330, 17)
INDICATORS = {name: ta.Indicator(row) for name, row in ta.CATALOG.items()}


@pytest.mark.parametrize("name", INDICATORS)
def test_streaming_says_what_the_column_says_to_the_last_bit(name: str) -> None:
    """With two gaps, one of them in the warm-up: the same numbers and the same NaN in every row."""
    broken = BARS._replace(**{field: getattr(BARS, field).copy() for field in BARS._fields[2:]})
    for column in broken[2:]:
        column[[3, 170]] = np.nan, np.inf
    indicator = INDICATORS[name]
    for batch, live in zip(called(indicator, broken), streamed(indicator, broken), strict=True):
        np.testing.assert_array_equal(batch, live)


def test_a_stream_follows_bars_by_the_names_of_their_columns() -> None:
    """A view of one bar is as good as its numbers; of `x` the close is taken."""
    for name in ("rsi", "atr", "obv", "sar"):
        indicator = INDICATORS[name]
        stream, by_hand = indicator.stream(), indicator.stream()
        for k in range(40):
            bar = BARS._make(column[k] for column in BARS)
            row = [handed(indicator, BARS)[0][k]] if "x" in indicator.row.columns else None
            row = row or [getattr(bar, column) for column in indicator.row.columns]
            np.testing.assert_array_equal(stream.follow(bar), by_hand.update(*row))
