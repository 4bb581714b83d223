"""Run a strategy bar by bar: the kernels of the compiled loop, called as seldom as may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code
from tradewright.domain.errors import StrategyError
from tradewright.engine.blotter import Blotter, Terms
from tradewright.engine.cast import each_leg
from tradewright.engine.commands import no_commands
from tradewright.engine.desk import Desk
from tradewright.engine.drilling import Drills
from tradewright.engine.feed import Feed
from tradewright.engine.guard import speaking
from tradewright.engine.recital import Recital
from tradewright.engine.tags import Tags
from tradewright.engine.wishes import Wishes
from tradewright.engine.world import new_world
from tradewright.kernels.loop import run_steps
from tradewright.kernels.params import Rules
from tradewright.kernels.parts import straight
from tradewright.kernels.records import PLAN, SIGNAL, Market, World
from tradewright.kernels.team import rules_of
from tradewright.strategy.answer import Answer
from tradewright.strategy.strategy import Strategy

__all__ = ["run_callbacks"]

_FIRST_ROOM = 256
_WORD_EVERY = 4_096
_FARTHEST = 1_024  # steps that one call runs ahead of what a strategy has been shown


class _Walk:
    """A run on its way: the world, the desks, and the wishes that they have given so far."""

    def __init__(
        self, balance: float, cast: Sequence[Strategy], feeds: Sequence[Feed], setting: tuple[Market, Rules, Drills]
    ) -> None:
        market, self.rules, self.drills = setting
        self.tags = Tags()
        # In a hedge each strategy has two rows; what it says there are signals.
        self.legs = len(feeds) // len(cast)
        self.desks: list[Desk] = []
        for k, strategy in zip(range(0, len(feeds), self.legs), cast, strict=True):
            self.desks.append(self._desk(k, strategy, feeds[k], market))
        self.market = market._replace(signals=self._no_wishes(market, _FIRST_ROOM))
        self.world = new_world(market, balance, _FIRST_ROOM)
        self.given, self.ordered, self.planned = 0, 0, 0
        self.places: list[int] = []
        self._run_steps = run_steps
        # A member of a team is shown what is its own. Bytes give one number sooner than arrays do.
        curves = [memoryview(curve) for curve in (self.world.equity, *self.world.shares)]
        members = market.specs["member"][:: self.legs]
        self.shown = [
            (desk, desk.has_bar.tobytes(), curves[who]) for desk, who in zip(self.desks, members, strict=True)
        ]

    def _desk(self, k: int, strategy: Strategy, feed: Feed, market: Market) -> Desk:
        if not strategy.has_on_bar:
            return Recital(k, strategy, feed, market.has_bar[k], self.legs)
        own = rules_of(market, self.rules, int(market.specs[k]["member"]))
        terms = Terms(own.trigger_by, own.price_protect)
        blotter = Blotter(k, feed, self.tags, terms, lambda: self.world) if self.legs == 1 else None
        return Desk(k, strategy, feed, market.has_bar[k], blotter, self.legs)

    @staticmethod
    def _no_wishes(market: Market, room: int) -> NDArray[np.void]:
        rows = np.zeros(room, SIGNAL)
        rows["step"] = market.ts_open.size
        return rows

    def advance(self, at: int) -> int:
        """Run on after the close of `at`; gives the first step that has not been run."""
        stop = min(at + 1 + _FARTHEST, self.market.ts_open.size)
        while (code := self._run_steps(self.world, self.market, self.rules, stop, at)) != Code.OK:
            self.world = self.drills.answer(self.world, self.market, code)
        if at < 0:
            # Every later call has arguments of the same types.
            self._run_steps = straight(run_steps)
        return int(self.world.account[0]["step"])

    def show(self, begin: int, until: int) -> int:
        """Show closes from `begin` on until somebody wishes something; gives the last step that was shown."""
        before = self.given + self.ordered
        for step in range(begin, until):
            for desk, has_bar, equity in self.shown:
                if has_bar[step] and (answer := desk.ask(equity[step])) is not None:
                    self._take(desk, answer, step)
            if self.given + self.ordered > before:
                return step
        return until - 1

    def _take(self, desk: Desk, answer: Answer, step: int) -> None:
        self._note(desk, answer, step)
        blotter = desk.blotter
        if blotter is None and answer.asks:
            raise StrategyError(f"{desk.strategy.name} gave an order; with --position-mode hedge it may give signals")
        if blotter is not None and (answer.asks or blotter.works):
            for row in blotter.rows(answer.asks, step, desk.bar):
                self._send(row)
            desk.is_idle = not blotter.works

    def _send(self, row: tuple[float, ...]) -> None:
        if self.ordered == self.market.commands.size:
            more = no_commands(max(self.ordered, _FIRST_ROOM), self.market.ts_open.size)
            self.market = self.market._replace(commands=np.concatenate((self.market.commands, more)))
        self.market.commands[self.ordered] = row
        self.ordered += 1

    def _note(self, desk: Desk, answer: Answer, step: int) -> None:
        row = desk.row(answer, step, self._plan(desk.plan(answer)))
        if row is None:
            return
        if self.given == self.market.signals.size:
            more = self._no_wishes(self.market, self.given)
            self.market = self.market._replace(signals=np.concatenate((self.market.signals, more)))
        self.market.signals[self.given] = row
        self.places.append(desk.place)
        self.given += 1

    def _plan(self, row: tuple[float, ...] | None) -> int:
        # Number of a wish's plan, 0 where it needs none.
        if row is None:
            return 0
        if self.planned == self.market.plans.size:
            more = np.zeros(max(self.planned, _FIRST_ROOM), PLAN)
            self.market = self.market._replace(plans=np.concatenate((self.market.plans, more)))
        self.market.plans[self.planned] = row
        self.planned += 1
        return self.planned

    def wishes(self) -> Wishes:
        """All that was asked for."""
        return Wishes(
            self.market.signals[: self.given],
            each_leg((desk.told() for desk in self.desks), self.legs),
            np.array(self.places, np.int64),
            self.market.plans[: self.planned],
            commands=self.market.commands[: self.ordered],
            parents=tuple(parent for desk in self.desks if desk.blotter for parent in desk.blotter.parents()),
            tag_text=self.tags.text,
        )


def run_callbacks(
    balance: float,
    cast: Sequence[Strategy],
    feeds: Sequence[Feed],
    setting: tuple[Market, Rules, Drills],
    progress: Callable[[int, int], None],
) -> tuple[World, Wishes]:
    """Tell each strategy its fills, ask for its wish at every close, and decide on what it wishes at once.

    The world runs ahead over bars in which nothing can happen; the strategy is then asked at each of their closes. A
    wish takes the world back to that close, which is exact: see `kernels.loop`.
    """
    market = setting[0]
    steps = market.ts_open.size
    with speaking(*cast):
        walk = _Walk(balance, cast, feeds, setting)
        at, next_word = -1, 0
        while at + 1 < steps:
            if at + 1 >= next_word:
                progress(at + 1, steps)
                next_word = at + 1 + _WORD_EVERY
            told = int(walk.world.account[0]["n_fills"])
            until = walk.advance(at)
            fills = walk.world.fills[told : walk.world.account[0]["n_fills"]]
            for desk in walk.desks:
                desk.tell(fills, walk.world.positions[desk.k : desk.k + walk.legs])
            at = walk.show(at + 1, until)
        if at >= 0:
            walk.advance(at)  # what was wished at the last close is decided on, though nothing can come of it
    progress(steps, steps)
    return walk.world, walk.wishes()
