"""What a position on a tape is worth: the middle of its book, a trade where there is none, and never nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import EventKind, OrderStatus, QueueModel
from tradewright.domain.tape import TapeSpec
from tradewright.kernels.book import apply_event, lots_at
from tradewright.kernels.replay_records import Book
from tradewright.market.events import EVENT
from tradewright.testing.tapes import (
    MS,
    Message,
    a_depth,
    a_gap,
    a_quote,
    a_tape,
    a_trade,
    answers,
    fills,
    of,
    played,
    wants,
)

RICH = TapeSpec(queue=QueueModel.TOUCH, entry_ms=0.0, response_ms=0.0)
POOR = TapeSpec(balance=1.0, queue=QueueModel.TOUCH, entry_ms=0.0, response_ms=0.0)
BOOK_AT_100 = a_depth(0, {99: 50}, {101: 50})


@pytest.mark.rule("M-1")
def test_what_is_bought_from_a_book_of_one_side_has_the_price_of_its_fill() -> None:
    """Asks alone and no trade yet: four lots at 100 are worth 100, not nothing, and nobody is liquidated."""
    tape = a_tape(a_depth(0, {}, {100: 9}), a_depth(5, {}, {100: 8}), a_depth(9, {}, {101: 8}))
    replay = played(tape, [wants(1, 1, 0, 4)], POOR, leverage=10.0)
    account = replay.world.account[0]
    assert (100, 4, 0) == (
        *replay.world.positions[0][["mark_ticks", "lots"]].tolist(),
        account["n_liquidations"],
    )


@pytest.mark.rule("M-1", "M-7")
def test_a_trade_of_long_ago_is_no_mark_when_the_book_is_gone() -> None:
    """Bought at 101 long after a trade at 60: the stream breaks off, and the mark stays at the last middle, 100."""
    tape = a_tape(a_trade(0, 60, 1), a_depth(5, {99: 50}, {101: 50}), a_gap(90), a_trade(95, 98, 1))
    replay = played(tape, [wants(50, 1, 0, 9)], POOR, leverage=10.0)
    assert (0, 98) == (replay.world.account[0]["n_liquidations"], replay.world.positions[0]["mark_ticks"])


@pytest.mark.rule("T-3")
@pytest.mark.parametrize("ticks", [0, 102])
def test_what_was_sent_before_there_was_a_book_meets_the_first(ticks: int) -> None:
    """A market order, or a limit that is through, waits for nothing else: it takes at 101 when the book is there."""
    tape = a_tape(a_trade(0, 100, 1), a_depth(20, {99: 5}, {101: 5}), a_depth(30, {99: 6}, {}))
    replay = played(tape, [wants(5, 1, ticks, 3)], RICH)
    assert [(20, 3, 101)] == [fill[:3] for fill in fills(replay)]
    assert OrderStatus.FILLED == answers(replay)[-1][1]


def quoted(book: Book, sequence: int, side: int, ticks: int, lots: int, k: int) -> None:
    """A quote of one side."""
    row = np.zeros(1, EVENT)
    row["kind"], row["side"], row["ticks"], row["lots"] = EventKind.QUOTE, side, ticks, lots
    row["sequence"], row["last"], row["instrument"] = sequence, True, k
    apply_event(book, row[0])


def test_a_quote_of_one_side_touches_no_other_book() -> None:
    """The second instrument knows a bid alone, then an older change of depth: the first's asks stay."""
    first, second = a_depth(0, {99: 5}, {101: 7}), of(1, a_depth(0, {49: 2, 50: 1}, {51: 2}))
    tape = a_tape(first, second)
    replay = played(tape, [], RICH)
    book = replay.book
    assert 7 == lots_at(book, 0, -1, 101)
    quoted(book, 9, 1, 50, 3, 1)
    row = np.zeros(1, EVENT)
    row["kind"], row["side"], row["ticks"], row["lots"] = EventKind.DEPTH, 1, 49, 4
    row["sequence"], row["last"], row["instrument"] = 5, True, 1
    apply_event(book, row[0])
    assert (7, 3) == (lots_at(book, 0, -1, 101), lots_at(book, 1, 1, 50))


@pytest.mark.rule("4.0", "M-7")
def test_what_cannot_be_held_after_funding_falls_at_once() -> None:
    """The second pays 30 % at 15 ms and is due then; its own next event comes at 90 ms only."""
    first = [a_trade(ms, 100, 1) for ms in range(0, 90, 10)]
    second: list[Message] = [of(1, a_trade(ms, 100, 50)) for ms in (0, 5, 90)]
    tape = a_tape(*first, *second)
    replay = played(tape, [wants(2, 1, 0, 4, k=1)], POOR, leverage=10.0, others=[{"funding": ((15.0, 0.3),)}])
    last = replay.world.fills[replay.world.account[0]["n_fills"] - 1]
    assert (1, 15) == (int(last["instrument"]), int(last["ts"]) // MS)


def test_a_quote_is_forgotten_with_its_book() -> None:
    """After a gap a change of depth that is older than the last quote does not bring the quote back."""
    tape = a_tape(BOOK_AT_100, a_quote(5, (100, 4), (101, 4)), a_gap(10), a_depth(15, {98: 5}, {102: 5}))
    replay = played(tape, [], RICH)
    assert (98, 102) == tuple(int(replay.book.top[0][name]) for name in ("best_bid", "best_ask"))
