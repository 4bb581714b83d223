"""Freed memory is kept for the next run, and given back where none will come."""

import subprocess
import sys

import pytest

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


LIBRARIES = """
from pathlib import Path
from numba import njit
from tradewright.engine.heap import give_back_freed_memory

def resident_kb():
    found, ours = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line.split()[0].count("-") == 1:
            ours = "libllvmlite" in line and "w" not in line.split()[1]
        elif ours and line.startswith("Pss:"):
            found += int(line.split()[1])
    return found

add = njit(lambda a, b: a + b)
add(1, 2)
before = resident_kb()
if not give_back_freed_memory():
    raise SystemExit("no mallopt")
after = resident_kb()
if add(1.5, 2.0) != 3.5:  # what is needed again comes again
    raise SystemExit("the compiler is gone")
print(max(before - after, 0) if before > 20_000 else -1)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /proc and MADV_PAGEOUT")
def test_the_compilers_pages_go_back_and_come_again():
    """Of tens of megabytes of its library some go, unless other processes use them too; it still compiles."""
    assert told_by(LIBRARIES) >= 0
