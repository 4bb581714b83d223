"""Memory of a backtest in windows of time: it hardly grows with the length of the data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.wiring import shelves
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import slice_bars
from tradewright.market.merge import make_marked
from tradewright.market.synthetic import synthesise
from tradewright.ports.candle_store import CandleKey

MINUTE = Timeframe.parse("1m")
START = 1_704_067_200_000_000_000  # 2024-01-01
SYMBOLS = [f"C{k}/USDT:USDT" for k in range(60)]
SHORT, LONG = 14, 28  # days
ROW = 56  # bytes of a bar: seven columns of eight

# Not `ru_maxrss`: that of a child begins with what its parent held when it was forked.
PEAK = """
import sys
from pathlib import Path
from tradewright.cli.main import main
code = main(sys.argv[1:])
(line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(int(line.split()[1]) * 1_024, file=sys.stderr)
raise SystemExit(code)
"""


def peak(folder: Path, days: int, *options: str) -> int:
    """Bytes that a backtest of so many days of all instruments held at most."""
    traded = [word for symbol in SYMBOLS for word in ("--instrument", symbol)]
    until = str(np.datetime64("2024-01-01") + np.timedelta64(days, "D"))
    words = ["backtest", "ma_crossover", "--set", "fast=200", "--set", "slow=600", *traded, "--timeframe", "1m"]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *words, "--to", until, *options, "--json"],
        env={**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stderr.split()[-1])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says in /proc what a process held at most")
def test_twice_the_days_do_not_take_twice_the_memory(tmp_path: Path) -> None:
    """Of what the longer data weighs more, a quarter is held more at most; without windows, all of it and more."""
    store = shelves(Settings(data_dir=tmp_path))
    drawn = [synthesise(MINUTE, START, LONG * 1_440, seed) for seed in range(4)]
    for k, symbol in enumerate(SYMBOLS):
        store.candles.save(CandleKey("test", symbol, MINUTE), make_marked(slice_bars(drawn[k % 4], 0, LONG * 1_440)))
        store.instruments.save(Instrument(symbol, "test", tick_size="0.1", lot_size="0.001"))

    more = len(SYMBOLS) * (LONG - SHORT) * 1_440 * ROW
    windows = ("--window", "2")
    # What compiles a kernel holds more than any run here: this one makes them.
    peak(tmp_path, 3, *windows)
    assert peak(tmp_path, LONG, *windows) - peak(tmp_path, SHORT, *windows) < more / 4
    assert peak(tmp_path, LONG) - peak(tmp_path, SHORT) > more
