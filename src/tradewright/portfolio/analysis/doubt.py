"""What hangs on the order of events inside bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradewright.domain.enums import FillFlag
from tradewright.domain.trade import Trade
from tradewright.portfolio.run_log import RunLog

__all__ = ["doubt"]


def doubt(log: RunLog, trades: Sequence[Trade]) -> dict[str, float | int | None]:
    """Measure what the policy decided and the data did not.

    `decided_share` is of all fills. `spread` is final equity under `best` less that under `worst`, quote;
    `spread_of_profit` its size in net profits, without sign, None where there is none to compare with.
    """
    fills = int(log.fills.size)
    decided = int(np.sum(log.fills["flags"] & FillFlag.AMBIGUOUS != 0))
    net = float(sum(trade.pnl for trade in trades))
    return {
        "bars": log.ambiguous_bars,
        "decided_fills": decided,
        "decided_share": decided / fills if fills else None,
        "decided_trades": sum(trade.ambiguous for trade in trades),
        "spread": log.ambiguity_spread,
        "spread_of_profit": abs(log.ambiguity_spread / net) if net else None,
    }
