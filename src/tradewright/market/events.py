"""What a venue tells as it happens: trades, quotes and depth, as rows in order of receipt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import EventKind
from tradewright.market.bars import IntColumn

__all__ = ["DEPTH_MESSAGE", "EVENT", "Recording", "align_clocks", "exchange_order", "feed_latency"]

EVENT = np.dtype(
    [
        ("ts_exchange", np.int64),  # UTC ns, the venue's clock: when it happened
        ("ts_local", np.int64),  # UTC ns, the receiver's clock: when it was known here
        ("sequence", np.int64),  # the venue's update id; of a trade its trade id
        ("ticks", np.int64),
        ("lots", np.int64),  # of a trade > 0; of a level >= 0
        ("kind", np.int8),  # EventKind
        ("side", np.int8),  # of a level +1 bid, -1 ask; of a trade +1 where the taker bought
        ("last", np.bool_),  # of its message: the book is whole again
        ("instrument", np.int16),  # its row; 0 on a tape of one
    ],
    align=True,
)

DEPTH_MESSAGE = np.dtype(
    [
        ("start", np.int64),  # its rows among the events: [start, stop)
        ("stop", np.int64),
        ("first_id", np.int64),  # U: first update that it holds
        ("last_id", np.int64),  # u: last one; of a snapshot its lastUpdateId
        ("previous_id", np.int64),  # pu: u of the message before it
        ("is_snapshot", np.bool_),
        ("line", np.int64),  # of the file, from 1
    ],
    align=True,
)


class Recording(NamedTuple):
    """A stream as it was received; nothing has been put together yet.

    Attributes:
        events: EVENT, in order of receipt; the rows of a message stand together.
        depth: DEPTH_MESSAGE, in order of receipt.
        messages: how many messages the events come from.
        ignored: what was left out, by its kind, and how often.
    """

    events: NDArray[np.void]
    depth: NDArray[np.void]
    messages: int
    ignored: dict[str, int]


def exchange_order(events: NDArray[np.void]) -> IntColumn:
    """Rows in the order in which they happened at the venue.

    At one time those of one instrument come before those of the next, trades before what they did to the book, then the
    lower update id; the rows of a message stay together.
    """
    is_book = events["kind"] != EventKind.TRADE
    # What happened in one place keeps its order of receipt: lexsort is stable.
    return np.lexsort((events["sequence"], is_book, events["instrument"], events["ts_exchange"])).astype(np.int64)


def feed_latency(events: NDArray[np.void]) -> IntColumn:
    """How long each row was on its way, ns; below 0 where the two clocks disagree."""
    return np.asarray(events["ts_local"] - events["ts_exchange"], dtype=np.int64)


def align_clocks(events: NDArray[np.void], least_latency: int) -> tuple[NDArray[np.void], int]:
    """Move the receiver's clock so that the fastest message was `least_latency` ns on its way.

    A receiver whose clock is slow records messages from the future: the difference between the clocks is part of each
    latency. What can be known from one stream is how latencies differ, not how large the smallest is.

    Returns:
        A copy with `ts_local` moved, and by how much, ns; the same events and 0 where there are none.
    """
    if not events.size:
        return events, 0
    shift = least_latency - int(feed_latency(events).min())
    moved = events.copy()
    moved["ts_local"] += shift
    return moved, shift
