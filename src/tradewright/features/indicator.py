"""One call for every indicator: `ta.rsi(bars, 14)`, `ta.correl(x, y, n=30)`, `ta.macd(bars).signal`."""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.features import talib_functions
from tradewright.features.columns import column
from tradewright.features.indicator_stream import IndicatorStream, NativeStream, TalibStream
from tradewright.features.native import native_of
from tradewright.features.parameters import Value, warmup
from tradewright.features.recall import GoOn, recalled
from tradewright.features.row import Row
from tradewright.kernels.indicators.gaps import is_whole
from tradewright.market.bars import FloatColumn

__all__ = ["Indicator"]

GIVEN = ("x", "y", "anchors")  # columns that the caller hands over one by one; others are taken from the bars


class Indicator:
    """An indicator that can be called.

    Called with bars (or, where its inputs are named `x` and `y`, columns) and then its parameters, by place or by
    name, it gives a float64 column, or a named tuple of them, as long as the bars. Row i depends on rows 0 to i alone.
    Rows of the warm-up are NaN. A row with a value that is not finite is a gap: it is NaN, and after it the
    indicator begins anew, warm-up included.

    Args:
        row: what is known of it.
    """

    def __init__(self, row: Row) -> None:
        self.row = row
        self.__doc__ = f"{row.title}; unit: {row.unit}. {row.source}."

    def __repr__(self) -> str:
        """As one would call it."""
        return f"ta.{self.row.name}{self.__signature__}"

    @cached_property
    def __signature__(self) -> inspect.Signature:
        """What `help` and editors show."""
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        inputs = [inspect.Parameter(name, kind) for name in self.handed]
        told = [inspect.Parameter(one.name, kind, default=one.default) for one in self.row.parameters]
        return inspect.Signature(inputs + told)

    @cached_property
    def handed(self) -> tuple[str, ...]:
        """What the caller hands over: bars, columns, or both."""
        given = tuple(name for name in self.row.columns if name in GIVEN)
        return given if len(given) == len(self.row.columns) else ("bars", *given)

    @cached_property
    def _bundle(self) -> Any:
        return namedtuple(self.row.name.title().replace("_", ""), self.row.results)  # noqa: PYI024 - names known at run time only

    def __call__(self, *given: object, **named: object) -> Any:
        """The indicator for these bars.

        Raises:
            InvalidValue: a parameter is unknown or out of bounds, or a column is none or of another length.
        """
        handed, more, by_name = self._split(given, named)
        inputs = self._columns(handed)
        if (recall := recalled()) is None:
            found = self._runs(inputs, tuple(self.values(more, by_name).values()))
        else:
            key = self.row.name, more, tuple(by_name.items())
            found = list(recall.follow(key, inputs, lambda whole: self._begin(whole, more, by_name)))
        return found[0] if len(found) == 1 else self._bundle(*found)

    def stream(self, *given: object, **named: object) -> IndicatorStream:
        """The same indicator, fed one row at a time; parameters as in a call, without the bars.

        Raises:
            InvalidValue: a parameter is unknown or out of bounds.

        Example:
            >>> from tradewright import ta
            >>> change = ta.mom.stream(1)
            >>> [change.update(x) for x in (1.0, 3.0, 4.0)]
            [nan, 2.0, 1.0]
        """
        values = tuple(self.values(given, named).values())
        native = native_of(self.row.name, values)
        if native:
            return NativeStream(self.row, self._bundle, native, values)
        return TalibStream(self.row, self._bundle, values, self.first_row(*values))

    def first_row(self, *given: object, **named: object) -> int:
        """The first row that has a value, where these parameters are told."""
        return warmup(self.row.warmup, self.values(given, named))

    def values(self, given: Sequence[object], named: Mapping[str, object]) -> dict[str, Value]:
        """Every parameter with its value, checked.

        Raises:
            InvalidValue: one is unknown, given twice or out of bounds.
        """
        known = [parameter.name for parameter in self.row.parameters]
        told = dict(zip(known, given, strict=False))
        surplus = [*given[len(known) :], *(name for name in named if name not in known or name in told)]
        if surplus:
            raise InvalidValue(self.row.name, surplus[0], f"no more than {repr(self)[3:]}")
        told |= named
        return {one.name: one.check(told.get(one.name, one.default)) for one in self.row.parameters}

    def _split(
        self, given: tuple[object, ...], named: Mapping[str, object]
    ) -> tuple[list[object], tuple[object, ...], dict[str, object]]:
        # What is handed over, and the parameters as they are told, by place and by name.
        by_name = dict(named)
        count = len(self.handed)
        handed = [*given[:count], *(by_name.pop(name) for name in self.handed[len(given) :] if name in by_name)]
        if len(handed) < count:
            raise InvalidValue(self.row.name, len(handed), " and ".join(self.handed))
        return handed, given[count:], by_name

    def _columns(self, handed: Sequence[Any]) -> list[FloatColumn]:
        by_name = dict(zip(self.handed, handed, strict=True))
        bars = by_name.get("bars")
        wanted = [name for name in self.row.columns if name not in by_name]
        missing = [name for name in wanted if not hasattr(bars, name)]
        if missing:
            raise InvalidValue("bars", type(bars).__name__, f"bars with {', '.join(missing)}")
        by_name |= {name: getattr(bars, name) for name in wanted}
        found = [column(by_name[name]) for name in self.row.columns]
        if any(one.size != found[0].size for one in found):
            raise InvalidValue(self.row.name, [one.size for one in found], "columns of one length")
        return found

    def _runs(self, inputs: Sequence[FloatColumn], values: tuple[Value, ...]) -> list[FloatColumn]:
        native = native_of(self.row.name, values)
        if native:
            return list(native.going(values, len(self.row.results))(inputs))
        size = inputs[0].size
        if all(map(is_whole, inputs)):
            return self._whole(inputs, values, 0)
        found = [np.full(size, np.nan) for _ in self.row.results]
        for begin, end in _stretches(np.logical_and.reduce([np.isfinite(one) for one in inputs])):
            for out, part in zip(found, self._whole([x[begin:end] for x in inputs], values, begin), strict=True):
                out[begin:end] = part
        return found

    def _begin(
        self, inputs: Sequence[FloatColumn], given: Sequence[object], named: Mapping[str, object]
    ) -> tuple[NDArray[np.float64], GoOn]:
        # The whole, and what goes on from there: the kernel itself where it is ours, else the stream.
        values = tuple(self.values(given, named).values())
        if native := native_of(self.row.name, values):
            going = native.going(values, len(self.row.results))
            return going(inputs), going
        stream = self.stream(*values)

        def go_on(rows: Sequence[FloatColumn]) -> NDArray[np.float64]:
            found = [stream.update(*row) for row in zip(*(one.tolist() for one in rows), strict=True)]
            return np.array(found, dtype=np.float64).reshape(len(found), -1).T

        return go_on(inputs), go_on

    def _whole(self, inputs: Sequence[FloatColumn], values: tuple[Value, ...], begin: int) -> list[FloatColumn]:
        found = talib_functions.columns(self.row.name, values, inputs)
        names = [one.name for one in self.row.parameters]
        first = warmup(self.row.warmup, dict(zip(names, values, strict=True)))
        return [_floats(one, first, begin if self.row.unit == "row" else 0) for one in found]


def _floats(found: NDArray[Any], first: int, begin: int) -> FloatColumn:
    """Whole numbers know no NaN, so TA-Lib leaves 0 in their warm-up; rows are counted from the first of all."""
    if found.dtype == np.float64:
        return found
    column = found + float(begin)
    column[:first] = np.nan
    return column


def _stretches(good: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Begin and end of each run of rows that are good."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
