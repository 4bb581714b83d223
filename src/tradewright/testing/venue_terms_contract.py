"""What every `Venue` must make of settings, legs and switches; see `testing.venue_contract` for how to use it."""

from __future__ import annotations

from decimal import Decimal

from tradewright.domain.enums import Code
from tradewright.domain.orders import Done
from tradewright.testing.venue_contract import LOT, OpenRig, a_bid, accepted, an_order, rejected, run_rig
from tradewright.testing.venues import BTC, Rig

__all__ = ["VenueTermsSuite"]


class VenueTermsSuite:
    """The contract of a venue's settings: what is set is told, and what cannot be is said."""

    def test_leverage_and_margin_mode_are_set_and_told(self, open_rig: OpenRig) -> None:
        """What is set is told, with the position too; to set again what is set is done, not refused."""

        async def act(rig: Rig) -> None:
            for _ in range(2):
                assert isinstance(await rig.venue.set_leverage(BTC, 7), Done)
                assert isinstance(await rig.venue.set_margin_mode(BTC, "isolated"), Done)
                assert isinstance(await rig.venue.set_hedged(hedged=False), Done)
            (terms,) = await rig.venue.terms(BTC)
            assert (BTC, Decimal(7), "isolated") == (terms.instrument, terms.leverage, terms.margin_mode)
            assert not await rig.venue.is_hedged()
            accepted(await rig.venue.place(an_order("tw-1")))
            position = (await rig.venue.positions())[0]
            assert (Decimal(7), "isolated") == (position.leverage, position.margin_mode)
            refused = rejected(await rig.venue.set_leverage(BTC, 5))
            assert refused.text

        run_rig(open_rig, act)

    def test_terms_of_several_are_told_in_the_order_asked(self, open_rig: OpenRig) -> None:
        """Each with its own leverage, whichever way round they are asked for; of none, nothing."""

        async def act(rig: Rig) -> None:
            symbols = [one.symbol for one in await rig.venue.instruments() if one.is_perpetual][:3]
            for n, symbol in enumerate(symbols, start=2):
                assert isinstance(await rig.venue.set_leverage(symbol, n), Done)
            expected = [(symbol, Decimal(n)) for n, symbol in enumerate(symbols, start=2)]
            for order in (expected, expected[::-1]):
                found = await rig.venue.terms(*(symbol for symbol, _ in order))
                assert order == [(one.instrument, one.leverage) for one in found]
            assert await rig.venue.terms() == ()

        run_rig(open_rig, act)

    def test_long_and_short_are_held_side_by_side(self, open_rig: OpenRig) -> None:
        """In hedge mode each leg is a position of its own, side and leg say what closes, and fills name their leg."""

        async def act(rig: Rig) -> None:
            if "hedge" not in rig.venue.abilities.can:
                return
            for _ in range(2):
                assert isinstance(await rig.venue.set_hedged(hedged=True), Done)
            assert await rig.venue.is_hedged()
            begun = await rig.venue.now()
            for side, leg in (("buy", "long"), ("sell", "short")):
                accepted(await rig.venue.place(an_order(f"tw-{leg}", side=side, leg=leg)))
            held = {one.leg: one.quantity for one in await rig.venue.positions()}
            assert held == {"long": LOT, "short": -LOT}
            assert rejected(await rig.venue.place(an_order("tw-none"))).code == Code.LEG_SAYS_WHAT_REDUCES
            accepted(await rig.venue.place(an_order("tw-out", side="sell", leg="long")))
            assert [one.leg for one in await rig.venue.positions()] == ["short"]
            assert rejected(await rig.venue.set_hedged(hedged=False)).text
            fills = await rig.venue.fills(BTC, begun)
            assert [fill.client_id for fill in fills] == ["tw-long", "tw-short", "tw-out"]

        run_rig(open_rig, act)

    def test_what_a_venue_cannot_do_is_said_and_not_sent(self, open_rig: OpenRig) -> None:
        """An ability that is missing is a refusal in words."""

        async def act(rig: Rig) -> None:
            abilities = rig.venue.abilities
            if "hedge" not in abilities.can:
                refused = rejected(await rig.venue.place(an_order("tw-1", leg="long")))
                assert (refused.was_sent, abilities.venue in refused.text) == (False, True)
            if "countdown" not in abilities.can:
                assert not rejected(await rig.venue.count_down(BTC, 60.0)).was_sent

        run_rig(open_rig, act)

    def test_orders_go_when_we_fall_silent(self, open_rig: OpenRig) -> None:
        """Where the venue has such a switch, resting orders are cancelled when its time is over, unless put off."""

        async def act(rig: Rig) -> None:
            if "countdown" not in rig.venue.abilities.can:
                return
            accepted(await rig.venue.place(a_bid(rig, "tw-1")))
            for seconds in (60.0, 0.0, 60.0):
                assert isinstance(await rig.venue.count_down(BTC, seconds), Done)
            await rig.wait(59.0)
            assert rig.booked()["tw-1"].is_open
            await rig.wait(2.0)
            assert not rig.booked()["tw-1"].is_open

        run_rig(open_rig, act)
