"""How much of what a session may lose, and may hold, is used up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from tradewright.domain.timeframe import SECOND_NS
from tradewright.services.paper.sessions import PaperSession

__all__ = ["budgets", "day_profit"]

_DAY_NS = 86_400 * SECOND_NS
_LOSSES = (("max_day_loss", "day_equity", "day_low"), ("max_week_loss", "week_equity", "week_low"))


def day_profit(own: PaperSession) -> float:
    """What this UTC day has brought up to the last close, open profit included; quote.

    A bar belongs to the day of its open, as for the limits on losses; the day begins with the equity of the close
    before. 0 where no bar has been played.
    """
    equity = own.session.world.equity
    if not own.steps or equity.size == 0:
        return 0.0
    midnight = own.steps.opens[-1] // _DAY_NS * _DAY_NS
    before = bisect_left(own.steps.opens, midnight)
    start = float(equity[before - 1]) if before else float(own.spec.balance)
    return round(float(equity[-1]) - start, 8)


def budgets(own: PaperSession, held: Sequence[Mapping[str, Any]], equity: float) -> list[dict[str, Any]]:
    """Each limit that is set, with how much of it is used: fractions, multiples of equity, or counts.

    What a day or a week has lost is that of its lowest close, as the limit judges it. Orders that wait to open are not
    counted.

    Args:
        own: the session.
        held: its positions, as `session_facts.positions` tells them.
        equity: of the account now, quote.
    """
    world, risk, limits = own.session.world, own.spec.risk, own.spec.limits
    account = world.account[0]
    exposure = sum(abs(row["quantity"]) * row["price"] for row in held)
    used: dict[str, tuple[float, float]] = {
        "max_exposure": (exposure / equity if equity > 0 else 0.0, risk.max_exposure),
        "max_heat": (sum(map(_at_stake, held)) / equity if equity > 0 else 0.0, limits.max_heat),
        "max_positions": (float((world.positions["lots"] != 0).sum()), float(risk.max_positions)),
        "max_drawdown": (float(account["deepest"]), limits.max_drawdown),
        "max_losses": (float(account["losses"]), float(limits.max_losses)),
    }
    for name, first, low in _LOSSES:
        start = float(account[first])
        used[name] = ((start - float(account[low])) / start if start > 0 else 0.0, getattr(limits, name))
    return [{"limit": name, "used": part, "most": most} for name, (part, most) in sorted(used.items()) if most > 0]


def _at_stake(row: Mapping[str, Any]) -> float:
    away = row["price"] if row["stop"] is None else abs(row["price"] - row["stop"])
    return float(abs(row["quantity"]) * away)
