"""`tradewright exchange` as a user runs it: it comes up, answers, plays stored candles again, and goes when told."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

COMMAND = str(Path(sys.executable).with_name("tradewright"))


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder / "data")}
    return subprocess.run(
        [COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def _exchange(folder: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environment = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [COMMAND, "exchange", "--port", "0", *arguments],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found, process.stderr.read() if process.stderr else ""
        yield found[0], process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read())


def test_exchange_comes_up_answers_and_goes(tmp_path: Path) -> None:
    """It prints where it is, answers there, writes down what was asked, and ends with 130 when interrupted."""
    with _exchange(tmp_path, "--log", "asked.jsonl", "--history", "1") as (base, process):
        assert {} == _get(f"{base}/fapi/v1/ping")
        assert 1_500 > len(_get(f"{base}/fapi/v1/klines?symbol=ETHUSDT&interval=1m&limit=1500")) > 1_400
        with pytest.raises(urllib.error.HTTPError) as refused:
            _get(f"{base}/fapi/v3/account")
        assert 401 == refused.value.code
        refused.value.close()
    assert 130 == process.returncode
    asked = [json.loads(line) for line in (tmp_path / "asked.jsonl").read_text().splitlines()]
    assert ["/fapi/v1/ping", "/fapi/v1/klines", "/fapi/v3/account"] == [line["path"] for line in asked]


def test_stored_candles_are_played_again(tmp_path: Path) -> None:
    """A replay begins at the first candle, and its candles are the stored ones."""
    made = _run(tmp_path, "data", "synth", "--instrument", "BTC/USDT:USDT", "--days", "1", "--venue", "mine")
    assert made.returncode == 0, made.stderr
    with _exchange(tmp_path, "--replay", "mine", "--symbols", "BTCUSDT", "--speed", "0") as (base, _):
        state = _get(f"{base}/_emu/state")
        body = json.dumps({"advance_ms": 3_600_000}).encode()
        urllib.request.urlopen(f"{base}/_emu/clock", body, timeout=30).close()  # noqa: S310 - loopback
        candles = _get(f"{base}/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=61")
    assert 1_704_067_200_000 == state["now"] == candles[0][0]
    assert 61 == len(candles)


def test_exchange_mirrors_another(tmp_path: Path) -> None:
    """Its prices are those of the other, and it says what it lists; where no venue answers it says that."""
    with (
        _exchange(tmp_path, "--history", "1", "--symbols", "ETHUSDT") as (theirs, _),
        _exchange(tmp_path, "--mirror", "practice", "--mirror-url", theirs, "--symbols", "ETHUSDT") as (ours, process),
    ):
        assert process.stdout is not None
        assert "ETHUSDT" in process.stdout.readline()
        here, there = (float(_get(f"{base}/fapi/v1/ticker/price?symbol=ETHUSDT")["price"]) for base in (ours, theirs))
        assert abs(here / there - 1.0) < 0.02
    done = _run(tmp_path, "exchange", "--port", "0", "--mirror", "practice", "--mirror-url", "http://127.0.0.1:1")
    assert (2, "") == (done.returncode, done.stdout)
    assert "127.0.0.1" in done.stderr
