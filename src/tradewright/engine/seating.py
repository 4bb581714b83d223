"""Who speaks at each row of an account in a run that goes bar by bar."""

from __future__ import annotations

from collections.abc import Callable

from tradewright.engine.blotter import Blotter, Terms
from tradewright.engine.desk import Desk
from tradewright.engine.feed import Feed
from tradewright.engine.walk import Walk
from tradewright.kernels.team import rules_of
from tradewright.strategy.strategy import Strategy

__all__ = ["Recite", "desk_at"]

Recite = Callable[[int, Strategy, Feed, int], Desk]
"""Makes the desk of a strategy without `on_bar`: row, strategy, feed, legs."""


def desk_at(walk: Walk, k: int, strategy: Strategy, feed: Feed, recite: Recite) -> Desk:
    """The desk of a strategy at row `k`, and whatever it must know of the run.

    In a hedge a desk has two rows.
    """
    if not strategy.has_on_bar:
        return recite(k, strategy, feed, walk.legs)
    own = rules_of(walk.market, walk.rules, int(walk.market.specs[k]["member"]))
    terms = Terms(own.trigger_by, own.price_protect, walk.matches)
    blotter = Blotter(k, feed, walk.tags, terms, lambda: walk.world, walk.legs)
    desk = Desk(k, strategy, feed, blotter, walk.legs)
    desk.listen(float(walk.world.account[int(walk.market.specs[k]["member"])]["last_equity"]))
    return desk
