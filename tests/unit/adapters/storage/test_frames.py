"""Polars is loaded by who needs it, and not before."""

from __future__ import annotations

import subprocess
import sys

from tradewright.adapters.storage.frames import pl, schema_of

CHILD = """
import sys
from tradewright.adapters.storage import json_results, parquet_candles, parquet_funding, run_artifacts
assert not any(name.startswith("polars") for name in sys.modules), "loaded"
assert parquet_candles.pl.DataFrame({"a": [1]}).height == 1
assert "polars" in sys.modules
"""


def test_stores_do_not_load_polars_before_they_read() -> None:
    """Imported, they have not; the first table loads it."""
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_types_are_named() -> None:
    """By their names in Polars."""
    assert {"ts": pl.Int64, "filled": pl.Boolean} == schema_of({"ts": "Int64", "filled": "Boolean"})
