"""A run on its way, step by step: the world, who is asked at its closes, and what they have wished so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code
from tradewright.engine.cast import each_leg
from tradewright.engine.commands import no_commands
from tradewright.engine.desk import Desk
from tradewright.engine.drilling import Drills
from tradewright.engine.tags import Tags
from tradewright.engine.wishes import Wishes
from tradewright.engine.world import new_world
from tradewright.kernels.loop import run_steps
from tradewright.kernels.params import Rules
from tradewright.kernels.parts import straight
from tradewright.kernels.records import PLAN, SIGNAL, Market
from tradewright.strategy.answer import Answer
from tradewright.strategy.signals import Signals, joined_signals

__all__ = ["Setting", "Walk"]

_FIRST_ROOM = 256
_NOT_YET = 1 << 62  # a step at which no run arrives


class Setting(NamedTuple):
    """What a run reads, by which rules it goes, and what gives its kernels what they ask for."""

    market: Market
    rules: Rules
    drills: Drills


class Walk:
    """A run on its way.

    Args:
        balance: of the account at the start, quote.
        setting: of the run; its market's signals and commands are not used.
        legs: rows of each desk.

    Attributes:
        market: with the wishes so far.
        world: as it stands.
        desks: who is asked; to be set before the first step.
        tags: of the run's orders.
        matches: whether its orders are matched here, not at a venue; to be said before a desk is set.
    """

    def __init__(self, balance: float, setting: Setting, legs: int = 1) -> None:
        market, self.rules, self.drills = setting
        self.legs = legs
        self.tags = Tags()
        self.matches = True
        self.desks: list[Desk] = []
        self.market = market._replace(signals=_no_wishes(_FIRST_ROOM))
        self.world = new_world(market, balance, _FIRST_ROOM)
        # Two numbers of the account, which stays the same array; a record takes ten times as long to give one.
        self._fills, self._at = self.world.account["n_fills"].data, self.world.account["step"].data
        self.given, self.ordered, self.planned = 0, 0, 0
        self.places: list[int] = []
        self._run_steps = run_steps

    def equity_of(self, k: int) -> NDArray[np.float64]:
        """The curve that the desk of a row is shown: in a team that of its member, else the account's."""
        member = int(self.market.specs[k]["member"])
        return self.world.shares[member - 1] if member else self.world.equity

    def advance(self, at: int, stop: int) -> int:
        """Decide on what was wished at the close of `at`, and run on, at most to `stop`.

        Returns:
            The first step that has not been run.
        """
        while (code := self._run_steps(self.world, self.market, self.rules, stop, at)) != Code.OK:
            self.world = self.drills.answer(self.world, self.market, code)
        if at < 0:
            # Every later call has arguments of the same types.
            self._run_steps = straight(run_steps)
        return int(self._at[0])

    @property
    def fills(self) -> int:
        """How many there have been."""
        return int(self._fills[0])

    def tell(self, told: int) -> None:
        """Tell the desks of the fills from number `told` on."""
        fills = self.world.fills[told : self.fills]
        if len(self.desks) == 1:
            self.desks[0].tell(fills, self.world.positions[: self.legs])
        elif fills.size:
            rows = fills["instrument"] // self.legs
            for row in np.unique(rows).tolist():
                desk = self.desks[row]
                desk.tell(fills[rows == row], self.world.positions[desk.k : desk.k + self.legs])

    def take(self, desk: Desk, answer: Answer, step: int) -> None:
        """Note what a desk answered at the close of a step."""
        self._note(desk, answer, step)
        blotter = desk.blotter
        if blotter is not None and (answer.asks or blotter.works):
            for row in blotter.rows(answer.asks, step, desk.bar):
                self.send(row)
            desk.is_idle = not blotter.works

    def send(self, row: tuple[float, ...]) -> None:
        """Note a command: a COMMAND record."""
        if self.ordered == self.market.commands.size:
            more = no_commands(max(self.ordered, _FIRST_ROOM), _NOT_YET)
            self.market = self.market._replace(commands=np.concatenate((self.market.commands, more)))
        self.market.commands[self.ordered] = row
        self.ordered += 1

    def _note(self, desk: Desk, answer: Answer, step: int) -> None:
        row = desk.row(answer, step, self._plan(desk.plan(answer)))
        if row is None:
            return
        if self.given == self.market.signals.size:
            more = _no_wishes(self.given)
            self.market = self.market._replace(signals=np.concatenate((self.market.signals, more)))
        self.market.signals[self.given] = row
        self.places.append(desk.earlier.size + desk.place)
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
            each_leg((_all_told(desk) for desk in self.desks), self.legs),
            np.array(self.places, np.int64),
            self.market.plans[: self.planned],
            commands=self.market.commands[: self.ordered],
            parents=tuple(parent for desk in self.desks if desk.blotter for parent in desk.blotter.parents()),
            tag_text=self.tags.text,
        )


def _all_told(desk: Desk) -> Signals:
    told = desk.told()
    return joined_signals([desk.earlier, told]) if desk.earlier.size else told


def _no_wishes(room: int) -> NDArray[np.void]:
    rows = np.zeros(room, SIGNAL)
    rows["step"] = _NOT_YET
    return rows
