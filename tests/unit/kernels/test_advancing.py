"""Advancing bar by bar: what one call does, and that it can be taken back and repeated."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import Ambiguity, Code, CommandKind, SignalKind
from tradewright.kernels.loop import run_steps
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.testing.worlds import (
    a_command,
    a_funding,
    a_market,
    a_signal,
    a_world,
    commanded,
    digest,
    enlarged,
    some_rules,
    written,
)


def advance(world: World, market: Market, rules: Rules, shown: int) -> int:
    """Run on after the close of `shown`, as far as the bars go."""
    return run_steps(world, market, rules, market.ts_open.size, shown)


FLAT_BARS = [(100, 101, 99, 100)] * 6


def a_walk(*wishes: dict[str, object], funding: int | None = None, lines: int | None = None) -> tuple[World, Market]:
    """Six quiet bars; the wishes stand in `signals` as a strategy's would that has been asked."""
    times = () if funding is None else (a_funding(funding, 0.001),)
    market = a_market(FLAT_BARS, signals=wishes, funding=times)
    return a_world(market, lines=lines), market


@pytest.mark.rule("4.11")
def test_quiet_bars_are_passed_in_one_call() -> None:
    """Nothing is held and nothing is due: the whole run is known after one call."""
    world, market = a_walk()
    code = advance(world, market, some_rules(), -1)

    assert (Code.OK, 6) == (code, world.account[0]["step"])
    assert [10_000.0] * 6 == world.equity.tolist()


@pytest.mark.rule("T-2")
def test_a_wish_is_decided_at_its_close_and_filled_at_the_next_open() -> None:
    """A market order wished at the close of step 2 fills in step 3; the quiet steps after it are known as well."""
    world, market = a_walk(a_signal(2, SignalKind.LONG))
    advance(world, market, some_rules(), 2)

    assert [3] == world.fills[: world.account[0]["n_fills"]]["step"].tolist()
    assert world.account[0]["step"] == 6


@pytest.mark.rule("4.11")
def test_calling_again_with_an_earlier_close_takes_the_quiet_steps_back() -> None:
    """A wish in the middle of passed bars gives what it would have given without passing them."""
    passed, market = a_walk(a_signal(2, SignalKind.LONG))
    asked = market._replace(signals=market.signals[:0])
    advance(passed, asked, some_rules(), -1)
    advance(passed, market, some_rules(), 2)

    straight, _ = a_walk()
    advance(straight, asked, some_rules(), 1)
    straight.equity[:2] = 10_000.0
    advance(straight, market, some_rules(), 2)
    assert digest(straight) == digest(passed)


def test_passing_stops_where_funding_is_due() -> None:
    """A step in which something is due is left to the next call, which plays it."""
    world, market = a_walk(funding=3)
    advance(world, market, some_rules(), -1)
    assert world.account[0]["step"] == 3

    advance(world, market, some_rules(), 2)
    assert world.account[0]["step"] == 6


def test_short_logs_are_told_before_anything_is_decided() -> None:
    """NEED_ROOM leaves the wish undecided; the same call with longer logs does all of it."""
    world, market = a_walk(a_signal(2, SignalKind.LONG), lines=1)
    code = advance(world, market, some_rules(), 2)
    assert (Code.NEED_ROOM, 0) == (code, world.account[0]["signal"])
    assert world.positions[0]["n_orders"] == 0

    assert advance(enlarged(world, 300), market, some_rules(), 2) == Code.OK
    assert world.account[0]["n_fills"] == 1


def test_short_logs_are_told_before_anything_is_played() -> None:
    """Where only the payments of the next step lack room, the call can be repeated as it was."""
    world, market = a_walk(funding=3)
    world = world._replace(payments=world.payments[:0])
    assert advance(world, market, some_rules(), 2) == Code.NEED_ROOM
    assert world.account[0]["payment"] == 0

    assert advance(enlarged(world, 10), market, some_rules(), 2) == Code.OK
    assert np.array_equal([0, 6], [world.account[0]["n_payments"], world.account[0]["step"]])


@pytest.mark.rule("T-2")
def test_commands_are_carried_out_with_the_wishes_of_their_close() -> None:
    """What is ordered at the close of step 2 fills in step 3."""
    world, market = a_walk()
    ordered = commanded(market, a_command(2, CommandKind.PLACE, lots=7))
    advance(world, ordered, some_rules(), 2)

    assert [(3, 7)] == [(line["step"], line["lots"]) for line in written(world)["fills"]]


@pytest.mark.rule("A-1")
def test_a_doubt_stops_in_the_middle_of_the_step_until_it_is_answered() -> None:
    """NEED_FINER comes until finer bars are given or said to be missing; then the same call goes on."""
    wish = a_signal(0, SignalKind.LONG, stop_ticks=95, target_ticks=105)
    market = a_market([(100, 100, 100, 100), (100, 110, 90, 100), (100, 100, 100, 100)], signals=[wish])
    world, rules = a_world(market), some_rules(ambiguity=Ambiguity.SUBBAR)

    assert [Code.NEED_FINER] * 2 == [advance(world, market, rules, 0) for _ in range(2)]
    world.account[0]["no_finer"] = True
    assert advance(world, market, rules, 0) == Code.OK
    assert world.positions[0]["lots"] == 0
