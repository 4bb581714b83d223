"""Thirty indicators over a million bars, ours beside raw TA-Lib and pandas-ta-classic; fifty for one new bar.

Seconds are those of the processor, not of the clock, for a busy machine would measure itself.
Usage: python indicators.py [--peer]; prints what it found and writes results/indicators.json.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import talib
from jobs import alone

from tradewright import ta
from tradewright.features.native import NATIVE
from tradewright.features.parameters import AVERAGES
from tradewright.market.bars import Bars
from tradewright.testing.bars import traded

Row = dict[str, Any]
BARS, ROUNDS, LIVE_BARS = 1_000_000, 5, 3_000
HANDED_ON = (
    "linearreg", "linearreg_slope", "tsf", "ppo", "apo", "cmou", "ao", "er", "vhf", "dpo", "tsi", "qstick", "pvo",
    "bop", "typprice", "zlema",
)  # fmt: skip
THIRTY = (
    "sma", "ema", "wma", "rsi", "macd", "bbands", "atr", "natr", "adx", "plus_di", "minus_di", "roc", "mom", "obv",
    "stoch", "stochrsi", "mfi", "cci", "willr", "sar", "donchian", "kc", "supertrend", "stddev", "max", "min", "trix",
    "ad", "adosc", "linearreg",
)  # fmt: skip
# As pandas-ta-classic calls them, and which columns it takes; its own arithmetic, not TA-Lib behind it.
PEER = {
    "willr": "willr", "stddev": "stdev", "sar": "psar", "max": None, "min": None, "plus_di": None, "minus_di": None,
    "linearreg": "linreg",
}  # fmt: skip
COLUMNS = {"x": "close"}


def inputs(name: str, bars: Bars) -> list[np.ndarray]:
    """The columns that an indicator takes."""
    return [getattr(bars, COLUMNS.get(column, column)) for column in ta.CATALOG[name].columns]


def raw(name: str, bars: Bars) -> Callable[[], object]:
    """The bare function of TA-Lib with our defaults."""
    values = [AVERAGES.get(one.default, one.default) for one in ta.CATALOG[name].parameters]
    return lambda: getattr(talib, name.upper())(*inputs(name, bars), *values)


def fastest(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Processor seconds of the fastest call of each way, turn by turn."""
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS + 1):
        for way, call in calls.items():
            begin = time.thread_time()
            call()
            best[way] = min(best[way], time.thread_time() - begin)
    return best


def columns(bars: Bars) -> Row:
    """Ours and raw TA-Lib, indicator by indicator; ours are mostly not TA-Lib at all."""
    each = {
        name: fastest({"ours": lambda name=name: getattr(ta, name)(bars), "talib": raw(name, bars)}) for name in THIRTY
    }
    ours, theirs = (sum(row[way] for row in each.values()) for way in ("ours", "talib"))
    return {
        "way": f"{len(THIRTY)} indicators, {BARS:,} bars", "seconds": round(ours, 4), "talib_s": round(theirs, 4),
        "times_talib": round(ours / theirs, 3),
        "each_ms": {name: [round(1e3 * row[way], 2) for way in ("ours", "talib")] for name, row in each.items()},
    }  # fmt: skip


def handed_on(bars: Bars) -> Row:
    """What our call costs where it hands on to TA-Lib: the same functions, called directly and through us."""
    each = {
        name: fastest({"ours": lambda name=name: getattr(ta, name)(bars), "talib": raw(name, bars)})
        for name in HANDED_ON
    }
    ours, theirs = (sum(row[way] for row in each.values()) for way in ("ours", "talib"))
    return {
        "way": f"{len(HANDED_ON)} functions handed on to TA-Lib, {BARS:,} bars", "seconds": round(ours, 4),
        "talib_s": round(theirs, 4), "times_talib": round(ours / theirs, 3),
    }  # fmt: skip


def live() -> Row:
    """Fifty streams for one new bar: the median over many bars, in microseconds."""
    names = [name for name in NATIVE if "anchors" not in ta.CATALOG[name].columns][:50]
    bars = traded(LIVE_BARS, 2)
    streams = [getattr(ta, name).stream() for name in names]
    feeds = [
        list(zip(*([bars.volume if column == "y" else getattr(bars, COLUMNS.get(column, column)).astype(float).tolist()
                    for column in ta.CATALOG[name].columns]), strict=True))
        for name in names
    ]  # fmt: skip
    took = []
    for rows in zip(*feeds, strict=True):
        begin = time.perf_counter_ns()
        for stream, row in zip(streams, rows, strict=True):
            stream.update(*row)
        took.append(time.perf_counter_ns() - begin)
    return {"way": f"{len(names)} streams, one new bar", "seconds": round(float(np.median(took)) / 1e9, 7)}


def peer(bars: Bars) -> Row:
    """The same thirty by pandas-ta-classic, as far as it has them; one call each, for some take seconds."""
    import pandas as pd  # noqa: PLC0415 - only where the peer is measured
    import pandas_ta_classic as pta  # noqa: PLC0415

    frame = pd.DataFrame({name: getattr(bars, name) for name in ("open", "high", "low", "close", "volume")})
    each = {}
    for name in THIRTY:
        known = PEER.get(name, name)
        if known is None or not hasattr(pta, known):
            continue
        given = [frame[COLUMNS.get(column, column)] for column in ta.CATALOG[name].columns]
        begin = time.thread_time()
        getattr(pta, known)(*given, talib=False)
        each[name] = round(time.thread_time() - begin, 5)
    return {"way": f"{len(each)} of them by pandas-ta-classic", "peer_s": round(sum(each.values()), 3), "each_s": each}


def beside(row: Row) -> Row:
    """The row with the five keys that every row of `results/` has; seconds, and how many times the peer's are ours."""
    found = next((name for name in ("talib_s", "peer_s") if name in row), None)
    who = {"talib_s": "TA-Lib, called directly", "peer_s": "pandas-ta-classic", None: None}[found]
    theirs = row[found] if found else None
    ratio = None if theirs is None else round(theirs / row["seconds"], 3)
    return alone(row["way"], row["seconds"]) | {"best_peer": theirs, "peer": who, "ratio": ratio, "unit": "s"} | row


def main() -> None:
    """Measure, print, write; fail where a promise of ours is broken."""
    bars = traded(BARS, 1, "1m")
    rows = [columns(bars), handed_on(bars), live()]
    if "--peer" in sys.argv and importlib.util.find_spec("pandas_ta_classic"):
        found = peer(bars)
        found["seconds"] = round(sum(rows[0]["each_ms"][name][0] for name in found["each_s"]) / 1e3, 4)
        found["times_ours"] = round(found["peer_s"] / found["seconds"], 1)
        rows.append(found)
    rows = [beside(row) for row in rows]
    for row in rows:
        print(json.dumps({name: value for name, value in row.items() if not name.startswith("each")}))
    (Path(__file__).resolve().parent / "results/indicators.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
