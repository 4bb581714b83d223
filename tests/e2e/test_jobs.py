"""Jobs under `tradewright serve` as it is run: kill -9 in the middle, a restart, cancelling, the same asked twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

COMMAND = str(Path(sys.executable).with_name("tradewright"))
PATIENCE_S = 150.0
WORDS = "a long pass phrase for a test"
SLOW = """
import time
from tradewright import Param, Signals, Strategy

class SlowPoke(Strategy):
    '''Takes its time, one bar after the other.'''
    version = "1.0.0"
    ltf = "1h"
    pause: float = Param(0.003, low=0.0, high=1.0, doc="seconds for each bar")

    def on_bar(self, view):
        time.sleep(self.pause)
        return None
"""
BODY = {
    "symbol": "BTCUSDT", "strategy": "SIMPLE_TEST", "start_date": "2024-01-01T00:00:00Z",
    "end_date": "2024-01-07T00:00:00Z", "timeframes": ["1h"], "tf_roles": {"1h": "LTF"},
    "initial_balance": 10000.0, "commission": 0.001,
}  # fmt: skip
SLOWLY = BODY | {"strategy": "slow_poke", "path": "on_bar"}


class _House:
    """A user's folder, and the server that runs in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = {**os.environ, "TRADEWRIGHT_ADMIN_PASSWORD": WORDS, "PYTHONUNBUFFERED": "1"}
        self.environment.pop("TRADEWRIGHT_DATA_DIR", None)

    def run(self, *arguments: str) -> None:
        """A command, to its end."""
        done = subprocess.run(
            [COMMAND, *arguments], cwd=self.path, env=self.environment, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, done.stderr

    @contextmanager
    def served(self) -> Iterator[tuple[subprocess.Popen[bytes], httpx2.Client]]:
        """The server, and a client that is logged in; it is asked to end when the block does."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (self.path / "server.log").open("ab") as log:
            process = subprocess.Popen([COMMAND, "serve", "--port", str(port)], cwd=self.path, env=self.environment,
                                       stdout=log, stderr=log)  # fmt: skip
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30.0) as client:
                self._log_in(process, client)
                yield process, client
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(timeout=60)

    def _log_in(self, process: subprocess.Popen[bytes], client: httpx2.Client) -> None:
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = client.post("/session", json={"name": "admin", "password": WORDS})
                break
            except httpx2.TransportError:
                assert process.poll() is None, (self.path / "server.log").read_text()
                assert time.monotonic() < end
                time.sleep(0.2)
        assert 200 == answer.status_code, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]


@pytest.fixture
def house(tmp_path: Path) -> _House:
    """A folder with a month of a made-up market, and a strategy that takes its time."""
    found = _House(tmp_path)
    found.run(
        "data", "synth", "--instrument", "BTC/USDT:USDT", "--timeframe", "1h", "--days", "31", "--venue", "practice"
    )
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "slow_poke.py").write_text(SLOW)
    return found


def _asked(client: httpx2.Client, body: dict[str, Any]) -> str:
    answer = client.post("/backtests", json=body)
    assert 202 == answer.status_code, answer.text
    return str(answer.json()["id"])


def _until(client: httpx2.Client, job_id: str, *states: str, fraction: float = 0.0) -> dict[str, Any]:
    end = time.monotonic() + PATIENCE_S
    while True:
        job: dict[str, Any] = client.get(f"/jobs/{job_id}").json()
        if job["state"] in states and job["fraction"] >= fraction:
            return job
        assert time.monotonic() < end, job
        time.sleep(0.05)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(one) for one in (task / "children").read_text().split()]
    return found + [deeper for one in found for deeper in _below(one)]


def _workers(pid: int) -> list[int]:
    name = b"tradewright.bootstrap.worker"
    workers = [one for one in _below(pid) if name in Path(f"/proc/{one}/cmdline").read_bytes()]
    assert workers
    return workers


def test_a_killed_server_loses_no_job(house: _House) -> None:
    """Killed in the middle of one job while another waits: after the restart both are done, once each."""
    with house.served() as (process, client):
        running, waiting = _asked(client, SLOWLY), _asked(client, BODY)
        _until(client, running, "running", fraction=0.1)
        workers = _workers(process.pid)
        process.kill()
        process.wait()
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < end, "a worker outlived its server"
        time.sleep(0.1)
    with house.served() as (_, client):
        again, other = _until(client, running, "done"), _until(client, waiting, "done")
        assert (2, {"result_id": running}) == (again["attempts"], again["result"])
        assert (1, {"result_id": waiting}) == (other["attempts"], other["result"])
        assert {running, waiting} == {row["id"] for row in client.get("/backtests").json()["items"]}
        same = client.post("/backtests", json=BODY)
        assert (200, waiting, True) == (same.status_code, same.json()["id"], same.json()["cached"])


def test_a_running_job_is_cancelled_and_its_worker_goes_on(house: _House) -> None:
    """No result; reads stay quick meanwhile; a worker that is killed under a job is replaced, and the job done."""
    with house.served() as (process, client):
        job_id = _asked(client, SLOWLY)
        _until(client, job_id, "running", fraction=0.1)
        took = []
        for _ in range(50):
            begun = time.perf_counter()
            assert 200 == client.get("/backtests").status_code
            took.append(time.perf_counter() - begun)
        assert sorted(took)[45] < 0.25
        client.delete(f"/jobs/{job_id}")
        assert None is _until(client, job_id, "cancelled")["result"]
        assert "not-made" == client.get(f"/backtests/{job_id}").json()["code"]
        other = _asked(client, SLOWLY | {"seed": 2, "params": {"pause": 0.004}})
        _until(client, other, "running", fraction=0.1)
        for worker in _workers(process.pid):
            os.kill(worker, signal.SIGKILL)
        assert 2 == _until(client, other, "done")["attempts"]
