"""Opens an exchange of CCXT to read its market, without an account."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.library import make
from tradewright.ports.clock import Clock

__all__ = ["reading"]

_TIMEOUT_MS = 10_000


@asynccontextmanager
async def reading(
    name: str, clock: Clock, patience_s: float, changes: Mapping[str, Any] | None = None
) -> AsyncIterator[Asker]:
    """An exchange, and its connections for as long as the block runs.

    Args:
        name: as the library knows it.
        clock: our time.
        patience_s: how long a read is tried.
        changes: to what the library knows of it, such as its addresses.

    Raises:
        UnknownName: the library has no such exchange.
    """
    exchange = make(name, {}, {"timeout": _TIMEOUT_MS, **(changes or {})})
    chance = random.Random()  # noqa: S311 - waits, no secret
    try:
        yield Asker(exchange, clock, patience_s, chance)
    finally:
        await exchange.close()
