"""Jobs under `tradewright serve` as it is run: kill -9 in the middle, a restart, cancelling, the same asked twice."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tradewright.client import Client, ProblemError
from tradewright.client.events import events
from tradewright.client.problem import Unreachable

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
    with suppress(FileNotFoundError, ProcessLookupError):  # a thread, or the process, has ended meanwhile
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


class _Ear(threading.Thread):
    """A program that listens to events, through whatever happens to the server."""

    def __init__(self, client: Client) -> None:
        super().__init__(daemon=True)
        self._client = client
        self.heard: list[tuple[int, str, dict[str, Any]]] = []
        self.start()

    def run(self) -> None:
        with suppress(RuntimeError):  # its client is closed when the test ends
            for event in events(self._client, after="0"):
                if event.id:
                    self.heard.append((int(event.id), event.type, event.data))

    def jobs(self, job_id: str) -> list[str]:
        """What it was told of a job."""
        return [data["state"] for _, kind, data in list(self.heard) if kind == "job.changed" and data["id"] == job_id]


def _write(client: Client, name: str) -> int:
    """Make a rule, once, whatever happens meanwhile; gives how often nobody could say whether it was made."""
    wish = {"name": name, "kind": "fill", "figure": "price", "sign": ">", "limit": 1.0}
    key, doubts, end = uuid.uuid4().hex, 0, time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            client.send("POST", "/api/v1/notifications/rules", body=wish, headers={"Idempotency-Key": key})
        except Unreachable:
            time.sleep(0.1)
        except ProblemError as problem:
            if problem.code != "not-known-whether-done":
                raise
            doubts += 1
            if name in {one["name"] for one in client.notifications.list_alert_rules()}:
                return doubts
            key = uuid.uuid4().hex
        else:
            return doubts
    raise AssertionError("the server did not come back")


def _api(house: _House) -> int:
    return int(re.findall(r"api: started, process (\d+)", (house.path / "server.log").read_text())[-1])


def test_the_killed_api_alone_loses_nothing(house: _House) -> None:
    """Killed under jobs, writes and a stream, it is started again: each job and write is done, each event heard, once.

    What trades goes on in its own process meanwhile.
    """
    with house.served() as (_, http):
        address = str(http.base_url).removesuffix("/api/v1/")
        with Client(address) as listener, Client(address) as writer:
            listener.login("admin", WORDS)
            writer.login("admin", WORDS)
            ear, log = _Ear(listener), house.path / "server.log"
            running, waiting = _asked(http, SLOWLY | {"params": {"pause": 0.001}}), _asked(http, BODY)
            _until(http, running, "running", fraction=0.1)
            before = _api(house)
            with ThreadPoolExecutor(4) as hands:
                written = [hands.submit(_write, writer, f"rule {number}") for number in range(120)]
                while sum(one.done() for one in written) < 20:
                    time.sleep(0.001)
                os.kill(before, signal.SIGKILL)
                doubts = sum(one.result() for one in written)
            assert before != _api(house)
            names = [one["name"] for one in writer.notifications.list_alert_rules()]
            assert sorted(f"rule {number}" for number in range(120)) == sorted(names), doubts
            assert (2, {"result_id": running}) == _ended(writer, running)
            assert (1, {"result_id": waiting}) == _ended(writer, waiting)
            assert {running, waiting} == {row["id"] for row in writer.backtests.list_backtests()["items"]}
            end = time.monotonic() + 20
            while {"done"} != {(ear.jobs(job) or ["-"])[-1] for job in (running, waiting)}:
                assert time.monotonic() < end, ear.heard
                time.sleep(0.05)
            assert 1 == log.read_text().count("trade: started")
            numbers = [number for number, _, _ in ear.heard]
            assert sorted(set(numbers)) == numbers
            assert [] == [number for number in range(1, numbers[-1] + 1) if number not in set(numbers)]
            assert ["queued", "running", "running", "done"] == ear.jobs(running)
            assert ["queued", "running", "done"] == ear.jobs(waiting)


def _ended(client: Client, job_id: str) -> tuple[int, Any]:
    end = time.monotonic() + PATIENCE_S
    while (job := client.jobs.read_job(job_id))["state"] not in ("done", "failed"):
        assert time.monotonic() < end, job
        time.sleep(0.05)
    return job["attempts"], job["result"]


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
