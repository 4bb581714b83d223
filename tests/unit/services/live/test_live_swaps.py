"""Another strategy, or other parameters, for a session at a venue while it trades."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright import Param
from tradewright.domain.intents import OrderIntent
from tradewright.domain.signal import Signal
from tradewright.services.live.fold import live_session_of
from tradewright.strategy.plugin import Plugin
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView
from tradewright.testing.driver_rig import RIG_NAME, DriverRig, run_driver, wishing
from tradewright.testing.live_storm import assert_same

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)


class Bidder(Strategy):
    """Bid below each close, once."""

    version = "1"
    away: float = Param(5.0, low=1.0, high=50.0, doc="quote below the close")
    size: float = Param(1.0, low=0.1, high=5.0, doc="base")

    def on_bar(self, view: BarView) -> Any:
        """See the class."""
        return None if view.orders else [OrderIntent("buy", self.size, "limit", price=view.close - self.away)]


BIDDER = Plugin(Bidder, __file__, 1, "")


def bids(rig: DriverRig) -> list[tuple[str, str]]:
    """Price and quantity of the bids that lie at the venue."""
    return [(str(one.price), str(one.quantity)) for one in rig.resting() if one.kind == "limit"]


def refusals(rig: DriverRig) -> list[str]:
    """Why what was asked was not done."""
    return [str(one["refusal"]) for one in rig.told if "refusal" in one]


def test_another_strategy_takes_over_what_is_held_with_its_exits() -> None:
    """The position and its stop stay as they are; the new one's exit at a later bar closes it."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(2.2)
        before = {one.client_id for one in rig.resting()}
        assert 1.0 == rig.held
        await rig.ask("swap", strategy="other")
        await rig.minutes(1)
        assert before == {one.client_id for one in rig.resting()}
        assert "other" == rig.live.own.strategy.name
        await rig.minutes(2)
        assert 0.0 == rig.held
        assert [] == rig.resting()
        assert [] == refusals(rig)

    run_driver({0: LONG, 3: LONG}, act, others=[wishing({4: Signal("exit")}, "Other")])


def test_the_old_one_decides_nothing_any_more() -> None:
    """Its signal at a bar after the swap is nobody's."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(1.2)
        await rig.ask("swap", strategy="other")
        await rig.minutes(3)
        assert {} == rig.venue.exchange.orders

    run_driver({2: LONG}, act, others=[wishing({}, "Other")])


def test_what_is_swapped_is_so_in_the_next_life_too() -> None:
    """It is in the journal: made again from it, the session is the same."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(2.2)
        await rig.ask("swap", strategy="bidder", params={"away": 7})
        await rig.minutes(1)
        await rig.kill()
        records = await rig.sessions.read(RIG_NAME)
        assert_same(rig.live, live_session_of(RIG_NAME, records, rig.registry))
        await rig.start()
        await rig.minutes(1)
        assert ("bidder", {"away": 7.0, "size": 1.0}) == (
            rig.live.own.strategy.name,
            dict(rig.live.own.strategy.params),
        )
        assert [("993", "1")] == [(str(float(price)).removesuffix(".0"), size) for price, size in bids(rig)]

    run_driver({}, act, others=[BIDDER])


def test_other_parameters_count_from_the_next_bar_on_and_those_not_named_stay() -> None:
    """What lies at the venue is not moved by it; what is decided next has the new ones."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.5)
        await rig.ask("swap", strategy="bidder", params={"size": 2.0})
        await rig.minutes(2)
        assert [("995", "2")] == bids(rig)
        await rig.ask("swap", params={"away": 10})
        await rig.minutes(1)
        assert [("995", "2")] == bids(rig)
        (own,) = [int(one["id"]) for one in rig.live.session.open_orders()]
        await rig.ask("cancel", symbol=rig.live.spec.instruments[0], order_id=own)
        await rig.minutes(2)
        assert [("990", "2")] == bids(rig)
        assert [] == refusals(rig)

    run_driver({}, act, others=[BIDDER])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"strategy": "nobody"}, "nobody"),
        ({"strategy": "bidder", "params": {"away": 99.0}}, "away"),
        ({"strategy": "bidder", "params": {"far": 1.0}}, "far"),
        ({"strategy": 7}, "swap"),
        ({"params": [1]}, "swap"),
    ],
)
def test_what_cannot_be_swapped_is_refused_by_name_and_nothing_changes(asked: dict[str, Any], words: str) -> None:
    """Before it is written down: the old one goes on."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.5)
        await rig.ask("swap", **asked)
        (refusal,) = refusals(rig)
        assert words in refusal
        assert not [one for one in await rig.sessions.read(RIG_NAME) if one["kind"] == "swap"]
        await rig.minutes(3)
        assert 1.0 == rig.held

    run_driver({1: LONG}, act, others=[BIDDER])
