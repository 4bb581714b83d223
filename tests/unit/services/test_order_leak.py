"""The leak test that trades: what a strategy does while something is held is held to the past as well."""

from __future__ import annotations

import pytest

from tradewright.domain.intents import OrderIntent
from tradewright.services.order_leak import with_orders
from tradewright.services.strategies import made_up_bars
from tradewright.strategy.leak import LeakPassport, leak_passport
from tradewright.strategy.strategy import Strategy, Wish
from tradewright.strategy.view import BarView
from tradewright.testing.leaky import LastCross, RestingOrders, StolenExit, next_close


def traded(strategy: Strategy) -> tuple[LeakPassport, LeakPassport]:
    """The passport played flat, and with what trading adds."""
    closed, _ = made_up_bars(strategy)
    short = closed.until(599)
    flat = leak_passport(strategy, short)
    return flat, with_orders(flat, strategy, short)


@pytest.mark.rule("T-5")
def test_future_that_is_known_only_while_something_is_held_is_found() -> None:
    """Played flat the strategy is honest; traded, it leaves before each fall, and the finding says when."""
    flat, whole = traded(StolenExit())
    found = whole.findings[0]

    assert (True, False) == (flat.passed, whole.passed)
    assert ("trade", True) == (found.test, found.bar <= found.known_bar)
    assert "while something is held" in found.cause


def test_honest_orders_pass_and_more_was_tried() -> None:
    """Twelve cuts at most are added."""
    flat, whole = traded(RestingOrders())

    assert (True, True) == (flat.passed, whole.passed)
    assert flat.cuts < whole.cuts <= flat.cuts + 12


def test_strategy_without_orders_keeps_its_passport() -> None:
    """Nothing is added."""
    flat, whole = traded(LastCross())

    assert flat == whole


def test_failure_that_only_trading_brings_about_is_a_finding() -> None:
    """It is told with the error, and not raised."""

    class Fragile(RestingOrders):
        """Cannot bear to hold anything."""

        def on_bar(self, view: BarView) -> Wish:
            """See the class."""
            return super().on_bar(view) if 1.0 / (view.position.quantity == 0) else None

    _, whole = traded(Fragile())
    assert ("error", "fails when it trades") == (whole.findings[0].column, whole.findings[0].cause)
    assert "ZeroDivisionError" in whole.findings[0].after


def test_orders_of_the_two_legs_are_tried_in_a_hedge() -> None:
    """Who says of which position an order is needs no other word; honest it passes, and looking ahead it is found."""

    class Legs(Strategy):
        """Holds a long now and then; leaves it before the price falls below what it knows."""

        def known(self, view: BarView) -> float:
            """The price that it looks at."""
            return view.open

        def on_bar(self, view: BarView) -> Wish:
            """See the class."""
            long, _ = view.legs
            if not long.quantity:
                return OrderIntent("buy", 0.01, position_side="long") if view.index % 10 == 0 else None
            falls = view.close > self.known(view)
            return OrderIntent("sell", long.quantity, position_side="long") if falls else None

    class Seeing(Legs):
        """The same, and what it knows is the next close."""

        def known(self, view: BarView) -> float:
            """See the class."""
            return next_close(view)

    honest, seeing = traded(Legs())[1], traded(Seeing())[1]
    assert (True, False) == (honest.passed, seeing.passed)
    assert "while something is held" in seeing.findings[0].cause
