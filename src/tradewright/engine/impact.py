"""What a run's markets could bear, on its time grid: for slippage by the square-root law."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.feed import Feed
from tradewright.engine.grid import Grid
from tradewright.market.impact import impact_per_root

__all__ = ["impact_columns", "not_known"]


def not_known(count: int) -> NDArray[np.float64]:
    """(K, 0): a column that nothing in the run asks for."""
    return np.zeros((count, 0))


def impact_columns(feeds: Sequence[Feed], grid: Grid) -> NDArray[np.float64]:
    """(K, S) impact per root of lots, as a fraction of price; 0 where an instrument has no bar."""
    columns = np.zeros(grid.has_bar.shape)
    for k, feed in enumerate(feeds):
        num, den = feed.instrument.lot
        columns[k, grid.has_bar[k]] = impact_per_root(feed.bars) * np.sqrt(num / den)
    return columns
