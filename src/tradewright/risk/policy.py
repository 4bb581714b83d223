"""A run's settings as the numbers that the kernels work with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Ambiguity, LimitFill, OnOpposite, OrderType, Sizing, TriggerBy
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import FillSpec, RiskSpec, RunSpec
from tradewright.domain.team import settled
from tradewright.kernels.money import round_cash
from tradewright.kernels.params import TEAM, Rules

__all__ = ["rules_for", "rules_of", "team_rows"]

_NS_PER_MS = 1_000_000
_NS_PER_MINUTE = 60_000_000_000
_TARGET = {"market": OrderType.TAKE_PROFIT_MARKET, "limit": OrderType.LIMIT}


def rules_of(spec: RunSpec) -> Rules:
    """Translate a run's settings and assumptions; every name was checked when the settings were made."""
    return rules_for(spec.risk, spec.fills, spec.limits, spec.seed)


def team_rows(spec: RunSpec) -> NDArray[np.void]:
    """The rules and the capital of every member of a team, TEAM (M,).

    Raises:
        InvalidValue: a member's own setting is not known, or its value is not allowed.
    """
    rows = []
    for member in spec.team:
        risk = settled(spec.risk, member.risk, f"{member.name}.risk")
        limits = settled(LimitSpec(), member.limits, f"{member.name}.limits")
        rows.append((*rules_for(risk, spec.fills, limits, spec.seed), round_cash(spec.balance * member.share)))
    return np.array(rows, TEAM)


def rules_for(risk: RiskSpec, fills: FillSpec, limits: LimitSpec, seed: int) -> Rules:
    """As `rules_of`, where there is no run over bars."""
    return Rules(
        sizing=Sizing[risk.sizing.upper()].value,
        size=float(risk.size),
        min_reward_risk=float(risk.min_reward_risk),
        require_stop=bool(risk.require_stop),
        require_target=bool(risk.require_target),
        max_exposure=float(risk.max_exposure),
        max_positions=int(risk.max_positions),
        on_opposite=OnOpposite[risk.on_opposite.upper()].value,
        target_type=_TARGET[risk.take_profit].value,
        participation=float(fills.participation),
        ambiguity=Ambiguity[fills.ambiguity.upper()].value,
        seed=int(seed),
        limit_fill=LimitFill[fills.limit_fill.upper()].value,
        fill_chance=float(fills.fill_chance),
        latency=round(fills.latency_ms * _NS_PER_MS),
        max_day_loss=float(limits.max_day_loss),
        max_week_loss=float(limits.max_week_loss),
        max_drawdown=float(limits.max_drawdown),
        max_losses=int(limits.max_losses),
        cool_down=round(limits.cool_down * _NS_PER_MINUTE),
        day_target=float(limits.day_target),
        max_heat=float(limits.max_heat),
        kelly_trades=int(risk.kelly_trades),
        kelly_start=float(risk.kelly_start),
        kelly_cap=float(risk.kelly_cap),
        trigger_by=TriggerBy[risk.trigger_by.upper()].value,
        price_protect=risk.price_protect > 0.0,
        max_position=float(risk.max_position),
        max_correlation=float(limits.max_correlation),
        correlation_bars=int(limits.correlation_bars),
    )
