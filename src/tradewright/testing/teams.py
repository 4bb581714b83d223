"""Random accounts in which several members trade, each by rules and capital of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from tradewright.kernels.params import TEAM, Rules
from tradewright.kernels.records import Market
from tradewright.testing.markets import Case, cases, rules
from tradewright.testing.twin_account import cash

__all__ = ["as_team", "team_cases"]

_OF_THE_RUN = ("participation", "ambiguity", "seed", "limit_fill", "fill_chance", "latency")
_SHARES = ((1.0,), (0.5,), (0.5, 0.5), (0.2, 0.7), (0.3, 0.3, 0.4), (0.1, 0.2, 0.1))


def as_team(market: Market, members: Sequence[tuple[Rules, float]], of_rows: Sequence[int]) -> Market:
    """The same market with rows that belong to members.

    Args:
        market: of `worlds.a_market`.
        members: rules and capital (quote) of each.
        of_rows: for each row the number of its member, from 1 on.
    """
    team = np.array([(*own, capital) for own, capital in members], dtype=TEAM)
    specs = market.specs.copy()
    specs["member"] = of_rows
    return market._replace(team=team, specs=specs)


@st.composite
def team_cases(draw: st.DrawFn) -> Case:
    """A case of `markets.cases` whose rows are those of one to three members."""
    case = draw(cases(max_instruments=4))
    shares = draw(st.sampled_from(_SHARES))
    wild = draw(st.booleans())
    common = {name: getattr(case.rules, name) for name in _OF_THE_RUN}
    members = [(draw(rules(wild=wild))._replace(**common), cash(case.balance * share)) for share in shares]
    of_rows = [draw(st.integers(1, len(shares))) for _ in case.market.specs]
    return case._replace(market=as_team(case.market, members, of_rows))
