"""The optimism meter: how much hangs on limits that the price reached without going through them.

A real order stands in a queue. Where the price only touched its level, the queue before it may not have been served; a
backtest cannot know, and one that fills such orders flatters itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import FillFlag, Liquidity
from tradewright.domain.trade import Trade
from tradewright.features.ticks import ticks_of
from tradewright.market.bars import IntColumn
from tradewright.portfolio.run_log import RunLog

__all__ = ["optimism", "touched_only"]

_FAR = 1 << 62


def ticks_through(log: RunLog) -> IntColumn:
    """By how many ticks the bar of each maker's fill went beyond its price.

    0: the price was only touched. Very many for a taker, and for a resting order that the open had passed.
    """
    beyond = np.full(log.fills.size, _FAR, np.int64)
    rested = (log.fills["liquidity"] == Liquidity.MAKER) & (log.fills["flags"] & FillFlag.GAP == 0)
    for k, instrument in enumerate(log.instruments):
        mine = np.flatnonzero(rested & (log.fills["instrument"] == k))
        if not mine.size:
            continue
        fills = log.fills[mine]
        rows = log.rows_of_bars(k, fills["step"])
        bars = log.bars[k]
        low, high = (ticks_of(column[rows], instrument) for column in (bars.low, bars.high))
        beyond[mine] = np.where(fills["side"] > 0, fills["ticks"] - low, high - fills["ticks"])
    return beyond


def touched_only(log: RunLog) -> NDArray[np.bool_]:
    """Whether each fill is that of a limit whose price was reached, and not gone through.

    The engine flags those it filled so; of other engines' fills the bar tells.
    """
    return _touched(log, ticks_through(log))


def _touched(log: RunLog, beyond: IntColumn) -> NDArray[np.bool_]:
    return np.asarray((beyond <= 0) | (log.fills["flags"] & FillFlag.TOUCHED != 0))


def optimism(log: RunLog, trades: Sequence[Trade]) -> dict[str, float | int | None]:
    """Measure what hangs on touches.

    `limit_fills` are those of resting limits. `touched_share` is of all fills. `touched_pnl` is the net profit of the
    trades that needed such a fill, quote, and `touched_pnl_share` its share of a net profit above 0. `thin_fills` went
    through by one tick: the next to doubt.
    """
    beyond = ticks_through(log)
    touched = _touched(log, beyond)
    fills, count = int(log.fills.size), int(touched.sum())
    needed = float(sum(trade.pnl for trade in trades if trade.touched))
    net = float(sum(trade.pnl for trade in trades))
    return {
        "fills": fills,
        "limit_fills": int(np.sum(log.fills["liquidity"] == Liquidity.MAKER)),
        "touched_fills": count,
        "touched_share": count / fills if fills else None,
        "thin_fills": int(np.sum((beyond == 1) & ~touched)),
        "touched_trades": sum(trade.touched for trade in trades),
        "touched_pnl": needed,
        "touched_pnl_share": needed / net if net > 0.0 else None,
    }
