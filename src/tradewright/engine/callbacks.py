"""Run a strategy bar by bar: the kernels of the compiled loop, called as seldom as may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tradewright.engine.feed import Feed
from tradewright.engine.guard import speaking
from tradewright.engine.heap import looked_at_once
from tradewright.engine.recital import Recital
from tradewright.engine.seating import desk_at
from tradewright.engine.walk import Setting, Walk
from tradewright.engine.wishes import Wishes
from tradewright.kernels.records import World
from tradewright.strategy.strategy import Strategy

__all__ = ["run_callbacks"]

_WORD_EVERY = 4_096
_FARTHEST = 1_024  # steps that one call runs ahead of what a strategy has been shown


def run_callbacks(
    balance: float,
    cast: Sequence[Strategy],
    feeds: Sequence[Feed],
    setting: Setting,
    progress: Callable[[int, int], None],
) -> tuple[World, Wishes]:
    """Tell each strategy its fills, ask for its wish at every close, and decide on what it wishes at once.

    The world runs ahead over bars in which nothing can happen; the strategy is then asked at each of their closes. A
    wish takes the world back to that close, which is exact: see `kernels.loop`.
    """
    legs = len(feeds) // len(cast)
    steps = setting.market.ts_open.size
    with speaking(*cast), looked_at_once():
        walk = Walk(balance, setting, legs)
        walk.desks = [
            desk_at(walk, k, strategy, feeds[k], Recital)
            for k, strategy in zip(range(0, len(feeds), legs), cast, strict=True)
        ]
        show = _showing(walk)
        at, next_word = -1, 0
        while at + 1 < steps:
            if at + 1 >= next_word:
                progress(at + 1, steps)
                next_word = at + 1 + _WORD_EVERY
            told = walk.fills
            until = walk.advance(at, min(at + 1 + _FARTHEST, steps))
            walk.tell(told)
            at = show(at + 1, until)
        if at >= 0:
            walk.advance(at, steps)  # what was wished at the last close is decided on, though nothing can come of it
    progress(steps, steps)
    return walk.world, walk.wishes()


def _showing(walk: Walk) -> Callable[[int, int], int]:
    # Bytes and their views give one number sooner than arrays do.
    has_bar = walk.market.has_bar
    shown = [(desk, desk.ask, has_bar[desk.k].tobytes(), walk.equity_of(desk.k).data) for desk in walk.desks]

    def show(begin: int, until: int) -> int:
        # Closes from `begin` on, until somebody wishes something; the last step that was shown.
        before = walk.given + walk.ordered
        for step in range(begin, until):
            said = False
            for desk, ask, closes, equity in shown:
                if closes[step] and (answer := ask(step, equity[step])) is not None:
                    walk.take(desk, answer, step)
                    said = True
            if said and walk.given + walk.ordered > before:
                return step
        return until - 1

    return show
