"""Limits of an account made by Hypothesis. Needs `hypothesis`."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["NO_LIMITS", "account_limits"]

NO_LIMITS: dict[str, Any] = {
    "max_day_loss": 0.0,
    "max_week_loss": 0.0,
    "max_drawdown": 0.0,
    "max_losses": 0,
    "cool_down": 0,
    "day_target": 0.0,
    "max_heat": 0.0,
    "max_correlation": 0.0,
    "max_position": 0.0,
}


@st.composite
def account_limits(draw: st.DrawFn) -> dict[str, Any]:
    """Limits after losses and gains, narrow enough to be reached; often none."""
    some = draw(st.sampled_from((False, False, True)))

    def one_of(*values: float) -> Any:
        return draw(st.sampled_from((0, 0, *values))) if some else 0

    return {
        "max_day_loss": float(one_of(0.001, 0.05)),
        "max_week_loss": float(one_of(0.01, 0.1)),
        "max_drawdown": float(one_of(0.02, 0.3)),
        "max_losses": one_of(1, 2),
        "cool_down": one_of(90_000_000_000, 600_000_000_000, 10**15),
        "day_target": float(one_of(0.002, 0.05)),
        "max_heat": float(one_of(0.02, 0.2, 1.5)),
        "max_correlation": float(one_of(0.1, 0.5, 0.9)),
        "correlation_bars": draw(st.sampled_from((2, 3, 5))),
        "max_position": float(one_of(0.05, 0.5, 2.0)),
    }
