"""Two processes that write one series: the second is told of the first, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradewright.adapters.storage.locking import writing
from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.domain.errors import StoreError
from tradewright.market.merge import make_marked
from tradewright.ports.candle_store import CandleKey
from tradewright.testing.candles import MINUTE, folder_bytes, some_bars

KEY = CandleKey("binance", "BTC/USDT", MINUTE)
HOLD = """
import sys
from pathlib import Path
from tradewright.adapters.storage.locking import writing
with writing(Path(sys.argv[1]), "it"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_process_is_refused_with_the_number_of_the_first(tmp_path: Path):
    """While another process writes a series, merge, save and delete are refused by name, and change nothing."""
    store = ParquetCandles(tmp_path)
    store.merge(KEY, make_marked(some_bars(5)))
    path = next(tmp_path.glob("*/*/*.parquet"))
    before = path.read_bytes()
    more = make_marked(some_bars(9))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert "held" == other.stdout.readline().strip()
        for attempt in (lambda: store.merge(KEY, more), lambda: store.save(KEY, more), lambda: store.delete(KEY)):
            with pytest.raises(StoreError, match=f"{KEY} is being written by another process, {other.pid};"):
                attempt()
        assert before == path.read_bytes()
        assert 5 == len(store.load(KEY).bars.ts_open)
        other.communicate("")
    assert 4 == store.merge(KEY, more).added


def test_process_that_dies_leaves_no_lock(tmp_path: Path):
    """A killed writer blocks nobody."""
    path = tmp_path / "series.parquet"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
        other.wait()
    with writing(path, "it"):
        assert str(os.getpid()) == (tmp_path / ".series.parquet.lock").read_text(encoding="utf-8")


def test_lock_leaves_nothing_behind(tmp_path: Path):
    """Afterwards the folder is as if there had been no lock, whatever happened inside."""
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "series.parquet", "it"):
        raise ZeroDivisionError
    assert {} == folder_bytes(tmp_path)


def test_lock_that_cannot_be_made_is_an_error_with_its_path(tmp_path: Path):
    """A folder that is a file is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"), writing(tmp_path / "file" / "series.parquet", "it"):
        pass
