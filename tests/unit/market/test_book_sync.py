"""Snapshot and diffs become one book, or the place where it was lost is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.adapters.venues.binance.streams import BinanceStreams
from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.market.book_sync import Gap, Sync, synchronise
from tradewright.market.events import DEPTH_MESSAGE, EVENT, Recording

STREAM = "streams/binance-usdm-btcusdt-20240808.jsonl.gz"
Levels = dict[tuple[int, int], int]


def book_of(events: Any) -> Levels:
    """What stands in the book after some events: (side, ticks) to lots."""
    book: Levels = {}
    for row in events:
        if row["kind"] == EventKind.CLEAR:
            book.clear()
        elif row["kind"] == EventKind.DEPTH:
            book[int(row["side"]), int(row["ticks"])] = int(row["lots"])
    return {place: lots for place, lots in book.items() if lots}


def recording_of(messages: list[tuple[int, int, int, bool, Levels]]) -> Recording:
    """A recording of depth messages (first id, last id, previous id, snapshot, levels)."""
    depth = np.zeros(len(messages), DEPTH_MESSAGE)
    rows: list[tuple[Any, ...]] = []
    for line, (first, last, previous, snapshot, levels) in enumerate(messages, start=1):
        start = len(rows)
        for place, ((side, ticks), lots) in enumerate(levels.items(), start=1):
            rows.append((line, line, last, ticks, lots, EventKind.DEPTH, side, place == len(levels), 0))
        depth[line - 1] = (start, len(rows), first, last, previous, snapshot, line)
    return Recording(np.array(rows, EVENT), depth, len(messages), {})


def a_history(data: st.DataObject) -> tuple[list[tuple[int, int, int, bool, Levels]], list[Levels]]:
    """Diffs of a made-up venue in their order, and the true book after each."""
    book: Levels = {}
    diffs, books, last = [], [], 0
    for _ in range(data.draw(st.integers(3, 12))):
        places = st.tuples(st.sampled_from([1, -1]), st.integers(95, 105))
        changes = data.draw(st.dictionaries(places, st.integers(0, 3), min_size=1, max_size=4))
        span = data.draw(st.integers(1, 5))
        diffs.append((last + 1, last + span, last, False, changes))
        last += span
        book = {place: lots for place, lots in {**book, **changes}.items() if lots}
        books.append(book)
    return diffs, books


@given(st.data())
def test_book_is_the_venues_book_wherever_the_snapshot_comes(data: st.DataObject) -> None:
    """A snapshot of any moment, received after any diff that it may hold already: the book ends as the venue's."""
    diffs, books = a_history(data)
    taken = data.draw(st.integers(0, len(diffs) - 1))
    received = data.draw(st.integers(0, len(diffs)))
    if not received <= taken + 1:
        received = data.draw(st.integers(taken, len(diffs)))
    snapshot = (diffs[taken][1], diffs[taken][1], 0, True, books[taken] or {(1, 1): 0})
    synced = synchronise(recording_of([*diffs[:received], snapshot, *diffs[received:]]))

    assert ((), False) == (synced.gaps, synced.needs_resync)
    assert books[-1] == book_of(synced.events)
    assert taken == synced.stale
    assert len(diffs) - taken == synced.diffs


@given(st.data())
def test_lost_diff_is_a_gap_and_empties_the_book(data: st.DataObject) -> None:
    """After it nothing is applied, and the stream says that a new snapshot is needed."""
    diffs, books = a_history(data)
    snapshot = (diffs[0][1], diffs[0][1], 0, True, books[0] or {(1, 1): 0})
    lost = data.draw(st.integers(1, len(diffs) - 2))
    synced = synchronise(recording_of([snapshot, *diffs[:lost], *diffs[lost + 1 :]]))

    # The snapshot is line 1, the first diff line 2: the one after the lost one stands where the lost one stood.
    wanted = diffs[lost - 1][1]
    assert Gap(lost + 2, wanted, diffs[lost][1]) == synced.gaps[0]
    assert synced.needs_resync
    assert {} == book_of(synced.events)
    assert len(diffs) - 1 == synced.diffs + synced.stale + synced.lost


@given(st.data())
def test_second_snapshot_heals_a_gap(data: st.DataObject) -> None:
    """From it on the book is the venue's again."""
    diffs, books = a_history(data)
    lost = data.draw(st.integers(1, len(diffs) - 2))
    begin = (diffs[0][1], diffs[0][1], 0, True, books[0] or {(1, 1): 0})
    again = (diffs[-2][1], diffs[-2][1], 0, True, books[-2] or {(1, 1): 0})
    synced = synchronise(recording_of([begin, *diffs[:lost], *diffs[lost + 1 :], again]))

    assert books[-1] == book_of(synced.events)
    assert not synced.needs_resync


def test_first_diff_after_a_snapshot_must_hold_its_update() -> None:
    """A snapshot of update 10 followed by a diff that begins at 12: update 11 was lost."""
    sync = Sync()
    sync.begin(10)

    assert sync.is_stale(9)
    assert not sync.is_stale(10)
    assert not sync.follows(12, 15, 11)
    assert -1 == sync.last_id


def test_diff_that_comes_twice_is_dropped_and_is_no_gap() -> None:
    """Once the book follows, what it holds already is stale, however often it is told."""
    sync = Sync()
    sync.begin(10)
    assert sync.follows(9, 12, 8)
    assert sync.is_stale(12)
    assert not sync.is_stale(13)
    assert sync.follows(13, 15, 12)


def test_stream_of_diffs_alone_is_refused() -> None:
    """Diffs change a book that nobody knows."""
    with pytest.raises(DataError, match="no snapshot"):
        synchronise(recording_of([(1, 2, 0, False, {(1, 100): 1})]))


def test_what_came_before_the_snapshot_is_counted() -> None:
    """Trades and quotes before the first snapshot would meet an unknown book."""
    recording = recording_of([(5, 5, 0, True, {(1, 100): 1})])
    quote = np.zeros(2, EVENT)
    quote["kind"] = EventKind.QUOTE
    later = recording.depth.copy()
    later["start"] += 2
    later["stop"] += 2
    synced = synchronise(recording._replace(events=np.concatenate((quote, recording.events)), depth=later))

    assert 2 == synced.early
    assert [EventKind.CLEAR, EventKind.DEPTH] == synced.events["kind"].tolist()


def test_stream_without_depth_is_left_as_it_is() -> None:
    """Trades alone need no book."""
    trades = np.zeros(3, EVENT)
    synced = synchronise(Recording(trades, np.zeros(0, DEPTH_MESSAGE), 3, {}))

    assert 3 == synced.events.size


@pytest.mark.real_data
def test_real_book_agrees_with_every_quote(real_data: Path) -> None:
    """Without a gap, never crossed; at each of 629 update ids that both name, best bid and ask are the quote's.

    After any diff they also are what the last quote up to its update said: 6,545 of 6,545.
    """
    instrument = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
    synced = synchronise(BinanceStreams().read(real_data / STREAM, instrument))
    events = synced.events
    quotes = events[events["kind"] == EventKind.QUOTE]
    best = {
        int(bid["sequence"]): (int(bid["ticks"]), int(bid["lots"]), int(ask["ticks"]), int(ask["lots"]))
        for bid, ask in zip(quotes[0::2], quotes[1::2], strict=True)
    }
    ids = np.array(sorted(best))
    exact, latest = [], []
    sides: dict[int, dict[int, int]] = {1: {}, -1: {}}
    for _, side, ticks, lots, last, sequence in events[events["kind"] == EventKind.DEPTH][
        ["kind", "side", "ticks", "lots", "last", "sequence"]
    ].tolist():
        sides[side][ticks] = lots
        if not lots:
            del sides[side][ticks]
        if last:
            bid, ask = max(sides[1]), min(sides[-1])
            assert bid < ask
            found = (bid, sides[1][bid], ask, sides[-1][ask])
            if sequence in best:
                exact.append(found == best[sequence])
            if sequence >= ids[0]:
                latest.append(found == best[int(ids[np.searchsorted(ids, sequence, side="right") - 1])])

    assert ((), 1, 6_547, 4) == (synced.gaps, synced.snapshots, synced.diffs, synced.stale)
    assert (629, 629) == (len(exact), sum(exact))
    assert (6_545, 6_545) == (len(latest), sum(latest))
