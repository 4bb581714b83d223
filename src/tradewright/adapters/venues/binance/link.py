"""The way to Binance USDT-M for one account: what it counts, what its answers mean, and whose time is right."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.binance.house_rules import order_budgets, verdict
from tradewright.adapters.venues.transport.calls import Call
from tradewright.adapters.venues.transport.client import Client
from tradewright.adapters.venues.transport.door import Address, Door
from tradewright.domain.errors import VenueError, VenueRefusal

__all__ = ["KEY_REFUSED", "Link", "account_door"]

KEY_REFUSED = frozenset({-1002, -1022, -2014, -2015, -2017})
_TIME_WRONG = frozenset({-1021, -5028})
_NS_PER_MS = 1_000_000


def account_door(address: Address) -> Door:
    """The way of one account; to be shared by all who use its key."""
    return Door(address, order_budgets(), verdict)


class Link:
    """Asks for an account, and knows the venue's time.

    Args:
        client: that asks, with the signer of the account.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.venue = client.venue

    async def ask(self, call: Call) -> Any:
        """Ask; the body of the answer. A request that came at a wrong time was not done: it is sent once more.

        Raises:
            VenueRefusal: the venue understood and refused.
            VenueUnavailable: it could not be asked; nothing was done.
            OutcomeUnknown: a write was sent, and whether it was done is not known.
        """
        if call.signed and not self.client.door.address.offset.is_known:
            await self.now()
        try:
            return await self.client.json(call)
        except VenueRefusal as error:
            if error.number not in _TIME_WRONG:
                raise
        self.client.door.address.offset.forget()
        await self.now()
        return await self.client.json(call)

    async def now(self) -> int:
        """Ask the venue for its time, and remember it; UTC ns.

        Raises:
            VenueError: it could not be asked.
        """
        reply = await self.client.ask(Call("GET", "/fapi/v1/time"))
        try:
            server = int(reply.body["serverTime"]) * _NS_PER_MS
        except (KeyError, TypeError, ValueError):
            raise VenueError(f"{self.venue}: GET /fapi/v1/time: an answer without a time") from None
        self.client.door.address.offset.observe(reply.sent_ns, server, reply.received_ns)
        return server

    def venue_time(self) -> int:
        """The time at the venue, as far as it is known; UTC ns."""
        clock = self.client.now_ns()
        return clock + self.client.door.address.offset.offset_ns(clock)
