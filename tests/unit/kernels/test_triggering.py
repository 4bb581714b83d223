"""Triggers watch the last price or the mark; protection holds them back while the two lie too far apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tradewright.domain.enums import (
    Ambiguity,
    Arrival,
    Code,
    CommandKind,
    FillFlag,
    OrderRole,
    OrderStatus,
    OrderType,
    SignalKind,
    TriggerBy,
)
from tradewright.testing.markets import Case, cases, examples, played
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import (
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    digest,
    marked,
    run,
    some_rules,
    written,
)

LONG = SignalKind.LONG
FLAT = (100, 100, 100, 100)
BY_LAST, BY_MARK = 1 + TriggerBy.LAST, 1 + TriggerBy.MARK
STOP_BUY = {"order_type": OrderType.STOP_MARKET.value}


def told(world: Any) -> list[str]:
    """Step, role, price and flags of every fill."""
    lines = []
    for fill in written(world)["fills"]:
        flags = [flag.name.lower() for flag in FillFlag if fill["flags"] & flag]
        lines.append(" ".join([str(fill["step"]), OrderRole(fill["role"]).name.lower(), str(fill["ticks"]), *flags]))
    return lines


def play(bars: Any, marks: Any, *, rules: Any = None, spec: Any = None, **wish: Any) -> Any:
    """A long given at the close of a flat bar at 100, through the engine and its twin, which must say the same."""
    wish = {"trigger_by": BY_MARK} | wish
    market = a_market([FLAT, *bars], signals=[a_signal(0, LONG, **wish)], specs=[a_spec(**spec or {})])
    market, settings = marked(market, [FLAT, *marks]), some_rules(**rules or {})
    world = run(a_world(market), market, settings)
    twin = Twin(market, settings, 10_000.0).run()
    prices = [fill["ticks"] for fill in twin.books.fills]
    assert prices == written(world)["fills"]["ticks"].tolist()
    assert twin.ambiguous_bars == world.account[0]["n_ambiguous"]
    return world


@pytest.mark.rule("S-1")
@pytest.mark.parametrize(("by", "default", "expected"), [
    (BY_MARK, TriggerBy.LAST, ["1 entry 100"]),
    (BY_LAST, TriggerBy.MARK, ["1 entry 100", "2 stop_loss 95"]),
    (0, TriggerBy.MARK, ["1 entry 100"]),
    (0, TriggerBy.LAST, ["1 entry 100", "2 stop_loss 95"]),
])  # fmt: skip
def test_stop_watches_the_price_that_its_signal_or_else_the_run_names(by: int, default: Any, expected: Any) -> None:
    """A spike of trades to 90 that the mark does not share fires the stop at 95 only where it watches trades."""
    bars, marks = [FLAT, (100, 101, 90, 99)], [FLAT, (100, 101, 97, 99)]

    assert expected == told(play(bars, marks, rules={"trigger_by": default}, trigger_by=by, stop_ticks=95))


@pytest.mark.rule("S-5")
@pytest.mark.parametrize(("bar", "expected"), [
    ((100, 101, 97, 99), "2 stop_loss 97"),
    ((102, 103, 90, 99), "2 stop_loss 97"),
    ((98, 99, 90, 97), "2 stop_loss 93"),
])  # fmt: skip
@pytest.mark.parametrize("policy", [Ambiguity.WORST, Ambiguity.OLHC])
def test_mark_that_fires_a_stop_fills_it_where_trades_stood(policy: Ambiguity, bar: Any, expected: str) -> None:
    """The mark falls from 100 to the trigger at 95; trades are as far off as at the open, and within their bar."""
    world = play([FLAT, bar], [FLAT, (100, 101, 94, 99)], rules={"ambiguity": policy}, stop_ticks=95)

    assert ["1 entry 100", expected] == told(world)
    assert 0 == world.account[0]["n_ambiguous"]


@pytest.mark.rule("S-4", "S-5")
def test_mark_that_opens_beyond_a_trigger_fills_at_the_open_of_trades() -> None:
    """The mark opens at 94, trades at 98: the stop at 95 sells at 98."""
    assert ["1 entry 100", "2 stop_loss 98 gap"] == told(
        play([FLAT, (98, 99, 97, 98)], [FLAT, (94, 95, 93, 94)], stop_ticks=95)
    )


@pytest.mark.rule("S-3", "S-1")
def test_trigger_that_the_mark_has_passed_on_arrival_is_rejected() -> None:
    """A stop to buy at 105 while the mark opens at 106, and trades at 100."""
    world = play([FLAT], [(106, 106, 106, 106)], entry_ticks=105, **STOP_BUY)

    assert [(OrderStatus.REJECTED, Code.WOULD_TRIGGER_AT_ONCE)] == written(world)["closed"][["status", "code"]].tolist()


@pytest.mark.rule("S-1", "A-1")
def test_stop_by_mark_and_target_by_trades_are_of_unknown_order() -> None:
    """Both are in range: worst takes the stop, best the target, and both say that the bar does not tell."""
    bars, marks = [FLAT, (100, 112, 99, 100)], [FLAT, (100, 101, 94, 100)]
    rules = {"target_type": OrderType.LIMIT}
    worst, best = (
        play(bars, marks, rules=rules | {"ambiguity": policy}, stop_ticks=95, target_ticks=110)
        for policy in (Ambiguity.WORST, Ambiguity.BEST)
    )

    assert ["1 entry 100", "2 stop_loss 99 ambiguous"] == told(worst)
    assert ["1 entry 100", "2 take_profit 110 ambiguous"] == told(best)


@pytest.mark.rule("S-1", "A-4")
def test_stop_by_mark_and_liquidation_on_one_way_are_of_known_order() -> None:
    """Both watch the mark: the nearer acts first, and nothing is in doubt."""
    market = a_market([FLAT, FLAT, (100, 101, 80, 90)], signals=[a_signal(0, LONG, trigger_by=BY_MARK, stop_ticks=95)])
    market = marked(market, [FLAT, FLAT, (100, 101, 70, 90)])
    world = run(a_world(market, 10.45), market, some_rules())

    assert ["1 entry 100", "2 stop_loss 95"] == told(world)


@pytest.mark.rule("S-1", "A-2")
@pytest.mark.parametrize("policy", [Ambiguity.WORST, Ambiguity.BEST, Ambiguity.OHLC])
def test_exits_of_an_entry_that_a_mark_fired_are_in_doubt_on_both_sides(policy: Ambiguity) -> None:
    """The mark fires the entry; whether trades were at 94 before it or after, the bar does not tell."""
    world = play(
        [(100, 106, 94, 100)],
        [(100, 106, 99, 100)],
        rules={"ambiguity": policy},
        entry_ticks=105,
        trigger_by=BY_MARK,
        stop_ticks=97,
        target_ticks=106,
        **STOP_BUY,
    )

    assert 1 == world.account[0]["n_ambiguous"]


@pytest.mark.rule("S-6", "S-5")
def test_stop_limit_that_a_mark_fires_is_a_limit_where_trades_stand() -> None:
    """Trigger 105 on the mark while trades are at 103: a limit of 104 takes at 103; one of 101 rests, in doubt."""
    bars, marks = [(98, 106, 97, 103)], [(100, 106, 99, 105)]
    terms = {"order_type": OrderType.STOP_LIMIT.value, "trigger_ticks": 105}
    takes = play(bars, marks, entry_ticks=104, **terms)
    rests = play(bars, marks, entry_ticks=101, **terms)

    assert ["1 entry 103"] == told(takes)
    assert [(OrderType.LIMIT, Arrival.IN_DOUBT)] == rests.orders[0, :1][["type", "arrival"]].tolist()


@pytest.mark.rule("S-10")
@pytest.mark.parametrize(("protect", "expected"), [
    (0.02, ["1 entry 100"]),
    (0.10, ["1 entry 100", "2 stop_loss 95"]),
    (0.0, ["1 entry 100", "2 stop_loss 95"]),
])  # fmt: skip
@pytest.mark.parametrize("policy", [Ambiguity.WORST, Ambiguity.OHLC])
def test_trigger_is_held_back_while_last_and_mark_lie_too_far_apart(
    policy: Ambiguity, protect: float, expected: Any
) -> None:
    """Trades fall to 94 while the mark stays at 100: five of a hundred apart at the trigger."""
    bars, marks = [FLAT, (100, 100, 94, 100)], [FLAT, FLAT]
    rules = {"price_protect": True, "ambiguity": policy}

    world = play(bars, marks, rules=rules, spec={"trigger_protect": protect}, trigger_by=BY_LAST, stop_ticks=95)

    assert expected == told(world)
    assert 0 == world.account[0]["n_ambiguous"]


@pytest.mark.rule("S-10")
def test_trigger_that_was_held_back_fires_at_the_next_open_that_is_near_the_mark() -> None:
    """At the first open trades are at 90 and the mark at 100; at the second both are at 90."""
    bars, marks = [FLAT, (90, 90, 90, 90), (90, 90, 90, 90)], [FLAT, FLAT, (90, 90, 90, 90)]
    world = play(
        bars,
        marks,
        rules={"price_protect": True},
        spec={"trigger_protect": 0.05},
        trigger_by=BY_LAST,
        stop_ticks=95,
    )

    assert ["1 entry 100", "3 stop_loss 90 gap"] == told(world)


@pytest.mark.rule("S-10", "A-1")
@pytest.mark.parametrize(("mark", "expected"), [(102, []), (98, ["2 stop_loss 96 ambiguous"])])
def test_protection_that_hangs_on_where_the_other_price_was_is_in_doubt(mark: int, expected: Any) -> None:
    """At the trigger of 96 on the mark, trades were anywhere from 90 to 99: near enough, or not."""
    bars, marks = [FLAT, (98, 99, 90, 96)], [FLAT, (mark, 103, 95, 99)]
    world = play(
        bars, marks, rules={"price_protect": True}, spec={"trigger_protect": 0.03}, stop_ticks=96, trigger_by=BY_MARK
    )

    assert ["1 entry 100", *expected] == told(world)
    assert 1 == world.account[0]["n_ambiguous"]


@pytest.mark.rule("S-1")
@examples(60)
@given(case=cases())
def test_triggers_on_a_mark_that_is_the_last_price_do_what_triggers_on_the_last_price_do(case: Case) -> None:
    """Without marks of its own, a run by the mark differs in the word that its orders carry, and in nothing else."""
    market = case.market
    shared = {f"mark_{name}": getattr(market, name) for name in ("open", "high", "low", "close")}
    specs, worlds = market.specs.copy(), []
    specs["has_mark"] = False
    for by in (BY_LAST, BY_MARK):
        signals = market.signals.copy()
        signals["trigger_by"] = by
        worlds.append(played(case._replace(market=market._replace(signals=signals, specs=specs, **shared))))
        for log in (worlds[-1].closed, worlds[-1].orders):
            log["trigger_by"] = 0

    assert digest(worlds[0]) == digest(worlds[1])


@pytest.mark.rule("S-1", "4.11")
def test_bars_in_which_neither_price_is_near_are_skipped() -> None:
    """Two instruments wait by the mark: the world stops where a mark comes near, and nowhere else."""
    quiet = [FLAT] * 6
    wishes = [a_signal(0, LONG, instrument=k, trigger_by=BY_MARK, entry_ticks=105, **STOP_BUY) for k in (0, 1)]
    market = a_market(quiet, quiet, signals=wishes)
    market = marked(market, [*quiet[:4], (100, 106, 100, 100), FLAT], quiet)
    world = run(a_world(market), market, some_rules())

    assert ["4 entry 100"] == told(world)


@pytest.mark.rule("S-3", "L-7")
def test_changed_trigger_is_held_against_the_price_that_it_watches() -> None:
    """By the mark at 100 a stop to buy may move to 102, though trades stand at 103."""
    order = {"type": OrderType.STOP_MARKET.value, "level_ticks": 110, "tag": 7}
    market = commanded(
        a_market([FLAT, FLAT, (103,) * 4, (103,) * 4]),
        a_command(0, CommandKind.PLACE, **order),
        a_command(1, CommandKind.MODIFY, tag=7, level_ticks=102),
    )
    world = run(a_world(market), market, some_rules())

    assert [Code.WOULD_TRIGGER_AT_ONCE] == written(world)["refusals"]["code"].tolist()


@pytest.mark.rule("S-1")
def test_exit_whose_mark_has_passed_on_the_path_when_it_is_born_fires_there() -> None:
    """Trades fall to the limit at 95 while the mark is at 89 already: the stop at 92 on the mark fires at once."""
    wish = {"order_type": OrderType.LIMIT.value, "entry_ticks": 95, "stop_ticks": 92}
    world = play([(100, 101, 90, 95)], [(100, 100, 80, 95)], rules={"ambiguity": Ambiguity.OHLC}, **wish)

    assert ["entry", "stop_loss"] == [line.split()[1] for line in told(world)]


@pytest.mark.rule("S-10")
def test_protected_exit_born_inside_a_bar_is_met_at_its_own_trigger() -> None:
    """The entry is bought at 105 and its stop at 95 is hit in the same bar; both prices are near."""
    wish = {"entry_ticks": 105, "stop_ticks": 95, "trigger_by": BY_LAST, **STOP_BUY}
    rules, spec, bar = {"price_protect": True}, {"trigger_protect": 0.05}, (100, 106, 94, 94)
    world = play([bar], [bar], rules=rules, spec=spec, **wish)

    assert ["1 entry 105", "1 stop_loss 95"] == told(world)
