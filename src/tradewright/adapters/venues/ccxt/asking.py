"""Reads of CCXT: tried again while the trouble is on the way, and told in our words when it is not."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tradewright.adapters.venues.ccxt.outcomes import raise_read, words_of
from tradewright.adapters.venues.transport.client import Patience
from tradewright.domain.errors import VenueRefusal, VenueUnavailable
from tradewright.ports.clock import Clock

__all__ = ["Asker"]

T = TypeVar("T")
_SHUT_OUT = (" 401 ", " 403 ", " 451 ")


class Asker:
    """Asks one exchange; the library keeps its rate by itself, for all who ask through one instance.

    Args:
        exchange: of the library.
        clock: our time.
        patience: how long a read is tried, how often, and with which waits.
        chance: draws the waits between two tries.
    """

    def __init__(self, exchange: Any, clock: Clock, patience: Patience, chance: random.Random) -> None:
        self.exchange, self.clock = exchange, clock
        self._patience, self.chance = patience, chance

    async def read(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask for data.

        Raises:
            VenueRefusal: the venue refused; 403 and 451, which the library takes for passing trouble, are refusals.
            VenueUnavailable: it could not be reached for longer than is waited, or more often than is tried.
        """
        import ccxt  # noqa: PLC0415 - heavy

        backoff, until = self._patience.backoff(self.chance), self.clock.monotonic() + self._patience.reads_s
        while True:
            try:
                return await ask()
            except ccxt.AuthenticationError as error:
                raise_read(self.exchange.id, error)
            except ccxt.OperationFailed as error:
                text = f"{self.exchange.id}: {words_of(error)}"
                if any(status in str(error)[:200] for status in _SHUT_OUT):
                    raise VenueRefusal(text, 403) from error
                if self._patience.is_spent(backoff):
                    raise VenueUnavailable(f"{text} ({backoff.tries + 1} times)") from error
                wait = max(backoff.next(), self._asked_to_wait(error))
                if self.clock.monotonic() + wait > until:
                    raise VenueUnavailable(text) from error
                await self.clock.sleep(wait)
            except ccxt.BaseError as error:
                raise_read(self.exchange.id, error)

    def _asked_to_wait(self, error: Exception) -> float:
        import ccxt  # noqa: PLC0415 - heavy

        if not isinstance(error, ccxt.DDoSProtection | ccxt.RateLimitExceeded):
            return 0.0
        headers = {str(k).lower(): str(v) for k, v in (self.exchange.last_response_headers or {}).items()}
        told = headers.get("retry-after", "")
        return float(told) if told.isdigit() else 0.0
