"""What a user waits for: `--help`, and a cached backtest of a month of one-minute bars, start-up included."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jobs import say

COMMAND = Path(sys.executable).with_name("tradewright")
PAIR = ("--instrument", "BTC/USDT:USDT")
ROUNDS = 5


def seconds(folder: str, *arguments: str) -> float:
    """Wall time of one command, run in `folder`."""
    begin = time.perf_counter()
    subprocess.run([COMMAND, *arguments], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    """Make a month, run it once so that everything is cached, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        seconds(folder, "data", "synth", *PAIR, "--timeframe", "1m", "--days", "30", "--seed", "7")
        month = ("backtest", "ma_crossover", *PAIR, "--venue", "synthetic", "--timeframe", "1m")
        seconds(folder, *month)
        for way, arguments in (("help", ("--help",)), ("backtest of a month of 1m bars", month)):
            say(who="tradewright", way=way, seconds=min(seconds(folder, *arguments) for _ in range(ROUNDS)))


if __name__ == "__main__":
    main()
