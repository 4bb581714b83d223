"""A feed under load: 200 symbols, candles and best quotes, a thousand messages a second, for as long as you like.

    python benchmarks/feed_soak.py --seconds 600

One process plays the venue over real sockets, another listens. Printed and kept: how long an event took from its
sending, and from its receipt, to the one who takes it (p50, p99, worst), how many came, and how memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import time
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import WSMsgType, web
from jobs import alone

from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.venues import live_feed
from tradewright.domain.market_events import Bar, Channel, Quote, StateChanged, Subscription
from tradewright.domain.timeframe import Timeframe

SYMBOLS, RATE, TICK_S = 200, 1_000, 0.01
RESULTS = Path(__file__).parent / "results" / "feed_soak.json"
MINUTE_MS = 60_000
NAMES = [f"S{number:03d}USDT" for number in range(SYMBOLS)]


def listing(name: str) -> dict[str, Any]:
    """A contract, as exchangeInfo tells it."""
    filters = [{"filterType": "PRICE_FILTER", "tickSize": "0.1"},
               {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001"}]  # fmt: skip
    return {"symbol": name, "contractType": "PERPETUAL", "baseAsset": name.removesuffix("USDT"),
            "quoteAsset": "USDT", "marginAsset": "USDT", "filters": filters}  # fmt: skip


class Venue:
    """Tells one candle for four quotes of each symbol, a symbol after the other."""

    def __init__(self) -> None:
        self.sockets: dict[web.WebSocketResponse, set[str]] = {}
        self.sent = 0
        self._candles = dict.fromkeys(NAMES, (0, 0.0))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Requests and sockets."""
        if request.path.endswith("/stream"):
            return await self._socket(request)
        now = time.time_ns() // 1_000_000
        bodies = {"time": {"serverTime": now}, "exchangeInfo": {"symbols": [listing(name) for name in NAMES]}}
        return web.json_response(bodies.get(request.path.rpartition("/")[2], []))

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets[socket] = set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                asked = json.loads(message.data)
                self.sockets[socket].update(asked["params"])
                await socket.send_json({"result": None, "id": asked["id"]})
        del self.sockets[socket]
        return socket

    async def tell(self) -> None:
        """Send, for ever, as many messages as the time that passed asks for."""
        begun, number = time.monotonic(), 0
        while True:
            await asyncio.sleep(TICK_S)
            due = int((time.monotonic() - begun) * RATE)
            while number < due:
                number += 1
                name = NAMES[number % SYMBOLS]
                await (self._candle(name) if number // SYMBOLS % 5 == 0 else self._quote(name))

    async def _send(self, stream: str, data: dict[str, Any]) -> None:
        for socket, names in list(self.sockets.items()):
            if stream in names:
                with suppress(ConnectionError):
                    await socket.send_str(json.dumps({"stream": stream, "data": data}))
                    self.sent += 1

    async def _quote(self, name: str) -> None:
        now = time.time_ns()  # the number of the update is the time of its sending
        data = {"e": "bookTicker", "u": now, "s": name, "b": "100.0", "B": "1", "a": "100.1", "A": "2"}
        await self._send(f"{name.lower()}@bookTicker", data | {"T": now // 1_000_000, "E": now // 1_000_000})

    async def _candle(self, name: str) -> None:
        now = time.time_ns() // 1_000_000
        begin, (before, volume) = now - now % MINUTE_MS, self._candles[name]
        if before and before != begin:
            await self._send(f"{name.lower()}@kline_1m", kline(name, before, volume, now, closed=True))
            volume = 0.0
        self._candles[name] = (begin, volume + 1.0)
        await self._send(f"{name.lower()}@kline_1m", kline(name, begin, volume + 1.0, now, closed=False))


def kline(name: str, begin: int, volume: float, now: int, *, closed: bool) -> dict[str, Any]:
    """A candle, as its stream tells it."""
    body = {"t": begin, "T": begin + MINUTE_MS - 1, "s": name, "i": "1m", "o": "100.0", "h": "100.2", "l": "99.9",
            "c": "100.1", "v": str(volume), "x": closed}  # fmt: skip
    return {"e": "kline", "E": now, "s": name, "k": body}


def venue(ports: Any) -> None:
    """Serve until the process is ended."""

    async def run() -> None:
        app, own = web.Application(), Venue()
        app.router.add_route("*", "/{path:.*}", own.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.put(runner.addresses[0][1])
        await own.tell()

    asyncio.run(run())


def resident_mb() -> float:
    """Memory of this process that is not swapped out, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Soak:
    """What the listener measures."""

    def __init__(self, seconds: float) -> None:
        # Written to at once, so that memory which grows later is the feed's.
        self.from_sending, self.from_receipt = np.full((2, int(seconds * RATE) + RATE), np.nan)
        self.quotes = self.bars = 0
        self.words: list[str] = []
        self.memory: list[float] = []
        self.most_waiting = 0

    async def listen(self, port: int, seconds: float) -> None:
        """Take events as they come."""
        bars = [Subscription(Channel.BARS, f"S{n:03d}/USDT:USDT", Timeframe.parse("1m")) for n in range(SYMBOLS)]
        quotes = [Subscription(Channel.QUOTES, one.symbol) for one in bars]
        sampler = asyncio.create_task(self._sample())
        async with live_feed(Reach("binance", f"http://127.0.0.1:{port}")) as feed:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds), aclosing(feed.events([*bars, *quotes])) as events:
                    async for event in events:
                        self._take(event)
        sampler.cancel()

    def _take(self, event: Any) -> None:
        now = time.time_ns()
        if isinstance(event, Quote):
            self.from_sending[self.quotes] = now - event.sequence
            self.from_receipt[self.quotes] = now - event.ts_seen
            self.quotes += 1
        elif isinstance(event, Bar):
            self.bars += 1
        elif isinstance(event, StateChanged):
            self.words.append(f"{event.state.value}: {event.words[:80]}")

    async def _sample(self) -> None:
        while True:
            await asyncio.sleep(5.0)
            self.memory.append(resident_mb())

    def figures(self, seconds: float) -> dict[str, Any]:
        """The figures, times in ms."""
        begin = min(2 * RATE, self.quotes // 10)  # the first seconds load code
        third = max(len(self.memory) // 3, 1)
        rows: dict[str, Any] = {"seconds": seconds, "symbols": SYMBOLS, "messages_a_second": RATE}
        for name, column in (("from_sending", self.from_sending), ("from_receipt", self.from_receipt)):
            part = column[begin : self.quotes] / 1e6
            rows[f"{name}_ms"] = {"p50": round(float(np.percentile(part, 50)), 3),
                                  "p99": round(float(np.percentile(part, 99)), 3),
                                  "worst": round(float(part.max()), 3)}  # fmt: skip
        memory = np.array(self.memory[1:] or self.memory)
        rows |= {
            "quotes": self.quotes, "bars": self.bars,
            "resident_mb": {"first_third": round(float(memory[:third].mean()), 1),
                            "last_third": round(float(memory[-third:].mean()), 1)},
            "states": sorted(set(self.words)), "load": os.getloadavg()[0],
        }  # fmt: skip
        return rows


def main() -> None:
    """Run, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--keep", action="store_true", help=f"write {RESULTS.name}")
    given = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    ports = context.Queue()
    server = context.Process(target=venue, args=(ports,), daemon=True)
    server.start()
    soak = Soak(given.seconds)
    try:
        asyncio.run(soak.listen(ports.get(timeout=60), given.seconds))
    finally:
        server.terminate()
    figures = soak.figures(given.seconds)
    row = alone("a live feed: 99 % of quotes within so many ms of sending", figures["from_sending_ms"]["p99"])
    text = json.dumps([row | figures], indent=1) + "\n"
    print(text, end="")
    if given.keep:
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
