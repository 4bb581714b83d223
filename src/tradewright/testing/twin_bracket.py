"""The slow twin of brackets: which exits an entry should have, and what a fill of one does to the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tradewright.domain.enums import OrderRole, OrderType
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.testing.twin_account import plan_of
from tradewright.testing.twin_order import TwinOrder

__all__ = ["Exit", "exits_for", "own_plan", "shrunk"]


@dataclass(frozen=True)
class Exit:
    """An exit as it should be."""

    leg: int
    role: OrderRole
    type: int
    level: int
    lots: int
    callback: int = 0


def own_plan(market: Market, order: TwinOrder) -> Any:
    """What the signal behind an order asks beyond the plain, or None."""
    return plan_of(market, market.signals[order.signal]) if order.signal >= 0 else None


def exits_for(market: Market, rules: Rules, entry: TwinOrder, total: int) -> list[Exit]:
    """The exits that guard what an entry has opened so far."""
    plan = own_plan(market, entry)
    exits = []
    if entry.has_stop:
        exits.append(Exit(0, OrderRole.STOP_LOSS, OrderType.STOP_MARKET, entry.stop_ticks, total))
    if plan is not None and plan["callback"]:
        level, callback = int(plan["activation_ticks"]), int(plan["callback"])
        exits.append(Exit(1, OrderRole.STOP_LOSS, OrderType.TRAILING_STOP, level, total, callback))
    if entry.has_target:
        targets = zip(_levels(entry, plan), _parts(plan, total), strict=True)
        for leg, (level, lots) in enumerate(targets, start=2):
            exits.append(Exit(leg, OrderRole.TAKE_PROFIT, rules.target_type, level, lots))
    return [exit_ for exit_ in exits if exit_.lots]


def _levels(entry: TwinOrder, plan: Any) -> list[int]:
    more = int(plan["more_targets"]) if plan is not None else 0
    return [entry.target_ticks, *(int(plan[f"target{n}_ticks"]) for n in range(2, 2 + more))]


def _parts(plan: Any, total: int) -> list[int]:
    """Whole lots for each target: rounded down, and where the shares are all there is, the last gets what is left."""
    if plan is None:
        return [total]
    shares = [float(plan[f"share{n}"]) for n in range(1, 2 + int(plan["more_targets"]))]
    parts = [math.floor(share * total + 1e-9) for share in shares]
    if shares[-1] == 0.0 or sum(shares) > 1.0 - 1e-9:
        parts[-1] = total - sum(parts[:-1])
    return parts


def shrunk(order: TwinOrder, done: TwinOrder, lots: int, room: int) -> int:
    """What an order of the same bracket may still ask for after `done` filled some lots; `room` is left for targets."""
    rest = order.lots - order.filled
    if not order.reduce_only:
        return 0
    if order.role == OrderRole.TAKE_PROFIT:
        return rest if done.role == OrderRole.TAKE_PROFIT else min(rest, room)
    return max(rest - lots, 0)
