"""The leak test that trades: what a strategy does while something is held is held to the past as well."""

from __future__ import annotations

import pytest

from tradewright.services.order_leak import with_orders
from tradewright.services.strategies import made_up_bars
from tradewright.strategy.leak import LeakPassport, leak_passport
from tradewright.strategy.strategy import Strategy, Wish
from tradewright.strategy.view import BarView
from tradewright.testing.leaky import LastCross, RestingOrders, StolenExit


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
