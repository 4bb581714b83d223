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
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from jobs import say
from lean_http import Answer, Lines

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

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.took: dict[str, list[float]] = {"read": [], "write": []}
        self.errors: dict[str, Counter[str]] = {"read": Counter(), "write": Counter()}
        self.rules: list[str] = []
        self.heard = [0]
        self.late = 0.0

    async def timed(self, way: str, due: float, act: Awaitable[Answer]) -> None:
        """Send one, and keep how it went; its time counts from when it was due."""
        self.late = max(self.late, time.perf_counter() - due)
        try:
            answer = await act
        except (OSError, TimeoutError, EOFError) as error:
            self.errors[way][type(error).__name__] += 1
            return
        self.took[way].append(time.perf_counter() - due)
        if answer.status >= 400:
            self.errors[way][str(answer.status)] += 1

    def nth(self, n: int, due: float) -> Awaitable[None]:
        """The request of this number."""
        if n % WRITES_OF:
            return self.timed("read", due, self.lines.ask("GET", READS[n // WRITES_OF % len(READS) - n % len(READS)]))
        place = f"/api/v1/notifications/rules/{self.rules[n % len(self.rules)]}"
        key = f"load-{time.time_ns()}-{n}"
        return self.timed("write", due, self.lines.ask("PUT", place, rule(float(n)), Idempotency_Key=key))

    async def make_rules(self) -> None:
        """Make what is changed afterwards."""
        for n in range(RULES):
            made = await self.lines.ask("POST", "/api/v1/notifications/rules", rule(float(n)))
            self.rules.append(made.json()["id"])


async def played(port: int, token: str, rate: float, seconds: float, listeners: int) -> Load:
    """Send so many a second, each at its time whether or not those before have been answered."""
    lines = Lines(port, {"Authorization": f"Bearer {token}"})
    load = Load(lines)
    await load.make_rules()
    ears = [asyncio.create_task(lines.listen("/api/v1/events", load.heard)) for _ in range(listeners)]
    begin, sent = time.perf_counter(), []
    for n in range(int(rate * seconds)):
        due = begin + n / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        sent.append(asyncio.ensure_future(load.nth(n, due)))
    await asyncio.gather(*sent)
    for ear in ears:
        ear.cancel()
    await asyncio.gather(*ears, return_exceptions=True)
    lines.close()
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
            load = asyncio.run(played(port, token, wish.rate, wish.seconds, wish.listeners))
            rows, took = [row(way, load) for way in load.took], time.perf_counter() - begin
            after, cpu_after = figures(address, token)
            rows.append({"way": "memory", "before_mb": before, "after_mb": after})
            rows.append({"way": "processor", "seconds": cpu_after - cpu, "of": took})
            rows.append({"way": "events heard", "calls": load.heard[0]})
            rows.append({"way": "sent too late", "seconds": load.late})
            for one in rows:
                say(**one)
        finally:
            server.terminate()
            server.wait(60)


if __name__ == "__main__":
    main()
