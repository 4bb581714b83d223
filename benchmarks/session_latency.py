"""From the message that closes a bar to the order on the wire: a session at a venue, over real sockets.

Usage: session_latency.py [--symbols 1,50,200] [--bars 40] [--speed 4] [--context 1000] [--keep]

A practice exchange in a process of its own, a session of `ma_crossover` with its journal in SQLite, synchronous to the
disk. For each order that was decided at a close: from the receipt of the candle that made the close whole (and of the
first candle of that close) until the headers and the body of the request for the order had been handed to the socket.
Fails where `promises.py` says that it takes too long, or nothing was sent where it says how long that may take.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
from aiohttp import ClientSession, TraceConfig
from promises import of_session_latency
from targets import broken

from tradewright.adapters.venues.binance import opening
from tradewright.adapters.venues.transport.sender import AiohttpSender
from tradewright.bootstrap.database import sim_sessions
from tradewright.bootstrap.paper import PaperWish
from tradewright.bootstrap.practice_place import practice_place
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.venue_trading import VenueWish, live_trading, trade_at_venue
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.market_events import Bar, MarketEvent, Subscription
from tradewright.ports.feed import Feed
from tradewright.services.backtests import BacktestRequest
from tradewright.services.pending import Confirming

FEW = 10
"""Fewer instruments trade on averages that cross more often: else few of the closes, or none, send anything."""
RESULTS = Path(__file__).parent / "results" / "session_latency.json"
AVERAGES = ({"fast": 20, "slow": 100}, {"fast": 2, "slow": 5})
NAME: ContextVar[str] = ContextVar("name", default="")


class Ears:
    """What was received, decided and sent, and when: UTC ns of this machine."""

    def __init__(self) -> None:
        self.first: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.wire: dict[str, int] = {}
        self.decided: dict[str, int] = {}
        self.played: dict[int, int] = {}
        self.late = 0
        self.closes = 0

    def heard(self, event: MarketEvent) -> None:
        """A candle that has closed."""
        if isinstance(event, Bar):
            self.first.setdefault(event.ts_close, event.ts_seen)
            self.last[event.ts_close] = event.ts_seen
            self.late += event.was_asked

    def happened(self, live: Any, records: Sequence[Mapping[str, Any]]) -> None:
        """See `services.live.terms.Watcher`: what is sent with a step was decided at its close."""
        if any(one["kind"] == "step" for one in records):
            self.closes += 1
            close = live.own.last_close
            self.played[close] = time.time_ns()
            for one in records:
                if one["kind"] == "sent" and one["what"] == "place":
                    self.decided[one["order"]["client_id"]] = close


class Tapped:
    """A feed, and who hears it too."""

    def __init__(self, feed: Feed, ears: Ears) -> None:
        self.abilities, self._feed, self._ears = feed.abilities, feed, ears

    async def events(self, wanted: Sequence[Subscription]) -> AsyncIterator[MarketEvent]:
        """See `ports.feed.Feed`."""
        async for event in self._feed.events(wanted):
            self._ears.heard(event)
            yield event


def tap_the_wire(ears: Ears) -> None:
    """Let every request for an order say when it had been written."""
    send, trace = AiohttpSender.send, TraceConfig()

    async def named(self: AiohttpSender, wire: Any) -> Any:
        asked = parse_qs(wire.body or wire.target.partition("?")[2])
        names = asked.get("newClientOrderId") or asked.get("clientAlgoId") or [""]
        NAME.set(names[0] if wire.method == "POST" else "")
        return await send(self, wire)

    async def written(*_: Any) -> None:
        if NAME.get():
            ears.wire[NAME.get()] = time.time_ns()  # of the body, where there is one

    trace.on_request_headers_sent.append(written)
    trace.on_request_chunk_sent.append(written)
    vars(opening)["ClientSession"] = partial(ClientSession, trace_configs=[trace])
    AiohttpSender.send = named  # type: ignore[method-assign]  # the clock at the door


@contextmanager
def exchange(symbols: int, speed: float) -> Any:
    """A practice exchange in a process of its own; its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    names = ",".join(f"S{n:03d}USDT" for n in range(symbols))
    words = ["exchange", "--port", str(port), "--symbols", names, "--speed", str(speed), "--weight-limit", "0"]
    words += ["--account", "practice-key:practice-secret:1000000", "--history", "1", "--order-limit", "0"]
    command = [sys.executable, "-c", "from tradewright.cli.main import run; run()", *words, "--course", "candle"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


async def traded(folder: Path, address: str, wish: argparse.Namespace, symbols: int) -> Ears:
    """Trade so many closes."""
    ears = Ears()
    tap_the_wire(ears)
    settings = Settings(data_dir=folder)
    names = tuple(f"S{n:03d}/USDT:USDT" for n in range(symbols))
    request = BacktestRequest(
        "ma_crossover", names, timeframe="1m", params=AVERAGES[symbols < FEW], balance=1_000_000.0,
        risk={"sizing": "fixed_quantity", "size": 1.0, "max_positions": symbols, "min_reward_risk": 0.0,
              "leverage": 5.0},
    )  # fmt: skip
    paper = PaperWish(Reach("practice", address), request, "bench", wish.context, wish.bars, flatten=False)
    async with sim_sessions(settings) as sessions:
        whole = VenueWish(paper, Confirming(), LiveTerms(check_s=60.0))
        async with practice_place(sessions, whole) as opened:
            assert opened.stream is not None
            place = replace(opened, stream=Tapped(opened.stream, ears))
            await trade_at_venue(live_trading(settings), place, whole, lambda _: ears)
    return ears


def figures(ears: Ears, symbols: int, wish: argparse.Namespace) -> dict[str, Any]:
    """p50, p99 and the worst, ms."""
    closes = sorted(ears.played)[2:]  # the first ones load code
    orders = [(close, ears.wire[name]) for name, close in ears.decided.items() if name in ears.wire]
    orders = [(close, at) for close, at in orders if close in closes and close in ears.last]
    first_out: dict[int, int] = {}
    for close, at in orders:
        first_out[close] = min(at, first_out.get(close, at))
    row: dict[str, Any] = {"symbols": symbols, "closes": len(closes), "orders": len(orders), "asked_bars": ears.late}
    row |= {"context": wish.context, "speed": wish.speed, "load": round(os.getloadavg()[0], 1)}
    for name, spans in (
        ("played", [ears.played[close] - ears.last[close] for close in closes if close in ears.last]),
        ("first_order", [at - ears.last[close] for close, at in first_out.items()]),
        ("every_order", [at - ears.last[close] for close, at in orders]),
        ("every_order_from_first_candle", [at - ears.first[close] for close, at in orders]),
    ):
        column = np.array(spans, np.float64) / 1e6
        row[name] = {"p50": round(float(np.percentile(column, 50)), 2), "worst": round(float(column.max()), 2),
                     "p99": round(float(np.percentile(column, 99)), 2)} if spans else None  # fmt: skip
    return row


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", default="1,50,200")
    parser.add_argument("--bars", type=int, default=40)
    parser.add_argument("--speed", type=float, default=4.0)
    parser.add_argument("--context", type=int, default=1_000)
    parser.add_argument(
        "--keep", action="store_true", help=f"write {RESULTS.name}; other numbers of symbols stay there"
    )
    wish = parser.parse_args()
    rows = []
    for count in map(int, wish.symbols.split(",")):
        with tempfile.TemporaryDirectory() as folder, exchange(count, wish.speed) as address:
            ears = asyncio.run(traded(Path(folder), address, wish, count))
        rows.append(of_session_latency(figures(ears, count, wish)))
        print(json.dumps(rows[-1]), flush=True)
    if wish.keep:
        counts = [row["symbols"] for row in rows]
        before = [row for row in json.loads(RESULTS.read_text()) if row["symbols"] not in counts]
        RESULTS.write_text(json.dumps(sorted(before + rows, key=lambda row: row["symbols"]), indent=2) + "\n")
    if missed := broken(rows):
        raise SystemExit("\n".join(missed))


if __name__ == "__main__":
    main()
