"""What the events of every `Venue` must be; see `testing.venue_contract` for how to use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from tradewright.domain.orders import Order
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    FundingPaid,
    Gap,
    OrderChanged,
    PositionsChanged,
    Synced,
    UserEvent,
)
from tradewright.testing.practice import START
from tradewright.testing.venue_contract import OpenRig, a_bid, accepted, an_order, run_rig
from tradewright.testing.venues import BTC, Rig

__all__ = ["Ear", "VenueStreamSuite", "listening"]

_DEAF_S = 60.0
_NEARLY_DUE = START + (8 * 3_600 - 60) * 1_000_000_000
"""A minute before funding is."""


class Ear:
    """Hears what a venue tells, and folds it.

    Args:
        rig: whose venue is heard.
    """

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.heard: list[UserEvent] = []
        self.has_ended = False
        self._news = asyncio.Event()

    async def listen(self) -> None:
        """Hear until cancelled."""
        try:
            async for event in self.rig.venue.events():
                self.heard.append(event)
                self._news.set()
        finally:
            self.has_ended = True
            self._news.set()

    async def until(self, wanted: Callable[[], bool]) -> None:
        """Wait until what was heard is as wanted."""
        async with asyncio.timeout(_DEAF_S):
            while not wanted():
                assert not self.has_ended, "the events came to an end"
                self._news.clear()
                await self._news.wait()

    def of(self, kind: type[Any]) -> list[Any]:
        """The events of a kind."""
        return [event for event in self.heard if isinstance(event, kind)]

    def orders(self) -> dict[str, Order]:
        """Each order as it was told last."""
        return {event.order.client_id: event.order for event in self.of(OrderChanged)}

    def executions(self) -> list[tuple[str, Decimal]]:
        """Each fill by its id, as often as it was told; below 0 sold."""
        return [
            (event.fill.id, event.fill.quantity if event.fill.side == "buy" else -event.fill.quantity)
            for event in self.of(Filled)
        ]

    def knows_all(self) -> bool:
        """Whether what was heard is what the exchange's own books say, each fill once."""
        told = self.orders()
        for name, booked in self.rig.booked().items():
            # Only what came and went within a gap, and left nothing, may go untold.
            if name in told and (told[name].is_open, told[name].filled) != (booked.is_open, booked.filled):
                return False
            if name not in told and (booked.is_open or booked.filled):
                return False
        return sorted(self.executions()) == sorted(self.rig.executions().items())


@asynccontextmanager
async def listening(rig: Rig) -> AsyncIterator[Ear]:
    """Listen, from the first `Synced` on."""
    ear = Ear(rig)
    task = asyncio.create_task(ear.listen())
    try:
        await ear.until(lambda: bool(ear.of(Synced)))
        yield ear
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()


async def _trade(rig: Rig, round_: str) -> None:
    """Buy, sell, rest, cancel: some of everything."""
    accepted(await rig.venue.place(an_order(f"in-{round_}")))
    bid = accepted(await rig.venue.place(a_bid(rig, f"bid-{round_}")))
    trigger = (rig.last() * Decimal("0.9")).quantize(Decimal("0.1"))
    stop = an_order(f"stop-{round_}", side="sell", kind="stop", trigger=trigger)
    accepted(await rig.venue.place(stop))
    accepted(await rig.venue.place(an_order(f"out-{round_}", side="sell")))
    accepted(await rig.venue.cancel(bid.ref))
    accepted(await rig.venue.cancel(stop.ref))
    accepted(await rig.venue.place(a_bid(rig, f"left-{round_}")))


class VenueStreamSuite:
    """The contract of a venue's events: what is told, folded, is what the exchange's own books say."""

    def test_it_begins_with_how_things_stand(self, open_rig: OpenRig) -> None:
        """Open orders, positions and balances are told before the first `Synced`; old fills are not."""

        async def act(rig: Rig) -> None:
            accepted(await rig.venue.place(an_order("tw-1")))
            accepted(await rig.venue.place(a_bid(rig, "tw-2")))
            await rig.wait(120.0)
            async with listening(rig) as ear:
                assert isinstance(ear.heard[-1], Synced)
                assert list(ear.orders()) == ["tw-2"]
                assert [one.instrument for one in ear.of(PositionsChanged)[-1].positions] == [BTC]
                assert ear.of(BalancesChanged)[-1].balances[0].wallet < Decimal(10_000)
                assert ear.of(Filled) == []

        run_rig(open_rig, act)

    def test_what_happens_is_told_once(self, open_rig: OpenRig) -> None:
        """Orders, fills, balances and positions are told as they change, without a gap."""

        async def act(rig: Rig) -> None:
            async with listening(rig) as ear:
                await _trade(rig, "a")
                await ear.until(ear.knows_all)
                await ear.until(lambda: bool(ear.of(BalancesChanged)))
                assert {"in-a", "out-a"} == {event.fill.client_id for event in ear.of(Filled)}
                told = [one for event in ear.of(PositionsChanged) for one in event.positions]
                assert not told or told[-1].quantity == 0
                assert ear.of(Gap) == []

        run_rig(open_rig, act)

    @pytest.mark.parametrize(
        "faults",
        [
            ({"kind": "user_lost", "chance": 0.5, "count": 0},),
            ({"kind": "user_duplicate", "chance": 0.5, "count": 0},),
            ({"kind": "user_reorder", "chance": 0.5, "count": 0},),
            ({"kind": "ws_close", "after": 3},),
            ({"kind": "ws_abort"}, {"kind": "ws_refuse", "count": 2}),
            ({"kind": "ws_silence", "delay": 3_600.0},),
            ({"kind": "listen_key_expire"},),
            ({"kind": "user_lost", "count": 0}, {"kind": "drop", "method": "GET", "chance": 0.2, "count": 0}),
            (
                {"kind": "user_lost", "count": 0},
                {"kind": "drop", "method": "GET", "path": "/fapi/v1/income", "count": 9},
            ),
        ],
        ids=lambda faults: "+".join(one["kind"] for one in faults),
    )
    def test_whatever_strikes_the_stream_nothing_is_lost_or_told_twice(
        self, open_rig: OpenRig, faults: tuple[dict[str, Any], ...]
    ) -> None:
        """Messages are lost, doubled, turned round, cut off: in the end all is told, each fill once, gaps are named."""

        async def act(rig: Rig) -> None:
            async with listening(rig) as ear:
                await _trade(rig, "a")
                for fault in faults:
                    rig.strike(**fault)
                await _trade(rig, "b")
                await ear.until(ear.knows_all)
                rig.calm()
                await _trade(rig, "c")
                await ear.until(ear.knows_all)
                gaps = [n for n, event in enumerate(ear.heard) if isinstance(event, Gap)]
                synced = [n for n, event in enumerate(ear.heard) if isinstance(event, Synced)]
                assert not gaps or gaps[-1] < synced[-1]

        run_rig(open_rig, act)

    def test_funding_is_told_once_with_its_instrument(self, open_rig: OpenRig) -> None:
        """What was paid is told by instrument, exactly and once, and listed for whoever was away."""

        async def act(rig: Rig) -> None:
            async with listening(rig) as ear:
                accepted(await rig.venue.place(an_order("tw-1")))
                await rig.wait(120.0)
                await ear.until(lambda: bool(ear.of(FundingPaid)))
                incomes = rig.server.gateway.exchange.seats[rig.key].ledger.incomes
                paid = [Decimal(f"{one.amount:.8f}") for one in incomes if one.kind == "FUNDING_FEE"]
                assert [(BTC, amount) for amount in paid] == [
                    (event.instrument, event.amount) for event in ear.of(FundingPaid)
                ]
                assert ear.of(FundingPaid) == [*await rig.venue.payments(_NEARLY_DUE)]
                assert await rig.venue.payments(_NEARLY_DUE + 3_600 * 1_000_000_000) == ()

        run_rig(open_rig, act, start=_NEARLY_DUE)
