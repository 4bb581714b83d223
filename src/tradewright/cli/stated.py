"""Options that say something only beside another one: without it they are refused, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["check_stated"]

# Name to the option that it belongs to, what that must say, and what it says where it is left out; None where that is
# for the strategy to say, and not known here.
_BESIDE: Mapping[str, tuple[str, tuple[str, ...], str | None]] = {
    "slippage_bps": ("slippage", ("bps",), "bps"),
    "slippage_ticks": ("slippage", ("ticks",), "bps"),
    "slippage_impact": ("slippage", ("volume_share", "square_root"), "bps"),
    "spread_bps": ("spread", ("auto", "assumed"), "auto"),
    "fill_chance": ("limit_fill", ("prob",), "through"),
    "kelly_trades": ("sizing", ("kelly", "optimal_f"), None),
    "kelly_start": ("sizing", ("kelly", "optimal_f"), None),
    "kelly_cap": ("sizing", ("kelly", "optimal_f"), None),
}


def check_stated(stated: Mapping[str, Any], beside: Mapping[str, Any] | None = None) -> None:
    """Refuse what would have no effect.

    Args:
        stated: options that were given, by name.
        beside: everything that is in force, these among it; None: these alone.

    Raises:
        InvalidValue: one of them says nothing without another that was not given, or says something else.
    """
    from tradewright.domain.errors import InvalidValue

    force = stated if beside is None else beside
    for name, (other, ways, default) in _BESIDE.items():
        said = force.get(other, default)
        if name in stated and said is not None and said not in ways:
            words = " or ".join(f"--{other.replace('_', '-')} {way}" for way in ways)
            raise InvalidValue(name, stated[name], f"it with {words}: beside {said} it has no effect")
    if "correlation_bars" in stated and not force.get("max_correlation"):
        raise InvalidValue("correlation_bars", stated["correlation_bars"], "it with --max-correlation")
