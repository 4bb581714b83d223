"""Strategies that wish at random everything that can be wished, the same by columns and bar by bar."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np

from tradewright.domain.intents import POSITION_SIDES, Ask, Cancel, CancelAll, Change, OrderIntent, Twap
from tradewright.domain.signal import EntryKind, Signal
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView

__all__ = ["Legged", "Wild", "Wilder"]

_SPEAKS, _LEAVES, _RESTS, _RUNS, _EITHER = 0.2, 0.15, 0.7, 0.4, 0.5  # chances
_DRAWS = np.random.default_rng(5).random((4_000, 5))


class Wild(Strategy):
    """Wish everything that can be wished, at bars and prices drawn beforehand."""

    version = "1"

    def wish(self, bar: int, close: float) -> Signal | None:
        """What is wished at one bar."""
        often, kind, side, near, wait = _DRAWS[bar]
        if often > _SPEAKS:
            return None
        if kind < _LEAVES:
            return Signal("exit")
        sign = 1.0 if side < _EITHER else -1.0
        name: EntryKind = "market"
        entry = close
        if kind > _RESTS:
            entry, name = close * (1.0 - sign * 0.002 * near), "limit"
        elif kind > _RUNS:
            entry, name = close * (1.0 + sign * 0.002 * near), "stop"
        stop, target = entry * (1.0 - sign * 0.004), entry * (1.0 + sign * 0.013)
        return Signal("long" if sign > 0 else "short", entry, stop, target, near, kind=name, valid_bars=int(wait * 30))

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        wishes = [(bar, self.wish(bar, close)) for bar, close in enumerate(bars.close.tolist())]
        return Signals.from_list([(bar, wish) for bar, wish in wishes if wish])

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        return self.wish(view.index, view.close)


class Wilder(Wild):
    """Every kind of entry, every time in force, and brackets of every form."""

    def wish(self, bar: int, close: float) -> Signal | None:
        """See the class."""
        plain = super().wish(bar, close)
        if plain is None or plain.side == "exit" or plain.stop_loss is None:
            return plain
        pick = int(_DRAWS[bar][1] * 1e6)
        sign = 1.0 if plain.side == "long" else -1.0
        kinds: tuple[EntryKind, ...] = get_args(EntryKind)
        kind = kinds[pick % 7]
        away = {"limit": -1, "take_profit": -1, "take_profit_limit": -1, "stop": 1, "stop_limit": 1}.get(kind, 0)
        entry = close * (1.0 + sign * away * 0.002 * _DRAWS[bar][3])
        fields: dict[str, Any] = {"valid_bars": 0}
        if kind in {"stop_limit", "take_profit_limit"}:
            fields["limit_price"] = entry * (1.0 + sign * 0.0005)
        if kind == "trailing_stop":
            fields |= {"entry_callback": 0.002, "entry_activation": close * (1.0 - sign * 0.001) if pick % 2 else None}
        ways = ("gtc", "gtd", "ioc", "fok", "gtx" if kind.endswith("limit") else "gtc")
        fields["time_in_force"] = ways[pick // 7 % 5]
        if fields["time_in_force"] == "gtd":
            fields["valid_bars"] = 1 + pick % 4
        if pick % 3 == 0:
            steps = ((0.004, 0.3), (0.013, 0.4), (0.03, 0.3))
            fields |= {"take_profit": None, "targets": tuple((entry * (1 + sign * far), share) for far, share in steps)}
            fields["break_even"] = pick % 2 == 0
        if pick % 4 == 0:
            fields |= {"trailing": 0.004, "activation": entry * (1 + sign * 0.002) if pick % 8 else None}
        return replace(plain, entry=entry, stop_loss=entry * (1.0 - sign * 0.004), kind=kind, **fields)


class Legged(Strategy):
    """Every kind of ask about the two positions of a hedge, drawn beforehand; signals among them."""

    version = "1"

    def on_bar(self, view: BarView) -> list[Ask] | Signal | None:
        """See the class."""
        often, what, side, leg, far = _DRAWS[view.index]
        if often > _RUNS:
            return None
        buys, of = side < _EITHER, POSITION_SIDES[int(leg < _EITHER)]
        name: Any = "buy" if buys else "sell"
        price = view.whole_price(view.close * (1.0 + (-1 if buys else 1) * 0.002 * far))
        trigger = view.whole_price(view.close * (1.0 + (1 if buys else -1) * 0.002 * far))
        asks: list[list[Ask]] = [
            [OrderIntent(name, 0.02, position_side=of)],
            [OrderIntent(name, 0.03, "limit", price=price, tag=f"at-{of}", oco=of, position_side=of)],
            [OrderIntent(name, 0.03, "stop", trigger=trigger, tag="stop", oco=of, position_side=of)],
            [OrderIntent(name, kind="stop", trigger=trigger, close_position=True, position_side=of)],
            [Twap(name, 0.04, bars=6, slices=3, tag="twap", position_side=of)],
            [Change("stop", trigger=trigger), Change(f"at-{of}", price=price)],
            [Cancel(f"at-{of}"), Cancel("twap"), Cancel("stop")],
            [CancelAll(), OrderIntent(name, 0.01, position_side=of, reduce_only=True)],
        ]
        place = int(what * (len(asks) + 1))
        return asks[place] if place < len(asks) else Signal("long" if buys else "short", view.close, price)
