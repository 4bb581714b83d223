"""What each member of a team made of its capital, and how alike members are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tradewright.domain.trade import Trade
from tradewright.market.bars import FloatColumn
from tradewright.portfolio.metrics import Figures, member_figures
from tradewright.portfolio.run_log import RunLog, TeamLog
from tradewright.portfolio.sampling import sample_returns

__all__ = ["correlation", "team_figures"]

_LEAST = 3


def team_figures(log: RunLog, trades: Sequence[Trade]) -> dict[str, Any]:
    """Figures of every member of a team, and the correlation of their returns; nothing where there is no team.

    Returns:
        `members`: name to `share`, `capital`, `final_equity` and the figures of its own equity and trades;
        `correlation`: name to name to a number from -1 to 1, or None where one of the two did not move;
        `sampling`: `daily` or `bar`, the returns that were compared.
    """
    if log.team is None:
        return {}
    alone = {name: _alone(log, log.team, place) for place, name in enumerate(log.team.names)}
    sampled = {name: sample_returns(own).returns for name, own in alone.items()}
    members: dict[str, Figures] = {
        name: {
            "share": own.initial_balance / log.initial_balance,
            "capital": own.initial_balance,
            "final_equity": own.final_equity,
            **member_figures(own, [trade for trade in trades if trade.member == name]),
        }
        for name, own in alone.items()
    }
    alike = {one: {other: correlation(sampled[one], sampled[other]) for other in sampled} for one in sampled}
    return {"members": members, "correlation": alike, "sampling": sample_returns(log).name}


def _alone(log: RunLog, team: TeamLog, place: int) -> RunLog:
    # The same run, as if the member were all there is.
    return replace(log, equity=team.equity[place], initial_balance=float(team.capital[place]), team=None)


def correlation(one: FloatColumn, other: FloatColumn) -> float | None:
    """Pearson's correlation of returns of the same spans; None of fewer than three, or where one does not vary.

    A column that ends early, in ruin, is compared as far as it goes.
    """
    size = min(one.size, other.size)
    a, b = one[:size], other[:size]
    if size < _LEAST or np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return None
    return float(np.corrcoef(a, b)[0, 1])
