"""Values of the domain as plain data, and back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tradewright.domain.account import AccountTerms, Balance, Fill, Position
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import DataError
from tradewright.domain.orders import Accepted, Amendment, Done, NewOrder, Order, OrderRef, Rejected, Unknown
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    FundingPaid,
    Gap,
    MarginCalled,
    OrderChanged,
    PositionsChanged,
    Synced,
    TermsChanged,
)
from tradewright.services.live.plain import _KNOWN, as_plain, from_plain

SYMBOL = "BTC/USDT:USDT"
ORDER = Order(SYMBOL, "tw-1", "7", "buy", "limit", Decimal("0.10"), OrderStatus.PARTIALLY_FILLED, price=Decimal("1.50"))
FILL = Fill("t", SYMBOL, "7", "tw-1", "sell", Decimal("1E+3"), Decimal("0.1"), Decimal("-0.01"), "BNB", None, 5)
POSITION = Position(SYMBOL, Decimal("-0.3"), Decimal(1), margin_mode="isolated", leverage=Decimal(5))
BALANCE = Balance("USDT", Decimal("10.000"), None, Decimal(0))
VALUES: list[Any] = [
    ORDER, FILL, POSITION, BALANCE, AccountTerms(SYMBOL, Decimal(5), "cross"), OrderRef(SYMBOL, "tw-1"),
    NewOrder("tw-1", SYMBOL, "buy", Decimal("0.1"), "stop_limit", Decimal(2), Decimal(1), trigger_by="mark"),
    Amendment(Decimal(1)), Accepted(ORDER), Done("x"), Rejected("no", Code.NOTHING_TO_REDUCE, "-2022", order=ORDER),
    Unknown("lost", 9), OrderChanged(ORDER, 1, is_ours=False), Filled(FILL, 1), BalancesChanged((BALANCE,), "", 1),
    PositionsChanged((POSITION,), 1), FundingPaid("1", Decimal("-0.5"), "USDT", SYMBOL, 1), MarginCalled((), 1),
    TermsChanged(SYMBOL, 1, Decimal(2)), Gap(1, "x"), Synced(1),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda one: type(one).__name__)
def test_what_is_written_is_read_again(value: Any) -> None:
    """Through JSON and back every field is what it was, exact numbers to the last zero."""
    again = from_plain(json.loads(json.dumps(as_plain(value))))
    assert value == again
    assert repr(value) == repr(again)


def test_every_type_that_a_journal_may_hold_is_tried_here() -> None:
    """No type of the domain's orders, account and events is forgotten."""
    assert set(_KNOWN) == {type(value).__name__ for value in VALUES}


@pytest.mark.parametrize(
    "data",
    [None, {"is": "Nothing"}, {"is": "Gap", "since": 1}, {"is": "Gap", "since": 1, "text": "", "odd": 2},
     {"is": "Balance", "currency": "USDT", "wallet": "much"}],
)  # fmt: skip
def test_what_is_none_of_them_is_refused(data: Any) -> None:
    """A record that is damaged is no value of another kind."""
    with pytest.raises(DataError):
        from_plain(data)
