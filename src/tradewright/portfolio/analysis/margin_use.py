"""How much of the account was bound as margin, and how near it came to a forced close."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.times import iso
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.portfolio.run_log import RunLog

__all__ = ["margin_use"]

_PASSES = 4


class Load(NamedTuple):
    """What the positions weigh at each step, quote; all instruments.

    Attributes:
        notional: value at the close.
        initial: initial margin at the close.
        equity: at the worst prices of the bar.
        maintenance: maintenance margin at these prices.
        slope: what a fall by the whole price would take from equity, less what it would free of maintenance.
    """

    notional: FloatColumn
    initial: FloatColumn
    equity: FloatColumn
    maintenance: FloatColumn
    slope: FloatColumn


def margin_use(log: RunLog) -> dict[str, Any]:
    """Measure margin at every close, and the distance to liquidation at the worst marks of every bar.

    `mean_use` and `peak_use` are initial margin by equity; the mean is over all bars, those without a position
    included. `peak_leverage` is notional by equity. `nearest_liquidation` is the smallest fraction by which the prices
    of all open positions would have had to go further against them, at one time, for equity to fall to the maintenance
    margin; the prices are each bar's worst for its position (its close, in a bar in which the position changed), the
    tier is the one that holds at the end of the move. None without a perpetual's position. Spot is paid in full: its
    margin is its value.
    """
    nothing = {"mean_use": None, "peak_use": None, "peak_at": None, "peak_leverage": None,
               "nearest_liquidation": None, "nearest_at": None}  # fmt: skip
    if not log.specs.size or not log.fills.size or not log.marks:
        return nothing
    load, room = _room(log)
    solvent = log.equity > 0.0
    use = np.divide(load.initial, log.equity, out=np.zeros(log.equity.size), where=solvent)
    leverage = np.divide(load.notional, log.equity, out=np.zeros(log.equity.size), where=solvent)
    peak, nearest = int(np.argmax(use)), int(np.argmin(room))
    is_near = bool(np.isfinite(room[nearest]))
    return {
        "mean_use": float(use.mean()),
        "peak_use": float(use[peak]),
        "peak_at": iso(int(log.ts_close[peak])),
        "peak_leverage": float(leverage.max()),
        "nearest_liquidation": max(float(room[nearest]), 0.0) if is_near else None,
        "nearest_at": iso(int(log.ts_close[nearest])) if is_near else None,
    }


def _room(log: RunLog) -> tuple[Load, FloatColumn]:
    # The move that ends the account, from each step on; solved again with the tiers that hold where it ends.
    room = np.zeros(log.equity.size)
    for _ in range(_PASSES):
        load, before = _load(log, np.where(np.isfinite(room), np.maximum(room, 0.0), 0.0)), room
        room = np.full(log.equity.size, np.inf)
        np.divide(load.equity - load.maintenance, load.slope, out=room, where=load.slope > 0.0)
        if np.array_equal(room, before):
            break
    return load, room


def _load(log: RunLog, move: FloatColumn) -> Load:
    size = log.equity.size
    load = Load(np.zeros(size), np.zeros(size), log.equity.copy(), np.zeros(size), np.zeros(size))
    for k in range(len(log.instruments)):
        if (log.fills["instrument"] == k).any():
            _add(log, k, load, move)
    return load


def _add(log: RunLog, k: int, load: Load, move: FloatColumn) -> None:
    # The weight of one instrument's position, added in place; its tier is that after a move against it.
    spec, lots, changed = log.specs[k], *_lots(log, k)
    close, low, high = log.marks[k]
    size = np.abs(lots) * spec["tick_value"]
    load.notional[:] += size * close
    load.initial[:] += size * close / spec["leverage"]
    if not spec["is_perpetual"]:
        load.equity[:] += size * np.where(changed, 0, low - close)
        return
    worst = np.where(changed, close, np.where(lots > 0, low, high))
    load.equity[:] += lots * spec["tick_value"] * (worst - close)
    value = size * worst
    tiers = log.tiers[spec["tier_start"] : spec["tier_stop"]]
    after = value * np.maximum(1.0 - np.sign(lots) * move, 0.0)
    tier = np.maximum(np.searchsorted(tiers[:, 0], after, side="right") - 1, 0)
    load.maintenance[:] += value * tiers[tier, 1] - np.where(lots != 0, tiers[tier, 2], 0.0)
    load.slope[:] += value * (1.0 - np.sign(lots) * tiers[tier, 1])


def _lots(log: RunLog, k: int) -> tuple[IntColumn, NDArray[np.bool_]]:
    # Signed lots held at each close, and whether they changed inside the bar.
    mine = log.fills[log.fills["instrument"] == k]
    change = np.zeros(log.equity.size, np.int64)
    np.add.at(change, mine["step"], mine["side"] * mine["lots"])
    changed = np.zeros(log.equity.size, np.bool_)
    changed[mine["step"]] = True
    return np.cumsum(change), changed
