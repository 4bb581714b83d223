"""A position whose stop does not lie at the venue: borne for the stated time, then closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.orders import Rejected
from tradewright.domain.signal import Signal
from tradewright.services.live.guards import Guards
from tradewright.services.live.requests import Place
from tradewright.testing.driver_rig import DriverRig, run_driver
from tradewright.testing.live_desk import LiveDesk

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)
TRIPPED = {"kind": "kill", "flatten": True, "text": "a position has been without its stop for 10 s"}


def bought(desk: LiveDesk) -> dict[str, str]:
    """Buy one at the first bar; our names of stop and target, which are sent and not yet answered."""
    desk.bar()
    (entry,) = [one.order.client_id for one in desk.go() if isinstance(one, Place)]
    desk.fill(entry, "1", "1000.0")
    return {one.order.kind: one.order.client_id for one in desk.send() if isinstance(one, Place)}


class TestGuard:
    """The rule by itself, seconds told by hand."""

    def test_the_time_is_borne_and_then_all_is_closed(self) -> None:
        """At ten seconds all is well, beyond it everything is cancelled and closed; the span then begins anew."""
        desk = LiveDesk({0: LONG})
        own = Guards(desk.live, LiveTerms(bare_s=10.0))
        bought(desk)
        assert [] == own.due(100.0)
        assert [] == own.due(110.0)
        assert [TRIPPED] == own.due(110.25)
        assert [] == own.due(111.0)
        assert [TRIPPED] == own.due(121.25)

    def test_a_stop_that_comes_in_time_ends_the_span(self) -> None:
        """The next one, after the stop is gone again, is reckoned from its own beginning."""
        desk = LiveDesk({0: LONG})
        own = Guards(desk.live, LiveTerms(bare_s=10.0))
        names = bought(desk)
        assert [] == own.due(100.0)
        desk.accept(names["stop"])
        assert [] == own.due(110.25)
        desk.change(names["stop"], status=OrderStatus.CANCELED)
        assert [] == own.due(111.0)
        assert [] == own.due(121.0)
        assert [TRIPPED] == own.due(121.25)

    def test_a_stop_for_less_than_is_held_does_not_count(self) -> None:
        """Half of a position without its stop is a position without its stop."""
        desk = LiveDesk({0: LONG})
        own = Guards(desk.live, LiveTerms(bare_s=10.0))
        names = bought(desk)
        desk.live.tickets.by_name[names["stop"]].order = replace(desk.sent(names["stop"]), quantity=Decimal("0.5"))
        desk.accept(names["stop"])
        assert [] == own.due(100.0)
        assert [TRIPPED] == own.due(110.25)

    def test_a_position_that_was_never_to_have_a_stop_is_none_of_its_concern(self) -> None:
        """The strategy decides whether there is one; the guard, whether it lies where it should."""
        desk = LiveDesk({})
        own = Guards(desk.live, LiveTerms(bare_s=10.0))
        desk.bar()
        desk.check(held="1", policy="adopt")
        desk.check(held="1", policy="adopt")
        assert 100 == desk.held
        assert [] == own.due(100.0)
        assert [] == own.due(1_000.0)


def no_stops(order: Any) -> Rejected | None:
    """A venue that has a reason against every stop."""
    return Rejected("no stops today", Code.VENUE_BUSY) if order.kind == "stop" else None


class TestAtAVenue:
    """A driver, a venue and simulated time."""

    @pytest.mark.parametrize("bare_s", [10.0, 25.0])
    def test_that_refuses_every_stop_the_position_is_closed_after_the_time(self, bare_s: float) -> None:
        """The session halts with the reason, takes back what rests, and sells what it bought."""

        async def act(rig: DriverRig) -> None:
            rig.venue.refuses = no_stops
            await rig.minutes(1)
            while not rig.held:
                await rig.clock.sleep(0.25)
            bought_at = rig.clock.monotonic()
            while rig.held:
                await rig.clock.sleep(0.25)
            assert bare_s <= rig.clock.monotonic() - bought_at <= bare_s + 1.5
            await rig.minutes(1)
            assert f"a position has been without its stop for {bare_s:g} s" == rig.live.halted
            assert [] == rig.resting()
            assert ["buy", "sell"] == [one.side for one in rig.venue.exchange.trades]
            assert 0 == rig.live.session.held_lots(0)

        run_driver({1: LONG}, act, terms=LiveTerms(bare_s=bare_s))

    def test_that_takes_the_stop_within_the_time_nothing_is_closed(self) -> None:
        """It is sent again until it is taken, before its tries are used up; then the position stands behind it."""

        async def act(rig: DriverRig) -> None:
            rig.venue.refuses = no_stops
            while not rig.held:
                await rig.clock.sleep(0.25)
            await rig.clock.sleep(1.0)
            rig.venue.refuses = lambda _: None
            await rig.minutes(1)
            assert 1.0 == rig.held
            assert {"stop", "take_profit"} == {one.kind for one in rig.resting()}
            assert "" == rig.live.halted

        run_driver({1: LONG}, act, terms=LiveTerms(bare_s=10.0))

    def test_the_position_of_a_process_that_died_is_closed_by_the_next_life_in_its_own_time(self) -> None:
        """A new life does not know for how long it has been bare: its time is reckoned from when it sees it."""

        async def act(rig: DriverRig) -> None:
            rig.venue.refuses = no_stops
            while not rig.held:
                await rig.clock.sleep(0.25)
            await rig.clock.sleep(8.0)
            await rig.kill()
            await rig.clock.sleep(60.0)
            assert 1.0 == rig.held
            await rig.start()
            begun = rig.clock.monotonic()
            while rig.held:
                await rig.clock.sleep(0.25)
            assert 10.0 <= rig.clock.monotonic() - begun <= 12.0

        run_driver({1: LONG}, act, terms=LiveTerms(bare_s=10.0))
