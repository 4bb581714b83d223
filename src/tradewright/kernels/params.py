"""What a run is told to do, as numbers and enum codes."""

from __future__ import annotations

from typing import NamedTuple, get_type_hints

import numpy as np

__all__ = ["TEAM", "Rules"]


class Rules(NamedTuple):
    """Sizing, limits and assumptions of one account.

    Attributes:
        sizing: `domain.enums.Sizing`.
        size: fraction of equity, quote or base, as `sizing` says.
        min_reward_risk: least (target - entry) / (entry - stop); 0 turns the rule off.
        require_stop: refuse a signal without stop.
        require_target: refuse a signal without target.
        max_exposure: cap on total notional, multiples of equity.
        max_positions: open positions at one time.
        on_opposite: `domain.enums.OnOpposite`.
        target_type: `domain.enums.OrderType` of a take-profit: TAKE_PROFIT_MARKET or LIMIT.
        participation: share of a bar's volume that our orders of one side may fill; 0 knows no such limit.
        ambiguity: `domain.enums.Ambiguity`.
        seed: of the coins that RANDOM and PROB toss.
        limit_fill: `domain.enums.LimitFill`.
        fill_chance: of PROB, from 0 to 1.
        latency: from a decision to its arrival at the venue, ns.
        max_day_loss: fraction of the day's first equity; this and the limits below: 0 turns them off, and they are
            told in `domain.limits`.
        max_week_loss: fraction of the week's first equity.
        max_drawdown: fraction of the highest equity.
        max_losses: closed positions in a row.
        cool_down: after a loss, ns.
        day_target: fraction of the day's first equity.
        max_heat: fraction of equity.
        kelly_trades: of KELLY and OPTIMAL_F: closed trades before which they stake `kelly_start`.
        kelly_start: fraction of equity.
        kelly_cap: most that they stake, fraction of equity.
        trigger_by: `domain.enums.TriggerBy` of what signals bring about, unless they say it themselves.
        price_protect: hold its triggers back while last and mark lie further apart than the instrument allows.
        max_position: cap on the notional of one position, multiples of equity; 0 knows none.
        max_correlation: cap on how much an entry may move as what is held does; 0 turns it off.
        correlation_bars: by so many returns from close to close.
    """

    sizing: int
    size: float
    min_reward_risk: float
    require_stop: bool
    require_target: bool
    max_exposure: float
    max_positions: int
    on_opposite: int
    target_type: int
    participation: float
    ambiguity: int
    seed: int
    limit_fill: int
    fill_chance: float
    latency: int
    max_day_loss: float
    max_week_loss: float
    max_drawdown: float
    max_losses: int
    cool_down: int
    day_target: float
    max_heat: float
    kelly_trades: int
    kelly_start: float
    kelly_cap: float
    trigger_by: int
    price_protect: bool
    max_position: float
    max_correlation: float
    correlation_bars: int


TEAM = np.dtype(
    [
        *get_type_hints(Rules).items(),  # of one member
        ("capital", np.float64),  # what it began with, quote
    ],
    align=True,
)
