"""The command line answers at once: nothing heavy is loaded before it is needed."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

HEAVY = {"numpy", "numba", "polars", "plotly", "pandas", "scipy", "pydantic", "yaml", "sqlalchemy", "alembic"}
LIMIT_S, TRIES, ROUNDS = 0.3, 5, 4
YARDSTICK, YARDSTICK_S = 2_000_000, 0.1


def _help_seconds() -> float:
    # Of the processor, or as a clock on the wall says, whichever is less: other tests run beside this one.
    command = Path(sys.executable).with_name("tradewright")
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([command, "--help"], check=True, capture_output=True)
    passed, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return min(passed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def test_command_line_loads_nothing_heavy() -> None:
    """Importing the command line loads neither numpy nor a compiler nor a data frame."""
    code = "import sys, tradewright.cli.main; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "typer" in loaded
    assert set() == HEAVY & loaded


def _slowness() -> float:
    # How many times as long as on a machine that is left alone a plain loop takes just now; at least once.
    begin = time.process_time()
    sum(number & 7 for number in range(YARDSTICK))
    return max((time.process_time() - begin) / YARDSTICK_S, 1.0)


def test_help_comes_in_a_third_of_a_second() -> None:
    """`tradewright --help` takes at most 0.3 s: the best of five, and of a few rounds; more where all takes longer.

    Cores are shared with other tests, and some with other machines: what a plain loop takes meanwhile is the measure.
    """
    for _ in range(ROUNDS):
        limit = LIMIT_S * _slowness()
        best = min(_help_seconds() for _ in range(TRIES))
        if best <= limit:
            break
    assert best <= limit
