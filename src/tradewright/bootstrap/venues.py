"""Venues by name, with the network and the world's clock."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from tradewright.adapters.venues.binance.house_rules import MAIN, PRACTICE
from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.wiring import shelves
from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.market_events import Channel, Subscription

if TYPE_CHECKING:
    from tradewright.adapters.venues.ccxt.asking import Asker
    from tradewright.adapters.venues.streaming.dialect import Dialect
    from tradewright.adapters.venues.transport.client import Client
    from tradewright.adapters.venues.transport.door import Address
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.feed import Feed
    from tradewright.ports.history import History
    from tradewright.services.download_bars import Downloaded
    from tradewright.services.downloads import DownloadRequest
    from tradewright.services.recordings import RecordedMarket, RecordRequest

Tap = Callable[[int, str, str], None]

__all__ = [
    "EXCHANGES",
    "PATIENCE_S",
    "STREAMS",
    "RecordPlace",
    "addresses_of",
    "download",
    "history_of",
    "led_elsewhere",
    "live_feed",
    "market_of",
    "record_streams",
    "shared_address",
]

EXCHANGES = {"binance": MAIN, "practice": PRACTICE}
"""Venues whose protocol is our own work, and where each answers."""
STREAMS = {MAIN: "wss://fstream.binance.com"}
"""Streams of venues that have them at another address than requests."""
_ADDRESSES: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Address]] = WeakKeyDictionary()
_ANSWER_S = 10.0
_CCXT_PATIENCE_S = 20.0
PATIENCE_S = 8.0
"""How long we wait for a venue that does not answer at all; pages of a download, once begun, wait far longer."""


def addresses_of(reach: Reach) -> tuple[str, str]:
    """Where a venue whose protocol is our own work answers requests, and where its streams are.

    Raises:
        UnknownName: there is no such venue, or it is one that CCXT asks.
        InvalidValue: the address is none.
    """
    if reach.exchange not in EXCHANGES:
        raise UnknownName("exchange", reach.exchange, EXCHANGES)
    _check(reach.rest)
    rest = (reach.rest or EXCHANGES[reach.exchange]).rstrip("/")
    # Who writes down the venue's own address means its own streams too.
    own = STREAMS.get(rest) if reach.streams is None else None
    return rest, own or reach.heard_at or "ws" + rest.removeprefix("http")


def led_elsewhere(reach: Reach) -> tuple[str, ...]:
    """Where requests and streams of a venue go if not to its own addresses, without passwords; empty if they do."""
    from tradewright.bootstrap.config.kinds import masked_url

    if reach.exchange not in EXCHANGES:
        found = (reach.rest, reach.heard_at)
        return tuple(masked_url(one) for one in found if one)
    own, led = addresses_of(Reach(reach.exchange)), addresses_of(reach)
    return () if led == own else tuple(masked_url(one) for one in led)


def _check(url: str | None) -> None:
    parts = urlsplit(url or MAIN)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise InvalidValue("--url", url, "an address such as https://fapi.binance.com or http://127.0.0.1:18080")


def download(
    settings: Settings, reach: Reach, request: DownloadRequest, progress: Callable[[int, int], None]
) -> tuple[Downloaded, ...]:
    """Download history into the store; see `services.downloads.Downloads.run`."""
    from tradewright.services.downloads import Downloads

    async def act() -> tuple[Downloaded, ...]:
        async with history_of(reach) as history:
            return await Downloads(shelves(settings), history).run(request, progress)

    return asyncio.run(act())


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a market is recorded from, and to.

    Args:
        reach: how the venue is reached.
        folder: of the files.
        most_bytes: of a file.
    """

    reach: Reach
    folder: Path
    most_bytes: int


def record_streams(place: RecordPlace, request: RecordRequest, told: Callable[[int], None]) -> RecordedMarket:
    """Record until it is over, or until the process is asked to end; see `services.recordings.Recorder.run`."""
    from tradewright.adapters.storage.stream_files import StreamFiles
    from tradewright.adapters.venues.streaming.slots import AskBook
    from tradewright.services.recordings import Recorder

    addresses_of(place.reach)
    sink = StreamFiles(place.folder, place.reach.exchange, place.most_bytes)

    async def act() -> RecordedMarket:
        stopped = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
        async with _listening(place.reach, sink.add) as (feed, dialect):

            def snapshot(symbol: str) -> Awaitable[object]:
                return dialect.ask(Subscription(Channel.BOOK, symbol), AskBook())

            return await Recorder(feed, sink, snapshot, WallClock()).run(request, stopped.wait(), told)

    return asyncio.run(act())


@asynccontextmanager
async def live_feed(reach: Reach) -> AsyncIterator[Feed]:
    """A venue's markets as they happen, for as long as the block runs.

    Raises:
        UnknownName: there is no such venue.
        InvalidValue: the address is none.
    """
    if reach.exchange not in EXCHANGES:
        from tradewright.adapters.venues.ccxt.live import CcxtFeed

        async with _by_ccxt(reach) as asker:
            yield CcxtFeed(asker)
    else:
        async with _listening(reach) as (feed, _):
            yield feed


@asynccontextmanager
async def _listening(reach: Reach, *tap: Tap) -> AsyncIterator[tuple[Feed, Dialect]]:
    from tradewright.adapters.venues.binance.live import BinanceDialect
    from tradewright.adapters.venues.streaming.live_feed import LiveFeed
    from tradewright.adapters.venues.transport.sender import connections
    from tradewright.adapters.venues.transport.sockets import AiohttpDialer

    streams = addresses_of(reach)[1]
    async with connections() as session:
        dialect = BinanceDialect(_client(reach, session), streams, *tap)
        yield LiveFeed(dialect, AiohttpDialer(session, reach.waits(_ANSWER_S)), WallClock()), dialect


@asynccontextmanager
async def history_of(reach: Reach) -> AsyncIterator[History]:
    """A venue's past, for as long as the block runs.

    Raises:
        UnknownName: there is no such venue.
        InvalidValue: the address is none.
    """
    if reach.exchange not in EXCHANGES:
        from tradewright.adapters.venues.ccxt.history import CcxtHistory

        async with _by_ccxt(reach) as asker:
            yield CcxtHistory(asker)
        return
    from tradewright.adapters.venues.binance.history import BinanceHistory
    from tradewright.adapters.venues.transport.sender import connections

    addresses_of(reach)
    async with connections() as session:
        yield BinanceHistory(reach.exchange, _client(reach, session))


@asynccontextmanager
async def market_of(reach: Reach) -> AsyncIterator[tuple[History, Feed]]:
    """A venue's past, and its markets as they happen, for as long as the block runs.

    Raises:
        UnknownName: there is no such venue.
        InvalidValue: the address is none.
    """
    async with history_of(reach) as history, live_feed(reach) as stream:
        yield history, stream


@asynccontextmanager
async def _by_ccxt(reach: Reach) -> AsyncIterator[Asker]:
    from tradewright.adapters.venues.ccxt.library import elsewhere, known_exchanges
    from tradewright.adapters.venues.ccxt.reading import reading
    from tradewright.adapters.venues.transport.client import Patience

    name, known = reach.exchange.removeprefix("ccxt:"), known_exchanges()
    if name not in known:
        raise UnknownName("exchange", reach.exchange, {*EXCHANGES, *known})
    _check(reach.rest)
    timeout_s = reach.waits(_ANSWER_S)
    patience = reach.patience(Patience(reads_s=_CCXT_PATIENCE_S, first_s=0.5, most_s=30.0), timeout_s)
    changes = elsewhere(name, reach.rest, reach.heard_at)
    async with reading(name, WallClock(), patience, timeout_s, changes) as asker:
        yield asker


def shared_address(url: str) -> Address:
    """What all who ask a venue from this process share: the weight of our address, the breaker, the venue's clock.

    Args:
        url: where the venue answers. It must be asked for where an event loop runs; each loop has its own.
    """
    from tradewright.adapters.venues.binance.house_rules import usdm_address

    own = _ADDRESSES.setdefault(asyncio.get_running_loop(), {})
    if url not in own:
        own[url] = usdm_address()
    return own[url]


def _client(reach: Reach, session: Any) -> Client:
    from tradewright.adapters.venues.binance.house_rules import verdict
    from tradewright.adapters.venues.transport.client import Client, Patience
    from tradewright.adapters.venues.transport.door import Door
    from tradewright.adapters.venues.transport.sender import AiohttpSender

    clock, address, timeout_s = WallClock(), addresses_of(reach)[0], reach.waits(_ANSWER_S)
    door = Door(shared_address(address), verdict=verdict)
    sender = AiohttpSender(session, address, timeout_s, partial(door.address.steady.now_ns, clock))
    chance = random.Random()  # noqa: S311 - waits, no secret
    patience = reach.patience(Patience(reads_s=PATIENCE_S), timeout_s)
    return Client(reach.exchange, sender, door, clock, patience=patience, chance=chance)
