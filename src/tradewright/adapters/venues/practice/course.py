"""The course of prices inside a bar: the points that it passes, and what is printed there."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from tradewright.engine.present import Stretch

__all__ = ["Bar", "Course", "Leg", "Print", "legs_of"]

_LAST_NS = 1_000_000
_PRIMES = (73_856_093, 19_349_663, 83_492_791, 67_867_979, 49_979_687)


class Course(Enum):
    """How the inside of a bar is played."""

    PATH = "path"
    """Straight from the open to the nearer extreme, to the other, to the close."""
    CANDLE = "candle"
    """The open; and at the close the whole bar at once, read for the worst, as a backtest reads it."""


class Bar(NamedTuple):
    """A bar in ticks and lots."""

    open: int
    high: int
    low: int
    close: int
    lots: int


class Print(NamedTuple):
    """A public trade."""

    ts: int  # UTC ns
    ticks: int
    lots: int
    buys: bool  # its taker bought


class Leg(NamedTuple):
    """From one point of the course to the next."""

    until: int  # UTC ns
    jumps: bool  # it is a point of its own: the price before it does not count
    stretch: Stretch  # its lots are not known here
    prints: tuple[tuple[int, int, bool], ...]  # ticks, lots, whether the taker bought


def _corners(bar: Bar) -> tuple[int, int]:
    high_first = bar.high - bar.open < bar.open - bar.low
    return (bar.high, bar.low) if high_first else (bar.low, bar.high)


def _prints(bar: Bar, last: int) -> tuple[tuple[int, int, bool], ...]:
    # Four prints, so that candles of prints are the candles that the market was made of.
    first, second = _corners(bar)
    prices = (bar.open, first, second, bar.close)
    before = (last, *prices)
    parts = zip(prices, _parts(bar), strict=True)
    return tuple((ticks, lots, ticks >= before[n]) for n, (ticks, lots) in enumerate(parts))


def _parts(bar: Bar) -> tuple[int, ...]:
    """The bar's lots in four parts, at least one each, whose shares hang on the bar alone."""
    mixed = sum(value * prime for value, prime in zip(bar, _PRIMES, strict=True))
    weights = [1 + (mixed >> shift & 0xFF) for shift in (4, 9, 14, 19)]
    beyond = max(bar.lots - 4, 0)
    parts = [1 + beyond * weight // sum(weights) for weight in weights[:3]]
    return (*parts, max(bar.lots - sum(parts), 1))


def legs_of(bar: Bar, begin: int, length: int, course: Course, last: int) -> tuple[Leg, ...]:
    """The legs of a bar.

    Args:
        bar: to be played.
        begin: its open time, UTC ns.
        length: of it, ns.
        course: how its inside is played.
        last: price before it, ticks.
    """
    prints = _prints(bar, last)
    first, second = _corners(bar)
    end = begin + length - _LAST_NS
    opening = Leg(begin, jumps=True, stretch=Stretch(bar.open, bar.open, bar.open, bar.open, 0), prints=prints[:1])
    if course is Course.CANDLE:
        return opening, Leg(end, jumps=False, stretch=Stretch(*bar[:4], 0), prints=prints[1:])
    points = (bar.open, first, second, bar.close)
    times = (begin, begin + length // 3, begin + 2 * length // 3, end)
    return opening, *(
        Leg(times[n], jumps=False, stretch=_straight(points[n - 1], points[n]), prints=prints[n : n + 1])
        for n in (1, 2, 3)
    )


def _straight(begin: int, end: int) -> Stretch:
    return Stretch(begin, max(begin, end), min(begin, end), end, 0)
