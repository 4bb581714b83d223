"""Venues by name, with the network and the world's clock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.wiring import shelves
from tradewright.domain.errors import InvalidValue, UnknownName

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.history import History
    from tradewright.services.download_bars import Downloaded
    from tradewright.services.downloads import DownloadRequest

__all__ = ["EXCHANGES", "PATIENCE_S", "address_of", "download"]

EXCHANGES = {"binance": "https://fapi.binance.com", "practice": "http://127.0.0.1:18080"}
"""Venues whose protocol is our own work, and where each answers."""
_ANSWER_S = 10.0
PATIENCE_S = 8.0
"""How long we wait for a venue that does not answer at all; pages of a download, once begun, wait far longer."""


def address_of(exchange: str, url: str | None) -> str:
    """Where a venue answers.

    Args:
        exchange: its name.
        url: an address instead of its own.

    Raises:
        UnknownName: there is no such venue.
        InvalidValue: the address is none.
    """
    if exchange not in EXCHANGES:
        raise UnknownName("exchange", exchange, EXCHANGES)
    if url is None:
        return EXCHANGES[exchange]
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise InvalidValue("--url", url, "an address such as https://fapi.binance.com or http://127.0.0.1:18080")
    return url


def download(
    settings: Settings, exchange: str, url: str | None, request: DownloadRequest, progress: Callable[[int, int], None]
) -> tuple[Downloaded, ...]:
    """Download history into the store; see `services.downloads.Downloads.run`."""
    from tradewright.services.downloads import Downloads

    address = address_of(exchange, url)

    async def act() -> tuple[Downloaded, ...]:
        async with _history(exchange, address) as history:
            return await Downloads(shelves(settings), history).run(request, progress)

    return asyncio.run(act())


@asynccontextmanager
async def _history(exchange: str, address: str) -> AsyncIterator[History]:
    from tradewright.adapters.venues.binance.history import BinanceHistory
    from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
    from tradewright.adapters.venues.transport.client import Client, Patience
    from tradewright.adapters.venues.transport.door import Door
    from tradewright.adapters.venues.transport.sender import AiohttpSender, connections

    clock = WallClock()
    async with connections() as session:
        sender = AiohttpSender(session, address, _ANSWER_S, clock.now_ns)
        chance = random.Random()  # noqa: S311 - waits, no secret
        patience = Patience(reads_s=PATIENCE_S)
        door = Door(usdm_address(), verdict=verdict)
        yield BinanceHistory(exchange, Client(exchange, sender, door, clock, patience=patience, chance=chance))
