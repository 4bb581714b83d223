"""Where the gross profit went, part by part, and how much dearer trading may become before nothing is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Liquidity, OrderRole
from tradewright.domain.trade import Trade
from tradewright.market.bars import FloatColumn
from tradewright.portfolio.run_log import RunLog

__all__ = ["PARTS", "cost_split", "fill_values"]

PARTS = ("maker_fees", "taker_fees", "clearance", "spread", "slippage", "funding")
"""The parts of what trading cost, in the order in which they are shown."""


def fill_values(log: RunLog) -> FloatColumn:
    """Value of each fill, quote."""
    values = np.zeros(log.fills.size)
    for k, instrument in enumerate(log.instruments):
        (tick, tick_den), (lot, lot_den) = instrument.tick, instrument.lot
        mine = log.fills["instrument"] == k
        units = log.fills["lots"][mine].astype(np.float64) * log.fills["ticks"][mine]
        values[mine] = units * (tick * lot) / (tick_den * lot_den)
    return values


def cost_split(log: RunLog, trades: Sequence[Trade], spread_bps: float, symbol: str | None = None) -> dict[str, Any]:
    """Split the costs of a run, or of one of its instruments.

    `spread` is half the assumed spread on each fill that paid for taking; `slippage` is the rest of what it paid, whole
    ticks rounded against us included. `clearance` is what forced closes pay on top of the fee. `funding` is above 0
    where it was paid. Each part has its `amount` (quote), its `share` of a gross profit above 0, and what it took
    `per_trade`, trades that are still open included.

    `break_even_multiple` is how many times as high fees, spread and slippage may be, with the same trades at the same
    prices and the same funding, until the net profit is zero; None where trading cost nothing or free trading would not
    have paid either.

    `insurance` is what the venue's fund paid of all this, which `net_pnl` leaves out: both together are what the
    account changed by. The fund covers an account, so it is 0 for one instrument of it.

    Args:
        log: of the run.
        trades: of the run.
        spread_bps: full spread that takers were assumed to meet.
        symbol: of the instrument; None takes all.
    """
    mine = np.ones(log.fills.size, np.bool_)
    if symbol is not None:
        mine = log.fills["instrument"] == [instrument.symbol for instrument in log.instruments].index(symbol)
        trades = [trade for trade in trades if trade.symbol == symbol]
    amounts = _amounts(log, mine, spread_bps) | {"funding": 0.0 - sum(trade.funding for trade in trades)}
    total = sum(amounts.values())
    gross = float(sum(trade.gross_pnl for trade in trades))

    def part(amount: float) -> dict[str, float | None]:
        share = amount / gross if gross > 0.0 else None
        return {"amount": amount, "share": share, "per_trade": amount / len(trades) if trades else None}

    charged, before = total - amounts["funding"], gross - amounts["funding"]
    return {
        "gross_pnl": gross,
        "parts": {name: part(amounts[name]) for name in PARTS} | {"total": part(total)},
        "net_pnl": float(sum(trade.pnl for trade in trades)),
        "insurance": log.insurance if symbol is None else 0.0,
        "break_even_multiple": before / charged if charged > 0.0 and before > 0.0 else None,
    }


def _amounts(log: RunLog, mine: NDArray[np.bool_], spread_bps: float) -> dict[str, float]:
    fills, values = log.fills[mine], fill_values(log)[mine]
    is_maker = fills["liquidity"] == Liquidity.MAKER
    clearance = np.zeros(fills.size)
    if log.specs.size:
        forced = fills["role"] == OrderRole.LIQUIDATION
        clearance = np.where(forced, values * log.specs["liquidation_rate"][fills["instrument"]], 0.0)
    spread = np.minimum(fills["slippage"], values * spread_bps * 0.5e-4)
    fees = fills["fee"] - clearance
    columns = (fees[is_maker], fees[~is_maker], clearance, spread, fills["slippage"] - spread)
    return {name: float(column.sum()) for name, column in zip(PARTS[:-1], columns, strict=True)}
