"""Laws of the policies that decide what a bar does not tell."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tradewright.domain.enums import Ambiguity, FillFlag, LimitFill, OrderType, SignalKind
from tradewright.kernels.records import Market
from tradewright.testing.markets import Case, cases, examples, plainly, played, untrailed
from tradewright.testing.worlds import (
    a_market,
    a_signal,
    a_world,
    digest,
    marked,
    run,
    some_rules,
    trades,
    written,
)

LAW = examples(60)


@pytest.mark.rule("A-1")
@LAW
@given(case=cases(), policy=st.sampled_from(Ambiguity))
def test_policy_decides_nothing_where_the_bars_leave_no_doubt(case: Case, policy: Ambiguity) -> None:
    """A-1: a run without an ambiguous bar is the same run under every policy, to the byte."""
    world = played(case._replace(rules=case.rules._replace(ambiguity=Ambiguity.WORST.value)))
    assume(world.account[0]["n_ambiguous"] == 0)

    assert digest(world) == digest(played(case._replace(rules=case.rules._replace(ambiguity=policy.value))))


@pytest.mark.rule("A-1")
@LAW
@given(case=cases(), policy=st.sampled_from(Ambiguity))
def test_every_ambiguous_fill_lies_in_a_bar_that_is_counted(case: Case, policy: Ambiguity) -> None:
    """A-1: there are at least as many ambiguous bars as bars with an ambiguous fill; certain runs have neither."""
    world = played(case._replace(rules=case.rules._replace(ambiguity=policy.value)))
    fills = written(world)["fills"]
    doubtful = fills[fills["flags"] & FillFlag.AMBIGUOUS != 0]

    assert len({(line["instrument"], line["step"]) for line in doubtful}) <= world.account[0]["n_ambiguous"]


def in_thirds(market: Market, policy: Ambiguity) -> Market:
    """Each bar as three, one for each straight part of the policy's path."""
    first, second = (market.high, market.low) if policy == Ambiguity.OHLC else (market.low, market.high)
    corners = (market.open, first, second, market.close)
    parts = [(a, np.maximum(a, b), np.minimum(a, b), b) for a, b in pairwise(corners)]
    columns = [
        np.ascontiguousarray(np.stack(three, axis=2).reshape(market.open.shape[0], -1))
        for three in zip(*parts, strict=True)
    ]
    signals = market.signals.copy()
    signals["step"] = 3 * signals["step"] + 2
    signals["valid_steps"] *= 3
    commands = market.commands.copy()
    commands["step"] = 3 * commands["step"] + 2
    commands["valid_steps"] *= 3
    ts = np.arange(columns[0].shape[1], dtype=np.int64)
    names = ("open", "high", "low", "close")
    prices = dict(zip(names, columns, strict=True)) | dict(zip([f"mark_{n}" for n in names], columns, strict=True))
    prices |= {name: np.repeat(getattr(market, name), 3, axis=1) for name in ("volume", "has_bar")}
    return market._replace(ts_open=ts, ts_close=ts + 1, signals=signals, commands=commands, **prices)


@pytest.mark.rule("A-1", "4.11")
@LAW
@given(case=cases(max_instruments=1), policy=st.sampled_from((Ambiguity.OHLC, Ambiguity.OLHC)))
def test_bars_split_along_the_path_of_their_policy_change_no_fill(case: Case, policy: Ambiguity) -> None:
    """A-1: a policy with a path plays the bar as if its straight parts had been bars of their own."""
    # What trails follows each corner of the thirds as well; coins are tossed for each bar; marks have no parts.
    plain = untrailed(plainly(case))
    rules = plain.rules._replace(ambiguity=policy.value, limit_fill=LimitFill.THROUGH.value)
    plain = plain._replace(rules=rules, market=marked(plain.market, None))
    split = plain._replace(market=in_thirds(plain.market, policy))

    assert [row[1:] for row in trades(played(plain))] == [row[1:] for row in trades(played(split))]


KINDS = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET)
TARGETS = (OrderType.TAKE_PROFIT_MARKET, OrderType.LIMIT)
NEAR, FAR = st.integers(1, 8), st.integers(0, 12)


@st.composite
def brackets(draw: st.DrawFn) -> Market:
    """A flat bar at 100, a signal with stop and target at its close, and one bar of any shape."""
    side, kind = draw(st.sampled_from((SignalKind.LONG, SignalKind.SHORT))), draw(st.sampled_from(KINDS))
    away = {OrderType.MARKET: 0, OrderType.LIMIT: -1, OrderType.STOP_MARKET: 1}[kind]
    entry = 100 + side * away * draw(NEAR)
    fields: dict[str, Any] = {"order_type": kind.value, "entry_ticks": entry}
    fields |= {"stop_ticks": entry - side * draw(NEAR), "target_ticks": entry + side * draw(NEAR)}
    first = draw(st.integers(97, 103))
    last = first + draw(st.integers(-12, 12))
    bar = (first, max(first, last) + draw(FAR), min(first, last) - draw(FAR), last)
    return a_market([(100,) * 4, bar], signals=[a_signal(0, side, **fields)])


@pytest.mark.rule("A-1", "A-2", "4.11")
@examples(250)
@given(market=brackets(), target=st.sampled_from(TARGETS))
def test_worst_plays_the_worse_of_the_two_paths_that_a_bar_may_have_taken(market: Market, target: OrderType) -> None:
    """A-1: split along the path that `worst` assumes, the bar fills the same; along the other, none fares worse."""
    rules = some_rules(target_type=target)
    whole = run(a_world(market), market, rules)
    paths = [in_thirds(market, policy) for policy in (Ambiguity.OHLC, Ambiguity.OLHC)]
    split = [run(a_world(path), path, rules) for path in paths]
    fills = [[row[2:] for row in trades(world)] for world in split]

    assert [row[2:] for row in trades(whole)] in fills
    assert whole.equity[-1] == min(world.equity[-1] for world in split)
