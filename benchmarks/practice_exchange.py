"""How long the practice exchange takes for an order, as a client on the same machine sees it.

Usage: python benchmarks/practice_exchange.py [ORDERS]. A client process of its own places and cancels limit orders, one
after the other, then as many at a time as the exchange takes: with the best prices alone, with deep books, and with
deep books while somebody listens to them.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import ClientSession

LIMITS = ["--weight-limit", "0", "--order-limit", "0"]
COMMAND = [str(Path(sys.executable).with_name("tradewright")), "exchange", "--port", "0", "--history", "1", *LIMITS]
KEY, SECRET = "bench-key", b"bench-secret"
AT_ONCE = 16
STREAMS = "btcusdt@depth@100ms/btcusdt@bookTicker/ethusdt@depth@100ms"
CASES = (("best prices alone", "1", False), ("500 levels", "500", False), ("500 levels, listened to", "500", True))


class Trader:
    """A client that places and cancels."""

    def __init__(self, session: ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def ask(self, method: str, **fields: str) -> dict[str, object]:
        """One signed request."""
        stamp = str(round(time.time() * 1_000))
        query = urlencode({"symbol": "BTCUSDT", "timestamp": stamp, **fields})
        signature = hmac.new(SECRET, query.encode(), hashlib.sha256).hexdigest()
        url = f"{self.base}/fapi/v1/order?{query}&signature={signature}"
        async with self.session.request(method, url, headers={"X-MBX-APIKEY": KEY}) as answer:
            body: dict[str, object] = await answer.json()
            assert answer.status == 200, body
            return body

    async def round_trip(self, price: str) -> float:
        """Place and cancel; seconds."""
        begin = time.perf_counter()
        terms = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": price}
        order = await self.ask("POST", **terms)
        await self.ask("DELETE", orderId=str(order["orderId"]))
        return time.perf_counter() - begin


async def listen(session: ClientSession, base: str) -> None:
    """Hear the books until cancelled."""
    async with session.ws_connect(f"{base}/public/stream?streams={STREAMS}") as socket:
        async for _ in socket:
            pass


async def measure(base: str, orders: int, label: str, *, listens: bool) -> None:
    """Print the figures."""
    async with ClientSession() as session:
        listener = asyncio.create_task(listen(session, base)) if listens else None
        trader = Trader(session, base)
        async with session.get(f"{base}/fapi/v1/ticker/price?symbol=BTCUSDT") as answer:
            price = f"{float((await answer.json())['price']) * 0.95:.1f}"
        for _ in range(20):
            await trader.round_trip(price)
        took = [await trader.round_trip(price) for _ in range(orders)]
        begin = time.perf_counter()
        for first in range(0, orders, AT_ONCE):
            await asyncio.gather(*(trader.round_trip(price) for _ in range(min(AT_ONCE, orders - first))))
        rate = orders / (time.perf_counter() - begin)
        if listener:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
    took.sort()
    p50, p99 = statistics.median(took) * 1e3, took[int(len(took) * 0.99)] * 1e3
    print(f"{label}: create+cancel p50 {p50:.2f} ms, p99 {p99:.2f} ms; {rate:,.0f} orders/s placed and cancelled")


def main() -> None:
    """Start an exchange for each case and measure it."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for label, levels, listens in CASES:
        account = f"{KEY}:{SECRET.decode()}:100000"
        command = [*COMMAND, "--account", account, "--levels", levels]
        exchange = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            line = exchange.stdout.readline() if exchange.stdout else ""
            base = re.search(r"http://[\d.:]+", line)
            assert base, line
            asyncio.run(measure(base[0], orders, label, listens=listens))
        finally:
            exchange.terminate()
            exchange.communicate(timeout=30)


if __name__ == "__main__":
    main()
