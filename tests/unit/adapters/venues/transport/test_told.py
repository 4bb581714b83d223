"""Nothing is told twice, and nothing older than what was told."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradewright.adapters.venues.transport.told import Told
from tradewright.domain.account import Fill
from tradewright.domain.enums import OrderStatus
from tradewright.domain.orders import Order
from tradewright.domain.user_events import Filled, FundingPaid, OrderChanged, UserEvent

BTC = "BTC/USDT:USDT"


def _order(ts: int, filled: str, status: OrderStatus) -> OrderChanged:
    order = Order(BTC, "tw-1", "7", "buy", "limit", Decimal(1), status, status.name, Decimal(filled), updated=ts)
    return OrderChanged(order, ts)


def _fill(number: int) -> Filled:
    return Filled(
        Fill(str(number), BTC, "7", "tw-1", "buy", Decimal(5), Decimal("0.5"), Decimal(0), "USDT", True, 1), 1
    )


LIFE: list[UserEvent] = [
    _order(1, "0", OrderStatus.OPEN),
    _order(2, "0.5", OrderStatus.PARTIALLY_FILLED),
    _fill(1),
    _order(3, "1", OrderStatus.FILLED),
    _fill(2),
]


@given(st.permutations([*LIFE, *LIFE]))
def test_in_whatever_order_and_how_often_it_is_heard(heard: list[UserEvent]) -> None:
    """Messages that come doubled and in any order tell each fill once, and an order only forwards, to its end."""
    book = Told()
    told = [event for event in heard if book.tell(event)]
    assert not any(book.is_news(event) for event in heard)
    assert {"1", "2"} == {event.fill.id for event in told if isinstance(event, Filled)}
    assert 2 == sum(isinstance(event, Filled) for event in told)
    states = [event.order for event in told if isinstance(event, OrderChanged)]
    assert [one.filled for one in states] == sorted({one.filled for one in states})
    assert OrderStatus.FILLED == states[-1].status


def test_to_ask_whether_something_is_news_tells_nothing() -> None:
    """What is looked at and then lost on the way is news still: it counts as told when it is told."""
    book = Told()
    for _ in range(2):
        assert all(book.is_news(event) for event in LIFE)
    assert [True] * 5 == [book.tell(event) for event in LIFE]


def test_a_name_that_is_used_again_is_another_order() -> None:
    """The venue lets a name be used again once its order is gone: by the venue's id it is told apart."""
    told = Told()
    assert LIFE == [event for event in LIFE if told.tell(event)]
    again = OrderChanged(Order(BTC, "tw-1", "8", "buy", "limit", Decimal(1), OrderStatus.OPEN), 9)
    assert told.tell(again)
    assert {(BTC, "tw-1")} == set(told.open)


def test_a_payment_is_told_once_by_its_number() -> None:
    """Payments are asked for again and again, and told once."""
    told = Told()
    assert [True, False, True] == [
        told.tell(FundingPaid(number, Decimal("-0.5"), "USDT", BTC, 5)) for number in ("1", "1", "2")
    ]
