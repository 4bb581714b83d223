"""How a venue is reached: where it answers, how long an answer may take, how often what changes nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.adapters.venues.transport.client import Patience

__all__ = ["Reach"]

_NOT_ADDRESSES = ("/ws", "/stream")
_ACCOUNT_S = 30.0


@dataclass(frozen=True, slots=True)
class Reach:
    """How one venue is reached.

    Args:
        exchange: name of the venue.
        rest: address of its requests instead of its own.
        streams: address of its streams instead of its own; without it, where the requests go if they go elsewhere.
        timeout_s: seconds that an answer may take; None takes what is usual there.
        retries: times that a read is sent again; None for as many as there is time for.
        backoff_factor: by which the wait grows from one try to the next.
    """

    exchange: str = "practice"
    rest: str | None = None
    streams: str | None = None
    timeout_s: float | None = None
    retries: int | None = None
    backoff_factor: float = 2.0

    def at(self, exchange: str, url: str | None = None) -> Reach:
        """The same for what a command says: another venue, or another address, has not the addresses of this one.

        Example:
            >>> Reach("binance", "https://proxy.example", retries=2).at("kraken")
            Reach(exchange='kraken', rest=None, streams=None, timeout_s=None, retries=2, backoff_factor=2.0)
        """
        if exchange == self.exchange and url in (None, self.rest):
            return self
        return replace(self, exchange=exchange, rest=url, streams=None)

    @property
    def heard_at(self) -> str | None:
        """Where streams are, if it is said: by itself, or by where requests go."""
        if self.streams is not None:
            return _without_path(self.streams)
        return None if self.rest is None else "ws" + self.rest.rstrip("/").removeprefix("http")

    def waits(self, usual_s: float) -> float:
        """Seconds that an answer may take."""
        return usual_s if self.timeout_s is None else self.timeout_s

    def patience(self, usual: Patience, timeout_s: float) -> Patience:
        """How reads are tried.

        Args:
            usual: where nothing is said.
            timeout_s: that each try may take.
        """
        if self.retries is None:
            return replace(usual, factor=self.backoff_factor)
        # Time for all tries, so that it is their number that counts.
        whole = (self.retries + 1) * timeout_s + self.retries * usual.most_s
        return replace(
            usual, factor=self.backoff_factor, retries=self.retries, reads_s=whole, bulk_s=max(whole, usual.bulk_s)
        )

    def account_patience(self, usual: Patience, timeout_s: float) -> Patience:
        """The same for an account: what became of an order must be known soon, however often reads may be tried."""
        wished = self.patience(usual, timeout_s)
        return replace(wished, reads_s=min(wished.reads_s, _ACCOUNT_S))


def _without_path(streams: str) -> str:
    # Users of other programs end it with the path of a socket, as in wss://fstream.binance.com/ws.
    address = streams.rstrip("/")
    for path in _NOT_ADDRESSES:
        address = address.removesuffix(path)
    return address
