"""Chart patterns, levels and smart money over minutes, at once and bar by bar. Usage: patterns.py FOLDER."""

from __future__ import annotations

import sys

import numpy as np
from jobs import best_of, say
from market import read

from tradewright import ta
from tradewright.domain.timeframe import Timeframe
from tradewright.features.chart_patterns import PatternStream
from tradewright.features.levels import LevelStream
from tradewright.market.bars import make_bars

BARS, STREAMED = 180_000, 10_000


def main() -> None:
    """Measure each, one row each; where others count trades, these count what was found."""
    year = read(sys.argv[1], "minutes", BARS)
    minute = Timeframe.parse("1m")
    prices = tuple(year[name] for name in ("open", "high", "low", "close"))
    bars = make_bars(np.arange(BARS, dtype=np.int64) * minute.ns, prices, year["volume"], minute)
    rows = list(zip(*(column[:STREAMED].tolist() for column in bars[3:]), strict=True))

    def patterns_by_bar():
        stream = PatternStream(2.0)
        return sum(stream.update(*row[:3])[0].kind.size for row in rows), 0.0

    def levels_by_bar():
        stream = LevelStream(2.0)
        return sum(stream.update(*row).support > 0.0 for row in rows), 0.0

    calls = {
        "chart patterns": lambda: (ta.chart_patterns.find(bars, ta.pivots.zigzag(bars)).kind.size, 0.0),
        "levels": lambda: (ta.levels.find(bars, ta.pivots.zigzag(bars)).price.size, 0.0),
        "smart money": lambda: (ta.smart_money.read(bars).blocks.ref_bar.size, 0.0),
        "chart patterns bar by bar": patterns_by_bar,
        "levels bar by bar": levels_by_bar,
    }
    for name, call in calls.items():
        seconds, (found, _) = best_of(call, 3)
        count = STREAMED if name.endswith("bar by bar") else BARS
        say(who="tradewright", way=f"find {name}", seconds=seconds, bars=count, found=int(found))


if __name__ == "__main__":
    main()
