"""What a user waits for, start-up included: `--help`, and a first result by the command line and by a script.

That is a cached backtest of a month of one-minute bars; the script reads them from a file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from jobs import say

from tradewright.domain.timeframe import Timeframe
from tradewright.market.synthetic import synthesise

COMMAND = Path(sys.executable).with_name("tradewright")
PAIR = ("--instrument", "BTC/USDT:USDT")
ROUNDS = 5


def seconds(folder: str, *command: str | Path) -> float:
    """Wall time of one command, run in `folder`."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begin


def script(folder: str) -> list[str | Path]:
    """The command that runs `first_result.py` on a stored month."""
    month = synthesise(Timeframe.parse("1m"), 0, 30 * 1_440, 7)
    file = Path(folder) / "month.npz"
    np.savez(file, **{name: getattr(month, name) for name in ("ts_open", "open", "high", "low", "close", "volume")})
    return [sys.executable, Path(__file__).with_name("first_result.py"), file]


def main() -> None:
    """Make a month, run it once so that everything is cached, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        seconds(folder, COMMAND, "data", "synth", *PAIR, "--timeframe", "1m", "--days", "30", "--seed", "7")
        month = (COMMAND, "backtest", "ma_crossover", *PAIR, "--venue", "synthetic", "--timeframe", "1m")
        by_script = script(folder)
        for way, command in (
            ("help", (COMMAND, "--help")), ("backtest of a month of 1m bars", month),
            ("first result, library", by_script),
        ):  # fmt: skip
            seconds(folder, *command)
            took = min(seconds(folder, *command) for _ in range(ROUNDS))
            say(who="tradewright", way=way, seconds=took)
            if command is month:
                # The same wait, held to what a first result may take rather than to what the command once promised.
                say(who="tradewright", way="first result, command line", seconds=took)


if __name__ == "__main__":
    main()
