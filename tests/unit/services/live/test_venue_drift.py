"""How far a session at a venue went from the backtest over its bars: what differs, by how much, and why."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.costs import CostSpec
from tradewright.domain.enums import Code
from tradewright.domain.intents import OrderIntent
from tradewright.domain.limits import LimitSpec
from tradewright.domain.orders import Rejected
from tradewright.domain.signal import Signal
from tradewright.services.live.drift import VenueDrift, venue_drift
from tradewright.services.live.requests import Place
from tradewright.services.pending import Confirming
from tradewright.testing.live_desk import LiveDesk

LONG = Signal("long", 1_000.0, 900.0, 1_200.0)
SHORT = Signal("short", 1_000.0, 1_100.0, 800.0)
LIMIT = Signal("long", 995.0, 900.0, 1_200.0, kind="limit")
FREE = CostSpec(slippage_bps=0.0, spread_bps=0.0, taker_fee=0.0005, maker_fee=0.0005)
SECOND = 1_000_000_000


def desk(wishes: dict[int, Any], *given: Confirming, **risk: Any) -> LiveDesk:
    """A session whose backtest has the fees of its venue, and no other costs."""
    return LiveDesk(wishes, *given, **{"costs": FREE} | risk)


def entries(found: list[Any]) -> list[str]:
    """Our names of the orders that are sent."""
    return [one.order.client_id for one in found if isinstance(one, Place)]


def enter(own: LiveDesk, price: str = "1000.0", quantity: str = "1", after_s: float = 0.0) -> None:
    """Close a bar, and let the venue execute what is sent then, after so long."""
    own.bar()
    (name,) = entries(own.go())
    own.now += round(after_s * SECOND)
    own.fill(name, quantity, price)
    own.go()


def drift(own: LiveDesk) -> VenueDrift:
    """Close one bar more, in which the backtest executes what was decided, and compare."""
    own.bar()
    found = venue_drift(own.live, own.registry)
    assert found is not None
    return found


def why(own: LiveDesk) -> list[str]:
    """The words on each order."""
    return [one.why for one in drift(own).orders]


def test_before_the_first_bar_there_is_nothing_to_compare() -> None:
    """Neither has done anything."""
    own = desk({})
    assert venue_drift(own.live, own.registry) is None


def test_without_orders_the_two_agree_fully() -> None:
    """Nothing of nothing is all of it."""
    assert VenueDrift(1.0, 0.0, 0.0, 0.0, ()) == drift(desk({}))


def test_the_same_fill_needs_no_words() -> None:
    """At the price and the time of the backtest, with its fee."""
    own = desk({0: LONG})
    enter(own)
    found = drift(own)
    (order,) = found.orders
    assert ("entry", "", 0.0, 11 * 60 * SECOND) == (order.role, order.why, order.worse_bps, order.decided)
    assert (1.0, 0.0, 0.0, 0.0) == (found.score, found.worse_bps, found.fees, found.equity)


@pytest.mark.parametrize(
    ("wish", "price", "worse"),
    [(LONG, "1001.0", 10.0), (LONG, "999.5", -5.0), (SHORT, "1001.0", -10.0), (SHORT, "999.5", 5.0)],
)
def test_another_price_is_worse_or_better_by_side(wish: Signal, price: str, worse: float) -> None:
    """A buyer's higher price is worse, a seller's is better: in basis points of the backtest's 1,000."""
    own = desk({0: wish})
    enter(own, price)
    found = drift(own)
    (order,) = found.orders
    assert (pytest.approx(worse), "") == (order.worse_bps, order.why)
    assert pytest.approx(worse) == found.worse_bps
    # One unit: the price's difference, and the fee of 0.05 % on it.
    apart = abs(float(price) - 1_000.0) * (1 if worse > 0 else -1)
    assert pytest.approx(-apart + 0.0005 * (1_000.0 - float(price))) == found.equity
    assert pytest.approx(0.0005 * (float(price) - 1_000.0)) == found.fees


def test_the_mean_is_weighted_by_what_was_paid() -> None:
    """10 bps on 1 of 1,001, and none on 3 of 1,000: 10 x 1001 / 4001."""
    own = desk({0: [OrderIntent("buy", 1.0)], 1: [OrderIntent("buy", 3.0)]})
    enter(own, "1001.0")
    enter(own, "1000.0", "3")
    found = drift(own)
    assert [10.0, 0.0] == [pytest.approx(one.worse_bps) for one in found.orders]
    assert pytest.approx(10.0 * 1_001.0 / 4_001.0) == found.worse_bps


@pytest.mark.parametrize(("after_s", "words"), [(0.9, ""), (1.1, "filled 1.1 s later"), (30.0, "filled 30.0 s later")])
def test_another_time_is_told_from_a_second_on(after_s: float, words: str) -> None:
    """A request takes its time; what takes longer is said."""
    own = desk({0: LONG})
    enter(own, after_s=after_s)
    assert [words] == why(own)


def test_a_bar_does_not_tell_the_instant_a_venue_does() -> None:
    """An order that rests is executed ten seconds into a bar, which the backtest books at the bar's end."""
    own = desk({0: LIMIT})
    own.bar()
    (name,) = entries(own.go())
    own.now += 10 * SECOND
    own.fill(name, "1", "995.0")
    own.go()
    own.bar(995.3)
    assert ["filled 50.0 s earlier"] == why(own)


def test_other_fees_are_summed() -> None:
    """The backtest pays 0.1 % of 1,000, the venue took 0.05 %."""
    own = desk({0: LONG}, costs=CostSpec(slippage_bps=0.0, spread_bps=0.0, taker_fee=0.001))
    enter(own)
    found = drift(own)
    assert (pytest.approx(-0.5), pytest.approx(0.5)) == (found.fees, found.equity)
    assert [""] == [one.why for one in found.orders]


def test_a_part_that_was_filled_is_a_share_of_the_whole() -> None:
    """Half of the order lies at the venue still."""
    own = desk({0: LONG})
    enter(own, quantity="0.5")
    assert ["50.0% of the backtest's quantity: the rest was not filled"] == why(own)


def test_another_equity_sizes_otherwise() -> None:
    """A first trade that lost 1,000 more than the backtest's leaves a tenth less for the second."""
    own = desk({0: LONG, 1: Signal("exit"), 3: LONG}, sizing="equity_fraction", size=0.5)
    own.bar()
    (name,) = entries(own.go())
    own.fill(name, str(own.sent(name).quantity), "1200.0")
    own.go()
    own.bar()
    own.go()
    (closing,) = [one.client_id for one in own.live.tickets.by_name.values() if one.order.kind == "market"][1:]
    own.fill(closing, str(own.sent(closing).quantity), "1000.0")
    own.go()
    own.bar()
    own.go()
    own.bar()
    (name,) = entries(own.go())
    own.fill(name, str(own.sent(name).quantity), "1000.0")
    own.go()
    words = why(own)
    assert 3 == len(words)
    assert "90.0% of the backtest's quantity: sized by another equity" == words[2]


def test_a_close_that_was_heard_too_late_explains_what_was_not_decided() -> None:
    """The backtest decides on every close."""
    own = desk({0: LONG})
    own.bar(is_missed=True)
    assert ["its close was heard of too late to decide on"] == why(own)


@pytest.mark.parametrize(("kind", "state"), [("reject", "rejected"), ("expire", "expired")])
def test_an_order_that_was_not_confirmed_says_so(kind: str, state: str) -> None:
    """It never left; the backtest waits for nobody."""
    own = desk({0: LONG}, Confirming(is_on=True))
    own.bar()
    own.send()
    own.play(kind, order_id=1, by="ann")
    assert [f"it waited to be confirmed, and was {state}"] == why(own)


def test_an_order_that_the_gate_held_back_says_why() -> None:
    """The session was halted when the signal came."""
    own = desk({0: LONG})
    own.play("halt", text="three requests without an answer")
    own.bar()
    own.go()
    assert ["order 1 is not sent: three requests without an answer"] == why(own)


def test_an_order_that_the_venue_refused_says_its_reason() -> None:
    """In the venue's words."""
    own = desk({0: LONG})
    own.bar()
    own.send()
    (name,) = own.live.tickets.by_name
    own.refuse(name, Rejected("margin is insufficient", Code.MARGIN_INSUFFICIENT))
    assert [f"order {name} is refused: margin is insufficient"] == why(own)


def test_what_explains_one_order_does_not_explain_another() -> None:
    """A refusal at an earlier bar says nothing of an order that lies at the venue and was not reached there."""
    own = desk({0: [OrderIntent("buy", 1.0)], 1: [OrderIntent("buy", 1.0, "limit", price=995.0)]})
    own.bar()
    own.send()
    (name,) = own.live.tickets.by_name
    own.refuse(name, Rejected("margin is insufficient", Code.MARGIN_INSUFFICIENT))
    own.bar()
    own.go()
    own.bar(995.3)
    refused, waited = why(own)
    assert f"order {name} is refused: margin is insufficient" == refused
    assert "its price was reached in the bar and not at the venue" == waited


def test_an_order_that_was_missed_does_not_shift_the_others() -> None:
    """Of three orders without a signal the first was refused: the second is compared with the second."""
    own = desk({0: [OrderIntent("buy", 1.0)], 1: [OrderIntent("buy", 2.0)], 2: [OrderIntent("buy", 3.0)]})
    own.bar()
    own.send()
    (name,) = own.live.tickets.by_name
    own.refuse(name, Rejected("margin is insufficient", Code.MARGIN_INSUFFICIENT))
    enter(own, quantity="2")
    enter(own, quantity="3")
    found = drift(own)
    assert [f"order {name} is refused: margin is insufficient", "", ""] == [one.why for one in found.orders]
    assert pytest.approx(2 / 3) == found.score
    assert 0.0 == found.worse_bps


def test_a_signal_that_our_own_risk_refused_says_by_which_rule() -> None:
    """Our trade lost where the backtest's won: only ours has had a loss in a row."""
    own = desk({0: LONG, 1: Signal("exit"), 3: LONG}, limits=LimitSpec(max_losses=1))
    enter(own, "1010.0")
    own.bar()
    own.go()
    (closing,) = [one.client_id for one in own.live.tickets.by_name.values() if one.order.kind == "market"][1:]
    own.fill(closing, "1", "1005.0")
    own.go()
    own.bar(1_005.0)
    own.bar()
    own.go()
    words = why(own)
    assert 3 == len(words)
    assert words[2].startswith("it was refused: ")
    assert "in a row" in words[2]


def test_what_was_steered_by_hand_is_the_last_act_before() -> None:
    """A paused session decides nothing; the backtest knows no pause."""
    own = desk({1: LONG})
    own.bar()
    own.play("pause")
    own.bar()
    assert ["after pause by hand"] == why(own)


def test_a_fill_at_the_venue_alone_is_told_as_such() -> None:
    """The venue's price reached what no bar of ours shows."""
    own = desk({0: LIMIT})
    own.bar()
    (name,) = entries(own.go())
    own.fill(name, "1", "995.0")
    own.go()
    found = drift(own)
    (order,) = found.orders
    assert (None, 0.0) == (order.expected, found.score)
    assert "its price was reached at the venue; in the bar another exit came first, or none" == order.why
    assert order.ours is not None
    assert (995.0, 1, 0.4975) == (order.ours.price, order.ours.side, order.ours.fee)
