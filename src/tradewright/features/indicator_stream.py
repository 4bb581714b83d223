"""Indicators fed one row at a time: to the last bit what they say of the whole column, at a cost that stays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tradewright.features import talib_functions
from tradewright.features.native import Native
from tradewright.features.parameters import Value
from tradewright.features.row import Row

__all__ = ["IndicatorStream", "NativeStream", "TalibStream"]


class IndicatorStream:
    """An indicator that goes along with the market.

    Args:
        row: what is known of the indicator.
        bundle: makes one thing of several outputs.
    """

    def __init__(self, row: Row, bundle: Callable[..., Any]) -> None:
        self.row = row
        self._bundle = bundle

    def update(self, *row: float) -> Any:
        """Take the next row, one number for each of `row.columns`, in their order.

        Returns:
            The value in this row, or a named tuple of them; NaN in the warm-up. A row with a number that is not finite
            gives NaN, and the indicator begins anew after it.
        """
        raise NotImplementedError

    def follow(self, bar: Any) -> Any:
        """Take the next bar: anything with `high`, `close` and so on, such as the view of `on_bar`."""
        return self.update(*[getattr(bar, "close" if name == "x" else name) for name in self.row.columns])


class NativeStream(IndicatorStream):
    """One of ours: the kernel that does columns, called for one row.

    Args:
        row: what is known of the indicator.
        bundle: makes one thing of several outputs.
        native: how it is computed.
        values: of its parameters.
    """

    def __init__(self, row: Row, bundle: Callable[..., Any], native: Native, values: Sequence[Value]) -> None:
        super().__init__(row, bundle)
        cells = np.empty(len(row.columns))
        out = np.empty((len(row.results), 1))
        self._columns = tuple(cells[k : k + 1] for k in range(cells.size))
        # A view of the memory is twice as quick to write and read as the array itself.
        self._cells: Any = memoryview(cells.data)
        self._found: Any = memoryview(out[:, 0].data)
        self._told, self._state = native.start(values)
        self._out, self._kernel, self._single = out, native.kernel, len(row.results) == 1

    def update(self, *row: float) -> Any:
        """See `IndicatorStream.update`."""
        cells = self._cells
        for place, value in enumerate(row):
            cells[place] = value
        self._kernel(self._columns, self._told, self._state, self._out)
        return self._found[0] if self._single else self._bundle(*self._found)


class TalibStream(IndicatorStream):
    """One of TA-Lib's, through its own handles; it is handed the rows of the warm-up at once.

    Args:
        row: what is known of the indicator.
        bundle: makes one thing of several outputs.
        values: of its parameters.
        first: the first row with a value.
    """

    def __init__(self, row: Row, bundle: Callable[..., Any], values: Sequence[Value], first: int) -> None:
        super().__init__(row, bundle)
        self._values, self._first, self._seen = values, first, 0
        self._unknown = [math.nan] * len(row.results)
        self._history: list[tuple[float, ...]] = []
        self._handle: Any = None

    def update(self, *row: float) -> Any:
        """See `IndicatorStream.update`."""
        self._seen += 1
        if not all(map(math.isfinite, row)):
            self._history, self._handle = [], None
            return self._give(self._unknown)
        if self._handle is not None:
            return self._give(self._handle.update(*row))
        self._history.append(row)
        if len(self._history) > self._first:
            columns = [np.array(column) for column in zip(*self._history, strict=True)]
            self._handle = talib_functions.stream_of(self.row.name, self._values, columns)
        return self._give(self._unknown if self._handle is None else self._opened())

    def _opened(self) -> Any:
        self._begin = self._seen - len(self._history)
        self._history = []
        return self._handle.value

    def _give(self, found: Any) -> Any:
        values = found if isinstance(found, list | tuple) else [found]
        if self.row.unit == "row" and self._handle is not None:
            values = [value + self._begin for value in values]
        numbers = [float(value) for value in values]
        return numbers[0] if len(numbers) == 1 else self._bundle(*numbers)
