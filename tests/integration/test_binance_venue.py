"""The adapter of Binance USDT-M futures against the practice exchange, over sockets, faults and all."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable

import pytest

from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.domain.errors import VenueError, VenueRefusal
from tradewright.domain.user_events import UserEvent
from tradewright.ports.venue import Venue
from tradewright.testing.practice import KEY, SECRET
from tradewright.testing.venue_contract import OpenRig, VenueSuite, a_bid, run_rig
from tradewright.testing.venue_stream_contract import VenueStreamSuite
from tradewright.testing.venue_terms_contract import VenueTermsSuite
from tradewright.testing.venues import Rig, WallClock, binance_on_practice, ccxt_on_practice, practice_rig


class TestBinanceOnPractice(VenueSuite, VenueTermsSuite, VenueStreamSuite):
    """The contract of venues, held by the adapter of Binance."""

    @pytest.fixture
    def open_rig(self) -> OpenRig:
        """An account at an exchange of its own."""
        return lambda **changes: practice_rig(binance_on_practice, **changes)


def test_no_secret_is_ever_shown() -> None:
    """Whatever fails, and however it is looked at: neither key nor secret nor signature stands in what is said."""

    async def act(rig: Rig) -> None:
        said: list[str] = [repr(rig.venue), repr(vars(rig.venue))]
        await rig.venue.instruments()
        for kind in ("drop", "execute_then_drop", "delay"):
            rig.strike(kind, method="POST", delay=0.8 if kind == "delay" else 0.0)
            said.append(repr(await rig.venue.place(a_bid(rig, f"tw-{kind.replace('_', '-')}"))))
        for fault in ({"kind": "maintenance", "count": 0}, {"kind": "drop", "count": 0}):
            rig.strike(**fault)
            try:
                await rig.venue.positions()
            except VenueError as error:
                said += traceback.format_exception(error)
            rig.calm()
        for text in said:
            for secret in (SECRET, KEY, "signature="):
                assert secret not in text, text

    for open_venue in (binance_on_practice, ccxt_on_practice):
        run_rig(lambda open_venue=open_venue, **changes: practice_rig(open_venue, **changes), act)


def test_a_key_that_the_venue_does_not_take_is_said_at_once() -> None:
    """A wrong key is no refusal of an order, and is not asked again and again: it raises, and hides the key."""

    async def act() -> None:
        async with practice_rig(binance_on_practice) as rig:
            wrong = Keys("no-such-key", "no-such-secret")
            base = rig.venue.link.client.sender._address
            opening = Opening(wrong, WallClock(), Addresses(base, base.replace("http", "ws")), PRACTICE)
            async with opening.venue() as venue:
                for ask in (venue.balances, lambda: venue.place(a_bid(rig, "tw-1")), anext_of(venue)):
                    with pytest.raises(VenueRefusal) as refused:
                        await ask()
                    assert "no-such" not in str(refused.value)

    asyncio.run(act())


def anext_of(venue: Venue) -> Callable[[], Awaitable[UserEvent]]:
    """The first event of a venue."""
    return lambda: anext(venue.events())
