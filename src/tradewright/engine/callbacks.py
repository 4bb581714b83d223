"""Run a strategy bar by bar: the very kernels of the compiled loop, called step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderRole, Side
from tradewright.domain.signal import Signal
from tradewright.engine.feed import Feed
from tradewright.engine.guard import speaking
from tradewright.engine.wishes import Wishes, merge_wishes, signal_rows
from tradewright.engine.world import enlarge, new_world
from tradewright.kernels.deciding import decide
from tradewright.kernels.loop import has_log_room
from tradewright.kernels.params import Rules
from tradewright.kernels.playing import play
from tradewright.kernels.records import SIGNAL, Market, World
from tradewright.strategy.playback import fresh
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import FLAT, BarView, FillView, PositionView

__all__ = ["run_callbacks"]

_FIRST_ROOM = 256
_TELL_EVERY = 4096


class _Desk:
    """One instrument's side of a run: its strategy instance, and what that instance is shown."""

    def __init__(self, k: int, strategy: Strategy, feed: Feed, steps: NDArray[np.int64]) -> None:
        self.k, self.feed, self.steps = k, feed, steps
        self.strategy = fresh(strategy)
        self.strategy.on_start()
        self.closed = feed.closed
        self.bar = 0
        self.entered = 0
        self.wishes: list[tuple[int, Signal]] = []

    def tell(self, fills: NDArray[np.void]) -> None:
        """Tell the strategy of its new fills."""
        for fill in fills:
            if fill["instrument"] != self.k:
                continue
            if fill["lots"] > fill["closed_lots"]:
                self.entered = self.bar
            instrument = self.feed.instrument
            price, quantity = instrument.from_ticks(int(fill["ticks"])), instrument.from_lots(int(fill["lots"]))
            side, role = Side(int(fill["side"])), OrderRole(int(fill["role"]))
            self.strategy.on_fill(FillView(int(fill["ts"]), side, role, price, quantity, float(fill["fee"])))

    def position(self, world: World) -> PositionView:
        """The open position as the strategy sees it."""
        held = world.positions[self.k]
        lots = int(held["lots"])
        if lots == 0:
            return FLAT
        num, den = self.feed.instrument.tick
        side = Side.LONG if lots > 0 else Side.SHORT
        quantity = self.feed.instrument.from_lots(abs(lots))
        return PositionView(side, quantity, float(held["entry_ticks"]) * num / den, self.bar - self.entered + 1)

    def ask(self, world: World, step: int) -> NDArray[np.void] | None:
        """Show the bar that has just closed; the strategy's wish as a SIGNAL row, or None."""
        view = BarView(self.closed, self.bar, self.position(world), float(world.equity[step]))
        wish = self.strategy.on_bar(view)
        row = None
        if wish is not None:
            self.wishes.append((self.bar, wish))
            row = signal_rows(Signals.from_list([(self.bar, wish)]), self.k, self.steps, self.feed.instrument)
        self.bar += 1
        return row


def run_callbacks(
    balance: float,
    strategy: Strategy,
    feeds: Sequence[Feed],
    setting: tuple[Market, Rules],
    progress: Callable[[int, int], None],
) -> tuple[World, Wishes]:
    """Play every step, tell each strategy its fills, ask for its wish, and decide on it at once."""
    market, rules = setting
    market = market._replace(signals=np.zeros(_FIRST_ROOM, SIGNAL))
    world = new_world(market, balance, _FIRST_ROOM)
    with speaking(strategy):
        desks = [_Desk(k, strategy, feed, np.flatnonzero(market.has_bar[k])) for k, feed in enumerate(feeds)]
        world = _walk(world, market, rules, desks, progress)
    signals = [Signals.from_list(desk.wishes) for desk in desks]
    rows = [
        signal_rows(each, desk.k, desk.steps, desk.feed.instrument) for each, desk in zip(signals, desks, strict=True)
    ]
    return world, merge_wishes(signals, rows)


def _walk(
    world: World, market: Market, rules: Rules, desks: Sequence[_Desk], progress: Callable[[int, int], None]
) -> World:
    account, steps = world.account[0], market.ts_open.size
    for step in range(steps):
        if step % _TELL_EVERY == 0:
            progress(step, steps)
        while not has_log_room(world, market, step):
            world = enlarge(world)
        told = int(account["n_fills"])
        play(world, market, rules, step)
        news = world.fills[told : account["n_fills"]]
        for desk in desks:
            if not market.has_bar[desk.k, step]:
                continue
            desk.tell(news)
            if (row := desk.ask(world, step)) is not None:
                market = _decide(world, market, rules, row)
        account["step"] = step + 1
    progress(steps, steps)
    return world


def _decide(world: World, market: Market, rules: Rules, row: NDArray[np.void]) -> Market:
    place = int(world.account[0]["signal"])
    if place == market.signals.size:
        market = market._replace(signals=np.concatenate((market.signals, np.zeros(place, SIGNAL))))
    market.signals[place] = row[0]
    decide(world, market, rules, place)
    world.account[0]["signal"] = place + 1
    return market
