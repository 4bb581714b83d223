"""The recorded bid-ask spread on a run's time grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import DataError
from tradewright.domain.run import SpreadName
from tradewright.domain.times import iso
from tradewright.engine.feed import Feed
from tradewright.engine.grid import Grid
from tradewright.market.bars import IntColumn

__all__ = ["check_spreads", "missing_spreads", "spread_columns"]


def missing_spreads(feed: Feed) -> IntColumn:
    """Open times of the bars of an instrument that have no recorded spread."""
    ts = feed.bars.ts_open
    return ts if feed.spread is None else ts[~np.isin(ts, feed.spread.ts_open)]


def check_spreads(feeds: Sequence[Feed], wanted: SpreadName) -> None:
    """Hold the feeds to what a run asks of spreads.

    Raises:
        DataError: they must be recorded, and are not, or not all.
    """
    if wanted != "recorded":
        return
    for feed in feeds:
        if (missing := missing_spreads(feed)).size:
            raise DataError(
                f"{missing.size:,} of {feed.bars.ts_open.size:,} bars of {feed.instrument.symbol} have no recorded "
                f"spread, the first at {iso(int(missing[0]))}; import them (data import --kind spread) or give "
                "--spread auto"
            )


def spread_columns(feeds: Sequence[Feed], grid: Grid, assumed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half of the spread at the open of each bar, ticks, (K, S); the assumed share of the open where none is recorded.

    Args:
        feeds: of the run.
        grid: on which they lie.
        assumed: half a spread of each instrument, fraction of the price.
    """
    columns = grid.open * assumed[:, None]
    for k, feed in enumerate(feeds):
        if feed.spread is None:
            continue
        steps = np.searchsorted(grid.ts_open, feed.spread.ts_open)
        near = np.minimum(steps, grid.ts_open.size - 1)
        known = (grid.ts_open[near] == feed.spread.ts_open) & grid.has_bar[k, near]
        num, den = feed.instrument.tick
        columns[k, near[known]] = feed.spread.open[known] * (den / num) / 2.0
    return columns
