"""How large the account may become before its own orders are the market."""

from __future__ import annotations

import numpy as np

from tradewright.domain.enums import OrderRole
from tradewright.market.bars import FloatColumn
from tradewright.portfolio.run_log import RunLog

__all__ = ["SHARE_OF_BAR", "capacity", "shares_of_volume"]

SHARE_OF_BAR = 0.1
"""The share of a bar's volume beyond which an order is taken to move the price."""

_RARE = 95.0


def shares_of_volume(log: RunLog) -> FloatColumn:
    """How much of its bar's volume each fill was; NaN for forced closes, and where the bar has no volume."""
    shares = np.full(log.fills.size, np.nan)
    for k, instrument in enumerate(log.instruments):
        mine = np.flatnonzero((log.fills["instrument"] == k) & (log.fills["role"] != OrderRole.LIQUIDATION))
        if not mine.size:
            continue
        volume = log.bars[k].volume[log.rows_of_bars(k, log.fills["step"][mine])]
        lot, lot_den = instrument.lot
        shares[mine] = log.fills["lots"][mine] * lot / lot_den / np.where(volume > 0.0, volume, np.nan)
    return shares


def capacity(log: RunLog) -> dict[str, float | int | None]:
    """Compare fills with the volume of their bars.

    `median_share`, `high_share` (one fill in twenty is larger) and `largest_share` are fractions of the bar's volume.
    `beyond_volume` counts fills larger than their whole bar. `split_orders` needed more than one fill. `capacity` is
    the equity, quote, at which one fill in twenty would be more than a tenth of its bar, were quantities to grow with
    equity; None where no bar has volume.
    """
    shares = shares_of_volume(log)
    known = np.isfinite(shares)
    found = shares[known]
    # By the equity that sized it: that of the close before the fill.
    before = np.concatenate(([log.initial_balance], log.equity))[log.fills["step"][known]]
    relative = found[before > 0.0] / before[before > 0.0]
    high = float(np.percentile(relative, _RARE)) if relative.size else 0.0
    _, counts = np.unique(log.fills["order_id"], return_counts=True)
    return {
        "measured_fills": int(found.size),
        "median_share": float(np.median(found)) if found.size else None,
        "high_share": float(np.percentile(found, _RARE)) if found.size else None,
        "largest_share": float(found.max()) if found.size else None,
        "beyond_volume": int(np.sum(found > 1.0)),
        "split_orders": int(np.sum(counts > 1)),
        "capacity": SHARE_OF_BAR / high if high > 0.0 else None,
    }
