"""Which higher-timeframe bar is known at each lower-timeframe close."""

from __future__ import annotations

import numpy as np

from tradewright.market.bars import IntColumn

__all__ = ["as_of_close"]


def as_of_close(ltf_ts_close: IntColumn, htf_ts_close: IntColumn) -> IntColumn:
    """Give the last higher-timeframe bar that has closed at each lower-timeframe close.

    The join is on the close of both. Joined on its open, a 4h bar would be seen up to four hours before it exists.

    Args:
        ltf_ts_close: int64 (n,), UTC ns, ascending.
        htf_ts_close: int64 (m,), UTC ns, ascending.

    Returns:
        int64 (n,): position of the last bar with `ts_close` at or before; -1 where none has closed yet.

    Example:
        >>> as_of_close(np.array([1, 2, 3, 4]), np.array([2, 4])).tolist()
        [-1, 0, 0, 1]
    """
    return np.asarray(np.searchsorted(htf_ts_close, ltf_ts_close, side="right") - 1, dtype=np.int64)
