"""What an account has been through: days, weeks, peaks, losses. Limits look back at it (`limits`).

Nothing is watched while a run goes on. Before a decision, and at the end of a stretch of steps, the closes and fills
since the last look are gone through in their order: a run without such limits does none of it. In a team the account
and each of its members are watched together, each by its own rules.
"""

from __future__ import annotations

import math
from typing import Any

from tradewright.domain.enums import Sizing
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import notional, round_cash
from tradewright.kernels.params import Rules
from tradewright.kernels.records import RESULTS_KEPT, Market, World
from tradewright.kernels.team import rules_of

__all__ = ["fall", "is_watched", "kelly_fraction", "look_back", "optimal_stake"]

_DAY = 86_400_000_000_000
_MONDAY = 3  # 1970 began on a Thursday


@lean_kernel
def watches(rules: Rules) -> bool:
    """Whether any rule looks at what has been."""
    losses = rules.max_day_loss > 0.0 or rules.max_week_loss > 0.0 or rules.max_drawdown > 0.0
    losses = losses or rules.sizing in (Sizing.KELLY.value, Sizing.OPTIMAL_F.value)
    return bool(losses or rules.max_losses > 0 or rules.cool_down > 0 or rules.day_target > 0.0)


@lean_kernel
def is_watched(market: Market, rules: Rules) -> bool:
    """Whether any rule of the account or of a member looks at what has been."""
    asked = watches(rules)
    for who in range(1, 1 + market.team.size):
        asked = asked or watches(rules_of(market, rules, who))
    return asked


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
def note_result(world: World, who: int, result: float, staked: float, ts: int) -> None:
    """Take in a closed position: won, lost, or neither; with a stake, also in multiples of it."""
    account = world.account[who]
    if staked > 0.0 and result != 0.0:
        world.results[who, (account["n_won"] + account["n_lost"]) % RESULTS_KEPT] = result / staked
    if result < 0.0:
        account["losses"] += 1
        account["loss_ts"] = ts
    elif result > 0.0:
        account["losses"] = 0
    if staked > 0.0 and result < 0.0:
        account["n_lost"] += 1
        account["lost"] -= result / staked
    elif staked > 0.0 and result > 0.0:
        account["n_won"] += 1
        account["won"] += result / staked


@lean_kernel
def note_fill(world: World, market: Market, row: int) -> None:
    """Take in a fill: what a position earned, less the fees of opening and closing it, once it is closed."""
    fill = world.fills[row]
    position = world.positions[fill["instrument"]]
    closing = round_cash(fill["fee"] * (fill["closed_lots"] / fill["lots"]))
    if fill["closed_lots"] > 0:
        position["followed"] -= fill["closed_lots"]
        position["result"] = round_cash(position["result"] + fill["realised"] - closing)
        if position["followed"] == 0:
            note_result(world, 0, position["result"], position["staked"], fill["ts"])
            member = market.specs[fill["instrument"]]["member"]
            if member > 0:
                note_result(world, member, position["result"], position["staked"], fill["ts"])
            position["result"] = position["staked"] = 0.0
    opened = fill["lots"] - fill["closed_lots"]
    position["followed"] += opened
    position["result"] = round_cash(position["result"] - (fill["fee"] - closing))
    if opened > 0 and fill["signal"] >= 0 and market.signals[fill["signal"]]["has_stop"]:
        away = abs(fill["ticks"] - market.signals[fill["signal"]]["stop_ticks"])
        position["staked"] += notional(market.specs[fill["instrument"]], opened, away)


@lean_kernel
def kelly_fraction(account: Any) -> float:
    """Kelly's fraction of the closed positions: `p - (1 - p) / b`, b the mean win over the mean loss; at most 1."""
    if account["n_lost"] == 0:
        return 1.0
    if account["n_won"] == 0:
        return -1.0
    chance = account["n_won"] / (account["n_won"] + account["n_lost"])
    payoff = (account["won"] / account["n_won"]) / (account["lost"] / account["n_lost"])
    return float(chance - (1.0 - chance) / payoff)


@lean_kernel
def growth(results: Any, count: int, worst: float, fraction: float) -> float:
    """Logarithm of what an account would have been multiplied by, had the worst loss taken a fraction of it."""
    total = 0.0
    for place in range(count):
        total += math.log(1.0 + fraction * (results[place] / worst))
    return total


@lean_kernel
def optimal_stake(world: World, who: int) -> float:
    """What to lose at a stop by Vince's optimal f of the last closed positions: `f / |worst loss|`, in stakes.

    1 where none was lost. `f` is the hundredth below 1 at which the account would have grown most; 0 where none makes
    it grow.
    """
    account, results = world.account[who], world.results[who]
    count = min(account["n_won"] + account["n_lost"], RESULTS_KEPT)
    worst = 0.0
    for place in range(count):
        worst = max(worst, -results[place])
    if worst == 0.0:
        return 1.0
    # Growth rises up to its summit and falls from there.
    low, high = 0, 99
    while low < high:
        middle = (low + high + 1) // 2
        if growth(results, count, worst, middle / 100.0) > growth(results, count, worst, (middle - 1) / 100.0):
            low = middle
        else:
            high = middle - 1
    return low / 100.0 / worst


@lean_kernel
def look_back(world: World, market: Market, rules: Rules, step: int) -> None:
    """Go through what has happened since the last look, up to the close of `step`."""
    account = world.account[0]
    for past in range(account["watched"], step + 1):
        for who in range(world.account.size):
            begin_day(world.account[who], rules_of(market, rules, who), market.ts_open[past])
        while account["watched_fills"] < account["n_fills"]:
            if world.fills[account["watched_fills"]]["step"] > past:
                break
            note_fill(world, market, account["watched_fills"])
            account["watched_fills"] += 1
        note_close(account, world.equity[past])
        for row in range(market.team.size):
            note_close(world.account[1 + row], world.shares[row, past])
        account["watched"] = past + 1
