"""Freed memory is kept for the next run."""

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


def page_faults(way: str) -> int:
    done = subprocess.run([sys.executable, "-c", CHILD, way], capture_output=True, text=True, check=False)
    if "no mallopt" in done.stderr:
        pytest.skip("the C library of this machine has no mallopt")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_columns_of_the_second_run_are_not_paged_in_again():
    """Twenty columns of a year of minutes, five times over: hardly a page is asked of the system again."""
    assert page_faults("told") < 100
