"""What an order that arrives takes from a book, and what of it rests."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import (
    Code,
    Liquidity,
    OrderStatus,
    SelfTrade,
)
from tradewright.domain.enums import TimeInForce as Force
from tradewright.testing.tapes import (
    SMALL_BOOK,
    a_depth,
    a_tape,
    a_trade,
    answers,
    at_once,
    fills,
    played,
    wants,
)

MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER


@pytest.mark.rule("L-1", "L-3", "C-2")
def test_taker_walks_the_book() -> None:
    """Each level at its own price, best first, to the limit; the rest of a limit rests and is a maker."""
    tape = a_tape(SMALL_BOOK, a_depth(4, {}, {101: 0, 102: 0, 103: 5}), a_trade(5, 101, 9, -1))
    script = [wants(1, 1, 101, 6)]
    assert [(1, 4, 101, TAKER), (5, 2, 101, MAKER)] == fills(played(tape, script, at_once()))
    assert [(1, 4, 101, TAKER), (1, 2, 102, TAKER)] == fills(played(a_tape(SMALL_BOOK), [wants(1, 1, 0, 6)], at_once()))


@pytest.mark.rule("C-3")
def test_market_order_ends_with_the_book() -> None:
    """A market order takes what the book shows, and its rest expires: nobody sells without limit a tick higher."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, 1, 0, 25)], at_once())
    assert 10 == replay.world.positions[0]["lots"]
    assert (0, OrderStatus.CANCELED, Code.BOOK_EXHAUSTED, 10) == answers(replay)[-1]


@pytest.mark.parametrize(
    ("force", "ticks", "last"),
    [
        (Force.IOC, 101, (0, OrderStatus.CANCELED, Code.IOC_EXPIRED, 4)),
        (Force.IOC, 100, (0, OrderStatus.CANCELED, Code.IOC_EXPIRED, 0)),
        (Force.FOK, 101, (0, OrderStatus.REJECTED, Code.FOK_NOT_WHOLE, 0)),
        (Force.FOK, 100, (0, OrderStatus.REJECTED, Code.FOK_NOT_WHOLE, 0)),
        (Force.FOK, 102, (0, OrderStatus.FILLED, Code.OK, 6)),
        (Force.GTX, 101, (0, OrderStatus.REJECTED, Code.POST_ONLY_WOULD_TAKE, 0)),
        (Force.GTX, 100, (0, OrderStatus.OPEN, Code.OK, 0)),
    ],
)
def test_time_in_force(force: Force, ticks: int, last: tuple[int, OrderStatus, Code, int]) -> None:
    """IOC cancels what is left, FOK is all or nothing, post-only never takes."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, 1, ticks, 6, time_in_force=force.value)], at_once())
    assert last == answers(replay)[-1]


@pytest.mark.rule("4.12")
@pytest.mark.parametrize(("impact", "second"), [(False, (2, 4, 101, TAKER)), (True, (2, 4, 102, TAKER))])
def test_impact(impact: bool, second: tuple[int, int, int, Liquidity]) -> None:
    """By default the recorded book keeps what we took; with impact it is gone until the venue tells of the level."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, 1, 0, 4), wants(2, 1, 0, 4)], at_once(impact=impact))
    assert second == fills(replay)[1]
    assert 2 == replay.clock[0]["n_large"]


@pytest.mark.rule("R-6")
@pytest.mark.parametrize(
    ("mode", "status"),
    [
        (SelfTrade.EXPIRE_MAKER, [OrderStatus.CANCELED, OrderStatus.FILLED]),
        (SelfTrade.EXPIRE_TAKER, [OrderStatus.OPEN, OrderStatus.CANCELED]),
        (SelfTrade.EXPIRE_BOTH, [OrderStatus.CANCELED, OrderStatus.CANCELED]),
    ],
)
def test_no_trade_with_ourselves(mode: SelfTrade, status: list[OrderStatus]) -> None:
    """An order that would meet ours expires one of the two, or both, as the mode says; we never trade with ours."""
    replay = played(a_tape(SMALL_BOOK), [wants(1, -1, 100, 3), wants(2, 1, 0, 2)], at_once(self_trade=mode))
    assert status == [[s for ref, s, _, _ in answers(replay) if ref == number][-1] for number in (0, 1)]
    assert all(ticks != 100 for _, _, ticks, _ in fills(replay))
