"""How the server answers under load: reads and writes in even steps, many who listen, and a session that trades beside.

Usage: api_load.py [--seconds 120] [--rate 200] [--listeners 50]. Everything runs on this machine, in processes of its
own, over SQLite in a temporary folder; those who listen are there before the load begins. Rows are {way, seconds,
median, calls, errors}; seconds is the 99th percentile. The session's row is from the close of a bar to the line that
tells what came of it, in real time, median, without load and under it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime
from pathlib import Path
from typing import Any

from jobs import say
from lean_http import Answer, Lines

from tradewright.client import Client
from tradewright.client.problem import Unreachable

SPEED = 20
SETTLES_S = 2.0
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


def begun(folder: Path, port: int, exchange: int) -> list[subprocess.Popen[bytes]]:
    """A practice exchange and a server that have just been started."""
    environment = os.environ | {"TRADEWRIGHT_ADMIN_PASSWORD": PASSWORD, "TRADEWRIGHT_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from tradewright.cli.main import run; run()"]
    market = ["exchange", "--port", str(exchange), "--symbols", "BTCUSDT,ETHUSDT", "--speed", str(SPEED)]
    market += ["--account", "practice-key:practice-secret:100000", "--history", "2"]
    settings = [
        "server.reads_per_minute=1000000", "server.writes_per_minute=1000000",
        f"venue.rest_url=http://127.0.0.1:{exchange}",
    ]  # fmt: skip
    serve = ["serve", "--port", str(port), *(word for one in settings for word in ("--set", one))]
    with (folder / "log.txt").open("wb") as log:
        return [
            subprocess.Popen([*command, *words], env=environment, stdout=log, stderr=log) for words in (market, serve)
        ]


def venue_time(exchange: int) -> float:
    """The exchange's time, s."""
    with urllib.request.urlopen(f"http://127.0.0.1:{exchange}/_emu/state") as answer:
        return float(json.load(answer)["now"]) / 1e3


def bar_lags(log: Path, exchange: int) -> list[tuple[float, float]]:
    """When each bar's line was written, and how long after its close, seconds of real time.

    The exchange's time is held against ours once, at its least delay of some.
    """
    ahead = max(venue_time(exchange) - SPEED * time.time() for _ in range(20))
    found = []
    for line in log.read_text(errors="replace").splitlines():
        if '"event":"bar"' not in line.replace(": ", ":"):
            continue
        told = json.loads(line[line.index("{") :])
        closed = datetime.fromisoformat(told["market_event"].partition("@")[2]).timestamp()
        written = datetime.fromisoformat(told["timestamp"]).timestamp()
        found.append((written, written - (closed - ahead) / SPEED))
    return found


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
    await asyncio.sleep(SETTLES_S)
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
        port, exchange = free_port(), free_port()
        processes, address = begun(Path(folder), port, exchange), f"http://127.0.0.1:{port}"
        try:
            measure(wish, Path(folder), (port, exchange), token_of(address))
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(60)


def measure(wish: argparse.Namespace, folder: Path, ports: tuple[int, int], token: str) -> None:
    """Let the session trade alone, then under load, and say what came of it."""
    address = f"http://127.0.0.1:{ports[0]}"
    time.sleep(10)
    quiet = time.time()
    time.sleep(wish.seconds / 2)
    (before, cpu), begin, loaded = figures(address, token), time.perf_counter(), time.time()
    load = asyncio.run(played(ports[0], token, wish.rate, wish.seconds, wish.listeners))
    rows, took = [row(way, load) for way in load.took], time.perf_counter() - begin
    after, cpu_after = figures(address, token)
    lags = bar_lags(folder / "log.txt", ports[1])
    alone, beside = [[lag for at, lag in lags if since < at < until] for since, until in (
        (quiet, loaded), (loaded, time.time())
    )]  # fmt: skip
    rows.append({"way": "memory", "before_mb": before, "after_mb": after})
    rows.append({"way": "processor", "seconds": cpu_after - cpu, "of": took})
    rows.append({"way": "events heard", "calls": load.heard[0]})
    rows.append({"way": "sent too late", "seconds": load.late})
    rows.append({
        "way": "session", "alone": statistics.median(alone), "under_load": statistics.median(beside),
        "bars": [len(alone), len(beside)],
    })  # fmt: skip
    for one in rows:
        say(**one)


if __name__ == "__main__":
    main()
