"""The breakers around a live session: each trips at its limit, not before, and says why in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradewright.domain.account import Balance, Position
from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import InvalidValue
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.orders import Order
from tradewright.domain.user_events import BalancesChanged, OrderChanged, PositionsChanged
from tradewright.services.live.guards import Guards
from tradewright.testing.live_desk import SYMBOL, LiveDesk


def guards(desk: LiveDesk, **terms: Any) -> Guards:
    """Around a session that trades nothing."""
    return Guards(desk.live, LiveTerms(**terms))


def told(own: Guards, now: float) -> list[tuple[str, str]]:
    """What is due: kind and words."""
    return [(str(one["kind"]), str(one["text"])) for one in own.due(now)]


def test_errors_trip_at_their_number_within_five_minutes() -> None:
    """Three within the span halt; two, and a third after the first has aged, do not."""
    own = guards(LiveDesk({}), most_errors=3)
    for at in (0.0, 10.0):
        own.failed(at)
    assert [] == told(own, 10.0)
    own.failed(305.0)
    assert [] == told(own, 305.0)
    own.failed(306.0)
    assert [("halt", "3 requests without an answer within 300 s")] == told(own, 306.0)
    assert [] == told(own, 307.0)


def test_bars_that_do_not_come_trip_once() -> None:
    """At the moment itself all is well; after it nothing more is opened."""
    own = guards(LiveDesk({}), stale_bars=3.0)
    own.bar_due(100.0)
    assert [] == told(own, 100.0)
    assert [("halt", "no bar for 3 bars")] == told(own, 100.1)
    assert [] == told(own, 101.0)


@pytest.mark.parametrize(("limit", "apart", "trips"), [(5.0, 5.0, False), (5.0, -5.1, True), (0.0, 900.0, False)])
def test_clocks_that_run_apart_trip(limit: float, apart: float, trips: bool) -> None:
    """Beyond the limit, in either direction; 0 is no limit."""
    own = guards(LiveDesk({}), skew_s=limit)
    own.skewed(apart)
    assert trips == bool(told(own, 1.0))


@pytest.mark.parametrize(("wallet", "trips"), [("4901", False), ("4899", True), ("5101", True)])
def test_wallet_that_moves_beside_our_books_trips(wallet: str, trips: bool) -> None:
    """One per cent of the capital of 10,000, either way, counted from what the wallets differed by at first."""
    desk = LiveDesk({})
    own = guards(desk, balance_gap=0.01)
    desk.tell(BalancesChanged((Balance("USDT", Decimal(5_000)),), "", desk.now))
    assert [] == told(own, 1.0)
    desk.tell(BalancesChanged((Balance("USDT", Decimal(wallet)),), "", desk.now))
    assert trips == bool(told(own, 2.0))


def test_a_move_of_the_wallet_that_was_told_of_does_not_trip_again() -> None:
    """Whoever calms the session after a withdrawal of 200 has seen it; the next one per cent is counted from there."""
    desk = LiveDesk({})
    own = guards(desk, balance_gap=0.01)
    for at, (wallet, trips) in enumerate([("5000", 0), ("4800", 1), ("4800", 0), ("4701", 0), ("4699", 1)]):
        desk.tell(BalancesChanged((Balance("USDT", Decimal(wallet)),), "", desk.now))
        assert trips == len(told(own, float(at)))


def _other(client_id: str, status: OrderStatus = OrderStatus.OPEN) -> Order:
    return Order(SYMBOL, client_id, "v-1", "buy", "limit", Decimal(1), status, price=Decimal(900))


def _withdrawn(desk: LiveDesk, *before: Any) -> list[tuple[str, str]]:
    # What is due when 1,500 of 10,000 leave the wallet, after something was told.
    own = guards(desk)
    desk.tell(BalancesChanged((Balance("USDT", Decimal(10_000)),), "", desk.now))
    assert [] == told(own, 1.0)
    for event in before:
        desk.tell(event)
    desk.tell(BalancesChanged((Balance("USDT", Decimal(8_500)),), "", desk.now))
    return told(own, 2.0)


def test_a_withdrawal_trips_where_nobody_else_trades() -> None:
    """By default from a tenth of the capital on; a position of our own, and what closes it, is no other's."""
    words = [("halt", "the venue's wallet has moved by -1500.00 beside our books")]
    assert words == _withdrawn(LiveDesk({}))
    flat = PositionsChanged((Position("ETH/USDT:USDT", Decimal(0), Decimal(0)),), LiveDesk({}).now)
    assert words == _withdrawn(LiveDesk({}), flat)
    assert 0.1 == LiveTerms().balance_gap


def test_others_in_the_account_keep_the_wallet_from_tripping() -> None:
    """A position in what the session does not trade, an order by hand or of another session: its money moves, too."""
    held = PositionsChanged((Position("ETH/USDT:USDT", Decimal(1), Decimal(2_000)),), 0)
    for event in (held, OrderChanged(_other("by-hand"), 0), OrderChanged(_other("by-hand", OrderStatus.FILLED), 0)):
        assert [] == _withdrawn(LiveDesk({}), event)
    desk = LiveDesk({})
    desk.check(_other("tw-of-another-session"))
    desk.check()  # its order is gone, and it trades on
    assert [] == _withdrawn(desk)
    again = desk.again()
    assert again.holdings.is_shared


def test_halted_session_is_not_halted_again() -> None:
    """The first reason stands."""
    desk = LiveDesk({})
    own = guards(desk, most_errors=1)
    desk.play("halt", text="a first reason")
    own.failed(0.0)
    assert [] == told(own, 0.0)
    assert "a first reason" == desk.live.halted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", "hope"),
        ("check_s", 0.0),
        ("probe_s", -1.0),
        ("skew_s", -1.0),
        ("bare_s", float("nan")),
        ("most_errors", True),
    ],
)
def test_terms_are_refused_by_name(name: str, value: Any) -> None:
    """What is no policy, no time or no number never begins."""
    with pytest.raises(InvalidValue, match=name):
        LiveTerms(**{name: value})
