"""Members of one account: each with rules, capital and equity of its own; wallet and margin are the account's.

`who` is 0 for the account, else 1 + the row of a member, as in `SPEC.member`. Without a team there is only the account.
"""

from __future__ import annotations

from tradewright.kernels.compiling import lean_kernel, shared_kernel
from tradewright.kernels.margin import open_profit, total_equity
from tradewright.kernels.money import round_cash
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World

__all__ = ["draw_shares", "equity_of", "equity_of_all", "is_of", "note_shares", "rules_of"]


@lean_kernel
def is_of(market: Market, k: int, who: int) -> bool:
    """Whether a row belongs to a member; every row belongs to the account."""
    return bool(who == 0 or market.specs[k]["member"] == who)


@lean_kernel
def rules_of(market: Market, rules: Rules, who: int) -> Rules:
    """The rules by which a member trades; those of the account, which are given, where `who` is 0."""
    if who == 0:
        return rules
    own = market.team[who - 1]
    return Rules(
        own["sizing"],
        own["size"],
        own["min_reward_risk"],
        own["require_stop"],
        own["require_target"],
        own["max_exposure"],
        own["max_positions"],
        own["on_opposite"],
        own["target_type"],
        own["participation"],
        own["ambiguity"],
        own["seed"],
        own["limit_fill"],
        own["fill_chance"],
        own["latency"],
        own["max_day_loss"],
        own["max_week_loss"],
        own["max_drawdown"],
        own["max_losses"],
        own["cool_down"],
        own["day_target"],
        own["max_heat"],
        own["kelly_trades"],
        own["kelly_start"],
        own["kelly_cap"],
        own["trigger_by"],
        own["price_protect"],
        own["max_position"],
        own["max_correlation"],
        own["correlation_bars"],
    )


@lean_kernel
def cash_of(world: World, market: Market, who: int) -> float:
    """What a member began with and what its rows have brought in since, quote; as a wallet of its own would stand."""
    cash = market.team[who - 1]["capital"]
    for k in range(world.positions.size):
        if is_of(market, k, who):
            cash += world.positions[k]["earned"]
    return round_cash(cash)


@lean_kernel
def equity_of(world: World, market: Market, who: int) -> float:
    """Equity at the marks, quote."""
    return total_equity(world, market) if who == 0 else share_of(world, market, who)


@shared_kernel
def share_of(world: World, market: Market, who: int) -> float:
    """Equity of a member at the marks, quote."""
    equity = cash_of(world, market, who)
    for k in range(world.positions.size):
        if is_of(market, k, who) and world.positions[k]["lots"] != 0:
            equity += open_profit(world, market, k, world.positions[k]["mark_ticks"])
    return equity


@lean_kernel
def equity_of_all(world: World, market: Market, own: float) -> float:
    """Equity of the account, where `own` is that of who acts: without a team they are one."""
    return own if market.team.size == 0 else total_equity(world, market)


@shared_kernel
def note_shares(world: World, market: Market, step: int) -> None:
    """Keep the equity of every member at the close of a step."""
    for row in range(market.team.size):
        world.shares[row, step] = share_of(world, market, row + 1)


@shared_kernel
def draw_shares(world: World, market: Market, begin: int, end: int) -> None:
    """Keep the equity of every member at the closes of quiet steps, in the order of `equity_of`."""
    for row in range(market.team.size):
        shares = world.shares[row]
        cash = cash_of(world, market, row + 1)
        for step in range(begin, end):
            shares[step] = cash
        for k in range(world.positions.size):
            lots = world.positions[k]["lots"]
            if lots != 0 and is_of(market, k, row + 1):
                entry = world.positions[k]["entry_ticks"]
                value = market.specs[k]["tick_value"]
                closes = market.mark_close[k]
                for step in range(begin, end):
                    shares[step] += lots * (closes[step] - entry) * value
