"""A replay of ticks and books, and its slow twin, on streams and scripts made by Hypothesis: the same events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.enums import OrderType, QueueModel, SelfTrade, Slippage, TimeInForce
from tradewright.domain.order_terms import LONGEST_NS
from tradewright.domain.tape import TapeSpec
from tradewright.kernels.replay_records import Replay
from tradewright.testing.markets import examples
from tradewright.testing.tapes import (
    MS,
    Message,
    Wish,
    a_depth,
    a_gap,
    a_quote,
    a_tape,
    a_trade,
    cancels,
    changes,
    closes,
    later,
    of,
    played,
    trails,
    wants,
)
from tradewright.testing.twin_tape import TapeTwin
from tradewright.testing.worlds import some_rules

_TYPES = (*[OrderType.LIMIT] * 12, OrderType.MARKET, *OrderType)
_PRICES = st.sampled_from((*range(94, 107), *[98, 99, 100, 101, 102] * 4))
_FORCES = (*[TimeInForce.GTC] * 6, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTX, *[TimeInForce.GTD] * 3)


_DEPTH = ("trade", "depth", "depth")
_KINDS = (("trade",), ("trade", "quote"), _DEPTH, _DEPTH, _DEPTH, (*_DEPTH, "quote", "gap"))
_LOTS = (0, *range(1, 10), 3, 5, 60)
_STEPS = (-2, -1, -1, 0, 0, 0, 1, 1, 2, -9, 9)


@st.composite
def depths(draw: st.DrawFn, ms: float, price: int) -> Message:
    """Some levels around a price; most often the bids below the asks."""
    levels = st.dictionaries(st.integers(price - 2, price + 3), st.sampled_from((0, 2, 4, 9, 30)), min_size=1)
    bids, asks = draw(levels), draw(levels)
    if draw(st.integers(0, 3)):
        bids = {ticks: lots for ticks, lots in bids.items() if ticks <= price}
        asks = {ticks: lots for ticks, lots in asks.items() if ticks > price}
    return a_depth(ms, bids, asks) if bids or asks else a_trade(ms, price, 1)


@st.composite
def streams(draw: st.DrawFn) -> list[Message]:
    """Trades, quotes and depth around a price, few prices and lots, so that all meets; some know no book."""
    kinds = draw(st.sampled_from(_KINDS))
    steps = st.sampled_from(_STEPS if draw(st.booleans()) else (0, 0, 0, 1, -1))
    price, ms = 100, 0.0
    messages: list[Message] = [a_depth(ms, {98: 9, 99: 20, 100: 9}, {101: 9, 102: 20})] if "depth" in kinds else []
    for _ in range(draw(st.integers(10, 40))):
        ms += draw(st.sampled_from((0.0, 1.0, 5.0)))
        price = max(price + draw(steps), 40)
        kind = draw(st.sampled_from(kinds))
        if kind == "trade":
            messages.append(a_trade(ms, price, draw(st.integers(1, 9)), draw(st.sampled_from((1, -1)))))
        elif kind == "quote":
            bid = price - draw(st.integers(0, 2)), draw(st.integers(0, 9))
            messages.append(a_quote(ms, bid, (price + 1, draw(st.integers(0, 9)))))
        elif kind == "gap":
            messages.append(a_gap(ms))
        else:
            messages.append(draw(depths(ms, price)))
    return messages


@st.composite
def trailing(draw: st.DrawFn, ms: float) -> Wish:
    """A trailing stop, near or far, some of them senseless."""
    activation = draw(st.sampled_from((0, 0, 0, -1, draw(_PRICES), draw(_PRICES))))
    callback, lots = draw(st.sampled_from((1, 10, 20, 30, 100, 0, 101))), draw(st.sampled_from(_LOTS))
    wish = trails(ms, draw(st.sampled_from((1, -1))), callback, activation, lots, reduce_only=draw(st.booleans()))
    assert wish.intent is not None
    force, until = draw(terms_of_time(ms))
    return wish._replace(intent=wish.intent._replace(time_in_force=force), until=until)


@st.composite
def closing(draw: st.DrawFn, ms: float) -> Wish:
    """An order that closes whatever is held: a bracket's stop or target, or at once; some of them senseless."""
    kind = draw(
        st.sampled_from((*[OrderType.MARKET, OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET] * 3, *_TYPES))
    )
    ticks = 0 if kind == OrderType.MARKET else draw(_PRICES)
    return closes(ms, draw(st.sampled_from((1, -1))), kind, ticks, by_mark=draw(st.booleans()))


@st.composite
def terms_of_time(draw: st.DrawFn, ms: float) -> tuple[int, float]:
    """A time in force and, ms, when it ends: soon, late, or never; some of them senseless."""
    force = draw(st.sampled_from(_FORCES))
    ahead = draw(st.sampled_from((1.0, 5.0, 8.0, 9.0, 11.0, 25.0, 500.0, 950.0, 2_500.0, -2.0)))
    if draw(st.integers(0, 15)) == 0:
        return draw(st.sampled_from((-1, 5, 99, force))), draw(st.sampled_from((0.0, ms + ahead)))
    return int(force), ms + ahead if force == TimeInForce.GTD else 0.0


@st.composite
def scripts(draw: st.DrawFn, instruments: int = 1) -> list[Wish]:
    """Orders of every kind near the price, changed and cancelled; some of them senseless."""
    row = st.integers(0, instruments - 1)
    wishes: list[Wish] = []
    ms, orders, date = 0.0, 0, 0.0
    for _ in range(draw(st.integers(3, 14))):
        ms += draw(st.sampled_from((0.0, 1.0, 4.0)))
        # After the last event there is but one way to a date: that somebody asks for something later.
        near = 50.0 if draw(st.integers(0, 9)) else 3_000.0
        if ms < date < ms + near and draw(st.booleans()):
            ms = date
        what = draw(st.sampled_from(("place", "place", "place", "change", "cancel")))
        if what == "place" or not orders:
            kind = draw(st.sampled_from(_TYPES))
            if draw(st.integers(0, 5)) == 0:
                wishes.append(draw(closing(ms))._replace(k=draw(row)))
                orders += 1
                continue
            if kind == OrderType.TRAILING_STOP:
                wishes.append(draw(trailing(ms))._replace(k=draw(row)))
                orders += 1
                continue
            ticks = 0 if kind == OrderType.MARKET else draw(_PRICES)
            two = kind in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}
            force, until = draw(terms_of_time(ms))
            fields: dict[str, Any] = {
                "type": kind.value,
                "trigger": draw(_PRICES) if two else 0,
                "time_in_force": force,
                "reduce_only": draw(st.integers(0, 7)) == 0,
            }
            wish = wants(ms, draw(st.sampled_from((1, -1))), ticks, draw(st.sampled_from(_LOTS)), **fields)
            wishes.append(wish._replace(by_mark=draw(st.booleans()), k=draw(row), until=until))
            date = until
            orders += 1
        elif what == "change":
            wishes.append(changes(ms, draw(st.integers(0, orders - 1)), draw(_PRICES), draw(st.integers(0, 12))))
        else:
            wishes.append(cancels(ms, draw(st.integers(0, orders - 1))))
    return wishes


@st.composite
def specs(draw: st.DrawFn) -> TapeSpec:
    """Assumptions of every kind."""
    return TapeSpec(
        balance=draw(st.sampled_from((4.0, 10.0, 1_000.0, 1_000.0))),
        queue=draw(st.sampled_from(tuple(QueueModel))),
        power=draw(st.sampled_from((0.5, 1.0, 3.0))),
        entry_ms=draw(st.sampled_from((0.0, 1.0, 7.0))),
        response_ms=draw(st.sampled_from((0.0, 3.0))),
        impact=draw(st.booleans()),
        self_trade=draw(st.sampled_from([way for way in SelfTrade if way != SelfTrade.NONE])),
        gtd_least_s=draw(st.sampled_from((0.0, 0.0, 0.0, 0.9))),
    )


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    """Terms of the instrument, as fields of SPEC: spot, or a perpetual with either margin mode."""
    perpetual = draw(st.integers(0, 3)) > 0
    return {
        "is_perpetual": perpetual,
        "is_isolated": perpetual and draw(st.booleans()),
        "leverage": draw(st.sampled_from((1.0, 10.0, 50.0))) if perpetual else 1.0,
        "slippage": draw(st.sampled_from((Slippage.RATE, Slippage.TICKS, Slippage.VOLUME_SHARE))).value,
        "slippage_size": draw(st.sampled_from((0.0, 0.5, 2.0))),
        "max_lots": draw(st.sampled_from((0, 0, 0, 7))),
        "price_up": draw(st.sampled_from((0.0, 0.0, 0.0, 1.03))),
        "max_orders": draw(st.sampled_from((0, 0, 3))),
        "max_conditionals": draw(st.sampled_from((0, 0, 1))),
        "take_bound": draw(st.sampled_from((0.0, 0.0, 0.01, 0.03))),
        "funding": draw(st.sampled_from(((), ((11.0, 0.01), (30.0, -0.02), (31.0, 0.001))))),
    }


def lines(log: Any) -> list[dict[str, Any]]:
    """Records as dictionaries of plain numbers."""
    return [{name: row[name].item() for name in log.dtype.names} for row in log]


def logs(replay: Replay) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Fills and reports of a replay."""
    fills = replay.world.fills[: replay.world.account[0]["n_fills"]]
    return lines(fills), lines(replay.reports[: replay.clock[0]["n_reports"]])


@pytest.mark.rule("L-1", "L-2", "L-3", "L-6", "L-7", "4.12")
@given(streams(), scripts(), specs(), terms())
@examples(1_000)
def test_replay_and_twin_agree(
    stream: list[Message], script: list[Wish], spec: TapeSpec, fields: dict[str, Any]
) -> None:
    """Every fill and every report of the fast replay is that of the slow twin, in the same order, to the last cent."""
    agree(stream, script, spec, fields)


@pytest.mark.rule("L-1", "M-4", "M-7", "F-1", "4.12")
@given(streams(), streams(), scripts(2), specs(), terms(), terms())
@examples(250)
def test_two_instruments_on_one_account_agree(
    first: list[Message],
    second: list[Message],
    script: list[Wish],
    spec: TapeSpec,
    fields: dict[str, Any],
    other: dict[str, Any],
) -> None:
    """Two markets in one order of time, one wallet, one gate: every event is the twin's."""
    begin = a_trade(0, 100, 1)
    stream = [begin, *first, of(1, begin), *[of(1, message) for message in second]]
    agree(stream, script, spec, fields | {"others": [other]})


@pytest.mark.rule("R-3", "4.12")
@given(streams(), streams(), scripts(), scripts(), specs(), terms())
@examples(100)
def test_a_year_later_both_agree(
    stream: list[Message],
    after: list[Message],
    script: list[Wish],
    more: list[Wish],
    spec: TapeSpec,
    fields: dict[str, Any],
) -> None:
    """What rests since the begin ends while the second part is played, a year less 20 ms later."""
    begin, apart = max(message[0]["ts_exchange"] for message in stream), LONGEST_NS // MS - 20
    stream = [*stream, *later(after, apart + begin // MS)]
    script += [wish._replace(ms=wish.ms + apart) for wish in more]
    agree(stream, script, replace(spec, sample_ms=86_400_000.0), fields)


@pytest.mark.rule("4.12")
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=4, max_size=25), specs())
@examples(200)
def test_queues_agree(news: list[tuple[bool, int]], spec: TapeSpec) -> None:
    """One order at a level that grows, shrinks and trades: it moves up the queue as the twin's does."""
    stream = [a_depth(0, {98: 9, 99: 12}, {101: 9})]
    for ms, (trades, lots) in enumerate(news, start=2):
        stream.append(a_trade(ms, 99, max(lots // 4, 1), -1) if trades else a_depth(ms, {99: lots + 1}, {}))
    agree(stream, [wants(1, 1, 99, 9)], spec, {})


def agree(stream: list[Message], script: list[Wish], spec: TapeSpec, terms_: dict[str, Any]) -> None:
    """Hold the replay against the twin."""
    tape = a_tape(*stream)
    fields = {"maker_rate": 0.0002, "taker_rate": 0.0005, "cost_rate": 0.004}
    fields |= {"min_notional": 1.5, "min_lots": 1, "is_perpetual": True} | terms_
    replay = played(tape, script, spec, **fields)
    twin = TapeTwin(replay.market, some_rules(), tape, spec, replay.world.orders.shape[1]).run(script)
    fills, reports = logs(replay)
    assert twin.reports == reports
    assert twin.books.fills == fills
    assert twin.books.payments == lines(replay.world.payments[: replay.world.account[0]["n_payments"]])
    account = replay.world.account[0]
    assert (twin.books.wallet, twin.liquidations) == (account["wallet"], account["n_liquidations"])
    for k, holding in enumerate(twin.books.holdings):
        moved = [f["side"] * f["lots"] for f in fills if f["instrument"] == k]
        assert holding.lots == int(replay.world.positions[k]["lots"]) == int(np.sum(moved, dtype=int))
