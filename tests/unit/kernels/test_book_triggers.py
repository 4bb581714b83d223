"""Trailing stops, triggers on the mark, funding, and the bound of takers, on a tape."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import Code, Liquidity, OrderStatus, OrderType, SelfTrade
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import Terms
from tradewright.engine.tape_run import run_tape
from tradewright.kernels.door import buy
from tradewright.kernels.replay_records import Replay
from tradewright.testing.tapes import (
    MS,
    Message,
    a_depth,
    a_tape,
    a_trade,
    answers,
    changes,
    fills,
    played,
    trails,
    wants,
)

BOOK = a_depth(0, {990: 50, 989: 50}, {1_010: 50, 1_011: 50})
STOP = OrderType.STOP_MARKET.value


def trades(*prices: int, start: float = 10.0) -> list[Message]:
    """A trade of one lot at each price, ten milliseconds apart."""
    return [a_trade(start + 10.0 * n, ticks, 1, -1) for n, ticks in enumerate(prices)]


@pytest.mark.rule("S-8", "4.12")
def test_a_trailing_stop_follows_trades_from_its_placement_on_and_sells_what_it_guards() -> None:
    """One per cent below the highest trade since it came: 1,000, then 1,020; 1,009 fires it, and the book is taken."""
    tape = a_tape(BOOK, *trades(1_000, 1_010, 1_020, 1_010, 1_009, 1_009))
    script = [wants(1, 1, 0, 2), trails(15, -1, 10, 0, 2, reduce_only=True)]
    replay = played(tape, script)

    assert [(1, 2, 1_010, Liquidity.TAKER), (50, -2, 990, Liquidity.TAKER)] == fills(replay)


@pytest.mark.rule("S-8")
def test_a_trailing_stop_waits_for_its_activation_and_for_the_first_trade() -> None:
    """Sent before any trade: it follows from 1,030 on and fires at 1,019; else from the first trade on."""
    tape = a_tape(BOOK, *trades(1_000, 1_025, 1_010, 1_030, 1_020, 1_019))
    late, early = (played(tape, [trails(1, -1, 10, activation, 2)]) for activation in (1_030, 0))

    assert [60] == [fill[0] for fill in fills(late)]
    assert [30] == [fill[0] for fill in fills(early)]


@pytest.mark.rule("S-8")
@pytest.mark.parametrize(
    ("callback", "activation", "code"),
    [(0, 0, Code.CALLBACK_OUT_OF_RANGE), (101, 0, Code.CALLBACK_OUT_OF_RANGE), (10, -1, Code.ENTRY_INVALID)],
)
def test_a_senseless_trailing_stop_is_refused(callback: int, activation: int, code: Code) -> None:
    """A callback beyond ten per cent, or none, as on bars; an activation below nothing."""
    replay = played(a_tape(BOOK, *trades(1_000)), [trails(1, -1, callback, activation, 2)])

    assert [(0, OrderStatus.REJECTED, code, 0)] == answers(replay)


@pytest.mark.rule("S-3", "S-8")
def test_a_trailing_stop_that_is_active_already_is_refused_and_none_can_be_changed() -> None:
    """The last trade is at its activation: -2021. One that follows has no price of its own."""
    tape = a_tape(BOOK, *trades(1_000, 1_001))
    active, changed = (
        played(tape, script)
        for script in ([trails(15, -1, 10, 1_000, 2)], [trails(15, -1, 10, 0, 2), changes(16, 0, 995, 2)])
    )

    assert [(0, OrderStatus.REJECTED, Code.WOULD_TRIGGER_AT_ONCE, 0)] == answers(active)
    assert (0, OrderStatus.OPEN, Code.NOT_MODIFIABLE, 0) in answers(changed)


@pytest.mark.rule("S-1", "4.12")
def test_a_trigger_on_the_mark_knows_no_spike_of_trades() -> None:
    """A stop at 980: a trade at 970 pulls that on the last; the mark, the middle of the book, gets there later."""
    crash = a_depth(40, {990: 0, 989: 0, 960: 50}, {1_010: 0, 1_011: 0, 980: 50})
    tape = a_tape(BOOK, *trades(1_000, 970, 1_000), crash, *trades(1_000, start=60))
    stop = wants(1, -1, 980, 2, type=STOP)
    by_last, by_mark = (played(tape, [stop._replace(by_mark=way)]) for way in (False, True))

    assert [(20, -2, 990, Liquidity.TAKER)] == fills(by_last)
    assert [(40, -2, 960, Liquidity.TAKER)] == fills(by_mark)


@pytest.mark.rule("S-1")
def test_without_a_book_what_the_mark_has_triggered_takes_the_next_trade() -> None:
    """The mark is the last trade then: pulled by the trade at 980, filled by the next one."""
    tape = a_tape(*trades(1_000, 980, 985))
    replay = played(tape, [wants(11, -1, 980, 1, type=STOP)._replace(by_mark=True)])

    assert [(30, -1, 985, Liquidity.TAKER)] == fills(replay)


@pytest.mark.rule("C-4", "4.12")
@pytest.mark.parametrize(("side", "rate"), [(1, 0.001), (-1, 0.001), (1, -0.002)])
def test_funding_is_paid_on_what_is_held_before_its_time(side: int, rate: float) -> None:
    """Four lots at a mark of 1,000, 0.01 a tick: 40 quote times the rate; longs pay a positive one. None after it."""
    tape = a_tape(BOOK, *trades(1_000, 1_000, 1_000))
    replay = played(tape, [wants(1, side, 0, 4)], funding=[(20.0, rate), (25.0, rate)], leverage=1.0)
    account = replay.world.account[0]
    paid = replay.world.payments[: account["n_payments"]]

    assert pytest.approx(-2 * side * 40.0 * rate) == account["funding"]
    assert [(20 * MS, 4 * side, 1_000), (25 * MS, 4 * side, 1_000)] == [
        (int(line["ts"]), int(line["lots"]), int(line["ticks"])) for line in paid
    ]


@pytest.mark.rule("C-4")
def test_what_is_bought_at_the_time_of_funding_pays_none() -> None:
    """It is settled before anything else of its instant; a flat account pays nothing."""
    tape = a_tape(BOOK, *trades(1_000, 1_000, 1_000))
    replay = played(tape, [wants(20, 1, 0, 4)], funding=[(20.0, 0.001)])

    assert (0.0, 0, 1) == tuple(replay.world.account[0][["funding", "n_payments", "payment"]].item())


@pytest.mark.rule("C-2", "4.12")
def test_a_market_order_walks_the_book_to_its_bound_and_the_rest_expires() -> None:
    """Mark 1,000 and one per cent at most: 50 lots at 1,010; those at 1,011 are beyond it."""
    replay = played(a_tape(BOOK, *trades(1_000)), [wants(1, 1, 0, 60)], take_bound=0.01)

    assert [(1, 50, 1_010, Liquidity.TAKER)] == fills(replay)
    assert (0, OrderStatus.CANCELED, Code.BEYOND_TAKE_BOUND, 50) == answers(replay)[-1]


@pytest.mark.rule("C-2", "4.12")
def test_a_seller_walks_the_book_to_his_bound_and_the_rest_expires() -> None:
    """The mirror: at least 990 with a mark of 1,000; what is bid at 989 is beyond it."""
    book = a_depth(0, {990: 50, 989: 50}, {1_010: 50})
    replay = played(a_tape(book, *trades(1_000)), [wants(1, -1, 0, 60)], take_bound=0.01)

    assert [(1, -50, 990, Liquidity.TAKER)] == fills(replay)
    assert (0, OrderStatus.CANCELED, Code.BEYOND_TAKE_BOUND, 50) == answers(replay)[-1]


@pytest.mark.rule("C-2")
def test_without_a_book_the_bound_holds_for_the_trade_that_would_fill() -> None:
    """The mark is 1,000; a trade at 1,020 is too far for a market order, and slippage ends at the bound."""
    far, near = (
        played(a_tape(*trades(1_000, price)), [wants(11, 1, 0, 1)], take_bound=0.01, slippage=1, slippage_size=50.0)
        for price in (1_020, 1_005)
    )

    assert (0, OrderStatus.REJECTED, Code.BEYOND_TAKE_BOUND, 0) == answers(far)[-1]
    assert [(20, 1, 1_010, Liquidity.TAKER)] == fills(near)


@pytest.mark.rule("R-6")
def test_a_tape_does_not_let_our_orders_trade_with_each_other() -> None:
    """On bars one may ask for it; in a book they stand in each other's way."""
    with pytest.raises(InvalidValue, match="self_trade"):
        TapeSpec(self_trade=SelfTrade.NONE)


@pytest.mark.rule("C-4")
def test_a_run_takes_its_funding_from_the_terms() -> None:
    """Times and rates beside the tape are left out; the outcome tells what was paid."""

    def hold(replay: Replay) -> None:
        buy(replay, 0, 4, 0)

    ts, rates = np.array([20, 25, 10**9]) * MS, np.array([0.001, 0.001, 0.5])
    instrument = Instrument("BTC/USDT:USDT", "test", tick_size="1", lot_size="0.01", min_notional=0.0)
    done = run_tape(
        hold, a_tape(BOOK, *trades(1_000, 1_000, 1_000)), Terms(instrument, CostSpec(), RiskSpec(), (ts, rates))
    )

    assert 2 == done.payments.size
    assert pytest.approx(-0.08) == done.totals["funding"]
