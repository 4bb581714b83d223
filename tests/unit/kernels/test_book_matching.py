"""What an event fills: hand-made streams of trades, quotes and depth, one rule each."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import (
    Code,
    Liquidity,
    OrderStatus,
    OrderType,
    QueueModel,
)
from tradewright.domain.enums import TimeInForce as Force
from tradewright.testing.tapes import (
    SMALL_BOOK,
    a_depth,
    a_quote,
    a_tape,
    a_trade,
    answers,
    at_once,
    fills,
    played,
    wants,
)

MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER


# -- resting limits and trades -------------------------------------------------------------------------------------


@pytest.mark.rule("L-2", "4.12")
@pytest.mark.parametrize(
    ("queue", "at_level", "beyond"),
    [(QueueModel.THROUGH, 0, 3), (QueueModel.TOUCH, 3, 3), (QueueModel.RISK_AVERSE, 0, 3), (QueueModel.POWER, 0, 3)],
)
def test_trade_at_the_price_or_beyond_it(queue: QueueModel, at_level: int, beyond: int) -> None:
    """Touch fills at the price, a queue of five holds against a trade of four, and beyond the price everyone fills."""
    for ticks, expected in ((99, at_level), (98, beyond)):
        tape = a_tape(SMALL_BOOK, a_trade(5, ticks, 4, -1))
        filled = fills(played(tape, [wants(1, 1, 99, 3)], at_once(queue)))
        assert ([(5, expected, 99, MAKER)] if expected else []) == filled


@pytest.mark.rule("4.12")
def test_queue_is_used_up_by_trades() -> None:
    """Five stand ahead: trades of three and four leave two of the second for us, and the next fills the rest."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 99, 3, -1), a_trade(6, 99, 4, -1), a_trade(7, 99, 9, -1))
    assert [(6, 2, 99, MAKER), (7, 4, 99, MAKER)] == fills(played(tape, [wants(1, 1, 99, 6)], at_once()))


@pytest.mark.rule("4.12")
def test_trade_of_the_other_side_moves_no_queue() -> None:
    """A buyer who takes does not meet those who bid."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 99, 50, 1))
    assert [] == fills(played(tape, [wants(1, 1, 99, 3)], at_once()))


@pytest.mark.rule("L-4")
def test_fill_is_no_more_than_what_traded() -> None:
    """A trade of two beyond our price fills two, not ten."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 97, 2, -1))
    assert [(5, 2, 99, MAKER)] == fills(played(tape, [wants(1, 1, 99, 10)], at_once()))


@pytest.mark.rule("L-4")
def test_better_price_first_then_older_first() -> None:
    """One trade of six fills our best bid first, and of one price the order that came first."""
    tape = a_tape(SMALL_BOOK, a_trade(9, 90, 6, -1))
    script = [wants(1, 1, 97, 4), wants(2, 1, 98, 2), wants(3, 1, 98, 3)]
    assert [(9, 2, 98, MAKER), (9, 3, 98, MAKER), (9, 1, 97, MAKER)] == fills(played(tape, script, at_once()))


@pytest.mark.rule("4.12")
def test_order_inside_the_spread_is_first() -> None:
    """Nobody stands ahead of an order that is better than the best."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 100, 2, -1))
    assert [(5, 2, 100, MAKER)] == fills(played(tape, [wants(1, 1, 100, 3)], at_once()))


@pytest.mark.rule("4.12")
def test_leavers_shorten_the_queue_as_the_model_says() -> None:
    """Of nine who came later and left, the careful model says none stood ahead; a trade tells the two apart."""
    tape = a_tape(SMALL_BOOK, a_depth(2, {98: 18}, {}), a_depth(3, {98: 9}, {}), a_trade(4, 98, 7, -1))
    script = [wants(1, 1, 98, 9)]
    averse = sum(lots for _, lots, _, _ in fills(played(tape, script, at_once())))
    log = sum(lots for _, lots, _, _ in fills(played(tape, script, at_once(QueueModel.LOG))))
    assert (0, True) == (averse, 0 < log < 7)


@pytest.mark.rule("L-2", "4.12")
@pytest.mark.parametrize(
    ("queue", "expected"), [(QueueModel.RISK_AVERSE, [(5, 3, 99, MAKER)]), (QueueModel.THROUGH, [])]
)
def test_book_that_comes_up_fills(queue: QueueModel, expected: list[tuple[int, int, int, Liquidity]]) -> None:
    """Sellers who come down to our bid would have met it; with `through` they must come beyond it."""
    tape = a_tape(SMALL_BOOK, a_depth(5, {99: 0}, {99: 3}))
    assert expected == fills(played(tape, [wants(1, 1, 99, 5)], at_once(queue)))


@pytest.mark.rule("L-4", "4.12")
def test_what_came_up_fills_once() -> None:
    """Three lots that stand at our price fill three, however often the book is told again; only new ones fill again."""
    again = [a_depth(ms, {}, {99: 3}) for ms in (6, 7)]
    tape = a_tape(SMALL_BOOK, a_depth(5, {99: 0}, {99: 3}), *again, a_depth(8, {}, {99: 0}), a_depth(9, {}, {99: 1}))
    assert [(5, 3, 99, MAKER), (9, 1, 99, MAKER)] == fills(played(tape, [wants(1, 1, 99, 9)], at_once()))


@pytest.mark.rule("4.12")
def test_quotes_alone_are_a_book() -> None:
    """Without depth the best prices are the book: a taker takes what is quoted, a maker fills when the quote comes."""
    tape = a_tape(a_quote(0, (99, 5), (101, 4)), a_quote(5, (97, 5), (98, 7)))
    script = [wants(1, 1, 0, 2), wants(2, 1, 98, 3)]
    assert [(1, 2, 101, TAKER), (5, 3, 98, MAKER)] == fills(played(tape, script, at_once()))


# -- trades alone --------------------------------------------------------------------------------------------------


@pytest.mark.rule("L-3", "L-6", "C-3", "T-3")
def test_without_a_book_a_taker_waits_for_the_next_trades() -> None:
    """A market order takes the prices of the trades after it, as far as they go, with spread and slippage."""
    tape = a_tape(a_trade(0, 100, 9), a_trade(5, 110, 2), a_trade(6, 120, 9))
    replay = played(tape, [wants(1, 1, 0, 5)], at_once(QueueModel.THROUGH), cost_rate=0.01)
    assert [(5, 2, 112, TAKER), (6, 3, 122, TAKER)] == fills(replay)


@pytest.mark.rule("L-1", "L-3")
def test_without_a_book_a_limit_takes_or_rests() -> None:
    """A limit that the next trade finds marketable takes, never worse than its price; else it rests from then on."""
    tape = a_tape(a_trade(0, 100, 9), a_trade(5, 100, 9), a_trade(6, 97, 9))
    script = [wants(1, 1, 100, 2), wants(2, 1, 98, 2)]
    replay = played(tape, script, at_once(QueueModel.THROUGH), cost_rate=0.05)
    assert [(5, 2, 100, TAKER), (6, 2, 98, MAKER)] == fills(replay)


@pytest.mark.parametrize(
    ("force", "last"),
    [
        (Force.IOC, (0, OrderStatus.CANCELED, Code.IOC_EXPIRED, 3)),
        (Force.FOK, (0, OrderStatus.REJECTED, Code.FOK_NOT_WHOLE, 0)),
        (Force.GTX, (0, OrderStatus.REJECTED, Code.POST_ONLY_WOULD_TAKE, 0)),
    ],
)
def test_time_in_force_without_a_book(force: Force, last: tuple[int, OrderStatus, Code, int]) -> None:
    """The next trade is the moment at which IOC, FOK and post-only are decided."""
    tape = a_tape(a_trade(0, 100, 9), a_trade(5, 100, 3))
    script = [wants(1, 1, 101, 5, time_in_force=force.value)]
    assert last == answers(played(tape, script, at_once(QueueModel.THROUGH)))[-1]


def test_market_orders_share_a_trade() -> None:
    """Two orders that wait take a trade one after the other, the older first."""
    tape = a_tape(a_trade(0, 100, 9), a_trade(5, 100, 3), a_trade(6, 100, 9))
    script = [wants(1, 1, 0, 3), wants(2, 1, 0, 2)]
    assert [(5, 3, 100, TAKER), (6, 2, 100, TAKER)] == fills(played(tape, script, at_once(QueueModel.THROUGH)))


# -- stops ---------------------------------------------------------------------------------------------------------


def test_stop_takes_from_the_book_when_a_trade_reaches_it() -> None:
    """A stop-market waits for a trade at its trigger, then takes what the book holds."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 101, 1), a_trade(6, 102, 1))
    script = [wants(1, 1, 102, 2, type=OrderType.STOP_MARKET.value)]
    assert [(6, 2, 101, TAKER)] == fills(played(tape, script, at_once()))


def test_stop_limit_becomes_a_limit() -> None:
    """From its trigger on it is a limit: here it rests below the market and fills as a maker."""
    tape = a_tape(SMALL_BOOK, a_trade(5, 98, 1, -1), a_trade(6, 99, 1, 1), a_trade(7, 101, 9, 1))
    script = [wants(1, -1, 100, 2, type=OrderType.STOP_LIMIT.value, trigger=98)]
    assert [(7, -2, 100, MAKER)] == fills(played(tape, script, at_once()))


def test_stop_that_would_trigger_at_once_is_rejected() -> None:
    """As Binance does (-2021), and as the bars do."""
    tape = a_tape(SMALL_BOOK, a_trade(1, 103, 1), a_trade(5, 103, 1))
    replay = played(tape, [wants(2, 1, 102, 2, type=OrderType.STOP_MARKET.value)], at_once())
    assert (0, OrderStatus.REJECTED, Code.WOULD_TRIGGER_AT_ONCE, 0) == answers(replay)[-1]
