"""The table of indicators against TA-Lib itself."""

from __future__ import annotations

import numpy as np
import pytest
import talib
from talib import abstract

from tradewright import ta
from tradewright.features.talib_functions import arguments, talib_name
from tradewright.testing.bars import traded
from tradewright.testing.indicators import called, handed, some_values

BARS = traded(700, 11)
NAMES = sorted(name for name in ta.CATALOG if hasattr(talib, talib_name(name)))


def raw(name: str, values: list[object]) -> list[np.ndarray]:
    """What TA-Lib says when it is asked directly."""
    indicator = ta.Indicator(ta.CATALOG[name])
    given = handed(indicator, BARS)
    inputs = [getattr(BARS, column) for column in indicator.row.columns] if given[0] is BARS else given
    found = getattr(talib, talib_name(name))(*inputs, *arguments(values))
    return list(found) if isinstance(found, tuple) else [found]


def test_every_function_of_talib_has_a_row() -> None:
    """All 201, and the 61 candles among them."""
    assert sorted(talib.get_functions()) == sorted(map(talib_name, NAMES))
    assert 201 == len(NAMES)
    assert 61 == sum(name.startswith("cdl_") for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_defaults_and_outputs_are_those_of_talib(name: str) -> None:
    """The same parameters in the same order with the same defaults, and as many outputs."""
    info = abstract.Function(talib_name(name)).info
    row = ta.CATALOG[name]
    assert list(info["parameters"].values()) == arguments([one.default for one in row.parameters])
    assert len(info["output_names"]) == len(row.results)


@pytest.mark.parametrize("name", NAMES)
def test_warm_up_is_that_of_talib_for_any_parameters(name: str) -> None:
    """The formula of the table gives TA-Lib's own look-back."""
    indicator, rng = ta.Indicator(ta.CATALOG[name]), np.random.default_rng(3)
    for _ in range(20):
        values = some_values(ta.CATALOG[name], rng)
        function = abstract.Function(talib_name(name))
        function.parameters = dict(zip(function.info["parameters"], arguments(values), strict=True))
        assert function.lookback == indicator.first_row(*values), values


@pytest.mark.parametrize("name", NAMES)
def test_values_are_those_of_talib(name: str) -> None:
    """To 1e-9, and NaN in the same rows; what TA-Lib counts in whole numbers is NaN in the warm-up, not 0."""
    indicator, rng = ta.Indicator(ta.CATALOG[name]), np.random.default_rng(5)
    for values in ([one.default for one in indicator.row.parameters], some_values(ta.CATALOG[name], rng)):
        for ours, theirs in zip(called(indicator, BARS, *values), raw(name, values), strict=True):
            expected = theirs.astype(np.float64)
            if theirs.dtype != np.float64:
                expected[: indicator.first_row(*values)] = np.nan
            scale = np.nanmax(np.abs(expected), initial=1e-300)
            np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9 * scale)
