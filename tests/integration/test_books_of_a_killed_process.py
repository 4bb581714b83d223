"""Books of a process that is killed in the middle: they are filled while it trades."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tradewright.bootstrap.database_care import on_books
from tradewright.bootstrap.settings import Settings
from tradewright.domain.books import EquityPoint, Find
from tradewright.domain.errors import StoreError
from tradewright.testing.practice import START, a_server
from tradewright.testing.served import served

_MAIN = "import sys; from tradewright.cli.main import main; sys.exit(main(sys.argv[1:]))"
_RUN = ("run", "simple_test", "--instrument", "BTC/USDT:USDT", "--timeframe", "1m", "--set", "every=4",
        "--exchange", "practice", "--context", "60")  # fmt: skip


def _points(folder: Path) -> list[EquityPoint]:
    try:
        return list(on_books(Settings(folder), lambda books: books.equity.find(Find(limit=10_000)), is_live=False))
    except StoreError:
        return []  # it has not made its tables yet


@pytest.mark.parametrize(("command", "sessions"), [(_RUN, 1), (("demo", "--seconds", "3600"), 3)])
def test_what_happened_before_a_kill_is_in_the_books(command: tuple[str, ...], sessions: int, tmp_path: Path) -> None:
    """`run` and `demo`: points of equity of each session while it trades, and after it was killed."""
    data = tmp_path / "data"
    with served(a_server(time.monotonic_ns, speed=60.0, start=START + 5_000_000_000)) as address:
        given = ("--url", address) if command[0] == "run" else ()
        surroundings = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(data)}
        process = subprocess.Popen(
            [sys.executable, "-c", _MAIN, *command, *given], cwd=tmp_path, env=surroundings,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            end = time.monotonic() + 120.0
            while time.monotonic() < end and process.poll() is None:
                counts = Counter(one.deployment for one in _points(data))
                if len(counts) == sessions and min(counts.values()) >= 2:
                    break
                time.sleep(0.5)
            assert process.poll() is None
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    after = Counter(one.deployment for one in _points(data))
    assert sessions == len(after)
    assert min(after.values()) >= 2
