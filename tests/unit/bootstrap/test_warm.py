"""Set-up compiles whatever a user would else wait for."""

from __future__ import annotations

import subprocess
import sys

CHILD = """
import importlib, pkgutil
from tradewright import kernels
from tradewright.bootstrap import warm
from tradewright.kernels.parts import Apart, Whole

for job in (warm.warm_engine, warm.warm_tape, warm.warm_features):
    job()
for found in pkgutil.walk_packages(kernels.__path__, kernels.__name__ + "."):
    for name, one in vars(importlib.import_module(found.name)).items():
        is_own = isinstance(one, (Whole, Apart)) and one.py_func.__module__ == found.name
        if is_own and not one.overloads:
            print(name)
"""
# `swing_events` has it inside; Python does not call it.
INSIDE = {"rolling_max"}


def test_every_kernel_that_python_calls_is_compiled_at_set_up() -> None:
    """After what set-up runs, none is left that is compiled when somebody first needs it."""
    done = subprocess.run([sys.executable, "-c", CHILD], check=True, capture_output=True, text=True)
    assert INSIDE == set(done.stdout.split())
