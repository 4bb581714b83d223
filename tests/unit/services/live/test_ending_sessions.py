"""The end of a session at a venue: nothing that opens is begun in it, however long it takes."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code
from tradewright.domain.intents import OrderIntent
from tradewright.domain.orders import Rejected, Unknown
from tradewright.domain.signal import Signal
from tradewright.testing.driver_rig import DriverRig, run_driver
from tradewright.testing.small_market import SMALL

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)


def lost(_order: Any) -> Unknown:
    """The order never comes, and nobody says so."""
    return Unknown("no answer")


async def until_ending(rig: DriverRig) -> None:
    """Two seconds before the second bar closes the session is told to end; an order of a person's keeps it waiting."""
    await rig.clock.sleep(117.0)
    rig.venue.refuses = lost
    await rig.ask("place", symbol=SMALL.symbol, order={"side": "buy", "quantity": 1.0, "kind": "limit", "price": 950.0})
    rig.venue.refuses = lambda _: None
    assert rig.driver is not None
    rig.driver.stop.set()


def test_a_bar_that_closes_meanwhile_decides_nothing() -> None:
    """Its signal would be an order that nobody looks after."""

    async def act(rig: DriverRig) -> None:
        await until_ending(rig)
        await rig.stop()
        assert rig.clock.monotonic() > 121.0
        assert {} == rig.venue.exchange.orders
        assert [] == list(rig.live.session.open_orders())

    run_driver({1: LONG}, act)


def test_who_wants_to_open_meanwhile_is_told_why_not() -> None:
    """Left lying, his wish would be done when the session is taken up again, whenever that is."""

    async def act(rig: DriverRig) -> None:
        await until_ending(rig)
        number = await rig.ask("place", symbol=SMALL.symbol, order={"side": "buy", "quantity": 2.0})
        await rig.stop()
        (refusal,) = [str(one["refusal"]) for one in rig.told if "refusal" in one]
        assert "the session is ending" in refusal
        assert {} == rig.venue.exchange.orders
        assert [] == list(await rig.sessions.asked(rig.live.name))
        assert refusal == await rig.sessions.answer(rig.live.name, number)

    run_driver({}, act)


def test_a_position_is_closed_meanwhile_where_somebody_asks_for_it() -> None:
    """What closes is never refused."""

    async def act(rig: DriverRig) -> None:
        await until_ending(rig)
        await rig.ask("close", symbol=SMALL.symbol, part=1.0)
        await rig.stop()
        assert 0.0 == rig.held
        assert [] == rig.resting()

    run_driver({0: LONG}, act)


def test_after_the_switch_is_lifted_nothing_is_sent() -> None:
    """The venue refuses to lift it until the bar has closed: its signal sends nothing."""

    async def act(rig: DriverRig) -> None:
        await rig.clock.sleep(119.3)
        rig.venue.count_answer = lambda: Rejected("busy", Code.VENUE_BUSY)
        await rig.stop()
        assert rig.clock.monotonic() > 120.5
        assert {} == rig.venue.exchange.orders
        assert "could not be lifted" in rig.live.notes[-1][1]

    run_driver({1: [OrderIntent("buy", 1.0)]}, act)
