"""What a market could bear before each bar: daily volatility over the root of daily volume."""

from __future__ import annotations

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = ["impact_per_root"]

_DAY = Timeframe.parse("1d").ns
_FEWEST = 20
_UNIT = 1e-15


def impact_per_root(bars: Bars) -> FloatColumn:
    """Daily volatility divided by the square root of daily volume, from the bars before each one.

    Multiplied with the square root of a quantity it is the price impact of that quantity, as a fraction of the price,
    by the square-root law with factor 1 (Almgren et al., "Direct Estimation of Equity Market Impact", 2005; Tóth et
    al., "Anomalous price impact", 2011).

    Args:
        bars: of one timeframe.

    Returns:
        (n,) per root of base currency; over the last day, or the last 20 bars where a day has fewer; as many as there
        are at the beginning. 0 at the first bar, and where nothing was traded.
    """
    count = bars.ts_open.size
    if count == 0:
        return np.empty(0)
    a_day = _DAY / int(bars.ts_close[0] - bars.ts_open[0])
    window = max(round(a_day), _FEWEST)
    # A day's move between two closes; of the first bar alone, between its open and its close.
    before = np.concatenate((bars.open[:1], bars.close[:-1]))
    moves = np.log(bars.close / before) ** 2
    squares = _sum_before(np.rint(np.minimum(moves, 1.0) / _UNIT).astype(np.int64), window) * _UNIT
    scale = max(float(bars.volume.max()), 1e-300) / 2.0**40
    volume = _sum_before(np.rint(bars.volume / scale).astype(np.int64), window) * scale
    seen = np.minimum(np.arange(count), window)
    ratio = np.divide(squares, volume, out=np.zeros(count), where=volume > 0.0)
    # Both are sums over the same bars: sqrt(squares / seen * a_day) / sqrt(volume / seen * a_day).
    return np.where(seen > 0, np.sqrt(ratio), 0.0)


def _sum_before(values: IntColumn, window: int) -> IntColumn:
    # Whole numbers: what left the window leaves no trace of rounding.
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
    ends = np.arange(values.size)
    return total[ends] - total[np.maximum(ends - window, 0)]
