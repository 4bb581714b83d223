"""How the server answers under load: reads and writes in even steps, many who listen, and sessions that trade beside.

Usage: api_load.py [--seconds 120] [--rate 200] [--listeners 50]. Everything runs on this machine, in processes of its
own, over SQLite in a temporary folder. Rows are {way, seconds, median, calls, errors}; seconds is the 99th percentile.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
from jobs import say

from tradewright.client import Client
from tradewright.client.problem import Unreachable

PASSWORD = "a word for this bench alone"  # noqa: S105
WRITES_OF = 10  # one request in so many changes something
RULES = 50
READS = (
    "/api/v1/portfolio", "/api/v1/positions", "/api/v1/orders/open", "/api/v1/pending", "/api/v1/signals?limit=20",
    "/api/v1/deployments", "/api/v1/simulation/status", "/api/v1/trades?limit=50", "/api/v1/jobs", "/api/v1/pairs",
)  # fmt: skip


def rule(limit: float) -> dict[str, Any]:
    """A rule that never holds."""
    return {"name": "load", "kind": "snapshot", "figure": "portfolio.equity", "sign": "<", "limit": -1.0 - limit}


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def begun(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A server that has just been started."""
    environment = os.environ | {"TRADEWRIGHT_ADMIN_PASSWORD": PASSWORD, "TRADEWRIGHT_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from tradewright.cli.main import run; run()", "serve", "--port", str(port)]
    limits = ["server.reads_per_minute=1000000", "server.writes_per_minute=1000000", "logging.level=WARNING"]
    options = [word for one in limits for word in ("--set", one)]
    with (folder / "log.txt").open("wb") as log:
        return subprocess.Popen([*command, "--speed", "20", *options], env=environment, stdout=log, stderr=log)


def token_of(address: str) -> str:
    """A token of an admin, when the server answers; the simulation trades from then on."""
    with Client(address) as client:
        for _ in range(300):
            try:
                client.status.read_health()
                break
            except Unreachable:
                time.sleep(0.2)
        client.login("admin", PASSWORD)
        client.simulation.start_simulation(
            {"strategy": "ma_crossover", "instruments": ["BTC/USDT:USDT", "ETH/USDT:USDT"], "timeframe": "1m",
             "params": {"fast": 5, "slow": 13}, "matched_by": "venue"}
        )  # fmt: skip
        return str(client.tokens.create_token({"label": "load", "scope": "admin"})["token"])


class Load:
    """Sends requests, and keeps how long each took."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http
        self.took: dict[str, list[float]] = {"read": [], "write": []}
        self.errors: dict[str, Counter[str]] = {"read": Counter(), "write": Counter()}
        self.rules: list[str] = []
        self.heard = 0

    async def timed(self, way: str, act: Callable[[], Awaitable[httpx2.Response]]) -> None:
        """Send one, and keep how it went."""
        begin = time.perf_counter()
        try:
            answer = await act()
        except httpx2.HTTPError as error:
            self.errors[way][type(error).__name__] += 1
            return
        self.took[way].append(time.perf_counter() - begin)
        if answer.is_error:
            self.errors[way][str(answer.status_code)] += 1

    def nth(self, n: int) -> Awaitable[None]:
        """The request of this number."""
        if n % WRITES_OF:
            return self.timed("read", lambda: self.http.get(READS[n // WRITES_OF % len(READS) - n % len(READS)]))
        place = f"/api/v1/notifications/rules/{self.rules[n % len(self.rules)]}"
        headers = {"Idempotency-Key": f"load-{time.time_ns()}-{n}"}
        return self.timed("write", lambda: self.http.put(place, json=rule(float(n)), headers=headers))

    async def make_rules(self) -> None:
        """Make what is changed afterwards."""
        for n in range(RULES):
            made = await self.http.post("/api/v1/notifications/rules", json=rule(float(n)))
            self.rules.append(made.json()["id"])

    async def listen(self) -> None:
        """Listen until cancelled."""
        async with self.http.stream("GET", "/api/v1/events", timeout=None) as answer:
            async for line in answer.aiter_lines():
                self.heard += line.startswith("data:")


async def played(address: str, token: str, rate: float, seconds: float, listeners: int) -> Load:
    """Send so many a second, each at its time whether or not those before have been answered."""
    limits = httpx2.Limits(max_connections=listeners + 200, max_keepalive_connections=200)
    head = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=address, headers=head, limits=limits, timeout=30.0) as http:
        load = Load(http)
        await load.make_rules()
        ears = [asyncio.create_task(load.listen()) for _ in range(listeners)]
        begin, sent = time.perf_counter(), []
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(begin + n / rate - time.perf_counter(), 0))
            sent.append(asyncio.ensure_future(load.nth(n)))
        await asyncio.gather(*sent)
        for ear in ears:
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)
    return load


def figures(address: str, token: str) -> tuple[float, float]:
    """Resident memory of the process that answers, MiB, and its processor time so far, seconds."""
    with Client(address, token) as client:
        told = client.status.read_metrics()
    return told["memory_bytes"] / 2**20, told["cpu_s"]


def row(way: str, load: Load) -> dict[str, Any]:
    """What came of one kind of request."""
    took = sorted(load.took[way])
    return {
        "way": way, "seconds": took[int(0.99 * len(took))], "median": statistics.median(took), "calls": len(took),
        "errors": dict(load.errors[way]),
    }  # fmt: skip


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--listeners", type=int, default=50)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server, address = begun(Path(folder), port), f"http://127.0.0.1:{port}"
        try:
            token = token_of(address)
            time.sleep(10)
            (before, cpu), begin = figures(address, token), time.perf_counter()
            load = asyncio.run(played(address, token, wish.rate, wish.seconds, wish.listeners))
            rows, took = [row(way, load) for way in load.took], time.perf_counter() - begin
            after, cpu_after = figures(address, token)
            rows.append({"way": "memory", "before_mb": before, "after_mb": after})
            rows.append({"way": "processor", "seconds": cpu_after - cpu, "of": took})
            rows.append({"way": "events heard", "calls": load.heard})
            for one in rows:
                say(**one)
        finally:
            server.terminate()
            server.wait(60)


if __name__ == "__main__":
    main()
