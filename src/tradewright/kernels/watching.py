"""What an account has been through: days, weeks, peaks, losses. Limits look back at it (`limits`).

Nothing is watched while a run goes on. Before a decision, and at the end of a stretch of steps, the closes and fills
since the last look are gone through in their order: a run without such limits does none of it.
"""

from __future__ import annotations

from typing import Any

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import round_cash
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World

__all__ = ["fall", "look_back", "watches"]

_DAY = 86_400_000_000_000
_MONDAY = 3  # 1970 began on a Thursday


@lean_kernel
def watches(rules: Rules) -> bool:
    """Whether any rule looks at what has been."""
    losses = rules.max_day_loss > 0.0 or rules.max_week_loss > 0.0 or rules.max_drawdown > 0.0
    return bool(losses or rules.max_losses > 0 or rules.cool_down > 0 or rules.day_target > 0.0)


@lean_kernel
def fall(start: float, low: float) -> float:
    """A loss as a fraction of what there was; 0 where there was nothing."""
    return float((start - low) / start) if start > 0.0 else 0.0


@lean_kernel
def begin_day(account: Any, rules: Rules, ts: int) -> None:
    """Begin the UTC day of a bar that opens at `ts`, and its week, if they are new."""
    day = ts // _DAY + 1
    if day == account["watched_day"]:
        return
    account["watched_day"] = day
    account["day_equity"] = account["day_low"] = account["day_high"] = account["last_equity"]
    if account["losses"] >= rules.max_losses:
        account["losses"] = 0
    week = (day - 1 + _MONDAY) // 7 + 1
    if week != account["watched_week"]:
        account["watched_week"] = week
        account["week_equity"] = account["week_low"] = account["last_equity"]


@lean_kernel
def note_close(account: Any, equity: float) -> None:
    """Take in the equity at a close."""
    account["last_equity"] = equity
    account["day_low"] = min(account["day_low"], equity)
    account["day_high"] = max(account["day_high"], equity)
    account["week_low"] = min(account["week_low"], equity)
    account["peak"] = max(account["peak"], equity)
    account["deepest"] = max(account["deepest"], fall(account["peak"], equity))


@lean_kernel
def note_fill(world: World, row: int) -> None:
    """Take in a fill: what a position earned, less the fees of opening and closing it, once it is closed."""
    account = world.account[0]
    fill = world.fills[row]
    position = world.positions[fill["instrument"]]
    closing = round_cash(fill["fee"] * (fill["closed_lots"] / fill["lots"]))
    if fill["closed_lots"] > 0:
        position["followed"] -= fill["closed_lots"]
        position["result"] = round_cash(position["result"] + fill["realised"] - closing)
        if position["followed"] == 0:
            if position["result"] < 0.0:
                account["losses"] += 1
                account["loss_ts"] = fill["ts"]
            elif position["result"] > 0.0:
                account["losses"] = 0
            position["result"] = 0.0
    position["followed"] += fill["lots"] - fill["closed_lots"]
    position["result"] = round_cash(position["result"] - (fill["fee"] - closing))


@lean_kernel
def look_back(world: World, market: Market, rules: Rules, step: int) -> None:
    """Go through what has happened since the last look, up to the close of `step`."""
    account = world.account[0]
    for past in range(account["watched"], step + 1):
        begin_day(account, rules, market.ts_open[past])
        while account["watched_fills"] < account["n_fills"]:
            if world.fills[account["watched_fills"]]["step"] > past:
                break
            note_fill(world, account["watched_fills"])
            account["watched_fills"] += 1
        note_close(account, world.equity[past])
        account["watched"] = past + 1
