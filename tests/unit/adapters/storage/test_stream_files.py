"""Files of raw messages: whole at any time, packed when full."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tradewright.adapters.storage.stream_files import StreamFiles
from tradewright.domain.errors import StoreError

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
START = 1_700_006_400_000_000_000


def _lines(folder: Path) -> list[str]:
    texts = [gzip.decompress(path.read_bytes()).decode() for path in sorted(folder.rglob("*.gz"))]
    return [line for text in texts for line in text.splitlines()]


def test_each_instrument_has_files_of_its_own_named_by_their_beginning(tmp_path: Path) -> None:
    """Lines are time of receipt and message; times never go back, even if the clock does."""
    files = StreamFiles(tmp_path, "binance", 10**9)
    for ts, symbol, text in ((START, BTC, '{"a":1}'), (START + 5, ETH, '{"b":2}'), (START - 9, BTC, '{"c":\n3}')):
        files.add(ts, symbol, text)
    assert () == files.flush()
    written = files.close()
    assert {(BTC, 2), (ETH, 1)} == {(one.symbol, one.messages) for one in written}
    assert tmp_path / "binance/BTC-USDT-USDT/20231115T000000.000000000Z.jsonl.gz" == written[0].path
    assert [f'{START} {{"a":1}}', f'{START + 5} {{"c": 3}}', f'{START + 5} {{"b":2}}'] == _lines(tmp_path)
    assert [] == list(tmp_path.rglob("*.jsonl"))


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    """The symbol is named, so that its book can be told anew; the full file is packed aside; nothing is lost."""
    files = StreamFiles(tmp_path, "binance", 100)
    begun = []
    for number in range(20):
        files.add(START + number, BTC, f'{{"number":{number}}}')
        begun += files.flush()
        files.pack()
    assert [BTC] * 6 == begun
    assert 6 == len(files.close())
    assert [f'{START + n} {{"number":{n}}}' for n in range(20)] == _lines(tmp_path)


def test_nothing_said_is_no_file(tmp_path: Path) -> None:
    """A recorder that heard nothing leaves nothing."""
    assert () == StreamFiles(tmp_path, "binance", 100).close()
    assert [] == list(tmp_path.iterdir())


_WRITER = """
import itertools, sys
from pathlib import Path
from tradewright.adapters.storage.stream_files import StreamFiles
files = StreamFiles(Path(sys.argv[1]), "binance", 200_000)
for number in itertools.count():
    files.add(number, "BTC/USDT:USDT", '{"number":%d,"pad":"' % number + "x" * 300 + '"}')
    if number % 50 == 0:
        files.flush(); files.pack()
        print(number, flush=True)
"""


def test_a_process_that_is_killed_leaves_whole_lines(tmp_path: Path) -> None:
    """SIGKILL at any moment: every line that was flushed is there once, and the last one is not torn."""
    for moment in (0.05, 0.12, 0.2):
        folder = tmp_path / str(moment)
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(folder)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            told = [int(writer.stdout.readline())]
            deadline = time.monotonic() + moment
            while time.monotonic() < deadline:
                told.append(int(writer.stdout.readline()))
            os.kill(writer.pid, signal.SIGKILL)
        packed = {path.name.removesuffix(".gz") for path in folder.rglob("*.gz")}
        plain = [path for path in sorted(folder.rglob("*.jsonl")) if path.name not in packed]
        lines = _lines(folder) + [line for path in plain for line in path.read_text().splitlines()]
        numbers = sorted({int(line.split()[0]) for line in lines})
        assert list(range(len(numbers))) == numbers
        assert told[-1] <= numbers[-1]
        assert all(line.endswith('x"}') for line in lines)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "binance").write_text("")
    with pytest.raises(StoreError, match="binance"):
        StreamFiles(tmp_path, "binance", 100).add(START, BTC, "{}")


def test_a_full_disk_leaves_whole_lines_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that ends in the middle of a line is taken back; what had been written before stands."""
    files = StreamFiles(tmp_path, "binance", 10**9)
    files.add(START, BTC, '{"a":1}')
    files.flush()
    real, calls = os.write, []

    def full(handle: int, content: bytes) -> int:
        calls.append(content)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return real(handle, content[:7])

    files.add(START + 1, BTC, '{"b":2}')
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="No space left on device"):
        files.flush()
    (path,) = tmp_path.rglob("*.jsonl")
    assert f'{START} {{"a":1}}\n' == path.read_text()
