"""Joining a higher timeframe: always on its close."""

from __future__ import annotations

import numpy as np

from tradewright.market.bars import IntColumn

__all__ = ["as_of_close"]


def as_of_close(ts_close: IntColumn, htf_close: IntColumn) -> IntColumn:
    """Find, for each bar, the last higher-timeframe bar that had closed by its close.

    Args:
        ts_close: close times of the bars, UTC ns.
        htf_close: close times of the higher-timeframe bars, UTC ns, ascending.

    Returns:
        int64 positions in `htf_close`, -1 where none had closed.
    """
    return (np.searchsorted(htf_close, ts_close, side="right") - 1).astype(np.int64)
