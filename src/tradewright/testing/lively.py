"""A strategy that does at a venue what can be done there: entries, brackets, reversals, and order commands."""

from __future__ import annotations

import random
from typing import Any

from tradewright.domain.intents import Cancel, CancelAll, Change, IntentSide, OrderIntent
from tradewright.domain.signal import Signal
from tradewright.strategy.plugin import Plugin
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView

__all__ = ["Lively", "lively_registry"]

_KINDS = ("market", "market", "limit", "stop", "limit")


class Lively(Strategy):
    """Draw a wish at each bar from its time alone, so that every life of a session wishes the same."""

    version = "1"

    def on_bar(self, view: BarView) -> Any:
        """See the class."""
        chance = random.Random(view.ts_close)  # noqa: S311 - no secret
        draw = chance.random()
        if draw < 0.35:  # noqa: PLR2004 - a share
            return self._signal(view.close, chance)
        if draw < 0.40:  # noqa: PLR2004 - a share
            return Signal("exit")
        return self._orders(view.close, chance, draw)

    @staticmethod
    def _signal(close: float, chance: random.Random) -> Signal:
        sign = chance.choice((1.0, -1.0))
        kind: Any = chance.choice(_KINDS)
        away = {"limit": -1.0, "stop": 1.0}.get(kind, 0.0)
        entry = round(close * (1.0 + sign * away * 0.001), 1)
        fields: dict[str, Any] = {"take_profit": entry * (1.0 + sign * 0.006)}
        if chance.random() < 0.5:  # noqa: PLR2004 - a share
            targets = tuple((entry * (1.0 + sign * far), share) for far, share in ((0.005, 0.4), (0.01, 0.6)))
            fields = {"targets": targets, "break_even": chance.random() < 0.5}  # noqa: PLR2004 - a share
        if chance.random() < 0.3:  # noqa: PLR2004 - a share
            fields |= {"trailing": 0.004}
        stop, wait = entry * (1.0 - sign * 0.004), 0 if kind == "market" else chance.randint(1, 4)
        return Signal("long" if sign > 0 else "short", entry, stop, kind=kind, valid_bars=wait, **fields)

    @staticmethod
    def _orders(close: float, chance: random.Random, draw: float) -> Any:
        side: IntentSide = "buy" if chance.random() < 0.5 else "sell"  # noqa: PLR2004 - a share
        sign = 1.0 if side == "buy" else -1.0
        if draw < 0.50:  # noqa: PLR2004 - a share
            price = round(close * (1.0 - sign * 0.001), 1)
            return [OrderIntent(side, 0.02, "limit", price=price, tag="near")]
        if draw < 0.60:  # noqa: PLR2004 - a share
            return [Change("near", price=round(close * (1.0 - sign * 0.002), 1))]
        if draw < 0.65:  # noqa: PLR2004 - a share
            return [Cancel("near")]
        if draw < 0.68:  # noqa: PLR2004 - a share
            return [CancelAll()]
        if draw < 0.72:  # noqa: PLR2004 - a share
            return [OrderIntent(side, 0.01)]
        return None


def lively_registry() -> Registry:
    """Where it is the only one."""
    return Registry([Plugin(Lively, __file__, 1, "")])
