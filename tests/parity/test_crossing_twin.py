"""Worlds in which our own orders meet each other again and again: the engine and its slow twin agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.enums import Ambiguity, Code, CommandKind, OrderType, SelfTrade, Side, TimeInForce
from tradewright.testing.markets import Case, examples, played
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import a_command, a_market, a_spec, commanded, some_rules, written

_STEPS = 10
_TYPES = (*[OrderType.LIMIT] * 4, *[OrderType.MARKET] * 2, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
_FORCES = (*[TimeInForce.GTC] * 4, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTX)


@st.composite
def narrow(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """A bar within a few ticks of 100."""
    first, last = (draw(st.integers(98, 102)) for _ in range(2))
    return first, max(first, last) + draw(st.integers(0, 1)), min(first, last) - draw(st.integers(0, 1)), last


@st.composite
def wish(draw: st.DrawFn, row: int) -> dict[str, Any]:
    """An order on either side near 100."""
    kind = draw(st.sampled_from(_TYPES))
    level = draw(st.integers(98, 102))
    return a_command(
        draw(st.integers(0, _STEPS - 1)),
        CommandKind.PLACE,
        instrument=row,
        type=kind.value,
        side=draw(st.sampled_from((1, -1))),
        lots=draw(st.sampled_from((1, 3, 8))),
        level_ticks=0 if kind == OrderType.MARKET else level,
        trigger_ticks=draw(st.integers(98, 102)),
        time_in_force=draw(st.sampled_from(_FORCES)).value if kind != OrderType.MARKET else 0,
        reduce_only=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def crossings(draw: st.DrawFn) -> Case:
    """One instrument, or the two legs of a hedge, in a market that hardly moves and hardly trades."""
    bars = [draw(narrow()) for _ in range(_STEPS)]
    sides = draw(st.sampled_from(((Side.FLAT,), (Side.LONG, Side.SHORT))))
    fields = {"underlying": len(sides) - 1, "self_trade": draw(st.sampled_from(SelfTrade)).value}
    specs = [a_spec(side=side.value, **fields) for side in sides]
    volume = [draw(st.sampled_from((0, 2, 5, 100))) for _ in bars]
    market = a_market(*[bars] * len(sides), specs=specs, volumes=[volume] * len(sides))
    rows = st.integers(0, len(sides) - 1)
    orders = [draw(wish(draw(rows))) for _ in range(draw(st.integers(10, 24)))]
    rules = some_rules(participation=1.0, ambiguity=draw(st.sampled_from((Ambiguity.WORST, Ambiguity.OHLC))))
    return Case(commanded(market, *orders), rules, 10_000.0)


@pytest.mark.rule("R-6", "4.11")
def test_orders_that_would_trade_with_each_other_expire_as_in_the_twin() -> None:
    """Fills and closed orders are the twin's; at least one in ten of such worlds lets an order of ours expire."""
    met: list[bool] = []

    @examples(300)
    @given(case=crossings())
    def compare(case: Case) -> None:
        logs = written(played(case))
        twin = Twin(case.market, case.rules, case.balance).run()
        names = logs["fills"].dtype.names, logs["closed"].dtype.names
        assert twin.books.fills == [dict(zip(names[0], line.item(), strict=True)) for line in logs["fills"]]
        assert twin.books.closed == [dict(zip(names[1], line.item(), strict=True)) for line in logs["closed"]]
        met.append(bool((logs["closed"]["code"] == Code.SELF_TRADE).any()))

    compare()
    assert 10 * sum(met) >= len(met)
