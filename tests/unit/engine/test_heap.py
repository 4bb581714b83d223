"""Freed memory is kept for the next run, and given back where none will come."""

import subprocess
import sys

import pytest

from tradewright.engine.heap import _library_pages

CHILD = """
import resource, sys
import numpy as np
from tradewright.engine.heap import keep_freed_memory

def columns():
    kept = [np.full(525_600, 1.0) for _ in range(20)]
    return sum(column[-1] for column in kept)

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

if sys.argv[1] == "told" and not keep_freed_memory():
    sys.exit("no mallopt")
columns()
before = faults()
for _ in range(5):
    columns()
print(faults() - before)
"""

GIVING = """
import os
from pathlib import Path
import numpy as np
from tradewright.engine.heap import give_back_freed_memory, keep_freed_memory

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

if not keep_freed_memory():
    raise SystemExit("no mallopt")
columns = [np.full(100_000, 1.0) for _ in range(100)]
del columns
before = resident_mb()
give_back_freed_memory()
print(round(before - resident_mb()))
"""


def told_by(child: str, *words: str) -> int:
    done = subprocess.run([sys.executable, "-c", child, *words], capture_output=True, text=True, check=False)
    if "no mallopt" in done.stderr:
        pytest.skip("the C library of this machine has no mallopt")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_columns_of_the_second_run_are_not_paged_in_again():
    """Twenty columns of a year of minutes, five times over: hardly a page is asked of the system again."""
    assert told_by(CHILD, "told") < 100


def test_what_was_freed_goes_back_when_asked_for():
    """Of 80 MB that were freed and kept, nearly all are the system's again."""
    assert told_by(GIVING) > 60


MAPS = """\
00400000-00500000 r-xp 00000000 08:01 1  /usr/bin/python3.11
7f1000000000-7f1000200000 r-xp 00000000 08:01 2  /site packages/llvmlite/binding/libllvmlite.so
7f1000200000-7f1000300000 r--p 00200000 08:01 2  /site packages/llvmlite/binding/libllvmlite.so
7f1000300000-7f1000400000 rw-p 00300000 08:01 2  /site packages/llvmlite/binding/libllvmlite.so
7f2000000000-7f2000001000 r-xp 00000000 08:01 3  /x/_polars_runtime_32/_polars_runtime.abi3.so
7f3000000000-7f3000001000 rw-p 00000000 00:00 0
"""


def test_only_what_no_process_writes_to_of_two_libraries_goes():
    """Code and constants of the compiler and of the reader of tables; nothing that may be written to, nothing else."""
    expected = [
        (0x7F1000000000, 0x7F1000200000), (0x7F1000200000, 0x7F1000300000), (0x7F2000000000, 0x7F2000001000),
    ]  # fmt: skip
    assert expected == _library_pages(MAPS)


COMPILING = """
from numba import njit
from tradewright.engine.heap import give_back_freed_memory

add = njit(lambda a, b: a + b)
add(1, 2)
give_back_freed_memory()
print(int(add(1.5, 2.0) * 10))
"""


def test_what_went_comes_again_when_it_is_needed():
    """The compiler compiles after its pages have gone."""
    assert told_by(COMPILING) == 35
