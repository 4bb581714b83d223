"""Orders of a live session, record by record: what it asks for next, whatever the venue says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.intents import Cancel as TakeBack
from tradewright.domain.intents import CancelAll, Change, OrderIntent
from tradewright.domain.order_life import Life
from tradewright.domain.orders import Order, Rejected
from tradewright.domain.signal import Signal
from tradewright.services.live.guards import bare_rows
from tradewright.services.live.requests import Amend, Cancel, Deny, Place, Request
from tradewright.testing.live_desk import SYMBOL, LiveDesk
from tradewright.testing.live_storm import assert_same

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)
SHORT = Signal("short", 1_000.0, 1_010.0, 980.0)
LIMIT = Signal("long", 995.0, 985.0, 1_020.0, kind="limit")


def placed(found: list[Request]) -> list[tuple[str, str, str, bool]]:
    """Kind, side, quantity and whether it only closes, of what is to be sent."""
    orders = [one.order for one in found if isinstance(one, Place)]
    return [(one.kind, one.side, str(one.quantity), one.reduce_only) for one in orders]


def names(found: list[Request]) -> list[str]:
    """Our names of what is to be sent."""
    return [one.order.client_id for one in found if isinstance(one, Place)]


def ended(found: list[Request]) -> list[str]:
    """Our names of what is to be cancelled."""
    return [one.ref.client_id for one in found if isinstance(one, Cancel)]


def long_position(desk: LiveDesk) -> tuple[str, str]:
    """Buy at the first bar, with stop and target at the venue; gives their names."""
    desk.bar()
    (entry,) = names(desk.go())
    desk.fill(entry, "1", "1000.0")
    stop, target = names(desk.go())
    return stop, target


def test_an_entry_is_sent_and_its_bracket_follows_the_fill() -> None:
    """First the entry alone; filled, its stop and its target, both bound to close only; then nothing more."""
    desk = LiveDesk({0: LONG})
    assert [("market", "buy", "1", False)] == placed(desk.bar())
    (entry,) = names(desk.go())
    assert [] == desk.wishes()
    desk.fill(entry, "1", "1000.0")
    assert [("stop", "sell", "1", True), ("take_profit", "sell", "1", True)] == placed(desk.go())
    assert [] == desk.wishes()
    assert_same(desk.live, desk.again())


def test_a_position_that_grows_by_parts_is_stopped_out_whole() -> None:
    """A part is filled: a stop for it. The rest is filled: a stop for all of it first, and then the old one goes."""
    desk = LiveDesk({0: LIMIT})
    desk.bar()
    (entry,) = names(desk.go())
    desk.fill(entry, "0.4", "995.0")
    stop = names(desk.go())[0]
    assert Decimal("0.4") == desk.sent(stop).quantity
    desk.fill(entry, "0.6", "995.0")
    first = desk.send()
    larger = next(one for one in first if isinstance(one, Place) and one.order.kind == "stop")
    assert (Decimal(1), True) == (larger.order.quantity, larger.order.reduce_only)
    assert stop not in ended(first)
    desk.accept(larger.order.client_id)
    assert stop in ended(desk.wishes())


def test_a_reversal_goes_in_two_parts() -> None:
    """What closes is sent first, bound to close only; what opens follows its fill."""
    desk = LiveDesk({0: LONG, 1: SHORT})
    long_position(desk)
    assert ("market", "sell", "1", True) in placed(desk.bar())
    close = next(one for one in desk.go() if isinstance(one, Place)).order.client_id
    desk.fill(close, "1", "1000.0")
    assert 0 == desk.held
    opens = [one for one in desk.go() if isinstance(one, Place)]
    assert [("market", "sell", "1", False)] == placed(opens)
    assert opens[0].is_opening


def test_a_fill_that_comes_twice_counts_once() -> None:
    """A trade is known by its id at the venue."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (entry,) = names(desk.go())
    desk.fill(entry, "1", "1000.0", id="x")
    desk.fill(entry, "1", "1000.0", id="x")
    assert (100, 1) == (desk.held, desk.live.session.run.world.fills.size)


def test_a_fill_that_comes_before_its_order_is_known_finds_it_later() -> None:
    """The stream names only the venue's id, and the answer that ties it to our name comes last."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (entry,) = names(desk.send())
    desk.fill(entry, "1", "1000.0", client_id="")
    assert 0 == desk.held
    desk.accept(entry, status=OrderStatus.FILLED, filled=Decimal(1))
    assert 100 == desk.held
    assert [] == desk.live.unplaced


def test_a_fill_after_our_cancel_is_booked_and_guarded() -> None:
    """The venue was faster: the order had ended in our books, and its fill brings the position and its bracket."""
    desk = LiveDesk({0: LIMIT, 1: CancelAll()})
    desk.bar()
    (entry,) = names(desk.go())
    desk.bar()
    desk.go()
    assert desk.live.order(1) is None
    desk.fill(entry, "0.4", "995.0")
    assert 40 == desk.held
    assert ("stop", "sell", "0.4", True) in placed(desk.go())
    desk.fill(entry, "0.6", "995.0")
    assert 100 == desk.held
    assert_same(desk.live, desk.again())


def test_a_limit_is_changed_in_place() -> None:
    """A strategy's other price is one request, and the order keeps its name."""
    ask = OrderIntent("buy", 1.0, "limit", price=990.0, tag="a")
    desk = LiveDesk({0: ask, 1: Change("a", price=991.0)})
    desk.bar()
    (name,) = names(desk.go())
    (amend,) = desk.bar()
    assert isinstance(amend, Amend)
    assert (name, Decimal(991)) == (amend.ref.client_id, amend.amendment.price)
    desk.go()
    assert [] == desk.wishes()


def test_a_refused_change_becomes_cancel_and_new() -> None:
    """A venue that does not change the order is asked once, not for ever, even where it shows the order unchanged."""
    desk = LiveDesk({0: OrderIntent("buy", 1.0, "limit", price=990.0, tag="a"), 1: Change("a", price=991.0)})
    desk.bar()
    (name,) = names(desk.go())
    desk.bar()
    desk.send()
    desk.refuse(name, Rejected("no", order=desk.order(name)), what="amend")
    assert [name] == ended(desk.wishes())
    (again,) = names(desk.go())
    assert Decimal(991) == desk.sent(again).price


def test_old_terms_that_come_late_change_nothing() -> None:
    """A word from before the change does not make the venue's order look as it was."""
    desk = LiveDesk({0: OrderIntent("buy", 1.0, "limit", price=990.0, tag="a"), 1: Change("a", quantity=2.0)})
    desk.bar()
    (name,) = names(desk.go())
    desk.bar()
    desk.go()
    desk.change(name, quantity=Decimal(1), updated=desk.now - 1)
    desk.fill(name, "1", "990.0")
    assert Life.WORKING is desk.live.tickets.by_name[name].life
    assert [] == [one for one in desk.wishes() if isinstance(one, Place)]


@pytest.mark.parametrize("ask", [TakeBack("a"), CancelAll()])
def test_what_a_strategy_takes_back_is_cancelled(ask: Any) -> None:
    """By its tag or with all others: the order ends in our books once the venue says so."""
    desk = LiveDesk({0: OrderIntent("buy", 1.0, "limit", price=990.0, tag="a"), 1: ask})
    desk.bar()
    (name,) = names(desk.go())
    assert [name] == ended(desk.bar())
    desk.go()
    assert desk.live.order(1) is None


def test_a_stop_that_would_trigger_at_once_closes_at_the_market() -> None:
    """The price is beyond the stop already: waiting would leave the position bare."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (entry,) = names(desk.go())
    desk.fill(entry, "1", "1000.0")
    stop = names(desk.send())[0]
    desk.refuse(stop, Rejected("too late", Code.WOULD_TRIGGER_AT_ONCE))
    assert ("market", "sell", "1", True) in placed(desk.wishes())


def test_a_stop_that_a_foreign_hand_cancels_is_placed_again() -> None:
    """What protects must be there, whoever took it away."""
    desk = LiveDesk({0: LONG})
    stop, _ = long_position(desk)
    desk.change(stop, status=OrderStatus.CANCELED)
    assert (0,) == bare_rows(desk.live)
    assert [("stop", "sell", "1", True)] == placed(desk.go())
    assert () == bare_rows(desk.live)


def test_a_stop_that_is_refused_is_never_given_up() -> None:
    """Sent anew at longer and longer intervals; the fifth refusal halts; all the while the position counts as bare."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (entry,) = names(desk.go())
    desk.fill(entry, "1", "1000.0")
    waits = []
    for _ in range(8):
        begun = desk.now
        while not (found := [one for one in desk.send() if isinstance(one, Place) and one.order.kind == "stop"]):
            desk.now += 250_000_000
        waits.append((desk.now - begun) / 1e9)
        desk.refuse(found[0].order.client_id, Rejected("no"))
    assert [0.0, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0] == waits
    assert "a stop cannot be placed" in desk.live.halted
    assert (0,) == bare_rows(desk.live)


def test_a_close_of_the_kill_switch_that_is_refused_is_sent_anew() -> None:
    """Everything is cancelled and closed, at a venue that is busy just then, too."""
    desk = LiveDesk({0: LONG})
    stop, target = long_position(desk)
    desk.play("kill", flatten=True)
    found = desk.send()
    assert {stop, target} == set(ended(found))
    (close,) = names(found)
    desk.refuse(close, Rejected("busy", Code.VENUE_BUSY, was_sent=False))
    assert [("market", "sell", "1", True)] == placed(desk.wishes())


def test_kill_without_flatten_leaves_what_protects() -> None:
    """What may open goes; stop and target stay, and nothing is opened any more."""
    desk = LiveDesk({0: LONG, 1: OrderIntent("buy", 1.0, "limit", price=990.0), 2: OrderIntent("buy", 1.0)})
    long_position(desk)
    desk.bar()
    (adds,) = names(desk.go())
    desk.play("kill")
    assert [adds] == ended(desk.go())
    (deny,) = desk.bar()
    assert isinstance(deny, Deny)
    desk.play("calm")
    assert "" == desk.live.halted


def test_halted_nothing_that_opens_stays_at_the_venue() -> None:
    """An entry that rests is cancelled when the session is halted, for whatever reason."""
    desk = LiveDesk({0: LIMIT})
    desk.bar()
    (entry,) = names(desk.go())
    desk.play("halt", text="no bars")
    assert [entry] == ended(desk.wishes())


def test_paused_what_reduces_passes_and_what_opens_does_not() -> None:
    """The reducing mode: exits are sent, entries are not heard."""
    desk = LiveDesk({0: LONG, 1: Signal("exit"), 2: LONG})
    long_position(desk)
    desk.play("pause")
    assert ("market", "sell", "1", True) in placed(desk.bar())
    (close,) = [one for one in names(desk.go()) if desk.sent(one).kind == "market"]
    desk.fill(close, "1", "1000.0")
    desk.go()
    assert [] == desk.bar()


def test_a_decision_that_is_too_old_is_not_sent() -> None:
    """After a bar's time an entry has had its moment."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    desk.now += 61_000_000_000
    (deny,) = desk.wishes()
    assert isinstance(deny, Deny)
    assert "too late" in deny.text


@pytest.mark.parametrize("known", [True, False])
def test_a_lost_answer_is_asked_for_and_never_sent_again(known: bool) -> None:
    """Nothing is sent while it is unknown; found, it works; missing for good, an entry has had its moment."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (entry,) = names(desk.send())
    desk.lose(entry, desk.now + 5)
    assert [] == desk.wishes()
    desk.play("probed", client_id=entry, order=None, is_final=False)
    assert [] == desk.wishes()
    if known:
        desk.change(entry)
        assert Life.WORKING is desk.live.tickets.by_name[entry].life
    else:
        desk.play("probed", client_id=entry, order=None, is_final=True)
        assert (Life.NEVER, None) == (desk.live.tickets.by_name[entry].life, desk.live.order(1))
    assert [] == desk.wishes()


def test_two_answers_that_an_order_never_came_are_one() -> None:
    """Two lives of the process may have asked: the second answer leaves it what it was."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (entry,) = names(desk.send())
    for _ in range(2):
        desk.play("probed", client_id=entry, order=None, is_final=True)
    assert Life.NEVER is desk.live.tickets.by_name[entry].life


def test_a_refused_cancel_is_repeated_at_intervals() -> None:
    """A venue that refuses to cancel is asked again, and not as fast as the line allows."""
    desk = LiveDesk({0: LIMIT, 1: CancelAll()})
    desk.bar()
    (entry,) = names(desk.go())
    desk.bar()
    for _ in range(3):
        while not desk.send():
            desk.now += 250_000_000
        desk.refuse(entry, Rejected("busy"), what="cancel")
    assert [] == desk.wishes()
    desk.now += 500_000_000
    assert [entry] == ended(desk.wishes())


def test_an_order_that_a_check_does_not_show_is_asked_for() -> None:
    """It ended while nobody listened: the check brings that to light, and a stop is placed again."""
    desk = LiveDesk({0: LONG})
    stop, target = long_position(desk)
    desk.check(desk.order(target), held="1")
    assert not desk.live.tickets.by_name[stop].is_certain
    desk.play("probed", client_id=stop, order=None, is_final=True)
    assert [("stop", "sell", "1", True)] == placed(desk.wishes())


@pytest.mark.parametrize(("policy", "held", "halted"), [("halt", 0, True), ("adopt", 50, False), ("close", 50, False)])
def test_a_position_of_a_foreign_hand(policy: str, held: int, halted: bool) -> None:
    """Seen twice, it is a fact: the session halts, takes it over, or takes it over and closes it."""
    desk = LiveDesk({})
    desk.bar()
    desk.check(held="0.5", policy=policy)
    assert (0, "") == (desk.held, desk.live.halted)
    desk.check(held="0.5", policy=policy)
    assert (held, halted) == (desk.held, bool(desk.live.halted))
    wanted = [("market", "sell", "0.5", True)] if policy == "close" else []
    assert wanted == placed(desk.wishes())


def test_orders_of_others_are_named_and_left_alone_and_strays_of_ours_are_cancelled_once() -> None:
    """What bears our mark and is in no book of ours goes; what bears none is somebody's."""
    desk = LiveDesk({})
    desk.bar()
    foreign = Order(SYMBOL, "mine", "v1", "buy", "limit", Decimal(1), OrderStatus.OPEN, price=Decimal(900))
    stray = Order(SYMBOL, f"{desk.live.mark}9-0", "v2", "buy", "limit", Decimal(1), OrderStatus.OPEN, price=Decimal(9))
    desk.check(foreign, stray)
    assert (foreign,) == desk.live.holdings.foreign
    assert [stray.client_id] == ended(desk.send())
    assert [] == desk.wishes()


@pytest.mark.parametrize(
    ("found", "halted"), [(["1", "cross"], ""), (["20", "cross"], "leverage 20"), (["1", "isolated"], "isolated")]
)
def test_an_account_that_somebody_has_set_otherwise_halts(found: list[str], halted: str) -> None:
    """Leverage and margin mode are compared at each check: liquidation would be elsewhere than was reckoned with."""
    desk = LiveDesk({}, leverage=1.0)
    desk.play("checked", orders=[], positions=[], balances=[], policy="halt", terms={SYMBOL: found})
    assert halted in desk.live.halted
    assert bool(halted) == bool(desk.live.halted)


def test_price_protection_goes_with_the_triggers() -> None:
    """A run that holds triggers back asks the venue to do so, for stop and target; without, and at the market, not."""

    def protected(**risk: Any) -> list[tuple[str, bool]]:
        desk = LiveDesk({0: LONG}, **risk)
        desk.bar()
        sent = desk.go()
        desk.fill(names(sent)[0], "1", "1000.0")
        sent += desk.go()
        return [(one.order.kind, one.order.price_protect) for one in sent if isinstance(one, Place)]

    kinds = ("market", "stop", "take_profit")
    assert list(zip(kinds, (False, True, True), strict=True)) == protected(price_protect=0.05)
    assert list(zip(kinds, (False, False, False), strict=True)) == protected()


def test_an_order_may_go_without_the_runs_price_protection() -> None:
    """Its own word counts: two stops, one of them let fire whatever the mark says."""
    stops = [
        OrderIntent("buy", 1.0, "stop", trigger=1_100.0, price_protect=wish, tag=f"s{wish}") for wish in (None, False)
    ]
    desk = LiveDesk({0: stops}, price_protect=0.05)
    desk.bar()
    assert [True, False] == [one.order.price_protect for one in desk.go() if isinstance(one, Place)]
