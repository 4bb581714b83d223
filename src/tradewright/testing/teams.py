"""Random accounts in which several members trade, each by rules and capital of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from tradewright.domain.enums import SignalKind
from tradewright.kernels.params import TEAM, Rules
from tradewright.kernels.records import Market
from tradewright.testing.markets import Case, cases, rules
from tradewright.testing.twin_account import cash

__all__ = ["as_team", "beside", "hedged", "hedged_cases", "shared_cases", "team_cases"]

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


_COLUMNS = ("open", "high", "low", "close", "volume", "has_bar", "impact", "spread", "specs")
_MARKS = ("mark_open", "mark_high", "mark_low", "mark_close")


def beside(case: Case, sources: Sequence[int]) -> Case:
    """The same case with rows of one instrument.

    Args:
        case: of `markets.cases`.
        sources: for each row the first row of the instrument that it is of.
    """
    rows = np.array(sources)
    columns = {name: np.ascontiguousarray(getattr(case.market, name)[rows]) for name in (*_COLUMNS, *_MARKS)}
    columns["specs"]["underlying"] = [1 + k if (rows == k).sum() > 1 else 0 for k in sources]
    finer = {
        (k, step): parts for k, own in enumerate(sources) for (row, step), parts in case.finer.items() if row == own
    }
    return case._replace(market=case.market._replace(**columns), finer=finer)


def hedged(case: Case) -> Case:
    """The same case with a long and a short leg for each row; signals go to the leg of their side."""
    whole = beside(case, [k for k in range(len(case.market.specs)) for _ in range(2)])
    market = whole.market
    market.specs["side"] = np.tile((1, -1), len(case.market.specs))
    market.specs["underlying"] = [1 + 2 * (k // 2) for k in range(market.specs.size)]
    wishes, orders = market.signals.copy(), market.commands.copy()
    wishes["instrument"] = 2 * wishes["instrument"] + (wishes["kind"] == SignalKind.SHORT)
    orders["instrument"] = 2 * orders["instrument"] + (orders["step"] + orders["tag"]) % 2
    legs = np.repeat(market.funding, 2)
    legs["instrument"] = 2 * legs["instrument"] + np.tile((0, 1), market.funding.size)
    wishes = wishes[np.lexsort((wishes["instrument"], wishes["step"]))]
    return whole._replace(market=market._replace(signals=wishes, commands=orders, funding=legs))


@st.composite
def hedged_cases(draw: st.DrawFn) -> Case:
    """A case of `team_cases`, or without a team, in a hedge."""
    return hedged(draw(st.one_of(team_cases(), cases())))


@st.composite
def shared_cases(draw: st.DrawFn) -> Case:
    """A case of `team_cases` in which several rows are of one instrument."""
    case = draw(team_cases())
    sources = [0]
    for k in range(1, len(case.market.specs)):
        sources.append(draw(st.sampled_from((*sorted(set(sources)), k))))
    owners, whole = case.market.specs["member"].copy(), beside(case, sources)
    whole.market.specs["member"] = owners
    return whole


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
