"""Features of trades, quotes and other instruments: the table says what is true, and none knows the future."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tradewright import ta
from tradewright.features.parameters import warmup
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.bars import traded

BARS = traded(300, 1, "1m")
OTHERS = traded(300, 2, "1m"), traded(300, 3, "1m")
RNG = np.random.default_rng(4)
TS = np.sort(RNG.integers(0, BARS.ts_close[-1], 2_000))
TS[0] = 0
QUANTITY, SIDE, BID = RNG.gamma(1.0, 1.0, 2_000), RNG.choice([-1, 1], 2_000), 100.0 + RNG.integers(-2, 3, 2_000)
QUOTES = (BID, QUANTITY, BID + 1.0, QUANTITY[::-1])


def happened(until: int) -> np.ndarray:
    """Which trades and quotes came before this time."""
    return TS < until


# Each feature as it was asked when only what happened before a time was known.
CALLS: dict[str, Callable[[Bars, int], Any]] = {
    "order_flow": lambda bars, until: ta.order_flow(bars, *(one[happened(until)] for one in (TS, QUANTITY, SIDE))),
    "quote_flow": lambda bars, until: ta.quote_flow(bars, TS[happened(until)], [x[happened(until)] for x in QUOTES]),
    "closes_beside": lambda bars, until: ta.closes_beside(bars, closed(OTHERS[0], until)),
    "correlation_with": lambda bars, until: ta.correlation_with(bars, closed(OTHERS[0], until)),
    "sector_performance": lambda bars, until: ta.sector_performance(bars, [closed(one, until) for one in OTHERS]),
}


def closed(bars: Bars, until: int) -> Bars:
    """The bars that had closed by then."""
    return slice_bars(bars, 0, int(np.searchsorted(bars.ts_close, until, side="right")))


def columns(found: Any) -> list[np.ndarray]:
    """All that came out."""
    return list(found) if isinstance(found, tuple) else [found]


def test_the_table_lists_each_of_them() -> None:
    """What is in the table can be called, and is tried here."""
    assert sorted(CALLS) == sorted(ta.BESIDE)


@pytest.mark.parametrize("name", CALLS)
def test_the_table_tells_call_outputs_and_warm_up(name: str) -> None:
    """Inputs and parameters are those of the function; the first value stands in the row that is named."""
    row = ta.BESIDE[name]
    asked = {one.name: one.default for one in inspect.signature(getattr(ta, name)).parameters.values()}
    told = {one.name: one.default for one in row.parameters}
    assert {**dict.fromkeys(row.columns, inspect.Parameter.empty), **told} == asked
    assert all(text.strip() for text in (row.title, row.unit, row.source))
    found = CALLS[name](BARS, BARS.ts_close[-1])
    assert row.results == getattr(found, "_fields", (name,))
    first = warmup(row.warmup, told)
    for column in columns(found):
        assert (BARS.close.size, np.float64) == (column.size, column.dtype)
        assert np.isnan(column[:first]).all()
        assert np.isfinite(column[first:]).all()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("cut", [40, 150, 299])
def test_what_happens_later_changes_no_row(name: str, cut: int) -> None:
    """Asked at a close with what had happened by then, the rows are those of the whole history."""
    until = int(BARS.ts_close[cut - 1])
    early, whole = CALLS[name](slice_bars(BARS, 0, cut), until), CALLS[name](BARS, BARS.ts_close[-1])
    for then, now in zip(columns(early), columns(whole), strict=True):
        np.testing.assert_array_equal(then, now[:cut])


def test_bar_by_bar_they_say_the_same_to_the_last_bit() -> None:
    """Correlation and sector, fed the last known closes."""
    known = [ta.closes_beside(BARS, one) for one in OTHERS]
    alike, sector = ta.correl_returns.stream(30), ta.SectorStream(3)
    rows = [(alike.update(x, y), sector.update(y, z)) for x, y, z in zip(BARS.close, *known, strict=True)]
    together, mean = (np.array(column) for column in zip(*rows, strict=True))
    np.testing.assert_array_equal(ta.correlation_with(BARS, OTHERS[0], 30), together)
    np.testing.assert_array_equal(ta.sector_performance(BARS, OTHERS, 3), mean)
