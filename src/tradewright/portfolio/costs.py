"""What trading cost, how much was traded and for how long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradewright.domain.trade import Trade
from tradewright.portfolio.run_log import RunLog

__all__ = ["cost_figures", "exposure", "traded_notional", "turnover"]


def cost_figures(trades: Sequence[Trade]) -> dict[str, float | None]:
    """Sum up costs, quote: `gross_pnl - slippage - fees + funding == net_pnl`, open trades included.

    Fees are what was charged, also where the wallet could not pay it: nothing that an insurance fund paid is in
    `net_pnl`. That is the figure `insurance`, and `net_pnl + insurance == equity_change`.
    `cost_share` is what fees, slippage and funding took, as a fraction of a gross profit; None without one.
    """
    names = {"gross_pnl": "gross_pnl", "fees": "fees", "slippage": "slippage", "funding": "funding", "net_pnl": "pnl"}
    sums = {name: float(sum(getattr(trade, field) for trade in trades)) for name, field in names.items()}
    costs = sums["fees"] + sums["slippage"] - sums["funding"]
    share = costs / sums["gross_pnl"] if sums["gross_pnl"] > 0.0 else None
    return {**sums, "cost_share": share}


def exposure(log: RunLog) -> float:
    """Share of the bars of the run in which a position was open for some of the time, whatever the instrument."""
    steps = log.ts_close.size
    if not steps:
        return 0.0
    in_market = np.zeros(steps, np.bool_)
    for k in range(len(log.instruments)):
        mine = log.fills[log.fills["instrument"] == k]
        change = np.zeros(steps, np.int64)
        np.add.at(change, mine["step"], mine["side"] * mine["lots"])
        in_market |= np.cumsum(change) != 0
    # Flat at the close, yet not all the bar long: something opened in it, or closed on the way.
    fills = log.fills
    passing = (fills["lots"] > fills["closed_lots"]) | (fills["ts"] != log.ts_open[fills["step"]])
    in_market[fills["step"][passing]] = True
    return float(np.mean(in_market))


def traded_notional(log: RunLog) -> float:
    """Value of all fills, bought and sold, quote."""
    total = 0.0
    for k, instrument in enumerate(log.instruments):
        mine = log.fills[log.fills["instrument"] == k]
        (tick, tick_den), (lot, lot_den) = instrument.tick, instrument.lot
        units = float(np.sum(mine["lots"].astype(np.float64) * mine["ticks"]))
        total += units * (tick * lot) / (tick_den * lot_den)
    return total


def turnover(log: RunLog) -> float | None:
    """Traded notional / mean equity, over the whole run; 2 means equity went in and out once."""
    mean = float(np.mean(log.equity)) if log.equity.size else 0.0
    return traded_notional(log) / mean if mean > 0.0 else None
