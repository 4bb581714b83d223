"""The life of price zones (gaps, blocks): touched, half filled, filled, broken. A book of bounded size."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel

__all__ = [
    "BROKEN",
    "FILLED",
    "FORGOTTEN",
    "HALF",
    "NEAREST",
    "NEVER",
    "OPEN",
    "TOUCHED",
    "ZONE",
    "ZoneBook",
    "add_zone",
    "advance_zones",
    "new_zone_book",
    "zone_lives",
]

NEVER = -1  # in a field for a bar: it has not happened

# How deep price went into a zone; features.zones.ZoneState gives the words.
OPEN = 0
TOUCHED = 1
HALF = 2
FILLED = 3
BROKEN = 4
FORGOTTEN = 5

ZONE = np.dtype(
    [
        ("row", np.int64),  # in the caller's list
        ("side", np.int64),  # +1 demand, wanted from above; -1 supply
        ("bottom", np.float64),  # quote per base
        ("top", np.float64),
        ("state", np.int64),
        ("touched_bar", np.int64),  # first bar that entered it, NEVER if none; so are the next three
        ("half_bar", np.int64),  # … that reached its middle
        ("filled_bar", np.int64),  # … that reached its far side
        ("end_bar", np.int64),  # … that closed beyond its far side, or at which it was forgotten
    ],
    align=True,
)

NEAREST = np.dtype(
    [
        ("n_open", np.int64),
        ("n_done", np.int64),
        ("demand_bottom", np.float64),  # the open demand zone with the highest top; NaN if there is none
        ("demand_top", np.float64),
        ("supply_bottom", np.float64),  # the open supply zone with the lowest bottom
        ("supply_top", np.float64),
    ],
    align=True,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ZoneBook(NamedTuple):
    """The open zones, oldest first; those that ended at the last step; and what is nearest now."""

    open: NDArray[np.void]  # ZONE (most,)
    done: NDArray[np.void]  # ZONE (most + 1,)
    now: NDArray[np.void]  # NEAREST (1,)


def new_zone_book(most: int) -> ZoneBook:
    """An empty book with room for `most` open zones."""
    return ZoneBook(np.zeros(most, ZONE), np.zeros(most + 1, ZONE), np.zeros(1, NEAREST))


@lean_kernel
def _enter(zone: Any, t: int, high: float, low: float, close: float) -> None:
    # A supply zone is a demand zone of the market upside down.
    is_demand = zone["side"] > 0
    dip, last = (low, close) if is_demand else (-high, -close)
    near, far = (zone["top"], zone["bottom"]) if is_demand else (-zone["bottom"], -zone["top"])
    if dip <= near and zone["state"] == OPEN:
        zone["state"], zone["touched_bar"] = TOUCHED, t
    if dip <= (near + far) / 2.0 and zone["state"] == TOUCHED:
        zone["state"], zone["half_bar"] = HALF, t
    if dip <= far and zone["state"] == HALF:
        zone["state"], zone["filled_bar"] = FILLED, t
    if last < far:
        zone["state"], zone["end_bar"] = BROKEN, t


@lean_kernel
def _note_nearest(book: ZoneBook) -> None:
    now = book.now[0]
    now["demand_bottom"] = now["demand_top"] = now["supply_bottom"] = now["supply_top"] = np.nan
    for i in range(now["n_open"]):
        zone = book.open[i]
        if zone["side"] > 0:
            if not zone["top"] <= now["demand_top"]:
                now["demand_bottom"], now["demand_top"] = zone["bottom"], zone["top"]
        elif not zone["bottom"] >= now["supply_bottom"]:
            now["supply_bottom"], now["supply_top"] = zone["bottom"], zone["top"]


@lean_kernel
def advance_zones(book: ZoneBook, t: int, high: float, low: float, close: float) -> None:
    """Let bar t act on every open zone; broken ones move to `done`, whose former content is dropped.

    Shapes: book ZoneBook, changed in place.   Units: prices quote/base.
    Cost: O(open zones), no allocation.   Twin: tests/parity/test_zones.py::slow_lives
    """
    now = book.now[0]
    now["n_done"] = 0
    kept = 0
    for i in range(now["n_open"]):
        _enter(book.open[i], t, high, low, close)
        if book.open[i]["state"] == BROKEN:
            book.done[now["n_done"]] = book.open[i]
            now["n_done"] += 1
        else:
            if kept < i:
                book.open[kept] = book.open[i]
            kept += 1
    now["n_open"] = kept
    _note_nearest(book)


@lean_kernel
def add_zone(book: ZoneBook, t: int, row: int, side: int, span: tuple[float, float]) -> None:
    """Open a zone (bottom, top) at the end of bar t; where there is no room, the oldest is forgotten and `done`.

    Shapes: book ZoneBook, changed in place.   Cost: O(open zones), no allocation.
    Twin: tests/parity/test_zones.py::slow_lives
    """
    now = book.now[0]
    if now["n_open"] == book.open.size:
        book.open[0]["state"], book.open[0]["end_bar"] = FORGOTTEN, t
        book.done[now["n_done"]] = book.open[0]
        now["n_done"] += 1
        for i in range(1, book.open.size):
            book.open[i - 1] = book.open[i]
        now["n_open"] -= 1
    zone = book.open[now["n_open"]]
    zone["row"], zone["side"], zone["state"] = row, side, OPEN
    zone["bottom"], zone["top"] = span
    zone["touched_bar"] = zone["half_bar"] = zone["filled_bar"] = zone["end_bar"] = NEVER
    now["n_open"] += 1
    _note_nearest(book)


@kernel
def zone_lives(
    bars: tuple[Floats, Floats, Floats], zones: tuple[Ints, Ints, Floats, Floats], book: ZoneBook
) -> tuple[NDArray[np.void], Floats]:
    """Follow every zone to its end, and say at each bar which open ones are nearest.

    Shapes: bars (high, low, close) each (n,); zones (event bars ascending, sides, bottoms, tops) each (m,); book as
    `new_zone_book` makes it; returns ZONE (m,) as known after the last bar, and (4, n): demand bottom and top, supply
    bottom and top.   Cost: O(n * open zones).   Twin: tests/parity/test_zones.py::slow_lives
    """
    high, low, close = bars
    event, side, bottom, top = zones
    lives = np.zeros(event.size, ZONE)
    lives["touched_bar"][:] = lives["half_bar"][:] = lives["filled_bar"][:] = lives["end_bar"][:] = NEVER
    nearest = np.full((4, high.size), np.nan)
    cursor = 0
    for t in range(high.size):
        advance_zones(book, t, high[t], low[t], close[t])
        _collect(book, lives)
        while cursor < event.size and event[cursor] <= t:
            add_zone(book, t, cursor, side[cursor], (bottom[cursor], top[cursor]))
            _collect(book, lives)
            cursor += 1
        now = book.now[0]
        nearest[0, t], nearest[1, t] = now["demand_bottom"], now["demand_top"]
        nearest[2, t], nearest[3, t] = now["supply_bottom"], now["supply_top"]
    for i in range(book.now[0]["n_open"]):
        lives[book.open[i]["row"]] = book.open[i]
    return lives, nearest


@lean_kernel
def _collect(book: ZoneBook, lives: NDArray[np.void]) -> None:
    for i in range(book.now[0]["n_done"]):
        lives[book.done[i]["row"]] = book.done[i]
    book.now[0]["n_done"] = 0
