"""How much a client may ask: weight by address, orders by account, and the ban of those who do not listen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tradewright.adapters.venues.practice.refusal import VenueError

__all__ = ["Limits", "RateBook"]

_MINUTE, _TEN_SECONDS = 60_000, 10_000
_PATIENCE = 10
_FIRST_BAN, _LONGEST_BAN = 120_000, 3 * 86_400_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed.

    Args:
        weight: of an address in a minute.
        orders_minute: of an account.
        orders_10s: of an account.
        tells_wait: whether answers say when to try again.
        spot_weight: of an address in a minute, for the spot market's data.
    """

    weight: int = 2_400
    orders_minute: int = 1_200
    orders_10s: int = 300
    tells_wait: bool = True
    spot_weight: int = 6_000


@dataclass(slots=True)
class _Visitor:
    minute: int = 0
    used: int = 0
    deaf: int = 0  # requests after the first 429
    banned_until: int = 0  # UTC ms
    bans: int = 0


class RateBook:
    """Counts what was asked, in the exchange's own time.

    Args:
        limits: of all.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._visitors: dict[str, _Visitor] = defaultdict(_Visitor)
        self._orders: dict[tuple[str, int], tuple[int, int]] = {}

    def used(self, address: str, now: int) -> int:
        """Weight of an address in this minute."""
        visitor = self._visitors[address]
        return visitor.used if visitor.minute == now // _MINUTE else 0

    def wait(self, address: str, now: int) -> int:
        """After how many seconds an address may ask again."""
        until = max(self._visitors[address].banned_until, (now // _MINUTE + 1) * _MINUTE)
        return max(-(-(until - now) // 1_000), 1)

    def weigh(self, address: str, weight: int, now: int) -> None:
        """Count a request.

        Raises:
            VenueError: 429, and for those who go on asking 418.
        """
        visitor = self._visitors[address]
        if now < visitor.banned_until:
            raise self._banned(address, visitor)
        if visitor.minute != now // _MINUTE:
            visitor.minute, visitor.used, visitor.deaf = now // _MINUTE, 0, 0
        visitor.used += weight
        if visitor.used > self.limits.weight:
            visitor.deaf += 1
            if visitor.deaf > _PATIENCE:
                visitor.banned_until = now + min(_FIRST_BAN << visitor.bans, _LONGEST_BAN)
                visitor.bans += 1
                raise self._banned(address, visitor)
            text = f"Too many requests; current limit of IP({address}) is {self.limits.weight} requests per minute."
            raise VenueError(-1003, f"{text} Please use the websocket for live updates to avoid polling the API.", 429)

    @staticmethod
    def _banned(address: str, visitor: _Visitor) -> VenueError:
        text = f"Way too many requests; IP({address}) banned until {visitor.banned_until}."
        return VenueError(-1003, f"{text} Please use the websocket for live updates to avoid bans.", 418)

    def count_orders(self, key: str, number: int, now: int) -> None:
        """Count orders of an account.

        Raises:
            VenueError: -1015.
        """
        for length, most, words in (
            (_TEN_SECONDS, self.limits.orders_10s, "10 SECOND"),
            (_MINUTE, self.limits.orders_minute, "1 MINUTE"),
        ):
            count = self.ordered(key, length, now) + number
            self._orders[key, length] = (now // length, count)
            if count > most:
                raise VenueError(-1015, f"Too many new orders; current limit is {most} orders per {words}.", 429)

    def ordered(self, key: str, length: int, now: int) -> int:
        """Orders of an account in this span of so many ms."""
        span, count = self._orders.get((key, length), (0, 0))
        return count if span == now // length else 0

    def headers(self, address: str, key: str, orders: int, now: int) -> dict[str, str]:
        """What every answer says of the limits."""
        told = {"X-MBX-USED-WEIGHT-1M": str(self.used(address, now))}
        if orders:
            told["X-MBX-ORDER-COUNT-10S"] = str(self.ordered(key, _TEN_SECONDS, now))
            told["X-MBX-ORDER-COUNT-1M"] = str(self.ordered(key, _MINUTE, now))
        return told
