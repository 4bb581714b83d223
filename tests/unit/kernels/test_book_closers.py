"""Orders on a tape that close whatever is held: a stop and a target of this kind are a bracket (rules S-11, R-4)."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import Code, Liquidity, OrderStatus, OrderType
from tradewright.kernels.replay_records import Replay
from tradewright.testing.tapes import (
    SMALL_BOOK,
    Message,
    Wish,
    a_depth,
    a_tape,
    a_trade,
    answers,
    changes,
    closes,
    fills,
    played,
    wants,
)

MARKET, STOP, TARGET = OrderType.MARKET, OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET
TAKER = Liquidity.TAKER


def bracket(*more: Message, script: tuple[Wish, ...] = ()) -> Replay:
    """Bought 3 at 101 of a small book; a stop at 97 and a target at 103 close whatever is held by then."""
    wishes = (wants(1, 1, 0, 3), closes(2, -1, STOP, 97), closes(2, -1, TARGET, 103), *script)
    tape = a_tape(SMALL_BOOK, a_trade(1, 100, 1), *more, a_trade(90, 100, 1))
    return played(tape, sorted(wishes, key=lambda wish: wish.ms))


@pytest.mark.rule("S-11", "4.12")
def test_what_one_exit_closes_takes_the_other_away() -> None:
    """The trade at 103 sets off the target, which sells all to the best bid; the stop leaves in the same moment."""
    replay = bracket(a_trade(10, 103, 1))
    assert [(1, 3, 101, TAKER), (10, -3, 99, TAKER)] == fills(replay)
    assert [(2, OrderStatus.FILLED, Code.OK, 3), (1, OrderStatus.CANCELED, Code.OK, 0)] == answers(replay)[-2:]


@pytest.mark.rule("S-11", "4.12")
def test_they_close_what_is_held_when_they_act() -> None:
    """Two more are bought after the bracket was sent, two sold by hand: the stop closes three, over two levels."""
    more = (wants(5, 1, 0, 1), wants(6, 1, 102, 2), wants(7, -1, 0, 3))
    replay = bracket(a_depth(9, {99: 2, 98: 9}, {}), a_trade(10, 97, 1, -1), script=more)
    assert [3, 1, 2, -3] == [lots for _, lots, *_ in fills(replay)][:4]
    assert [(10, -2, 99, TAKER), (10, -1, 98, TAKER)] == fills(replay)[4:]
    assert (1, OrderStatus.FILLED, Code.OK, 3) in answers(replay)


def test_a_position_that_is_left_otherwise_takes_both_away() -> None:
    """All is sold by hand, and more: of the short that comes of it nothing is closed by exits of the long."""
    replay = bracket(a_trade(10, 103, 1), a_trade(11, 96, 1, -1), script=(wants(5, -1, 0, 4),))
    assert [3, -4] == [lots for _, lots, *_ in fills(replay)]
    assert [(1, OrderStatus.CANCELED, Code.OK, 0), (2, OrderStatus.CANCELED, Code.OK, 0)] == answers(replay)[-2:]


def test_what_is_not_held_cannot_be_closed() -> None:
    """Before the position, on its own side, and as a limit they are refused; at the market they close at once."""
    script = [
        closes(1, -1, STOP, 97),
        wants(2, 1, 0, 3),
        closes(3, 1, STOP, 105),
        closes(3, -1, OrderType.LIMIT, 105),
        closes(3, -1, OrderType.TRAILING_STOP, 105),
        closes(4, -1, MARKET),
    ]
    replay = played(a_tape(SMALL_BOOK, a_trade(1, 100, 1), a_trade(90, 100, 1)), script)
    refused = [(ref, code) for ref, status, code, _ in answers(replay) if status == OrderStatus.REJECTED]
    assert [
        (0, Code.NOTHING_TO_REDUCE),
        (2, Code.NOTHING_TO_REDUCE),
        (3, Code.ENTRY_INVALID),
        (4, Code.CALLBACK_OUT_OF_RANGE),
    ] == refused
    assert [3, -3] == [lots for _, lots, *_ in fills(replay)]


def test_the_price_of_a_closing_order_can_be_changed_and_its_quantity_not() -> None:
    """The stop moves up to 98 and fires there; of how much, it says nothing."""
    replay = bracket(a_trade(10, 98, 1, -1), script=(changes(5, 1, 98, 2), changes(6, 1, 98, 0)))
    assert (1, OrderStatus.OPEN, Code.NOT_MODIFIABLE, 0) in answers(replay)
    assert [(10, -3, 99, TAKER)] == fills(replay)[1:]


def test_without_a_book_a_closing_order_asks_trade_after_trade() -> None:
    """Two trades of one and of two: the position of three is closed in parts, then it is done and the other gone."""
    script = [wants(2, 1, 0, 3), closes(5, -1, MARKET), closes(5, -1, STOP, 50)]
    trades = [(1, 100, 5, 1), (3, 100, 5, 1), (10, 100, 1, -1), (11, 99, 9, -1), (20, 99, 1, 1)]
    replay = played(a_tape(*[a_trade(*trade) for trade in trades]), script)
    assert [(3, 3, 100, TAKER), (10, -1, 100, TAKER), (11, -2, 99, TAKER)] == fills(replay)
    assert [(1, OrderStatus.FILLED, Code.OK, 3), (2, OrderStatus.CANCELED, Code.OK, 0)] == answers(replay)[-2:]
