"""Sessions that are matched here, steered by hand: orders that wait for a person, and orders that a person makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.services import session_facts
from tradewright.services.kill_switch import kill_wishes
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.pending import Confirming
from tradewright.testing.paper_rig import PaperRig

_BTC = "BTC/USDT:USDT"
_OFTEN = {"every": 2}


def _print(own: PaperSession) -> str:
    return outcome_fingerprint(own.session.run.world)


@pytest.fixture
def rig(tmp_path: Path) -> PaperRig:
    """A rig whose sessions wait for a person for ten minutes."""
    own = PaperRig(tmp_path)
    own.confirming = Confirming(is_on=True, ttl_s=600.0, tolerance=1.0)
    return own


def _until_waiting(rig: PaperRig, name: str) -> tuple[PaperSession, int]:
    for _ in range(20):
        own = rig.follow(name, 1)
        if rows := session_facts.pending(own):
            return own, rows[0]["order"]
    raise AssertionError("nothing waits")


def test_what_nobody_confirms_never_fills(tmp_path: Path) -> None:
    """Forty minutes of entries, dropped after two each: no fill, all are expired or replaced, and a restart agrees."""
    rig = PaperRig(tmp_path)
    rig.confirming = Confirming(is_on=True, ttl_s=120.0)
    name = rig.begin(params={"every": 5})
    own = rig.follow(name, 40)
    assert 0 == own.session.run.world.fills.size
    states = {one.state for one in own.waiting.pending.values()}
    assert {"expired"} <= states <= {"expired", "replaced", "waiting"}
    again = rig.restored(name)
    assert (_print(own), own.waiting.pending) == (_print(again), again.waiting.pending)


def test_what_is_confirmed_fills_at_the_first_open_after_that(rig: PaperRig) -> None:
    """Confirmed while a bar is under way, it reaches the next one's open, not that of the bar under way."""
    name = rig.begin(params=_OFTEN)
    own, order = _until_waiting(rig, name)
    rig.ask(name, {"kind": "confirm", "order_id": order, "by": "mary"})
    own = rig.follow(name, 1)
    assert ("confirmed", "mary", 0) == (
        own.waiting.pending[order].state, own.waiting.pending[order].by, own.session.run.world.fills.size,
    )  # fmt: skip
    own = rig.follow(name, 1)
    fill = own.session.run.world.fills[0]
    assert (order, own.steps.opens[-1]) == (int(fill["order_id"]), int(fill["ts"]))
    assert _print(own) == _print(rig.restored(name))


def test_of_two_who_decide_the_second_is_refused(rig: PaperRig) -> None:
    """Confirmed and rejected before the session looks: the first counts, the second hears what became of the order."""
    name = rig.begin(params=_OFTEN)
    _, order = _until_waiting(rig, name)
    rig.ask(name, {"kind": "reject", "order_id": order, "by": "mary"})
    rig.ask(name, {"kind": "confirm", "order_id": order, "by": "john"})
    rig.ask(name, {"kind": "confirm", "order_id": "x", "by": "john"})
    own = rig.follow(name, 2)
    assert ("rejected", "mary") == (own.waiting.pending[order].state, own.waiting.pending[order].by)
    refusals = [refusal for _, refusal in rig.asks]
    assert ("", True) == (refusals[0], "rejected already" in refusals[1])
    assert 0 == own.session.run.world.fills.size


def test_where_price_has_moved_against_it_it_is_shown_anew(rig: PaperRig) -> None:
    """Confirmed at another price than it was shown at: it waits on, at the new price, and has its time again."""
    rig.confirming = Confirming(is_on=True, ttl_s=600.0, tolerance=-1.0)
    name = rig.begin(params=_OFTEN)
    _, order = _until_waiting(rig, name)
    rig.ask(name, {"kind": "confirm", "order_id": order, "by": "mary"})
    own = rig.follow(name, 1).waiting.pending[order]
    assert (1, False) == (own.quotes, own.state == "confirmed")


def test_a_position_is_made_protected_and_closed_by_hand(tmp_path: Path) -> None:
    """Bought at the market, given a stop, moved, half of it closed, then all: each at the next open, and for good."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    own = rig.follow(name, 2)
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}, "by": "mary"})
    own = rig.follow(name, 2)
    (held,) = session_facts.positions(own)
    assert ("long", 0.2, None) == (held["side"], held["quantity"], held["stop"])
    for price in (held["price"] * 0.9, held["price"] * 0.95):
        rig.ask(name, {"kind": "protect", "symbol": _BTC, "stop_loss": price})
        own = rig.follow(name, 1)
        (held,) = session_facts.positions(own)
        (order,) = session_facts.orders(own)
        assert abs(order["price"] - price) < 0.2
    rig.ask(name, {"kind": "close", "symbol": _BTC, "part": 0.5})
    assert 0.1 == session_facts.positions(rig.follow(name, 2))[0]["quantity"]
    rig.ask(name, {"kind": "close", "symbol": _BTC})
    own = rig.follow(name, 2)
    assert ([], []) == (session_facts.positions(own), session_facts.orders(own))
    assert [""] * 5 == [refusal for _, refusal in rig.asks]
    assert _print(own) == _print(rig.restored(name))


def test_an_order_that_opens_more_is_no_stop_of_what_is_held(tmp_path: Path) -> None:
    """A stop that buys more above the market stands beside a long: it has no stop-loss."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 2)
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}})
    (held,) = session_facts.positions(rig.follow(name, 2))
    more = {"side": "buy", "kind": "stop", "quantity": 0.1, "trigger": round(held["price"] * 1.4)}
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": more})
    own = rig.follow(name, 1)
    assert (1, None) == (len(session_facts.orders(own)), session_facts.positions(own)[0]["stop"])


def test_the_kill_switch_cancels_what_may_open_and_leaves_what_protects(tmp_path: Path) -> None:
    """A stop below what is held stays; the order that would buy more is gone at once, and a restart agrees."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 2)
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}})
    (held,) = session_facts.positions(rig.follow(name, 2))
    rig.ask(name, {"kind": "protect", "symbol": _BTC, "stop_loss": held["price"] * 0.5})
    more = {"side": "buy", "kind": "limit", "quantity": 0.1, "price": round(held["price"] * 0.6)}
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": more})
    assert ["stop market", "limit"] == [row["type"] for row in session_facts.orders(rig.follow(name, 1))]

    for wish in kill_wishes("mary", flatten=False, at_venue=False):
        rig.ask(name, wish)
    own = rig.follow(name, 1)

    assert (["stop market"], 0.2, True) == (
        [row["type"] for row in session_facts.orders(own)], session_facts.positions(own)[0]["quantity"],
        own.session.is_paused,
    )  # fmt: skip
    assert [""] * 5 == [refusal for _, refusal in rig.asks]
    assert _print(own) == _print(rig.restored(name))


def test_the_kill_switch_drops_what_waits_for_a_person(rig: PaperRig) -> None:
    """An order that waits to be confirmed is rejected by whoever killed, and cannot be confirmed later."""
    name = rig.begin(params=_OFTEN)
    _, order = _until_waiting(rig, name)
    for wish in kill_wishes("mary", flatten=False, at_venue=False):
        rig.ask(name, wish)
    own = rig.follow(name, 3)
    assert ("rejected", "mary", [], 0) == (
        own.waiting.pending[order].state, own.waiting.pending[order].by, session_facts.orders(own),
        own.session.run.world.fills.size,
    )  # fmt: skip


def test_the_kill_switch_keeps_orders_of_two_legs_from_the_market(tmp_path: Path) -> None:
    """In hedge mode, too, nothing is bought after it: what waits for a person never fills, confirmed or not."""
    rig = PaperRig(tmp_path)
    rig.confirming = Confirming(is_on=True, ttl_s=600.0, tolerance=1.0)
    name = rig.begin(params=_OFTEN, risk={"position_mode": "hedge"})
    _, order = _until_waiting(rig, name)
    rig.ask(name, {"kind": "confirm", "order_id": order, "by": "mary"})
    for wish in kill_wishes("mary", flatten=False, at_venue=False):
        rig.ask(name, wish)
    own = rig.follow(name, 10)
    assert (0, [""] * 3) == (own.session.run.world.fills.size, [refusal for _, refusal in rig.asks])
    assert _print(own) == _print(rig.restored(name))


def test_an_exit_on_the_wrong_side_of_the_price_is_refused(tmp_path: Path) -> None:
    """It would fire at once: what is asked is refused by its field, and the position stays as it was."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 2)
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}, "by": "mary"})
    (held,) = session_facts.positions(rig.follow(name, 2))
    for exits in ({"stop_loss": held["price"] * 1.05}, {"take_profit": held["price"] * 0.95}):
        rig.ask(name, {"kind": "protect", "symbol": _BTC, **exits})
    own = rig.follow(name, 1)
    sides = [refusal.split(" the last one, ")[0][-len("a price below") :] for _, refusal in rig.asks[1:]]
    assert ["a price below", "a price above"] == sides
    assert [] == session_facts.orders(own)


def test_a_session_says_which_strategy_it_trades_now(tmp_path: Path) -> None:
    """Another one was given to it: it tells that one's name with its parameters, not what it began with."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 2)
    rig.ask(name, {"kind": "swap", "strategy": "ma_crossover", "params": {"fast": 4}})
    told = session_facts.status(name, rig.follow(name, 1))
    assert ("ma_crossover", 4) == (told["strategy"], told["params"]["fast"])


def test_a_position_tells_where_it_is_left_and_what_its_account_may_still_do(tmp_path: Path) -> None:
    """Stop and take-profit by their orders; what the day brought is equity less the balance; limits tell their use."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 2)
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}, "by": "mary"})
    own = rig.follow(name, 2)
    (held,) = session_facts.positions(own)
    assert (None, None) == (held["stop"], held["target"])
    rig.ask(name, {"kind": "protect", "symbol": _BTC, "stop_loss": 20_000.0, "take_profit": 90_000.0})
    own = rig.follow(name, 2)
    (held,) = session_facts.positions(own)
    assert (20_000.0, 90_000.0) == (held["stop"], held["target"])
    money = session_facts.portfolio(own)
    assert money["equity"] - money["balance_at_start"] == pytest.approx(money["day_profit"], abs=1e-6)
    assert 0.0 != money["day_profit"]
    used = {row["limit"]: row["used"] for row in money["budgets"]}
    assert {"max_exposure": money["exposure"] / money["equity"], "max_positions": 1.0} == used


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"kind": "place", "symbol": "ETH/USDT:USDT", "order": {"side": "buy", "quantity": 1}}, "instrument"),
        ({"kind": "place", "symbol": _BTC, "order": {"side": "up", "quantity": 1}}, "side"),
        ({"kind": "place", "symbol": _BTC, "order": {"size": 1}}, "order"),
        ({"kind": "close", "symbol": _BTC}, "held"),
        ({"kind": "protect", "symbol": _BTC, "stop_loss": 1.0}, "held"),
        ({"kind": "cancel", "symbol": _BTC, "order_id": 99}, "there is none"),
        ({"kind": "change", "symbol": _BTC, "order_id": True, "price": 1.0}, "order"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_not_in_the_journal(tmp_path: Path, wish: dict, words: str) -> None:
    """By field, with what is allowed, also to whoever asked; the session goes on, and is made again without it."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 2)
    number = rig.do(lambda trading: trading.sessions.ask(name, wish))
    own = rig.follow(name, 1)
    ((_, refusal),) = rig.asks
    assert words in refusal
    assert refusal == rig.do(lambda trading: trading.sessions.answer(name, number))
    assert _print(own) == _print(rig.restored(name))


def test_paused_it_takes_what_reduces_alone(tmp_path: Path) -> None:
    """A person's order that opens is refused while the session is paused."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000})
    rig.follow(name, 1)
    rig.ask(name, {"kind": "pause"})
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}})
    own = rig.follow(name, 2)
    assert ["", True] == [rig.asks[0][1], "paused" in rig.asks[1][1]]
    assert [] == session_facts.positions(own)


def test_each_leg_of_a_hedge_is_traded_protected_and_closed_by_hand(tmp_path: Path) -> None:
    """Which of two positions is meant is said; flatten closes both, and without a leg an order is refused."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000}, risk={"position_mode": "hedge"})
    rig.follow(name, 2)
    for side, leg in (("buy", "long"), ("sell", "short")):
        order = {"side": side, "quantity": 0.2, "position_side": leg}
        rig.ask(name, {"kind": "place", "symbol": _BTC, "order": order})
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {"side": "buy", "quantity": 0.2}})
    own = rig.follow(name, 2)
    price = session_facts.positions(own)[0]["price"]
    assert [("long", 0.2), ("short", 0.2)] == _held(own)

    rig.ask(name, {"kind": "close", "symbol": _BTC})
    rig.ask(name, {"kind": "close", "symbol": _BTC, "position_side": "short", "part": 0.5})
    rig.ask(name, {"kind": "protect", "symbol": _BTC, "position_side": "short", "stop_loss": price * 1.5})
    rig.ask(name, {"kind": "protect", "symbol": _BTC, "position_side": "long", "stop_loss": price * 0.5})
    own = rig.follow(name, 2)
    assert [("long", 0.2), ("short", 0.1)] == _held(own)
    rows = [(row["side"], row["type"], row["position_side"]) for row in session_facts.orders(own)]
    assert [("sell", "stop market", "long"), ("buy", "stop market", "short")] == rows
    assert [True, False] == [row["stop"] < price for row in session_facts.positions(own)]

    rig.ask(name, {"kind": "flatten"})
    own = rig.follow(name, 2)
    assert ([], []) == (_held(own), session_facts.orders(own))
    refusals = [refusal.partition(" is not allowed")[0] for _, refusal in rig.asks if refusal]
    assert ["position_side: None"] * 2 == refusals
    assert _print(own) == _print(rig.restored(name))


def test_the_kill_switch_cancels_the_openings_of_both_legs(tmp_path: Path) -> None:
    """What rests to open is gone from the list of open orders at once; what protects a leg stays."""
    rig = PaperRig(tmp_path)
    name = rig.begin(params={"every": 1000}, risk={"position_mode": "hedge"})
    rig.follow(name, 2)
    first = {"side": "buy", "quantity": 0.2, "position_side": "long"}
    rig.ask(name, {"kind": "place", "symbol": _BTC, "order": first})
    (held,) = session_facts.positions(rig.follow(name, 2))
    for side, leg, far in (("buy", "long", 0.6), ("sell", "short", 1.6), ("sell", "long", 1.7)):
        order = {"side": side, "kind": "limit", "quantity": 0.1, "price": round(held["price"] * far)}
        rig.ask(name, {"kind": "place", "symbol": _BTC, "order": {**order, "position_side": leg}})
    assert 3 == len(session_facts.orders(rig.follow(name, 1)))

    for wish in kill_wishes("mary", flatten=False, at_venue=False):
        rig.ask(name, wish)
    own = rig.follow(name, 1)

    (left,) = session_facts.orders(own)
    assert ("sell", "long", True) == (left["side"], left["position_side"], own.session.is_paused)
    assert {""} == {refusal for _, refusal in rig.asks}
    assert _print(own) == _print(rig.restored(name))


def _held(own: PaperSession) -> list[tuple[str, float]]:
    return [(row["side"], abs(row["quantity"])) for row in session_facts.positions(own)]
