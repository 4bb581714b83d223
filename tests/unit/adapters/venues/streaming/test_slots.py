"""Subscriptions without a network: order, gaps, doubles, and what is asked for."""

from __future__ import annotations

import random
from collections.abc import Callable

from tradewright.adapters.venues.streaming.bar_slot import BarSlot
from tradewright.adapters.venues.streaming.slots import AskBars, AskBook, AskTicks, BookSlot, Diff, ValueSlot
from tradewright.adapters.venues.streaming.tick_slot import TickSlot
from tradewright.domain.market_events import Bar, BookUpdate, Channel, Quote, Subscription, Tick
from tradewright.domain.timeframe import SECOND_NS, Timeframe

M1 = Timeframe.parse("1m")
MINUTE = M1.ns
BTC = "BTC/USDT:USDT"
BOOK = Subscription(Channel.BOOK, BTC)


def _bar(minute: int, seen: int = 0, close: float = 1.0) -> Bar:
    return Bar(BTC, M1, minute * MINUTE, 1.0, 1.0, 1.0, close, 1.0, seen)


def _bars(now: int = 0) -> BarSlot:
    slot = BarSlot(Subscription(Channel.BARS, BTC, M1), 4 * SECOND_NS, 2 * SECOND_NS)
    slot.reconnected(now)
    return slot


def _minutes(events: object) -> list[int]:
    assert isinstance(events, list | tuple)
    return [event.ts_open // MINUTE for event in events]


def test_a_bar_is_told_when_it_has_closed_and_not_before() -> None:
    """Trap 6.7: only the message that says closed tells a bar; the open bar tells nothing; twice is once."""
    slot = _bars()
    assert [] == list(slot.hear(_bar(0), closed=False).events)
    assert [0] == _minutes(slot.hear(_bar(0), closed=True).events)
    assert [] == list(slot.hear(_bar(0), closed=True).events)
    assert [] == list(slot.hear(_bar(0, close=2.0), closed=False).events)


def test_a_bar_that_nobody_tells_is_asked_for_when_it_is_overdue() -> None:
    """Trap 6.7: in a quiet market no next bar begins; four seconds after its close the bar is asked for."""
    slot = _bars()
    assert None is slot.wanted(MINUTE + SECOND_NS)
    slot.wanted(MINUTE - 1)
    assert None is slot.wanted(MINUTE + 3 * SECOND_NS)
    ask = slot.wanted(MINUTE + 4 * SECOND_NS)
    assert AskBars(0, MINUTE) == ask
    assert [0] == _minutes(slot.answered(AskBars(0, MINUTE), [_bar(0)]).events)


def test_a_later_bar_waits_for_those_before_it() -> None:
    """A lost close: the bar after it is held back, the lost one asked for, and both are told in their order."""
    slot = _bars()
    assert [] == list(slot.hear(_bar(2, seen=7), closed=True).events)
    ask = slot.wanted(3 * MINUTE + SECOND_NS)
    assert AskBars(0, 2 * MINUTE) == ask
    step = slot.answered(AskBars(0, 2 * MINUTE), [_bar(0, seen=9), _bar(1, seen=9)])
    assert [0, 1, 2] == _minutes(step.events)
    assert [9, 9, 9] == [bar.ts_seen for bar in step.events if isinstance(bar, Bar)]


def test_after_a_break_everything_since_the_last_bar_is_in_doubt() -> None:
    """What closed while nobody listened is asked for at once, not when it is noticed."""
    slot = _bars()
    slot.hear(_bar(0), closed=True)
    slot.reconnected(5 * MINUTE + 2 * SECOND_NS)
    assert AskBars(MINUTE, 5 * MINUTE) == slot.wanted(5 * MINUTE + 2 * SECOND_NS)


def test_bars_that_the_venue_does_not_have_are_a_hole_once_they_were_asked_for_twice() -> None:
    """Missing beside later bars, twice: the hole is told, and the later bars go on."""
    slot = _bars()
    ask = AskBars(0, 3 * MINUTE)
    first = slot.answered(ask, [_bar(2)])
    assert ((), False, None) == (tuple(first.events), first.helped, first.lost)
    second = slot.answered(ask, [_bar(2)])
    assert [2] == _minutes(second.events)
    assert second.lost is not None
    assert "no 2 bars from 1970-01-01" in second.lost.words


def test_nothing_at_all_is_no_hole() -> None:
    """A venue that answers late has not yet got the bar: it is asked again, and never given up without a later one."""
    slot = _bars()
    for _ in range(5):
        step = slot.answered(AskBars(0, MINUTE), [])
        assert not step.helped
        assert AskBars(0, MINUTE) == slot.wanted(MINUTE + 9 * SECOND_NS)
    assert [0] == _minutes(slot.answered(AskBars(0, MINUTE), [_bar(0)]).events)


def _tick(number: int, seen: int = 0) -> Tick:
    return Tick(BTC, number, number, 1.0, 1.0, True, seen)


def _ticks() -> TickSlot:
    slot = TickSlot(Subscription(Channel.TICKS, BTC))
    slot.reconnected(0)
    return slot


def _numbers(events: object) -> list[int]:
    assert isinstance(events, list | tuple)
    return [event.id for event in events]


def test_ticks_are_told_by_their_numbers_whatever_their_order() -> None:
    """Doubles are dropped, what came too early waits, and only what never came is asked for."""
    slot = _ticks()
    told = [_numbers(slot.hear(_tick(number)).events) for number in (10, 12, 12, 11, 10, 13)]
    assert [[10], [], [], [11, 12], [], [13]] == told
    slot.hear(_tick(20))
    assert AskTicks(14, 19) == slot.wanted(0)
    step = slot.answered(AskTicks(14, 19), [_tick(number) for number in range(14, 20)])
    assert list(range(14, 21)) == _numbers(step.events)
    assert None is slot.wanted(0)


def test_after_a_break_ticks_are_asked_for_page_by_page_until_nothing_more_comes() -> None:
    """The first connection lacks nothing; a later one asks from the next number on."""
    slot = _ticks()
    assert None is slot.wanted(0)
    slot.hear(_tick(1))
    slot.reconnected(0)
    assert AskTicks(2, None) == slot.wanted(0)
    slot.answered(AskTicks(2, None), [_tick(2), _tick(3)])
    assert AskTicks(4, None) == slot.wanted(0)
    slot.answered(AskTicks(4, None), [])
    assert None is slot.wanted(0)


def test_ticks_that_cannot_be_had_any_more_are_a_hole() -> None:
    """Asked for twice and not there while later ones are: said, and on it goes."""
    slot = _ticks()
    slot.hear(_tick(1))
    slot.hear(_tick(5))
    ask = AskTicks(2, 4)
    assert not slot.answered(ask, []).helped
    step = slot.answered(ask, [])
    assert [5] == _numbers(step.events)
    assert step.lost is not None


def test_what_is_held_back_is_bounded() -> None:
    """A hundred thousand ticks after a gap: a fifth is kept, the rest asked for later; none is lost."""
    slot = _ticks()
    slot.hear(_tick(0))
    for number in range(2, 100_000):
        slot.hear(_tick(number))
    told = _numbers(slot.answered(AskTicks(1, 1), [_tick(1)]).events)
    assert list(range(1, 20_002)) == told
    slot.hear(_tick(100_000))
    assert AskTicks(20_002, 99_999) == slot.wanted(0)


def _diff(first: int, last: int, before: int) -> Diff:
    return Diff(first, before, BookUpdate(BTC, last, last, (), (), is_snapshot=False, ts_seen=last))


def _snapshot(last: int, seen: int = 0) -> BookUpdate:
    return BookUpdate(BTC, last, last, (), (), is_snapshot=True, ts_seen=seen)


def test_a_book_is_a_snapshot_and_the_changes_that_follow_it() -> None:
    """Changes wait for the snapshot; those it holds already are dropped, and none is known before the snapshot is."""
    slot = BookSlot(BOOK)
    assert None is slot.wanted(0)
    for diff in (_diff(1, 5, 0), _diff(6, 9, 5), _diff(10, 12, 9)):
        assert [] == list(slot.hear(diff).events)
    assert AskBook() == slot.wanted(0)
    step = slot.answered(AskBook(), [_snapshot(7, seen=50)])
    assert [(7, 50), (9, 50), (12, 50)] == [(one.last_id, one.ts_seen) for one in step.events]  # type: ignore[union-attr]
    assert [13] == [one.last_id for one in slot.hear(_diff(13, 13, 12)).events]  # type: ignore[union-attr]


def test_a_gap_in_a_book_asks_for_a_new_snapshot_and_a_stale_one_is_not_believed() -> None:
    """Trap 6.6: U, u and pu say that a change is missing; a snapshot of before the gap does not close it."""
    slot = BookSlot(BOOK)
    slot.hear(_diff(1, 5, 0))
    slot.answered(AskBook(), [_snapshot(3)])
    assert [] == list(slot.hear(_diff(8, 9, 7)).events)
    assert AskBook() == slot.wanted(0)
    assert not slot.answered(AskBook(), [_snapshot(5)]).helped
    assert AskBook() == slot.wanted(0)
    assert [8, 9] == [one.last_id for one in slot.answered(AskBook(), [_snapshot(8)]).events]  # type: ignore[union-attr]


def test_an_old_quote_is_never_told_after_a_newer_one() -> None:
    """Reordered and doubled quotes are dropped."""
    slot = ValueSlot(Subscription(Channel.QUOTES, BTC))
    told = [len(slot.hear(Quote(BTC, n, n, 1, 1, 2, 1, n)).events) for n in (1, 3, 2, 3, 4)]
    assert [1, 1, 0, 0, 1] == told


def _shuffled(chance: random.Random, count: int) -> list[int]:
    """Numbers 0 to count, some lost, some doubled, some turned."""
    numbers = [n for n in range(count) if n == 0 or chance.random() > 0.2]
    numbers += [n for n in numbers if chance.random() < 0.1]
    return sorted(numbers, key=lambda n: n + chance.random() * 4 * (n > 0))


def _run(feed: Callable[[int], object], ask: Callable[[], None], numbers: list[int]) -> None:
    for number in numbers:
        feed(number)
        ask()


def test_whatever_the_stream_does_ticks_come_once_and_in_order() -> None:
    """500 random streams with losses, doubles and turns: what is told is every number from the first to the last."""
    for seed in range(500):
        chance, slot, told = random.Random(seed), _ticks(), list[int]()

        def feed(number: int, slot: TickSlot = slot, told: list[int] = told) -> None:
            told += _numbers(slot.hear(_tick(number)).events)

        def ask(slot: TickSlot = slot, told: list[int] = told, chance: random.Random = chance) -> None:
            wanted = slot.wanted(0)
            if isinstance(wanted, AskTicks) and chance.random() < 0.3:
                last = wanted.last if wanted.last is not None else 60
                told += _numbers(slot.answered(wanted, [_tick(n) for n in range(wanted.first, last + 1)]).events)

        _run(feed, ask, _shuffled(chance, 60))
        for _ in range(50):
            ask()
        assert list(range(len(told))) == told
        assert 55 < len(told)
