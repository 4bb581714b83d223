"""How much of a run's profit hangs on what its bars do not tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tradewright.domain.run import AmbiguityName, FillSpec
from tradewright.engine.backtest import Run, played_again
from tradewright.engine.cast import Cast

__all__ = ["ambiguity_spread", "spread_between"]


def ambiguity_spread(run: Run, strategy: Cast) -> float:
    """Final equity where every doubt is decided for the position, less that where it is decided against, quote.

    0 where no bar left a doubt; the run is played again only where one did. The two runs may part ways after the first
    doubt, so the sign is not certain. Where finer bars decide, the doubts are those that they leave open.

    Raises:
        StrategyError: the strategy fails.
    """
    return spread_between(run, lambda fills: played_again(run, strategy, fills))


def spread_between(run: Run, again: Callable[[FillSpec], Run]) -> float:
    """See `ambiguity_spread`; `again` gives the same run under other assumptions."""
    if not run.world.account[0]["n_ambiguous"]:
        return 0.0
    if run.spec.fills.drills:
        return round(_final(run, again, "subbar_best") - _final(run, again, "subbar"), 8)
    return round(_final(run, again, "best") - _final(run, again, "worst"), 8)


def _final(run: Run, again: Callable[[FillSpec], Run], policy: AmbiguityName) -> float:
    fills = replace(run.spec.fills, ambiguity=policy)
    played = run if fills == run.spec.fills else again(fills)
    return float(played.world.equity[-1])
