"""Opens an account at Binance USDT-M futures, or at an exchange that speaks as it does."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from aiohttp import ClientSession

from tradewright.adapters.venues.binance.abilities import BINANCE
from tradewright.adapters.venues.binance.house_rules import MAIN, usdm_address
from tradewright.adapters.venues.binance.link import Link, account_door
from tradewright.adapters.venues.binance.signing import Keys, signer
from tradewright.adapters.venues.binance.user_stream import StreamTerms, UserStream
from tradewright.adapters.venues.binance.venue import BinanceVenue
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.adapters.venues.transport.sender import AiohttpSender
from tradewright.domain.abilities import VenueAbilities
from tradewright.ports.clock import Clock

__all__ = ["REAL", "Addresses", "Opening"]


class Addresses(NamedTuple):
    """Where a venue is; without paths."""

    rest: str
    streams: str


REAL = Addresses(MAIN, "wss://fstream.binance.com")


@dataclass(slots=True)
class Opening:
    """What is needed to open an account.

    Args:
        keys: of the account.
        clock: our time.
        addresses: of the venue.
        abilities: of the venue, with its name.
        door: shared by all who use these keys; None makes one, with an address of its own.
        timeout_s: in which an answer must come; then the outcome of a write is unknown.
        patience: how long is waited.
        watch: how closely the user stream is watched.
        seed: draws the waits between two tries.
    """

    keys: Keys
    clock: Clock
    addresses: Addresses = REAL
    abilities: VenueAbilities = BINANCE
    door: Door | None = None
    timeout_s: float = 10.0
    patience: Patience = field(default_factory=Patience)
    watch: StreamTerms = field(default_factory=StreamTerms)
    seed: int = 0

    @asynccontextmanager
    async def venue(self) -> AsyncIterator[BinanceVenue]:
        """The account, and its connections for as long as it is used."""
        async with ClientSession() as session:
            yield self._over(session)

    def _over(self, session: ClientSession) -> BinanceVenue:
        chance = random.Random(self.seed)  # noqa: S311 - no secret
        door = self.door or account_door(usdm_address())
        now_ns = partial(door.address.steady.now_ns, self.clock)
        sender = AiohttpSender(session, self.addresses.rest, self.timeout_s, now_ns)
        client = Client(self.abilities.venue, sender, door, self.clock, signer(self.keys), self.patience, chance)
        stream = UserStream(session, self.addresses.streams.rstrip("/"), self.watch, chance)
        return BinanceVenue(Link(client), self.abilities, stream)
