"""What others show in a drawn book: many levels, each changing now and then, and what our orders took from it.

A level's size hangs on nothing but the seed, its price and the time, so that it is the same for all who ask, whatever
was asked before. What was taken comes back little by little.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.script import Levels

__all__ = ["Depths", "Taken", "one_noise"]

_LIFE_MS, _STEP_MS = 4_000, 100
_PRESENT = 0.8
_FINEST_BP = 0.0167
"""Tick of the finest book, basis points of its price: that of BTCUSDT at 60,000."""
_THIN, _THICK_BP = 0.25, 10.0
_MOST_GROWTH, _MOST_AT_BEST = 3.0, 2.0
_BLOCK = 64
"""Best prices that share a window of levels."""
_GOLDEN, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

_WHOLE = 0xFFFF_FFFF_FFFF_FFFF

Lots = NDArray[np.int64]


def _noise(seed: int, *parts: Lots | int) -> NDArray[np.float64]:
    """Uniform numbers from 0 to 1 (splitmix64), the same for the same parts."""
    state: NDArray[np.uint64] = np.array([seed], np.uint64)
    for part in parts:
        state = (np.asarray(part).astype(np.uint64) + np.uint64(_GOLDEN)) ^ _mixed(state)
    return np.asarray((_mixed(state) >> np.uint64(11)).astype(np.float64) / 2.0**53)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_MIX_1)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_MIX_2)
    return np.asarray(state ^ (state >> np.uint64(31)), np.uint64)


def one_noise(seed: int, *parts: int) -> float:
    """A uniform number from 0 to 1, the same for the same parts: `_noise` for a single one, which needs no arrays."""
    state = seed
    for part in parts:
        state = ((part + _GOLDEN) ^ _one_mixed(state)) & _WHOLE
    return (_one_mixed(state) >> 11) / 2.0**53


def _one_mixed(state: int) -> int:
    state = (state ^ (state >> 30)) * _MIX_1 & _WHOLE
    state = (state ^ (state >> 27)) * _MIX_2 & _WHOLE
    return state ^ (state >> 31)


class _Window(NamedTuple):
    """Levels around a price, which many best prices share: from the anchor outwards."""

    key: tuple[int, int]  # the anchor, ticks, and the moment for which it was drawn
    keys: list[int]  # ticks of the levels, turned so that they ascend
    levels: Levels


class Depths:
    """Draws books.

    Args:
        listings: of the rows.
        seed: the same seed gives the same books.
        count: levels of a side, where none is missing.
    """

    def __init__(self, listings: tuple[Listing, ...], seed: int, count: int) -> None:
        self._listings, self._seed, self._count = listings, seed, count
        self._windows: dict[tuple[int, int], _Window] = {}

    def levels(self, k: int, best: tuple[int, int], now: int) -> tuple[Levels, Levels]:
        """Bids and asks from the best ones outwards, at a time, UTC ms; it changes ten times a second at most."""
        return self._side(k, best[0], -1, now // _STEP_MS), self._side(k, best[1], 1, now // _STEP_MS)

    def _side(self, k: int, best: int, way: int, moment: int) -> Levels:
        anchor = max(way * (way * best // _BLOCK * _BLOCK), 1)
        window = self._windows.get((k, way))
        if window is None or window.key != (anchor, moment):
            window = self._windows[k, way] = self._drawn(k, anchor, way, moment)
        rest = bisect_right(window.keys, way * best)
        reach = bisect_right(window.keys, way * best + self._count - 1)
        return [(best, self.best_lots(k, best, way, moment * _STEP_MS)), *window.levels[rest:reach]]

    def best_lots(self, k: int, best: int, way: int, now: int) -> int:
        """Lots of a price if it is the best of the bids (way -1) or asks (+1), at a time, UTC ms."""
        moment = now // _STEP_MS * _STEP_MS
        epoch = (moment + int(one_noise(self._seed, k, best) * _LIFE_MS)) // _LIFE_MS
        size = -math.log1p(-one_noise(self._seed, k, way + 5, best, epoch))
        return max(int((1.0 + min(size, _MOST_AT_BEST)) * self._listings[k].shown_lots(best)), 1)

    def _drawn(self, k: int, anchor: int, way: int, moment: int) -> _Window:
        steps = np.arange(self._count + _BLOCK)
        ticks = anchor + way * steps
        ticks, steps = ticks[ticks > 0], steps[ticks > 0]
        phase = (_noise(self._seed, k, ticks) * _LIFE_MS).astype(np.int64)
        epoch = (moment * _STEP_MS + phase) // _LIFE_MS
        there = _noise(self._seed, k, way + 2, ticks, epoch) < _PRESENT
        size = -np.log1p(-_noise(self._seed, k, way + 5, ticks, epoch))
        tick_bp, usual = 1e4 / anchor, self._listings[k].shown_lots(anchor)
        growth = np.minimum(1.0 + steps * tick_bp / _THICK_BP, _MOST_GROWTH)
        share = min(_THIN * math.sqrt(tick_bp / _FINEST_BP), 1.0) * size * growth
        lots = np.maximum(share * usual, 1.0).astype(np.int64)[there]
        own = ticks[there].tolist()
        keys = [way * one for one in own]
        return _Window((anchor, moment), keys, list(zip(own, lots.tolist(), strict=True)))


class _Hole(NamedTuple):
    lots: int
    ts: int  # UTC ms


class Taken:
    """What our orders took from the books, until it has come back.

    Args:
        seconds: after which a level is whole again; 0: at once.
    """

    def __init__(self, seconds: float) -> None:
        self._ms = int(seconds * 1_000)
        self._holes: dict[tuple[int, int], dict[int, _Hole]] = {}

    def take(self, k: int, side: int, taken: tuple[int, int], now: int) -> None:
        """Note that ticks and lots were taken from the bids (+1) or asks (-1) of a row, UTC ms."""
        if self._ms:
            ticks, lots = taken
            holes = self._holes.setdefault((k, side), {})
            holes[ticks] = _Hole(lots + self._missing(holes.get(ticks), now), now)

    def _missing(self, hole: _Hole | None, now: int) -> int:
        if hole is None:
            return 0
        return max(hole.lots * (self._ms - (now - hole.ts)) // self._ms, 0)

    def left(self, k: int, side: int, levels: Levels, now: int) -> Levels:
        """What is left of a side; of one that would be empty its last level, with a single lot."""
        holes = self._holes.get((k, side))
        if not holes:
            return levels
        missing = {ticks: self._missing(hole, now) for ticks, hole in holes.items()}
        for ticks in [ticks for ticks, lots in missing.items() if not lots]:
            del holes[ticks]
        found = [(ticks, lots - missing.get(ticks, 0)) for ticks, lots in levels]
        return [level for level in found if level[1] > 0] or [(levels[-1][0], 1)]

    def is_whole(self, k: int) -> bool:
        """Whether nothing was taken from the books of a row that is not there again."""
        return not (self._holes.get((k, 1)) or self._holes.get((k, -1)))

    @property
    def told(self) -> list[list[int]]:
        """All of it as plain data."""
        return [[k, side, ticks, *hole] for (k, side), holes in self._holes.items() for ticks, hole in holes.items()]

    def bring_back(self, rows: list[list[int]]) -> None:
        """Become what was told."""
        for k, side, ticks, lots, ts in rows:
            self._holes.setdefault((k, side), {})[ticks] = _Hole(lots, ts)
