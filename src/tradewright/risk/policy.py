"""A run's settings as the numbers that the kernels work with."""

from __future__ import annotations

from tradewright.domain.enums import Ambiguity, LimitFill, OnOpposite, OrderType, Sizing, TriggerBy
from tradewright.domain.run import RunSpec
from tradewright.kernels.params import Rules

__all__ = ["rules_of"]

_NS_PER_MS = 1_000_000
_NS_PER_MINUTE = 60_000_000_000
_TARGET = {"market": OrderType.TAKE_PROFIT_MARKET, "limit": OrderType.LIMIT}


def rules_of(spec: RunSpec) -> Rules:
    """Translate risk settings and assumptions; every name was checked when the settings were made."""
    risk, limits = spec.risk, spec.limits
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
        participation=float(spec.fills.participation),
        ambiguity=Ambiguity[spec.fills.ambiguity.upper()].value,
        seed=int(spec.seed),
        limit_fill=LimitFill[spec.fills.limit_fill.upper()].value,
        fill_chance=float(spec.fills.fill_chance),
        latency=round(spec.fills.latency_ms * _NS_PER_MS),
        max_day_loss=float(limits.max_day_loss),
        max_week_loss=float(limits.max_week_loss),
        max_drawdown=float(limits.max_drawdown),
        max_losses=int(limits.max_losses),
        cool_down=round(limits.cool_down * _NS_PER_MINUTE),
        day_target=float(limits.day_target),
        max_heat=float(limits.max_heat),
        trigger_by=TriggerBy[risk.trigger_by.upper()].value,
        price_protect=risk.price_protect > 0.0,
    )
