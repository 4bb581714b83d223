"""What a strategy may see: closed bars of the traded timeframe and, where it asks for them, of a higher one."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import StrategyError
from tradewright.market.alignment import as_of_close
from tradewright.market.bars import Bars, FloatColumn, IntColumn, slice_bars

__all__ = ["ClosedBars"]


class _Rows(NamedTuple):
    ts_open: memoryview[int]
    ts_close: memoryview[int]
    open: memoryview[float]
    high: memoryview[float]
    low: memoryview[float]
    close: memoryview[float]
    volume: memoryview[float]


class ClosedBars:
    """Columns of closed bars, oldest first; row i is what was known at `ts_close[i]`.

    Looking is cheap: a shorter view (`until`) copies nothing.

    Args:
        ltf: bars of the traded timeframe.
        htf: bars of the higher timeframe, or None for a strategy without one.
    """

    __slots__ = ("_htf", "_ltf", "_rows", "_stop")

    def __init__(self, ltf: Bars, htf: Bars | None = None) -> None:
        self._ltf, self._htf = ltf, htf
        self._stop = ltf.ts_close.size
        # The same numbers for who wants one of them: arrays take five times as long to give it.
        self._rows = _Rows(*(cast("Any", column.data) for column in ltf))

    def __len__(self) -> int:
        return self._stop

    def __reduce__(self) -> tuple[type[ClosedBars], tuple[Bars, Bars | None]]:
        return ClosedBars, (self.ltf, None if self._htf is None else self.htf)

    @property
    def ts_open(self) -> IntColumn:
        """Open times, UTC ns."""
        return self._ltf.ts_open[: self._stop]

    @property
    def ts_close(self) -> IntColumn:
        """Close times, UTC ns: when each bar became known."""
        return self._ltf.ts_close[: self._stop]

    @property
    def open(self) -> FloatColumn:
        """First prices, quote per base."""
        return self._ltf.open[: self._stop]

    @property
    def high(self) -> FloatColumn:
        """Highest prices."""
        return self._ltf.high[: self._stop]

    @property
    def low(self) -> FloatColumn:
        """Lowest prices."""
        return self._ltf.low[: self._stop]

    @property
    def close(self) -> FloatColumn:
        """Last prices."""
        return self._ltf.close[: self._stop]

    @property
    def volume(self) -> FloatColumn:
        """Base currency traded."""
        return self._ltf.volume[: self._stop]

    @property
    def ltf(self) -> Bars:
        """The traded timeframe as plain columns."""
        return slice_bars(self._ltf, 0, self._stop)

    @property
    def has_htf(self) -> bool:
        """Whether there is a higher timeframe."""
        return self._htf is not None

    @property
    def htf(self) -> Bars:
        """Bars of the higher timeframe that have closed by the last row's close.

        Raises:
            StrategyError: the strategy states no `htf`.
        """
        if self._htf is None:
            raise StrategyError(
                "bars.htf: there is no higher timeframe; state one, such as htf = '4h', in the strategy"
            )
        known = 0
        if self._stop:
            known = int(np.searchsorted(self._htf.ts_close, self._ltf.ts_close[self._stop - 1], side="right"))
        return slice_bars(self._htf, 0, known)

    def on_close(self, htf_values: NDArray[Any], fill: float = np.nan) -> FloatColumn:
        """Bring values of the higher timeframe down: each row gets that of the last HTF bar closed by its own close.

        Args:
            htf_values: one value per bar of `htf`.
            fill: for rows before the first HTF close.

        Returns:
            float64, one value per row.

        Raises:
            StrategyError: `htf_values` is not one value per HTF bar.
        """
        htf = self.htf
        values = np.asarray(htf_values, dtype=np.float64)
        if values.shape != htf.ts_close.shape:
            raise StrategyError(f"on_close: {values.size} values for {htf.ts_close.size} bars of the higher timeframe")
        place = as_of_close(self.ts_close, htf.ts_close)
        padded = np.concatenate((values, np.array([fill])))
        return padded[place]

    def last(self, count: int) -> ClosedBars:
        """The same bars without all but the last `count`, at least one; the higher timeframe is whole."""
        begin = max(self._stop - count, 0)
        return self if begin == 0 else ClosedBars(slice_bars(self._ltf, begin, self._stop), self._htf)

    def until(self, index: int) -> ClosedBars:
        """The same bars as they were known at the close of row `index`; the higher timeframe is cut by close time."""
        if not 0 <= index < self._stop:
            raise IndexError(f"bar {index} of {self._stop}")
        shorter = ClosedBars.__new__(ClosedBars)
        shorter._ltf, shorter._htf, shorter._stop = self._ltf, self._htf, index + 1  # noqa: SLF001 - our own class
        shorter._rows = self._rows  # noqa: SLF001 - as above
        return shorter
