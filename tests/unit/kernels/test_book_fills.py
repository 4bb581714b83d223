"""A fill of a replay is that of a run over bars: fees, margin, liquidation."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import (
    Code,
    Liquidity,
    OrderStatus,
    QueueModel,
    Slippage,
)
from tradewright.testing.tapes import (
    MS,
    SMALL_BOOK,
    a_depth,
    a_gap,
    a_tape,
    a_trade,
    answers,
    at_once,
    fills,
    of,
    played,
    wants,
)

MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER


def test_fees_are_those_of_bars() -> None:
    """A taker pays the taker's fee, a maker the maker's: 5 x 101 and 5 x 99 at 0.01 quote."""
    tape = a_tape(a_depth(0, {99: 1}, {101: 9}), a_trade(5, 99, 20, -1))
    script = [wants(1, 1, 101, 5), wants(2, 1, 99, 5)]
    replay = played(tape, script, at_once(), maker_rate=0.001, taker_rate=0.002)
    assert pytest.approx(5.05 * 0.002 + 4.95 * 0.001, abs=1e-8) == replay.world.account[0]["fees"]


def test_margin_is_that_of_bars() -> None:
    """Ten quote carry nine lots at 101, not ten; nor nine at 120: the gate asks at the mark, the fill at its price."""
    for ask, lots, first, last in ((101, 9, 0, 0), (101, 10, 16, 16), (120, 9, 0, 16)):
        tape = a_tape(a_depth(0, {200 - ask: 50}, {ask: 50}))
        codes = [
            code for _, _, code, _ in answers(played(tape, [wants(1, 1, 0, lots)], at_once(balance=10.0), leverage=1.0))
        ]
        assert (Code(first), Code(last)) == (codes[0], codes[-1])


def test_turnover_lowers_fees() -> None:
    """A day's turnover counts from the next day on: the second buy pays the second tier."""
    day = 86_400_000
    tape = a_tape(a_depth(0, {99: 50}, {100: 50}), a_trade(day + 5, 100, 1))
    script = [wants(1, 1, 0, 10), wants(day + 1, 1, 0, 10)]
    replay = played(tape, script, at_once(), fees=[(0.0, 0.0, 0.01), (10.0, 0.0, 0.005)], has_fee_tiers=True)
    assert [0.1, 0.05] == replay.world.fills["fee"][:2].tolist()


def test_isolated_position_stands_with_its_own_margin() -> None:
    """It is liquidated when its own margin is used up, whatever else the wallet holds."""
    tape = a_tape(SMALL_BOOK, a_depth(5, {99: 0, 98: 0, 80: 9}, {101: 0, 102: 0, 82: 9}))
    counts = [
        played(tape, [wants(1, 1, 0, 4)], at_once(), is_isolated=isolated).world.account[0]["n_liquidations"]
        for isolated in (False, True)
    ]
    assert [0, 1] == counts


def test_mark_survives_the_end_of_a_book() -> None:
    """Where neither book nor trade tell a price, the mark stays as it was; nobody is liquidated at zero."""
    replay = played(a_tape(SMALL_BOOK, a_gap(5)), [wants(1, 1, 0, 4)], at_once(), leverage=10.0)
    assert (100, 0) == (replay.world.positions[0]["mark_ticks"], replay.world.account[0]["n_liquidations"])


def test_slippage_follows_the_size_of_the_trade() -> None:
    """Where no book is known, the trade is the bar: two of four lots cost 100 x 0.4 x (2 / 4)^2 = 10 ticks."""
    tape = a_tape(a_trade(0, 100, 9), a_trade(5, 100, 4))
    fields = {"slippage": Slippage.VOLUME_SHARE.value, "slippage_size": 0.4}
    assert [(5, 2, 110, TAKER)] == fills(played(tape, [wants(1, 1, 0, 2)], at_once(QueueModel.THROUGH), **fields))


def test_spot_is_not_sold_short() -> None:
    """What is not held cannot be sold: to sell is to reduce."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, -1, 0, 2)], at_once(), is_perpetual=False)
    assert (0, OrderStatus.REJECTED, Code.NOTHING_TO_REDUCE, 0) == answers(replay)[-1]


def test_reduce_only_never_opens() -> None:
    """It fills no more than is held, and leaves when nothing is held."""
    tape = a_tape(SMALL_BOOK, a_trade(9, 105, 50, 1))
    script = [wants(1, 1, 0, 2), wants(2, -1, 103, 5, reduce_only=True)]
    replay = played(tape, script, at_once())
    assert [(1, 2, 101, TAKER), (9, -2, 103, MAKER)] == fills(replay)
    assert 0 == replay.world.positions[0]["lots"]


def test_reduce_only_leaves_when_another_order_has_closed_the_position() -> None:
    """Of two that would each sell all that is held, the second has nothing left to do."""
    tape = a_tape(SMALL_BOOK, a_trade(9, 105, 50, 1))
    script = [wants(1, 1, 0, 2), *(wants(2, -1, ticks, 2, reduce_only=True) for ticks in (103, 104))]
    replay = played(tape, script, at_once())
    assert [(1, 2, 101, TAKER), (9, -2, 103, MAKER)] == fills(replay)
    assert (2, OrderStatus.CANCELED, Code.NOTHING_TO_EXIT, 0) == answers(replay)[-1]


def test_liquidation_by_the_middle_of_the_book() -> None:
    """When the middle passes the liquidation price, orders go first, then the position; the wallet is never below 0."""
    tape = a_tape(SMALL_BOOK, a_depth(5, {99: 0, 98: 0, 80: 9}, {101: 0, 102: 0, 82: 9}))
    replay = played(tape, [wants(1, 1, 0, 4), wants(2, -1, 120, 1)], at_once(balance=0.5), leverage=10.0)
    assert [(1, OrderStatus.CANCELED, Code.OK, 0), (-1, OrderStatus.FILLED, Code.OK, 0)] == answers(replay)[-2:]
    account = replay.world.account[0]
    assert (1, 0, True) == (account["n_liquidations"], replay.world.positions[0]["lots"], account["wallet"] >= 0.0)


@pytest.mark.rule("M-9")
def test_one_liquidation_pulls_the_other_with_it() -> None:
    """One quote stands behind four lots of each of two; at 70 the first has lost it all, and the second falls too."""
    second = of(1, SMALL_BOOK)
    tape = a_tape(
        SMALL_BOOK, second, a_depth(5, {99: 0, 98: 0, 70: 9}, {101: 0, 102: 0, 72: 9}), of(1, a_trade(9, 100, 1))
    )
    replay = played(tape, [wants(1, 1, 0, 4), wants(1, 1, 0, 4, k=1)], at_once(balance=1.0), leverage=10.0)
    account, log = replay.world.account[0], replay.world.fills
    assert [(5, 0, -4), (5, 1, -4)] == [
        (int(row["ts"]) // MS, int(row["instrument"]), int(row["side"] * row["lots"])) for row in log[2:4]
    ]
    assert (2, 0.0, [0, 0]) == (account["n_liquidations"], account["wallet"], replay.world.positions["lots"].tolist())


@pytest.mark.parametrize("room", [2, 90])
def test_full_logs_are_said(room: int) -> None:
    """A replay whose logs are full stops, and says that it needs room."""
    tape = a_tape(SMALL_BOOK, *[a_trade(ms, 100, 1) for ms in range(1, 60)])
    script = [wants(ms, 1, 0, 1) for ms in range(1, 60)]
    replay = played(tape, script, at_once(), room=room)
    assert Code.NEED_ROOM == replay.clock[0]["code"]
