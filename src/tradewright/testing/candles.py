"""Builders of candles: sound bars, bars with holes, candle files, and a picture of a folder."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso, parse_time
from tradewright.market.bars import Bars, make_bars
from tradewright.market.merge import MarkedBars

__all__ = ["MINUTE", "START", "candle_csv", "folder_bytes", "marked_bars", "some_bars"]

MINUTE = Timeframe.parse("1m")
START = parse_time("2024-01-01")
"""A Monday, midnight: every timeframe opens a bar there."""


def some_bars(count: int, timeframe: Timeframe = MINUTE, start: int = START) -> Bars:
    """Sound bars without gaps; every row differs from every other, and the numbers are easy to add up.

    Bar i opens at 100 + i and closes at 100.5 + i, between 99 + i and 102 + i, with a volume of 1 + i.
    """
    step = np.arange(count, dtype=np.float64)
    prices = (100.0 + step, 102.0 + step, 99.0 + step, 100.5 + step)
    return make_bars(start + timeframe.ns * np.arange(count, dtype=np.int64), prices, 1.0 + step, timeframe)


@st.composite
def marked_bars(draw: st.DrawFn, seed: int | None = None, max_span: int = 60) -> MarkedBars:
    """Sound one-minute bars with holes; where two draws share `seed`, they agree on every bar they share."""
    kept = sorted(draw(st.sets(st.integers(0, max_span), max_size=max_span)))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)) if seed is None else seed)
    low = rng.integers(1_000, 2_000, max_span + 1).astype(np.float64)
    high, opened, closed = low + 50, low + rng.integers(0, 51, len(low)), low + rng.integers(0, 51, len(low))
    volume = rng.integers(0, 1_000, len(low)).astype(np.float64)
    rows = np.array(kept, np.int64)
    prices = (opened[rows], high[rows], low[rows], closed[rows])
    return MarkedBars(make_bars(START + MINUTE.ns * rows, prices, volume[rows], MINUTE), np.zeros(len(rows), np.bool_))


def candle_csv(count: int = 5, header: str = "open_time,open,high,low,close,volume", timeframe: str = "1m") -> str:
    """A sound candle file as text: the columns of `some_bars` under any header of six names."""
    bars = some_bars(count, Timeframe.parse(timeframe))
    columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    lines = [
        ",".join((iso(ts), *(f"{column[i]:g}" for column in columns))) for i, ts in enumerate(bars.ts_open.tolist())
    ]
    return "\n".join((header, *lines)) + "\n"


def folder_bytes(root: Path) -> dict[str, bytes]:
    """Everything below a folder: name to content, folders with none. Two equal pictures are one and the same state."""
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in sorted(root.rglob("*"))
    }
