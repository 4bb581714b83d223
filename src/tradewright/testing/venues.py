"""An account at a practice exchange on a socket: with faults to strike it, and the exchange's own books to compare."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.adapters.venues.binance.user_stream import StreamTerms
from tradewright.adapters.venues.ccxt.listener import Listener
from tradewright.adapters.venues.ccxt.opening import CcxtOpening
from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.practice.server import Server, serve
from tradewright.adapters.venues.practice.setup import Account
from tradewright.adapters.venues.transport.client import Patience
from tradewright.domain.orders import exact
from tradewright.ports.venue import Venue
from tradewright.testing.practice import KEY, SECRET, START, a_server

__all__ = ["BTC", "Booked", "OpenVenue", "Rig", "WallClock", "binance_on_practice", "ccxt_on_practice", "practice_rig"]

BTC = "BTC/USDT:USDT"
_NS = 1_000_000_000


class Booked(NamedTuple):
    """An order as the exchange's own books have it."""

    client_id: str
    is_open: bool
    status: str
    quantity: Decimal
    filled: Decimal


class WallClock:
    """Real time, for what goes over sockets; see `ports.clock.Clock`."""

    def __init__(self) -> None:
        self._begun = START - time.monotonic_ns()

    def now_ns(self) -> int:
        """A time that runs as the exchange's does."""
        return self._begun + time.monotonic_ns()

    def monotonic(self) -> float:
        """Seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Rig:
    """A venue, and the practice exchange behind it.

    Args:
        venue: under test.
        server: of the exchange.
        instrument: that is traded.
        key: of the account.
    """

    venue: Venue
    server: Server
    instrument: str = BTC
    key: str = KEY

    def strike(self, kind: str, **terms: Any) -> None:
        """Wish for a fault."""
        self.server.hub.faults.add(Fault(kind, **terms))

    def calm(self) -> None:
        """Forget all faults."""
        self.server.hub.faults.remove()

    async def wait(self, seconds: float) -> None:
        """Let the venue's time pass at once."""
        self.server.gateway.exchange.clock.advance(round(seconds * _NS))
        self.server.gateway.exchange.catch_up()
        self.server.hub.refresh()
        await asyncio.sleep(0)

    def last(self) -> Decimal:
        """The last price."""
        exchange = self.server.gateway.exchange
        k = [one.instrument.symbol for one in exchange.listings].index(self.instrument)
        listing = exchange.listings[k]
        exchange.catch_up()
        return exact(int(exchange.present.last(k)), listing.instrument.tick)

    def booked(self) -> dict[str, Booked]:
        """Every order that the account ever had, by our name."""
        exchange = self.server.gateway.exchange
        found = exchange.seats[self.key].ledger.orders.values()
        return {
            one.client_id: Booked(
                one.client_id, one.is_open, one.algo_status if one.waits else one.status,
                Decimal(exchange.listings[one.k].quantity_text(one.lots)),
                Decimal(exchange.listings[one.k].quantity_text(one.filled)),
            )
            for one in found
        }  # fmt: skip

    def executions(self) -> dict[str, Decimal]:
        """Every execution of the account by its id: the quantity, below 0 sold."""
        exchange = self.server.gateway.exchange
        return {
            str(fill.id): fill.order.side * Decimal(exchange.listings[fill.order.k].quantity_text(fill.lots))
            for fill in exchange.seats[self.key].ledger.fills
        }


OpenVenue = Callable[[str, str], AbstractAsyncContextManager[Venue]]
"""Opens the account of the rig's keys, given the addresses of REST and of streams."""


@asynccontextmanager
async def practice_rig(open_venue: OpenVenue, **changes: Any) -> AsyncIterator[Rig]:
    """Start an exchange, and open an account there.

    Args:
        open_venue: opens it.
        **changes: see `testing.practice.a_server`.
    """
    settings: dict[str, Any] = {"speed": 1.0, "start": START + 5 * _NS, "wall": time.monotonic_ns}
    settings["accounts"] = (Account(KEY, SECRET, 10_000.0),)
    server = a_server(**settings | changes)
    ports: asyncio.Queue[int] = asyncio.Queue()
    served = asyncio.create_task(serve(server, 0, lambda found: ports.put_nowait(found[0])))
    try:
        port = await ports.get()
        async with open_venue(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}") as venue:
            yield Rig(venue, server)
    finally:
        served.cancel()
        await asyncio.gather(served, return_exceptions=True)


@asynccontextmanager
async def binance_on_practice(rest: str, streams: str) -> AsyncIterator[Venue]:
    """The adapter of Binance, led to a practice exchange; it loses patience soon, and watches closely."""
    opening = Opening(
        Keys(KEY, SECRET), WallClock(), Addresses(rest, streams), PRACTICE, timeout_s=0.5,
        patience=Patience(reads_s=3.0, writes_s=0.5, first_s=0.02, most_s=0.1),
        watch=StreamTerms(audit_s=0.4, grace_s=0.1, extend_s=5.0, heartbeat_s=1.0),
    )  # fmt: skip
    async with opening.venue() as venue:
        yield venue


@asynccontextmanager
async def ccxt_on_practice(rest: str, streams: str) -> AsyncIterator[Venue]:
    """The adapter of CCXT as `binanceusdm`, led to a practice exchange by other addresses."""
    paths = {
        "fapiPublic": "/fapi/v1",
        "fapiPublicV2": "/fapi/v2",
        "fapiPublicV3": "/fapi/v3",
        "fapiData": "/futures/data",
    }
    paths |= {name.replace("Public", "Private"): path for name, path in paths.items()}
    paths |= {"sapi": "/sapi/v1", "public": "/api/v3", "private": "/api/v3"}
    urls: dict[str, Any] = {name: rest + path for name, path in paths.items()}
    urls["ws"] = {"linear": f"{streams}/ws", "ws-api": {"linear": f"{streams}/ws-fapi/v1"}}
    opening = CcxtOpening(
        "binanceusdm", {"apiKey": KEY, "secret": SECRET}, WallClock(), timeout_s=0.5,
        changes={"enableRateLimit": False, "urls": {"api": urls}}, listener=Listener(poll_s=0.4, least_s=0.05),
    )  # fmt: skip
    async with opening.venue() as venue:
        yield venue
