"""Every indicator keeps the contract, and the table of them says what is true."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.features.native import NATIVE
from tradewright.features.talib_functions import has_talib
from tradewright.testing.bars import traded
from tradewright.testing.indicators import called, handed, keeps_the_contract

BARS = traded(400, 7)
# Where TA-Lib is not installed, those that are our own.
INDICATORS = {name: ta.Indicator(row) for name, row in ta.CATALOG.items() if has_talib() or name in NATIVE}
# Arcs of prices, which are no cosines; what waits for a session to begin, or for an anchor.
SOMETIMES_NAN = {
    "acos",
    "asin",
    "anchored_vwap",
    "camarilla_pivots",
    "fibonacci_pivots",
    "pivot_points",
    "session_profile",
}
NEEDS_TALIB = pytest.mark.skipif(not has_talib(), reason="TA-Lib is not installed")


@pytest.mark.parametrize("name", INDICATORS)
def test_every_indicator_keeps_the_contract(name: str) -> None:
    """Causal, honest in its warm-up and its gaps, one float64 row for each bar, its input untouched."""
    keeps_the_contract(INDICATORS[name], BARS)


@pytest.mark.parametrize("name", sorted(set(INDICATORS) - SOMETIMES_NAN))
def test_the_first_value_stands_where_the_table_says(name: str) -> None:
    """With its defaults, each output is NaN before that row and a number in it and after."""
    indicator = INDICATORS[name]
    first = indicator.first_row()
    for column in called(indicator, BARS):
        assert first == np.flatnonzero(~np.isnan(column))[0]
        assert not np.isnan(column[first:]).any()


@pytest.mark.parametrize("name", INDICATORS)
@pytest.mark.parametrize("size", [0, 1, 2])
def test_too_few_bars_are_no_fault(name: str, size: int) -> None:
    """There are as many rows as bars, and what cannot be known yet is NaN."""
    indicator = INDICATORS[name]
    few = traded(max(size, 1), 7)
    few = few._replace(**{field: getattr(few, field)[:size] for field in few._fields})
    for column in called(indicator, few):
        assert size == column.size
        assert np.isnan(column[: indicator.first_row()]).all()


@pytest.mark.parametrize("name", INDICATORS)
def test_every_parameter_refuses_what_it_cannot_use(name: str) -> None:
    """An error names the parameter, the value and what is allowed."""
    indicator = INDICATORS[name]
    for parameter in indicator.row.parameters:
        for bad in (parameter.least - 1.0, np.nan, "much", None, True):
            with pytest.raises(InvalidValue, match=f"^{parameter.name}: .* is not allowed; give {parameter.allowed}"):
                indicator(*handed(indicator, BARS), **{parameter.name: bad})


@pytest.mark.parametrize("name", INDICATORS)
def test_every_row_of_the_table_is_complete(name: str) -> None:
    """Title, unit and source are words; outputs have different names; the call can be looked up."""
    row = INDICATORS[name].row
    assert all(text.strip() for text in (row.title, row.unit, row.source, row.inputs))
    assert len(set(row.results)) == len(row.results)
    asked = [one.name for one in row.parameters]
    assert asked == list(inspect.signature(INDICATORS[name]).parameters)[-len(asked) :] if asked else True
    assert name in dir(ta)


def test_a_call_takes_parameters_by_place_and_by_name() -> None:
    """All ways of writing one call are that call."""
    expected = ta.macd(BARS, 5, 9, 4)
    for same in (ta.macd(BARS.close, 5, slow=9, signal=4), ta.macd(x=BARS, fast=5, slow=9, signal=4)):
        for one, other in zip(expected, same, strict=True):
            np.testing.assert_array_equal(one, other)
    assert ("macd", "signal", "histogram") == expected._fields
    np.testing.assert_array_equal(ta.rsi(BARS, 14), ta.rsi(BARS.close, n=14))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ta.macd(BARS, 5, 9, 4, 3), r"macd: 3 is not allowed; give no more than macd\(x, fast=12"),
        (lambda: ta.macd(BARS, speed=3), "macd: 'speed' is not allowed"),
        (lambda: ta.macd(BARS, 5, fast=3), "macd: 'fast' is not allowed"),
        (lambda: ta.bbands(BARS, ma="smooth"), "ma: 'smooth' is not allowed; give one of sma, ema"),
        (lambda: ta.adx(BARS.close), "bars: 'ndarray' is not allowed; give bars with high, low, close"),
        (lambda: ta.correl(BARS.close), "correl: 1 is not allowed; give x and y"),
        (lambda: ta.correl(BARS.close, [1.0]), r"correl: \[400, 1\] is not allowed; give columns of one length"),
        (lambda: ta.mom(np.ones((2, 2))), "x: .* is not allowed; give one column of numbers"),
        (lambda: ta.mom(["a"]), "x: 'list' is not allowed; give one column of numbers, or bars"),
        pytest.param(
            lambda: ta.mavp(BARS.close, BARS.close, 9, 3),
            "mavp: .* is not allowed; give parameters that go together",
            marks=NEEDS_TALIB,
        ),
    ],
)
def test_a_bad_call_says_what_is_wrong(call, message: str) -> None:
    """The error names the field, the value and what would have been right."""
    with pytest.raises(InvalidValue, match=message):
        call()


def test_an_unknown_indicator_is_an_attribute_that_is_not_there() -> None:
    """As for any module."""
    with pytest.raises(AttributeError, match="there is no indicator 'rsl'"):
        _ = ta.rsl
