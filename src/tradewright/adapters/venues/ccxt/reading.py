"""Opens an exchange of CCXT to read its market, without an account."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.library import make
from tradewright.adapters.venues.transport.client import Patience
from tradewright.ports.clock import Clock

__all__ = ["reading"]


@asynccontextmanager
async def reading(
    name: str, clock: Clock, patience: Patience, timeout_s: float = 10.0, changes: Mapping[str, Any] | None = None
) -> AsyncIterator[Asker]:
    """An exchange, and its connections for as long as the block runs.

    Args:
        name: as the library knows it.
        clock: our time.
        patience: how long a read is tried, how often, and with which waits.
        timeout_s: in which an answer must be there.
        changes: to what the library knows of it, such as its addresses.

    Raises:
        UnknownName: the library has no such exchange.
    """
    exchange = make(name, {}, {"timeout": round(1_000 * timeout_s), **(changes or {})})
    chance = random.Random()  # noqa: S311 - waits, no secret
    try:
        yield Asker(exchange, clock, patience, chance)
    finally:
        await exchange.close()
