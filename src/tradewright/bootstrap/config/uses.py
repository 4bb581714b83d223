"""What the parts of the product take from a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewright.bootstrap.config.tree import Venue
from tradewright.bootstrap.config.typed import Configured
from tradewright.bootstrap.reach import Reach
from tradewright.strategy.param import Value

__all__ = ["missing_for_live", "momentum_params", "reach_of", "rules", "run_defaults"]

_PARTS = ("costs", "fills", "risk", "limits")
_MOMENTUM = {
    "rsi_length": "rsi_period",
    "overbought": "rsi_overbought",
    "oversold": "rsi_oversold",
    "macd_fast": "macd_fast",
    "macd_slow": "macd_slow",
    "macd_signal": "macd_signal",
    "bands_length": "bollinger_period",
    "deviations": "bollinger_deviations",
    "band": "bollinger_band",
    "short": "short",
    "stop": "stop_loss",
    "activation": "trailing_activation",
    "trailing": "trailing_offset",
}
_RATES = {
    "roc_periods": ("length_1", "length_5", "length_15"),
    "roc_thresholds": ("roc_1", "roc_5", "roc_15"),
}


def rules(configured: Configured) -> dict[str, dict[str, Any]]:
    """What has been given of `costs`, `fills`, `risk` and `limits`; what has not is left to the strategy."""
    found = {name: configured.part(name) for name in _PARTS}
    most, capital = configured.tree.trading.max_position_value, configured.tree.simulation.initial_capital
    if most is not None:
        found["risk"].setdefault("max_position", min(most / capital, 200.0))
    return found


def momentum_params(configured: Configured) -> dict[str, Value]:
    """What has been given of the parameters of `momentum_scanner`, by the strategy's names."""
    own, tree = configured.part("momentum"), configured.tree.momentum
    found: dict[str, Value] = {name: own[key] for name, key in _MOMENTUM.items() if key in own}
    for key, names in _RATES.items():
        if key in own:
            found |= dict(zip(names, own[key], strict=True))
    if "take_profits" in own:
        levels = [*tree.take_profits, *(None,) * (3 - len(tree.take_profits))]
        for place, level in enumerate(levels, start=1):
            found[f"part_{place}"] = level.position_percentage if level else 0.0
            if level:
                found[f"target_{place}"] = level.percentage
    if not tree.trend_confirmation:
        found["adx"] = 0.0
    return found


def run_defaults(configured: Configured, strategy: str | None) -> Mapping[str, Any]:
    """What a run takes from the configuration where the command does not say it.

    Args:
        configured: that has been read.
        strategy: of the run; None where a session goes on.
    """
    tree = configured.tree
    return {
        "exchange": tree.venue.exchange,
        "reach": reach_of(tree.venue),
        "balance": tree.simulation.initial_capital,
        "seed": tree.simulation.seed,
        "context": tree.simulation.context_bars,
        "params": momentum_params(configured) if strategy and strategy.lower() == "momentum_scanner" else {},
        **rules(configured),
    }


def reach_of(venue: Venue) -> Reach:
    """How the configured venue is reached."""
    return Reach(venue.exchange, venue.rest_url, venue.ws_url, venue.timeout_s, venue.retries, venue.backoff_factor)


def missing_for_live(configured: Configured) -> tuple[str, ...]:
    """What the configuration lacks before an order may leave, in words; approval in the product comes on top.

    Live trading needs all of: the mode, the approval, the keys. Without them there is simulation.
    """
    trading, venue = configured.tree.trading, configured.tree.venue
    wanted = (
        (trading.mode == "live", "TRADING_MODE=live (trading.mode)"),
        (trading.approved, "TRADING_APPROVED=true (trading.approved)"),
        (trading.enabled, "TRADING_ENABLED=true (trading.enabled)"),
        (venue.api_key is not None and venue.api_secret is not None, "EXCHANGE_API_KEY and EXCHANGE_API_SECRET"),
    )
    return tuple(words for there, words in wanted if not there)
