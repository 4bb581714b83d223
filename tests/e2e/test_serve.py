"""`tradewright serve` as a program uses it: over HTTP alone, with its own practice exchange, through kills."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

COMMAND = str(Path(sys.executable).with_name("tradewright"))
PATIENCE_S = 90.0
PASSWORD = "a long enough password"  # noqa: S105 - of a server that lives for a minute


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class _Server:
    """A server that runs, and a program that is logged in."""

    def __init__(self, folder: Path) -> None:
        self.port, self.printed = _free_port(), folder / "serve.txt"
        environment = {
            **os.environ, "TRADEWRIGHT_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1",
            "TRADEWRIGHT_ADMIN_PASSWORD": PASSWORD,
        }  # fmt: skip
        with self.printed.open("w") as stream:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--port", str(self.port), "--speed", "60"],
                cwd=folder, env=environment, stdout=stream, stderr=stream,
            )  # fmt: skip
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=20)

    def login(self) -> None:
        """Wait until it answers, and log in."""
        self.until(lambda: self.asked("GET", "/status/health") is not None)
        found = self.client.post("/session", json={"name": "admin", "password": PASSWORD})
        assert 200 == found.status_code, found.text
        self.client.headers["X-CSRF-Token"] = found.json()["csrf"]

    def asked(self, method: str, path: str, **body: Any) -> Any:
        """An answer; None while nobody answers."""
        try:
            found = self.client.request(method, path, json=body or None)
        except httpx2.TransportError:
            return None
        assert found.status_code < 300, found.text
        return found.json() if found.content else {}

    def until(self, true: Callable[[], Any]) -> Any:
        """Look until something holds."""
        end = time.monotonic() + PATIENCE_S
        while not (found := true()):
            assert time.monotonic() < end, self.printed.read_text()[-3_000:]
            assert self.process.poll() is None, self.printed.read_text()[-3_000:]
            time.sleep(0.2)
        return found

    def pid(self, name: str) -> int:
        """The process that does this work now."""
        return int(re.findall(rf"{name}: started, process (\d+)", self.printed.read_text())[-1])

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until the next has begun."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        self.until(lambda: self.pid(name) != before)

    def heard(self, path: str, wanted: str, after: int | None = None) -> tuple[int, dict[str, Any]]:
        """The first event of a type, and its number."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        with self.client.stream("GET", path, headers=headers, timeout=PATIENCE_S) as stream:
            assert 200 == stream.status_code
            number, kind = 0, ""
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    number = int(value)
                elif name == "event":
                    kind = value
                elif name == "data" and kind == wanted:
                    return number, json.loads(value)["data"]
        raise AssertionError("the stream has ended")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    """A server of our own; asked to end, it ends with 0, and none of its processes is left."""
    own = _Server(tmp_path)
    try:
        own.login()
        yield own
        pids = [own.pid(name) for name in ("api", "trade", "exchange")]
        own.process.send_signal(signal.SIGINT)
        assert 0 == own.process.wait(timeout=40)
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
    finally:
        own.client.close()
        if own.process.poll() is None:
            own.process.kill()
            own.process.wait()


def _numbers(server: _Server, after: int) -> list[int]:
    # The numbers of fills that the stream tells, up to now, from after an event on.
    # Told with them is how each session stands, without an end: it is a time that ends the reading.
    seen, end = [], time.monotonic() + 3.0
    with server.client.stream("GET", "/events", headers={"Last-Event-ID": str(after)}, timeout=3.0) as stream:
        kind = ""
        try:
            for line in stream.iter_lines():
                if time.monotonic() > end:
                    break
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data" and kind == "fill":
                    seen.append(int(json.loads(value)["data"]["fill"]))
        except httpx2.TimeoutException:
            pass
    return seen


def test_a_program_trades_over_http_through_kills(server: _Server) -> None:
    """A pair, a simulation at the practice exchange, signals, a confirmation, kills of both processes, an export.

    The program names the last event it heard before the kills: each fill since then is told once, in order.
    """
    assert "BTC/USDT:USDT" == server.asked("POST", "/pairs", symbol="BTCUSDT")["symbol"]
    begun = server.asked(
        "POST", "/simulation/start", strategy="simple_test", timeframe="1m", params={"every": 2}, matched_by="venue",
        confirm_orders=True, confirm_ttl_s=600,
    )  # fmt: skip
    assert ["BTC/USDT:USDT"] == begun["terms"]["instruments"]
    number, signal_ = server.heard("/signals/stream", "signal", after=0)
    assert "BTC/USDT:USDT" == signal_["instrument"]
    waiting = server.until(lambda: server.asked("GET", "/pending")["items"])[0]

    server.kill("trade")
    assert server.until(lambda: server.asked("GET", "/simulation/status")["is_running"])

    def confirmed() -> Any:
        # Another signal may take its place at any bar, and price may move: then it is shown anew.
        items = server.asked("GET", "/pending")["items"]
        order = items[0]["order"] if items else waiting["order"]
        done = server.client.post(f"/pending/simulation/{order}/confirm")
        assert done.status_code in (200, 404, 409), done.text
        return done.status_code == 200 and done.json()["state"] == "confirmed"

    server.until(confirmed)
    held = server.until(lambda: server.asked("GET", "/simulation/positions")["items"])
    assert held[0]["stop"] is not None
    server.until(lambda: float(server.asked("GET", "/simulation/portfolio")["exposure"]) > 0)
    server.kill("api")
    server.until(lambda: server.asked("GET", "/status/health") is not None)
    told = server.until(lambda: _numbers(server, number))
    assert list(range(1, len(told) + 1)) == told

    assert "running" == server.asked("GET", "/bot/status")["status"]
    server.asked("POST", "/simulation/stop")
    server.until(lambda: server.asked("GET", "/simulation/status")["status"] == "stopped")
    lines = server.client.get("/exports/fills.csv").text.splitlines()
    assert len(told) <= len(lines) - 1
    assert server.client.get("/exports/trades.json").json()
