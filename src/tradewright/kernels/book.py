"""Books of bids and asks, each in a window of ticks: set a level, walk the levels, apply an event.

`k` is the row of an instrument. Its window is a part of the two columns: `base` says where the part begins.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.domain.enums import EventKind
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.replay_records import Book

__all__ = ["FAR", "apply_event", "clear", "depth_within", "has_side", "is_crossed", "lots_at", "row_of", "set_level"]

FAR = 1 << 62
"""Ticks, or a time, beyond everything."""


@lean_kernel
def row_of(event: Any) -> int:
    """Row of the instrument that an event is of; one width of numbers, so that nothing is compiled for two."""
    return int(np.int64(event["instrument"]))


@lean_kernel
def has_side(book: Book, k: int, side: int) -> bool:
    """Whether anybody bids (+1) or asks (-1)."""
    return bool(book.top[k]["best_bid"] > 0 if side > 0 else book.top[k]["best_ask"] < FAR)


@lean_kernel
def is_crossed(book: Book, k: int) -> bool:
    """Whether somebody bids as much as another asks."""
    return bool(book.top[k]["best_bid"] >= book.top[k]["best_ask"])


@lean_kernel
def lots_at(book: Book, k: int, side: int, ticks: int) -> int:
    """Lots bid (+1) or asked (-1) at a price; 0 outside the window."""
    top = book.top[k]
    if ticks < top["low"] or ticks > top["high"]:
        return 0
    place = ticks - top["base"]
    return int(book.bids[place] if side > 0 else book.asks[place])


@lean_kernel
def next_bid(book: Book, k: int, ticks: int) -> int:
    """The best bid at or below a price, ticks; 0 where there is none."""
    top = book.top[k]
    place = ticks - top["base"]
    floor = top["bid_floor"] - top["base"]
    while place >= floor:
        if book.bids[place] > 0:
            return int(place + top["base"])
        place -= 1
    return 0


@lean_kernel
def next_ask(book: Book, k: int, ticks: int) -> int:
    """The best ask at or above a price, ticks; FAR where there is none."""
    top = book.top[k]
    place = ticks - top["base"]
    ceiling = top["ask_ceiling"] - top["base"]
    while place <= ceiling:
        if book.asks[place] > 0:
            return int(place + top["base"])
        place += 1
    return FAR


@lean_kernel
def set_level(book: Book, k: int, side: int, ticks: int, lots: int) -> int:
    """Let so many lots stand at a price; returns how many stood there before."""
    top = book.top[k]
    place = ticks - top["base"]
    if side > 0:
        before = book.bids[place]
        book.bids[place] = lots
        if lots > 0:
            top["best_bid"] = max(top["best_bid"], ticks)
            top["bid_floor"] = min(top["bid_floor"], ticks)
        elif ticks == top["best_bid"]:
            top["best_bid"] = next_bid(book, k, ticks - 1)
    else:
        before = book.asks[place]
        book.asks[place] = lots
        if lots > 0:
            top["best_ask"] = min(top["best_ask"], ticks)
            top["ask_ceiling"] = max(top["ask_ceiling"], ticks)
        elif ticks == top["best_ask"]:
            top["best_ask"] = next_ask(book, k, ticks + 1)
    return int(before)


@lean_kernel
def clear(book: Book, k: int) -> None:
    """Take everything out."""
    top = book.top[k]
    while top["best_bid"] > 0:
        set_level(book, k, 1, top["best_bid"], 0)
    while top["best_ask"] < FAR:
        set_level(book, k, -1, top["best_ask"], 0)
    top["bid_floor"], top["ask_ceiling"] = FAR, 0


@lean_kernel
def depth_within(book: Book, k: int, side: int, limit: int, most: int) -> int:
    """Lots that a taker of a side finds up to a limit price (ticks), counted no further than `most`."""
    found = 0
    ticks = book.top[k]["best_ask"] if side > 0 else book.top[k]["best_bid"]
    while found < most and (0 < ticks <= limit if side > 0 else ticks >= limit and ticks > 0) and ticks < FAR:
        found += lots_at(book, k, -side, ticks)
        ticks = next_ask(book, k, ticks + 1) if side > 0 else next_bid(book, k, ticks - 1)
    return int(found)


@lean_kernel
def apply_quote(book: Book, k: int, side: int, ticks: int, lots: int) -> None:
    """Let a price be the best of its side: what is better is gone."""
    top = book.top[k]
    if side > 0:
        while top["best_bid"] > ticks:
            set_level(book, k, 1, top["best_bid"], 0)
    else:
        while top["best_ask"] < ticks:
            set_level(book, k, -1, top["best_ask"], 0)
    set_level(book, k, side, ticks, lots)


@lean_kernel
def note_quote(book: Book, k: int, event: Any) -> None:
    """Remember a quote: it stays true over diffs that are older and arrive later."""
    top = book.top[k]
    top["quote_sequence"] = event["sequence"]
    if event["side"] > 0:
        top["quote_bid"], top["quote_bid_lots"] = event["ticks"], event["lots"]
    else:
        top["quote_ask"], top["quote_ask_lots"] = event["ticks"], event["lots"]


@lean_kernel
def apply_event(book: Book, event: Any) -> None:
    """Change the book as an event of any kind tells; a quote older than the book is passed over."""
    k = row_of(event)
    top = book.top[k]
    kind = event["kind"]
    if kind == EventKind.DEPTH:
        set_level(book, k, event["side"], event["ticks"], event["lots"])
        top["sequence"] = event["sequence"]
        if event["last"] and event["sequence"] < top["quote_sequence"]:
            if top["quote_bid"] > 0:
                apply_quote(book, k, 1, top["quote_bid"], top["quote_bid_lots"])
            if top["quote_ask"] > 0:
                apply_quote(book, k, -1, top["quote_ask"], top["quote_ask_lots"])
    elif kind == EventKind.QUOTE:
        if event["sequence"] >= top["sequence"]:
            apply_quote(book, k, event["side"], event["ticks"], event["lots"])
            note_quote(book, k, event)
    elif kind == EventKind.CLEAR:
        clear(book, k)
        top["quote_sequence"] = 0
        top["sequence"] = 0
        top["quote_bid"], top["quote_ask"] = 0, 0
