"""What every indicator must keep, as a suite: honest warm-up, no knowledge of the future, gaps that begin anew."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.features.indicator import Indicator
from tradewright.features.parameters import AVERAGES
from tradewright.features.row import Row
from tradewright.market.bars import Bars, FloatColumn, slice_bars

__all__ = ["called", "handed", "keeps_the_contract", "some_values", "streamed"]


def handed(indicator: Indicator, bars: Bars) -> tuple[Any, ...]:
    """What to hand to an indicator: the bars, for `x` their closes, for `y` numbers of 2 to 30, an anchor in 7 rows."""
    lengths = np.nan_to_num(np.floor(bars.volume), nan=2.0, posinf=2.0, neginf=2.0) % 29.0 + 2.0
    anchors = np.where(lengths % 7.0 < 1.0, 1.0, 0.0)
    given = {"bars": bars, "x": bars.close, "y": lengths, "anchors": anchors}
    return tuple(given[name] for name in indicator.handed)


def called(indicator: Indicator, bars: Bars, *values: object) -> list[FloatColumn]:
    """All columns that it gives, as a list."""
    found = indicator(*handed(indicator, bars), *values)
    return list(found) if isinstance(found, tuple) else [found]


def some_values(row: Row, rng: np.random.Generator) -> list[object]:
    """Parameters not far above what is allowed at least, and any kind of average."""
    kinds = sorted(AVERAGES)
    values: list[object] = [
        int(rng.integers(int(one.least), int(one.least) + 15))
        if isinstance(one.default, int)
        else one.default
        if isinstance(one.default, float)
        else kinds[rng.integers(len(kinds))]
        for one in row.parameters
    ]
    if row.name == "mavp":  # its lengths go together
        values[:2] = sorted(int(str(value)) for value in values[:2])
    return values


def keeps_the_contract(indicator: Indicator, bars: Bars, *values: object) -> None:
    """Call it in the ways that show what it knows.

    Args:
        indicator: what is tried.
        bars: finite ones, several times as many as the warm-up.
        values: parameters.

    Raises:
        AssertionError: with the rule that is broken.
    """
    size = len(bars.close)
    before = [one.copy() for one in bars]
    whole = called(indicator, bars, *values)
    assert all(map(np.array_equal, before, bars)), "it writes into its bars"
    assert [(size,)] * len(whole) == [one.shape for one in whole], "it gives one row for each bar"
    assert {np.dtype(np.float64)} == {one.dtype for one in whole}, "it gives float64"
    _knows_no_future(indicator, bars, whole, values)
    _begins_anew(indicator, bars, values)


def _knows_no_future(indicator: Indicator, bars: Bars, whole: list[FloatColumn], values: tuple[object, ...]) -> None:
    size = len(bars.close)
    rng = np.random.default_rng(size)
    for cut in (1, size // 3, size - 1):
        for now, then in zip(called(indicator, slice_bars(bars, 0, cut), *values), whole, strict=True):
            assert np.array_equal(now, then[:cut], equal_nan=True), f"without the bars after row {cut} it says another"
        order = np.concatenate((np.arange(cut), cut + rng.permutation(size - cut)))
        scrambled = bars._replace(**{name: getattr(bars, name)[order] for name in bars._fields[2:]})
        for now, then in zip(called(indicator, scrambled, *values), whole, strict=True):
            assert np.array_equal(now[:cut], then[:cut], equal_nan=True), f"other bars after row {cut} change it before"


def _begins_anew(indicator: Indicator, bars: Bars, values: tuple[object, ...]) -> None:
    size = len(bars.close)
    for hole in (np.nan, np.inf):
        at = size // 2
        broken = bars._replace(**{name: getattr(bars, name).copy() for name in bars._fields[2:]})
        for column in broken[2:]:
            column[at] = hole
        found = called(indicator, broken, *values)
        parts = [called(indicator, slice_bars(bars, *ends), *values) for ends in ((0, at), (at + 1, size))]
        for one, early, late in zip(found, *parts, strict=True):
            begun = late + (at + 1 if indicator.row.unit == "row" else 0)
            assert np.isnan(one[at]), f"it has a value where a column is {hole}"
            assert np.array_equal(one[:at], early, equal_nan=True), "a gap changes what was before"
            assert np.array_equal(one[at + 1 :], begun, equal_nan=True), "after a gap it does not begin anew"


def streamed(indicator: Indicator, bars: Bars, *values: object) -> list[FloatColumn]:
    """All columns that it gives when it is fed one row at a time."""
    given = dict(zip(indicator.handed, handed(indicator, bars), strict=True))
    columns = [given[name] if name in given else getattr(bars, name) for name in indicator.row.columns]
    stream = indicator.stream(*values)
    rows = [stream.update(*map(float, row)) for row in zip(*columns, strict=True)]
    return [
        np.array(column) for column in zip(*(row if isinstance(row, tuple) else (row,) for row in rows), strict=True)
    ]
