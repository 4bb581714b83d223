"""`tradewright system` as a user runs it: real processes, one database, a kill, a changed file, the end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

COMMAND = str(Path(sys.executable).with_name("tradewright"))
PATIENCE_S = 90.0
YAML = """\
venue: {{exchange: practice, rest_url: "{address}"}}
scanner: {{interval_s: 2, strategy: simple_test, timeframe: 1m, instruments: ["BTC/USDT:USDT", "ETH/USDT:USDT"]}}
manager: {{interval_s: 1}}
filtering: {{min_daily_volume: {volume}}}
"""


class _Folder:
    """A user's folder, with its configuration and its database."""

    def __init__(self, path: Path, database: str) -> None:
        self.path = path
        self.environment = {**os.environ, "TRADEWRIGHT_DATABASE_URL": database, "PYTHONUNBUFFERED": "1"}
        self.environment.pop("TRADEWRIGHT_DATA_DIR", None)

    def run(self, *arguments: str) -> Any:
        """A command that prints JSON, to its end."""
        done = subprocess.run(
            [COMMAND, *arguments], cwd=self.path, env=self.environment, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def started(self, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
        """A command at work, and the file of what it prints; it is asked to end when the block does."""
        printed = self.path / f"{arguments[0]}.txt"
        with printed.open("w") as stream:
            process = subprocess.Popen(
                [COMMAND, *arguments], cwd=self.path, env=self.environment, stdout=stream, stderr=stream, text=True
            )
            try:
                yield process, printed
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)
                process.wait(timeout=60)

    def until(self, true: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Look at the processes until something holds of what they say."""
        end = time.monotonic() + PATIENCE_S
        while True:
            found: dict[str, Any] = self.run("system", "--status", "--json")
            if true(found):
                return found
            assert time.monotonic() < end, found


def _processes(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in found["processes"]}


def _bars(found: dict[str, Any]) -> int:
    return int(_processes(found).get("manage", {}).get("state", {}).get("bars", 0))


@pytest.fixture
def folder(tmp_path: Path, database_address: str) -> _Folder:
    """An empty folder whose configuration names the database."""
    return _Folder(tmp_path, database_address)


def test_three_processes_share_a_database_and_outlive_a_kill(folder: _Folder) -> None:
    """A killed manager is started again and goes on with its session; a changed file takes effect; Ctrl-C ends all."""
    with folder.started("exchange", "--port", "0", "--speed", "60", "--history", "2") as (_, printed):
        end = time.monotonic() + PATIENCE_S
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", printed.read_text())):
            assert time.monotonic() < end
        file = folder.path / "tradewright.yaml"
        file.write_text(YAML.format(address=found[0], volume=1))
        with folder.started("system") as (system, told):
            first = folder.until(lambda one: len(one["processes"]) == 3 and _bars(one) >= 2)
            manage = _processes(first)["manage"]
            os.kill(manage["pid"], signal.SIGKILL)
            again = folder.until(lambda one: _processes(one)["manage"]["pid"] != manage["pid"] and _bars(one) > 2)
            assert manage["state"]["session"] == _processes(again)["manage"]["state"]["session"]
            assert {"BTC/USDT:USDT", "ETH/USDT:USDT"} == {one["symbol"] for one in again["instruments"]}
            assert "equity" in again["metrics"]
            file.write_text(YAML.format(address=found[0], volume="1e15"))
            turned = folder.until(lambda one: all(row["reasons"] for row in one["instruments"]))
            assert all("is below" in row["reasons"][0] for row in turned["instruments"])
            system.send_signal(signal.SIGINT)
            assert 0 == system.wait(timeout=60)
        words = told.read_text()
    assert "manage: ended with -9; it is started again in 1 s" in words
    assert any(version["note"] == "change" for version in folder.run("config", "history", "--json"))
    for pid in {one["pid"] for one in turned["processes"]}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
