"""Our own orders on both sides of one instrument never trade with each other (rule R-6)."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, SelfTrade, TimeInForce
from tradewright.kernels.records import World
from tradewright.testing.worlds import (
    Rows,
    a_command,
    a_market,
    a_spec,
    a_world,
    commanded,
    run,
    some_rules,
    trades,
    written,
)

pytestmark = pytest.mark.rule("R-6")

PLACE = CommandKind.PLACE
LIMIT, MARKET, STOP = OrderType.LIMIT.value, OrderType.MARKET.value, OrderType.STOP_MARKET.value
STOP_LIMIT = OrderType.STOP_LIMIT.value
# A buyer at 100 rests while price stands there: it is touched, and not gone through.
TOUCHING: Rows = [(102, 102, 102, 102), (102, 102, 100, 100), (100, 100, 100, 100), (100, 100, 100, 100)]
BID = a_command(0, PLACE, tag=1, type=LIMIT, level_ticks=100, lots=5)


def play(*commands: dict[str, Any], rows: Rows = TOUCHING, volume: int = 1_000, **spec: Any) -> World:
    """Commands over bars of a volume, of which all may be ours."""
    market = commanded(a_market(rows, specs=[a_spec(**spec)], volumes=[[volume] * len(rows)]), *commands)
    return run(a_world(market), market, some_rules(participation=1.0))


def ends(world: World) -> dict[int, tuple[int, int]]:
    """(status, code) of the closed orders, by tag."""
    return {int(line["tag"]): (int(line["status"]), int(line["code"])) for line in written(world)["closed"]}


EXPIRED = (OrderStatus.CANCELED, Code.SELF_TRADE)
FILLED = (OrderStatus.FILLED, Code.OK)


@pytest.mark.parametrize(
    ("mode", "expected", "sold"),
    [
        (SelfTrade.EXPIRE_MAKER, {1: EXPIRED, 2: FILLED}, 1),
        (SelfTrade.EXPIRE_TAKER, {2: EXPIRED}, 0),
        (SelfTrade.EXPIRE_BOTH, {1: EXPIRED, 2: EXPIRED}, 0),
        (SelfTrade.NONE, {2: FILLED}, 1),
    ],
)
@pytest.mark.parametrize("kind", [MARKET, LIMIT])
def test_an_order_that_takes_at_the_price_of_our_own_expires_one_of_the_two(
    mode: SelfTrade, expected: dict[int, tuple[int, int]], sold: int, kind: int
) -> None:
    """A seller comes at 100 where our bid of 100 stands in front of the market: the account says which of them goes."""
    seller = a_command(1, PLACE, tag=2, type=kind, side=-1, lots=3, level_ticks=99 * (kind == LIMIT))
    world = play(BID, seller, self_trade=mode.value)

    assert expected == ends(world)
    assert [(2, 0, -1, 100, 3)] * sold == trades(world)


def test_others_at_better_prices_trade_first() -> None:
    """The market is at 102 and takes all ten lots there: our bid at 100 is out of reach, and stays."""
    high: Rows = [(102, 102, 102, 102)] * 4
    seller = a_command(1, PLACE, tag=2, type=MARKET, side=-1, lots=10)

    assert {2: FILLED} == ends(play(BID, seller, rows=high))
    assert {1: EXPIRED} == ends(play(BID, seller, rows=high, volume=2))


def test_what_is_left_of_a_seller_never_rests_below_our_own_bid() -> None:
    """A limit to sell from 99 on finds nobody but our bid at 100 above a market of 98: one of them goes."""
    rows: Rows = [(98, 98, 98, 98)] * 3
    bid = a_command(0, PLACE, tag=1, type=LIMIT, level_ticks=100, lots=5)
    seller = a_command(0, PLACE, tag=2, type=LIMIT, side=-1, level_ticks=99, lots=3)
    world = play(bid, seller, rows=rows, volume=2)

    assert EXPIRED == ends(world)[1]
    assert [(1, 0, 1, 98, 2)] == trades(world)
    assert [(2, 99)] == [(line["tag"], line["level_ticks"]) for line in world.orders[0, :1]]


def test_post_only_is_refused_where_it_would_meet_our_own() -> None:
    """It must not take, from us no more than from others; the order that rests is left alone."""
    rows: Rows = [(98, 98, 98, 98)] * 3
    bid = a_command(0, PLACE, tag=1, type=LIMIT, level_ticks=100, lots=5)
    seller = a_command(0, PLACE, tag=2, type=LIMIT, side=-1, level_ticks=99, time_in_force=TimeInForce.GTX.value)

    assert {2: (OrderStatus.REJECTED, Code.POST_ONLY_WOULD_TAKE)} == ends(play(bid, seller, rows=rows, volume=2))


@pytest.mark.parametrize("kind", [STOP, STOP_LIMIT])
@pytest.mark.parametrize(
    "rows",
    [
        [(102, 102, 102, 102)] * 2 + [(102, 102, 100, 100)] * 2,
        [(102, 102, 102, 102)] * 2 + [(100, 100, 100, 100)] * 2,
    ],
    ids=["inside", "open"],
)
def test_a_trigger_meets_our_own_order_as_any_other_does(kind: int, rows: Rows) -> None:
    """A stop at 100 sells where our bid of 100 stands: the bid expires, the stop fills."""
    stop = a_command(0, PLACE, tag=2, type=kind, side=-1, level_ticks=100, trigger_ticks=100, lots=3)
    world = play(BID, stop, rows=rows)

    assert {1: EXPIRED, 2: FILLED} == ends(world)
    assert [(2, 0, -1, 100, 3)] == trades(world)
    taker = play(BID, stop, rows=rows, self_trade=SelfTrade.EXPIRE_TAKER.value)
    assert ({2: EXPIRED}, []) == (ends(taker), trades(taker))


def test_rows_of_one_instrument_are_one_account() -> None:
    """The short leg's buyer meets the long leg's seller: one of them expires, though they stand in two rows."""
    rows: Rows = [(100, 100, 100, 100)] * 4
    specs = [a_spec(underlying=1, side=side) for side in (1, -1)]
    orders = [
        a_command(0, PLACE, tag=1, instrument=0, lots=5),
        a_command(0, PLACE, tag=2, instrument=1, side=-1, lots=5),
        a_command(1, PLACE, tag=3, instrument=0, side=-1, type=LIMIT, level_ticks=100, lots=5),
    ]
    orders[2]["level_ticks"] = 101
    touched: Rows = [*rows[:2], (100, 101, 100, 101), (101, 101, 101, 101)]
    back = a_command(2, PLACE, tag=4, instrument=1, side=1, lots=5)
    market = commanded(a_market(touched, touched, specs=specs), *orders, back)
    world = run(a_world(market), market, some_rules())

    assert EXPIRED == ends(world)[3]
    assert (3, 1, 1, 101, 5) == trades(world)[-1]
