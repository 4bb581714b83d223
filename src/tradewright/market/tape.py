"""A tape: events made ready to be replayed, in the order in which they became known and in which they happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import EventKind
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.market.bars import IntColumn
from tradewright.market.events import EVENT, align_clocks, exchange_order, feed_latency

__all__ = ["Tape", "Window", "join_tapes", "make_tape"]

_NS_PER_MS = 1_000_000
# Beyond this many places a book is no longer a table of prices.
_WIDEST = 20_000_000
_MOST_REACH, _MOST_MS = 100.0, 60_000.0


class Window(NamedTuple):
    """What a tape tells of one instrument.

    Attributes:
        low: lowest price, ticks.
        high: highest price, ticks.
        has_book: whether it tells of quotes or depth, and not of trades alone.
    """

    low: int
    high: int
    has_book: bool


class Tape(NamedTuple):
    """Events, and how to replay them.

    Attributes:
        events: EVENT, in order of receipt; `instrument` is the row of the windows.
        by_exchange: its rows in the order in which they happened.
        windows: of each instrument.
        assumptions: what was done to the events, in words.
        names: symbols of the instruments, where several tapes were joined; else none.
    """

    events: NDArray[np.void]
    by_exchange: IntColumn
    windows: tuple[Window, ...]
    assumptions: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def has_book(self) -> bool:
        """Whether it tells of quotes or depth of every instrument."""
        return all(window.has_book for window in self.windows)

    @property
    def span(self) -> tuple[int, int]:
        """When its first event happened, and its last, UTC ns."""
        first, last = self.events["ts_exchange"][self.by_exchange[[0, -1]]]
        return int(first), int(last)


def make_tape(
    events: NDArray[np.void], *, reach: float = 0.5, least_latency_ms: float = 1.0, feed_ms: float | None = None
) -> Tape:
    """Make events ready.

    Args:
        events: EVENT, in order of receipt; a book put together by `synchronise`.
        reach: levels of depth further than this fraction from the prices traded and quoted are left out.
        least_latency_ms: where events were received before they happened, the receiver's clock was slow: it is moved
            so that the fastest event was this long on its way.
        feed_ms: how long after it happened each event is known here, whenever it was received; None as recorded. Two
            recordings of one market are then one tape.

    Raises:
        DataError: there are no events, or a price or quantity that no market has.
        InvalidValue: a number is out of range.
    """
    if not 0.0 < reach <= _MOST_REACH:
        raise InvalidValue("reach", reach, "a fraction above 0, at most 100")
    if not 0.0 <= least_latency_ms <= _MOST_MS:
        raise InvalidValue("least_latency_ms", least_latency_ms, "milliseconds from 0 to 60000")
    _check(events)
    notes: list[str] = []
    events = _within_reach(events, reach, notes)
    if feed_ms is not None:
        if not 0.0 <= feed_ms <= _MOST_MS:
            raise InvalidValue("feed_ms", feed_ms, "milliseconds from 0 to 60000")
        events = events[exchange_order(events)]
        events["ts_local"] = events["ts_exchange"] + int(feed_ms * _NS_PER_MS)
        notes.append(f"every event is known {feed_ms:g} ms after it happened")
    elif int(feed_latency(events).min()) < 0:
        events, shift = align_clocks(events, int(least_latency_ms * _NS_PER_MS))
        notes.append(
            f"events were received before they happened: the receiver's clock was moved by {shift / 1e9:.3f} s, so "
            f"that the fastest was {least_latency_ms:g} ms on its way"
        )
    prices = events["ticks"][events["kind"] != EventKind.CLEAR]
    low, high = int(prices.min()), int(prices.max())
    if high - low >= _WIDEST:
        raise DataError(f"the tape's prices are {high - low:,} ticks apart; at most {_WIDEST:,} can be replayed")
    has_book = bool((events["kind"] != EventKind.TRADE).any())
    return Tape(events, exchange_order(events), (Window(low, high, has_book),), tuple(notes))


def join_tapes(tapes: Mapping[str, Tape]) -> Tape:
    """Lay tapes of one instrument each side by side: one tape of them all.

    What was received first is known first, and what happened first happens first; at one time the instruments follow
    each other in the order given. Each keeps its own order. One tape alone stays as it is.

    Args:
        tapes: by the symbol of the instrument; the order is that of the rows.

    Raises:
        DataError: there are none, one holds several instruments already, or they have no time in common.
    """
    if not tapes:
        raise DataError("there are no tapes to join")
    if len(tapes) == 1:
        return next(iter(tapes.values()))
    for name, tape in tapes.items():
        if len(tape.windows) != 1:
            raise DataError(f"the tape of {name} holds {len(tape.windows)} instruments; join tapes of one each")
    _check_common_time(tapes)
    parts, known = [], []
    for row, tape in enumerate(tapes.values()):
        part = tape.events.copy()
        part["instrument"] = row
        parts.append(part)
        # A row that was received before the one above it is shown after that one all the same.
        known.append(np.maximum.accumulate(part["ts_local"]))
    events = np.concatenate(parts)
    # Within an instrument the sort is stable, so that the rows of a message stay together.
    events = events[np.lexsort((events["instrument"], np.concatenate(known)))]
    notes = tuple(f"{name}: {note}" for name, tape in tapes.items() for note in tape.assumptions)
    windows = tuple(tape.windows[0] for tape in tapes.values())
    return Tape(events, exchange_order(events), windows, notes, tuple(tapes))


def _check_common_time(tapes: Mapping[str, Tape]) -> None:
    begins = {name: tape.span[0] for name, tape in tapes.items()}
    ends = {name: tape.span[1] for name, tape in tapes.items()}
    late, early = max(begins, key=begins.__getitem__), min(ends, key=ends.__getitem__)
    if begins[late] > ends[early]:
        first, last = (np.datetime64(ns, "ns").astype("datetime64[s]") for ns in (begins[late], ends[early]))
        raise DataError(
            f"the tapes have no time in common: {late} begins at {first}Z, {early} has ended at {last}Z; "
            "join recordings of one time"
        )


def _check(events: NDArray[np.void]) -> None:
    if events.dtype != EVENT:
        raise DataError(f"events have the columns {events.dtype.names}; expected {EVENT.names}")
    if events["instrument"].any():
        row = int(np.flatnonzero(events["instrument"])[0])
        found = int(events["instrument"][row])
        raise DataError(f"event {row} is of instrument {found}; expected 0: join_tapes lays tapes of one beside others")
    is_price = events["kind"] != EventKind.CLEAR
    if not is_price.any():
        raise DataError("there are no events to replay")
    wrong = is_price & ((events["ticks"] < 1) | (events["lots"] < 0) | (np.abs(events["side"]) != 1))
    wrong |= (events["kind"] == EventKind.TRADE) & (events["lots"] < 1)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        shown = {name: int(events[name][row]) for name in ("ticks", "lots", "side")}
        raise DataError(f"event {row} is {shown}; expected ticks >= 1, lots >= 0 (a trade: >= 1), side +1 or -1")


def _within_reach(events: NDArray[np.void], reach: float, notes: list[str]) -> NDArray[np.void]:
    """Leave far levels out; where the last row of a message goes, the one before it becomes the last."""
    is_depth = events["kind"] == EventKind.DEPTH
    near = events["ticks"][~is_depth & (events["kind"] != EventKind.CLEAR)]
    if not near.size or not is_depth.any():
        return events
    low, high = near.min() * (1.0 - reach), near.max() * (1.0 + reach)
    keep = ~is_depth | ((events["ticks"] >= low) & (events["ticks"] <= high))
    if keep.all():
        return events
    message = np.cumsum(events["last"]) - events["last"]
    kept: NDArray[np.void] = events[keep]
    of_message = message[keep]
    kept["last"] = np.append(of_message[1:] != of_message[:-1], kept["last"][-1:])
    notes.append(f"{int((~keep).sum()):,} levels of depth beyond {reach:.0%} of the prices traded were left out")
    return kept
