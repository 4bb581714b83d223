"""What every `Venue` must do. Inherit, and give a fixture `open_rig` that opens one on a practice exchange.

::

    class TestMyVenue(VenueSuite):
        @pytest.fixture
        def open_rig(self):
            return lambda **changes: practice_rig(my_venue, **changes)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import Any

import pytest

from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import UnknownName, VenueError
from tradewright.domain.orders import Accepted, Amendment, Done, NewOrder, Order, Outcome, Rejected, Unknown
from tradewright.testing.venues import BTC, Rig

__all__ = ["LOT", "OpenRig", "VenueSuite", "a_bid", "accepted", "an_order", "near", "rejected", "run_rig", "settled"]

OpenRig = Callable[..., AbstractAsyncContextManager[Rig]]
_PATIENCE_S = 60.0
LOT = Decimal("0.01")


def an_order(client_id: str, **changes: Any) -> NewOrder:
    """An order to buy a hundredth at the market."""
    plain: dict[str, Any] = {"instrument": BTC, "side": "buy", "quantity": LOT}
    return NewOrder(client_id, **plain | changes)


def run_rig(open_rig: OpenRig, act: Callable[[Rig], Awaitable[None]], **changes: Any) -> None:
    """Open a rig, and act on it."""

    async def whole() -> None:
        async with open_rig(**changes) as rig:
            async with asyncio.timeout(_PATIENCE_S):
                await act(rig)

    asyncio.run(whole())


def accepted(outcome: Outcome) -> Order:
    """The order of an outcome that must be one of success."""
    assert isinstance(outcome, Accepted), outcome
    return outcome.order


def rejected(outcome: Outcome) -> Rejected:
    """The refusal of an outcome that must be one."""
    assert isinstance(outcome, Rejected), outcome
    return outcome


def near(rig: Rig, factor: str) -> Decimal:
    """A price so many times the last one."""
    return (rig.last() * Decimal(factor)).quantize(Decimal("0.1"))


def a_bid(rig: Rig, client_id: str, factor: str = "0.95", **changes: Any) -> NewOrder:
    """A limit order that rests below the market."""
    return an_order(client_id, kind="limit", price=near(rig, factor), **changes)


async def settled(rig: Rig, order: NewOrder, unknown: Outcome) -> Order | None:
    """What became of an order whose outcome was unknown: asked for until the answer is final, never sent again."""
    assert isinstance(unknown, Unknown), unknown
    while True:
        found = await rig.venue.find(order.ref)
        if found is not None or (unknown.final_at and await rig.venue.now() > unknown.final_at):
            return found
        await rig.wait(1.0)


class VenueSuite:
    """The contract of a venue: outcomes are values, nothing is lost, nothing is sent twice."""

    def test_instruments_have_exact_rules(self, open_rig: OpenRig) -> None:
        """Steps, minimums and the margin table are those that the venue enforces."""

        async def act(rig: Rig) -> None:
            found = {one.symbol: one for one in await rig.venue.instruments()}
            btc, listing = found[BTC], rig.server.gateway.exchange.listings[0].instrument
            assert (listing.tick, listing.lot) == (btc.tick, btc.lot)
            assert (listing.min_quantity, listing.min_notional) == (btc.min_quantity, btc.min_notional)
            if "margin_tiers" in rig.venue.abilities.can:
                assert listing.tiers == btc.tiers

        run_rig(open_rig, act)

    def test_a_market_order_fills_and_is_paid_for(self, open_rig: OpenRig) -> None:
        """Order, fill, position and balance tell of the same execution, exactly."""

        async def act(rig: Rig) -> None:
            begun = await rig.venue.now()
            order = accepted(await rig.venue.place(an_order("tw-1")))
            assert (order.status, order.filled, order.client_id) == (OrderStatus.FILLED, LOT, "tw-1")
            fills = await rig.venue.fills(BTC, begun)
            assert {"tw-1"} == {fill.client_id for fill in fills}
            assert rig.executions() == {fill.id: fill.quantity for fill in fills}
            position = (await rig.venue.positions())[0]
            assert (BTC, LOT, order.average) == (position.instrument, position.quantity, position.entry_price)
            balance = (await rig.venue.balances())[0]
            assert Decimal(10_000) - sum(fill.fee for fill in fills) == balance.wallet
            assert balance.equity is None or abs(balance.equity - balance.wallet) < 100  # noqa: PLR2004 - open profit

        run_rig(open_rig, act)

    def test_a_resting_order_is_found_changed_and_cancelled(self, open_rig: OpenRig) -> None:
        """It is listed while it is open; to cancel it a second time changes nothing, and says that it is cancelled."""

        async def act(rig: Rig) -> None:
            order = accepted(await rig.venue.place(a_bid(rig, "tw-1")))
            found = await rig.venue.find(order.ref)
            assert found is not None
            assert (OrderStatus.OPEN, order.price, "limit") == (found.status, found.price, found.kind)
            assert [one.client_id for one in await rig.venue.open_orders(BTC)] == ["tw-1"]
            wished = Amendment(quantity=2 * LOT, price=near(rig, "0.94"))
            if "modify" in rig.venue.abilities.can:
                changed = accepted(await rig.venue.modify(order.ref, wished))
                assert (wished.quantity, wished.price, "tw-1") == (changed.quantity, changed.price, changed.client_id)
            for _ in range(2):
                assert accepted(await rig.venue.cancel(order.ref)).status == OrderStatus.CANCELED
            assert await rig.venue.open_orders() == ()
            assert not rig.booked()["tw-1"].is_open

        run_rig(open_rig, act)

    def test_what_ended_otherwise_is_not_cancelled(self, open_rig: OpenRig) -> None:
        """To cancel or change what has filled, or never was, is refused, and tells how it stands."""

        async def act(rig: Rig) -> None:
            filled = accepted(await rig.venue.place(an_order("tw-1")))
            refused = rejected(await rig.venue.cancel(filled.ref))
            assert refused.code == Code.ORDER_UNKNOWN
            assert refused.order is not None
            assert refused.order.status == OrderStatus.FILLED
            never = rejected(await rig.venue.cancel(an_order("tw-2").ref))
            assert (never.code, never.order) == (Code.ORDER_UNKNOWN, None)
            assert await rig.venue.find(an_order("tw-2").ref) is None
            gone = rejected(await rig.venue.modify(filled.ref, Amendment(quantity=2 * LOT, price=near(rig, "0.9"))))
            assert gone.code in (Code.ORDER_UNKNOWN, Code.NOT_MODIFIABLE)

        run_rig(open_rig, act)

    def test_refusals_have_our_names(self, open_rig: OpenRig) -> None:
        """What the venue refuses is a value with our name for the reason, and nothing is left behind."""

        async def act(rig: Rig) -> None:
            for order, code in (
                (a_bid(rig, "tw-1", quantity=Decimal(100)), Code.MARGIN_INSUFFICIENT),
                (a_bid(rig, "tw-2", "1.01", time_in_force="gtx"), Code.POST_ONLY_WOULD_TAKE),
                (a_bid(rig, "tw-3", quantity=Decimal("0.001")), Code.NOTIONAL_BELOW_MINIMUM),
                (an_order("tw-4", reduce_only=True), Code.NOTHING_TO_REDUCE),
                (an_order("tw-5", side="sell", kind="stop", trigger=near(rig, "1.05")), Code.WOULD_TRIGGER_AT_ONCE),
            ):
                refused = rejected(await rig.venue.place(order))
                assert code == refused.code, refused
                assert refused.was_sent
                assert refused.text
            assert rig.booked() == {}

        run_rig(open_rig, act)

    def test_what_is_off_its_steps_is_not_sent(self, open_rig: OpenRig) -> None:
        """Nothing is rounded on the way: what is off tick or lot is refused before it is sent."""

        async def act(rig: Rig) -> None:
            for order, code in (
                (a_bid(rig, "tw-1", quantity=Decimal("0.0105")), Code.QUANTITY_OFF_STEP),
                (an_order("tw-2", kind="limit", price=Decimal("45000.05")), Code.PRICE_OFF_TICK),
            ):
                refused = rejected(await rig.venue.place(order))
                assert (code, False) == (refused.code, refused.was_sent)
            with pytest.raises(UnknownName):
                await rig.venue.place(an_order("tw-3", instrument="DOGE/USDT:USDT"))
            assert rig.booked() == {}

        run_rig(open_rig, act)

    def test_several_orders_have_an_outcome_each(self, open_rig: OpenRig) -> None:
        """One leg that is refused takes no other with it; outcomes come in the order of the wishes."""

        async def act(rig: Rig) -> None:
            good = [a_bid(rig, f"tw-{n}") for n in range(6)]
            bad = a_bid(rig, "tw-bad", quantity=Decimal(100))
            stop = an_order("tw-stop", side="sell", kind="stop", trigger=near(rig, "0.9"))
            outcomes = await rig.venue.place_all([*good[:2], bad, stop, *good[2:]])
            assert rejected(outcomes[2]).code == Code.MARGIN_INSUFFICIENT
            names = [accepted(one).client_id for n, one in enumerate(outcomes) if n != 2]  # noqa: PLR2004 - the bad one
            assert names == ["tw-0", "tw-1", "tw-stop", "tw-2", "tw-3", "tw-4", "tw-5"]
            assert set(names) == {name for name, one in rig.booked().items() if one.is_open}
            assert Done() == await rig.venue.cancel_all(BTC)
            assert await rig.venue.open_orders() == ()
            assert not any(one.is_open for one in rig.booked().values())

        run_rig(open_rig, act)

    def test_a_conditional_order_is_one_order(self, open_rig: OpenRig) -> None:
        """It is listed while it waits; when it was triggered its fills bear its name, and it says what was filled."""

        async def act(rig: Rig) -> None:
            begun = await rig.venue.now()
            accepted(await rig.venue.place(an_order("tw-in")))
            stop = an_order("tw-stop", side="sell", kind="stop", trigger=near(rig, "0.9995"), reduce_only=True)
            waiting = accepted(await rig.venue.place(stop))
            assert (OrderStatus.OPEN, "stop", stop.trigger) == (waiting.status, waiting.kind, waiting.trigger)
            assert [one.client_id for one in await rig.venue.open_orders(BTC)] == ["tw-stop"]
            while rig.booked()["tw-stop"].is_open:
                await rig.wait(60.0)
            found = await rig.venue.find(stop.ref)
            assert found is not None
            assert (found.status, found.filled, found.kind) == (OrderStatus.FILLED, LOT, "stop")
            fills = await rig.venue.fills(BTC, begun)
            assert [fill.client_id for fill in fills] == ["tw-in", "tw-stop"]
            assert not await rig.venue.positions()
            assert not await rig.venue.open_orders()
            again = rejected(await rig.venue.cancel(stop.ref))
            assert again.order is not None
            assert again.order.status == OrderStatus.FILLED

        run_rig(open_rig, act)

    def test_a_triggered_order_that_rests_is_cancelled_as_what_it_became(self, open_rig: OpenRig) -> None:
        """A stop-limit whose limit rests is open, not filled; to cancel it cancels the plain order that it became."""

        async def act(rig: Rig) -> None:
            accepted(await rig.venue.place(an_order("tw-in")))
            last = rig.last()
            order = an_order(
                "tw-tp", side="sell", kind="stop_limit", trigger=near(rig, "0.9995"),
                price=(last * Decimal("1.04")).quantize(Decimal("0.1")), reduce_only=True,
            )  # fmt: skip
            accepted(await rig.venue.place(order))
            for _ in range(600):
                if rig.booked()["tw-tp"].status == "NEW" and rig.last() < (order.trigger or 0):
                    break
                await rig.wait(60.0)
            found = await rig.venue.find(order.ref)
            assert found is not None
            if found.triggered_id and found.is_open:
                assert (Decimal(0), "stop_limit") == (found.filled, found.kind)
            outcome = await rig.venue.cancel(order.ref)
            assert rig.booked()["tw-tp"].is_open is False
            if isinstance(outcome, Accepted):
                assert outcome.order.status == OrderStatus.CANCELED

        run_rig(open_rig, act)

    @pytest.mark.parametrize("kind", ["drop", "execute_then_drop", "delay"])
    @pytest.mark.parametrize("conditional", [False, True])
    def test_a_lost_answer_to_an_order_is_unknown_and_asked_for(
        self, open_rig: OpenRig, kind: str, conditional: bool
    ) -> None:
        """Whatever was lost on the way, the order is there once or never, and asking tells which."""

        async def act(rig: Rig) -> None:
            await rig.venue.instruments()
            terms: dict[str, Any] = {"kind": "stop", "trigger": near(rig, "0.9"), "side": "sell"}
            order = an_order("tw-1", **terms) if conditional else a_bid(rig, "tw-1")
            rig.strike(kind, method="POST", delay=0.8 if kind == "delay" else 0.0)
            unknown = await rig.venue.place(order)
            found = await settled(rig, order, unknown)
            assert (kind != "drop") == (found is not None)
            assert (["tw-1"] if found else []) == list(rig.booked())
            if found:
                assert accepted(await rig.venue.cancel(order.ref)).status == OrderStatus.CANCELED

        run_rig(open_rig, act)

    @pytest.mark.parametrize("kind", ["drop", "execute_then_drop", "delay"])
    @pytest.mark.parametrize("act_name", ["cancel", "modify"])
    def test_a_lost_answer_to_a_change_is_unknown_and_asked_for(
        self, open_rig: OpenRig, kind: str, act_name: str
    ) -> None:
        """Cancels and changes are not sent again by anyone: the outcome is unknown, and asking tells it."""

        async def act(rig: Rig) -> None:
            order = a_bid(rig, "tw-1")
            placed, price = accepted(await rig.venue.place(order)), near(rig, "0.93")
            rig.strike(kind, method="DELETE", delay=0.8 if kind == "delay" else 0.0)
            rig.strike(kind, method="PUT", delay=0.8 if kind == "delay" else 0.0)
            outcome = await (
                rig.venue.cancel(placed.ref)
                if act_name == "cancel"
                else rig.venue.modify(placed.ref, Amendment(price=price))
            )
            assert isinstance(outcome, Unknown), outcome
            found = await rig.venue.find(placed.ref)
            assert found is not None
            done = kind != "drop"
            if act_name == "cancel":
                assert (not done) == found.is_open == rig.booked()["tw-1"].is_open
            else:
                assert (price if done else order.price) == found.price

        run_rig(open_rig, act)

    @pytest.mark.parametrize(
        ("status", "code", "is_known"),
        [(429, -1003, True), (418, -1003, True), (503, -1001, True), (503, -1008, True), (503, -1000, False),
         (408, -1007, False), (502, -1, False)],
    )  # fmt: skip
    def test_answers_of_trouble_are_refusals_or_unknown(
        self, open_rig: OpenRig, status: int, code: int, is_known: bool
    ) -> None:
        """What the venue vouches was not done is a refusal; what it does not know itself is unknown."""

        async def act(rig: Rig) -> None:
            await rig.venue.instruments()
            rig.strike("status", method="POST", path="/fapi/v1/order", status=status, code=code, text="Trouble.")
            outcome = await rig.venue.place(a_bid(rig, "tw-1"))
            assert isinstance(outcome, Rejected if is_known else Unknown), outcome
            if isinstance(outcome, Rejected):
                assert outcome.code == Code.VENUE_BUSY
            assert rig.booked() == {}

        run_rig(open_rig, act)

    def test_clocks_that_differ_are_put_right(self, open_rig: OpenRig) -> None:
        """An order that comes at a wrong time by our clock is sent with the venue's; it is there once."""

        async def act(rig: Rig) -> None:
            await rig.venue.instruments()
            rig.strike("skew", delay=3_600.0, count=0)
            assert accepted(await rig.venue.place(a_bid(rig, "tw-1"))).client_id == "tw-1"
            assert list(rig.booked()) == ["tw-1"]

        run_rig(open_rig, act)

    def test_a_read_that_fails_raises_and_says_where(self, open_rig: OpenRig) -> None:
        """Reads are asked again for a while; then an error names venue and request, and no list is half."""

        async def act(rig: Rig) -> None:
            await rig.venue.instruments()
            rig.strike("drop", method="GET", count=2)
            assert await rig.venue.open_orders() == ()
            rig.strike("maintenance", count=0)
            with pytest.raises(VenueError) as failed:
                await rig.venue.open_orders()
            assert rig.venue.abilities.venue in str(failed.value)

        run_rig(open_rig, act)
