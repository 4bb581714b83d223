"""Limits on losses of a session at a venue: nothing more is opened; what closes, reduces or cancels goes through."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code, OrderRole
from tradewright.domain.intents import Cancel, OrderIntent
from tradewright.domain.limits import LimitSpec
from tradewright.domain.orders import Order
from tradewright.domain.signal import Signal
from tradewright.testing.driver_rig import DriverRig, run_driver
from tradewright.testing.small_market import SMALL

LONG = Signal("long", 1_000.0, 900.0, 1_200.0)
TIGHT = Signal("long", 1_000.0, 995.0, 1_200.0)
FAR = OrderIntent("buy", 2.0, "limit", price=980.0, tag="far")
FALLING = [1_000.0, 1_000.0, 1_000.0, 993.0]
"""Ten at 1,000 lose 70 and 5 of fees at 993: 0.75 % of 10,000."""
LIMITS = {
    "day": (LimitSpec(max_day_loss=0.0074), Code.DAY_LOSS_REACHED),
    "week": (LimitSpec(max_week_loss=0.0074), Code.WEEK_LOSS_REACHED),
    "drawdown": (LimitSpec(max_drawdown=0.0069), Code.DRAWDOWN_REACHED),
}


def refusals(rig: DriverRig) -> list[Code]:
    """Of what the strategy or a person wished."""
    return [Code(int(one["code"])) for one in rig.live.session.world.refusals]


def kinds(orders: list[Order]) -> list[tuple[str, str, str]]:
    """Kind, side and quantity, in order of the letters."""
    return sorted((one.kind, one.side, str(one.quantity)) for one in orders)


@pytest.mark.parametrize("limit", LIMITS)
def test_beyond_a_limit_nothing_opens_and_the_stop_stays(limit: str) -> None:
    """A signal and an order that adds are refused by name; no order of theirs goes to the venue."""
    limits, code = LIMITS[limit]

    async def act(rig: DriverRig) -> None:
        await rig.minutes(4.5)
        assert 10.0 == rig.held
        sent = set(rig.venue.exchange.orders)
        await rig.minutes(3)
        assert [code, code] == refusals(rig)
        assert sent == set(rig.venue.exchange.orders)
        assert [("stop", "sell", "10"), ("take_profit", "sell", "10")] == kinds(rig.resting())
        assert "" == rig.live.halted

    run_driver({0: LONG, 4: [OrderIntent("buy", 1.0)], 5: [FAR]}, act, prices=FALLING, size=10.0, limits=limits)


@pytest.mark.parametrize("limit", LIMITS)
def test_short_of_a_limit_orders_go_their_way(limit: str) -> None:
    """A hundredth of a per cent less lost: the same order is sent."""
    name = {"day": "max_day_loss", "week": "max_week_loss", "drawdown": "max_drawdown"}[limit]

    async def act(rig: DriverRig) -> None:
        await rig.minutes(6.5)
        assert [] == refusals(rig)
        assert 11.0 == rig.held

    wishes = {0: LONG, 4: [OrderIntent("buy", 1.0)]}
    run_driver(wishes, act, prices=FALLING, size=10.0, limits=LimitSpec(**{name: 0.0076}))


@pytest.mark.parametrize("limit", LIMITS)
def test_beyond_a_limit_what_reduces_and_what_cancels_goes_to_the_venue(limit: str) -> None:
    """Part of the position is sold and the exits follow; an order that waits is taken back; the rest is closed."""
    limits, _ = LIMITS[limit]

    async def act(rig: DriverRig) -> None:
        await rig.minutes(4.5)
        assert ("limit", "buy", "2") in kinds(rig.resting())
        await rig.minutes(1)
        assert 6.0 == rig.held
        await rig.minutes(1)
        assert [("stop", "sell", "6"), ("take_profit", "sell", "6")] == kinds(rig.resting())
        await rig.minutes(1)
        assert 0.0 == rig.held
        assert [] == rig.resting()
        assert [] == refusals(rig)

    wishes: dict[int, Any] = {
        0: LONG, 1: [FAR], 4: [OrderIntent("sell", 4.0, reduce_only=True)], 5: [Cancel("far")], 6: Signal("exit"),
    }  # fmt: skip
    run_driver(wishes, act, prices=FALLING, size=10.0, limits=limits)


def test_a_person_may_close_and_cancel_beyond_a_limit_and_not_open() -> None:
    """What is asked by hand passes the same gate."""
    limits, code = LIMITS["day"]

    async def act(rig: DriverRig) -> None:
        await rig.minutes(4.5)
        (far,) = [int(one["id"]) for one in rig.live.session.open_orders() if not one["reduce_only"]]
        await rig.ask("place", symbol=SMALL.symbol, order={"side": "buy", "quantity": 1.0})
        assert [code] == refusals(rig)
        await rig.ask("close", symbol=SMALL.symbol, part=0.5)
        await rig.ask("cancel", symbol=SMALL.symbol, order_id=far)
        await rig.minutes(0.5)
        assert 5.0 == rig.held
        assert [("stop", "sell", "5"), ("take_profit", "sell", "5")] == kinds(rig.resting())

    run_driver({0: LONG, 1: [FAR]}, act, prices=FALLING, size=10.0, limits=limits)


def test_losses_in_a_row_end_the_day_and_are_those_of_the_venue() -> None:
    """Two positions are stopped out there; the third signal is refused, and nothing of it is sent."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(9.5)
        assert ["buy", "sell", "buy", "sell"] == [one.side for one in rig.venue.exchange.trades]
        assert [Code.LOSSES_IN_A_ROW] == refusals(rig)
        assert 0.0 == rig.held
        assert [] == rig.resting()

    prices = [1_000.0, 1_000.0, 990.0, 1_000.0, 1_000.0, 1_000.0, 990.0, 1_000.0]
    wishes = {0: TIGHT, 4: TIGHT, 8: TIGHT}
    run_driver(wishes, act, prices=prices, size=1.0, limits=LimitSpec(max_losses=2))


def test_a_halted_session_still_reduces_and_cancels() -> None:
    """The kill switch without closing: who wants to open is told why not; the strategy's exit goes through."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(2.5)
        await rig.ask("kill", text="enough for today")
        await rig.ask("place", symbol=SMALL.symbol, order={"side": "buy", "quantity": 1.0})
        refused = [one for one in rig.told if one.get("asked") == "place"]
        assert ["order: 'place' is not allowed; give what closes or reduces: enough for today"] == [
            one["refusal"] for one in refused
        ]
        await rig.ask("close", symbol=SMALL.symbol, part=0.25)
        await rig.minutes(0.5)
        assert 7.5 == rig.held
        await rig.ask("cancel", symbol=SMALL.symbol, order_id=_target(rig))
        await rig.minutes(0.2)
        assert [("stop", "sell", "7.5")] == kinds(rig.resting())
        await rig.minutes(2)
        assert 0.0 == rig.held
        assert [] == rig.resting()

    run_driver({0: LONG, 4: Signal("exit")}, act, size=10.0)


def _target(rig: DriverRig) -> int:
    (found,) = [int(one["id"]) for one in rig.live.session.open_orders() if one["role"] == OrderRole.TAKE_PROFIT]
    return found
