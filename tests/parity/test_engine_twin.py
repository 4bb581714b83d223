"""The compiled engine against its slow twin, against itself uncompiled, unskipped, and stopped half-way."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.enums import Code, CommandKind, OrderType, Side, SignalKind, Sizing, TimeInForce
from tradewright.kernels.loop import ALL_KNOWN, decide_step, run_steps
from tradewright.kernels.playing import play
from tradewright.kernels.records import World
from tradewright.testing.finer import finer_bars
from tradewright.testing.markets import Case, cases, examples, plainly, played, slower
from tradewright.testing.twin import Twin
from tradewright.testing.worlds import a_market, a_signal, a_world, answered, digest, run, some_rules, written

DAY = 86_400_000_000_000


def rows(log: Any) -> list[dict[str, Any]]:
    """Records as plain mappings."""
    return [dict(zip(log.dtype.names, line.item(), strict=True)) for line in log]


@pytest.mark.rule("4.11", "4.0")
@examples(250)
@given(case=cases())
def test_engine_on_any_market_equals_the_slow_twin(case: Case) -> None:
    """Every fill, closed order, payment, refusal, position, total and equity is the twin's, to the last digit."""
    agrees(case)


@pytest.mark.rule("4.11", "R-3", "L-7")
@examples(60)
@given(case=cases())
def test_engine_ends_what_is_a_year_old_as_the_slow_twin_does(case: Case) -> None:
    """Bids far below, in bars of a quarter: they rest, are changed and counted, and end; skipping changes nothing."""
    case = resting(case)
    world = agrees(case)

    assert digest(step_by_step(case, world.orders.shape[1])) == digest(world)


@pytest.mark.compiled
def test_orders_of_these_cases_do_end_by_their_age() -> None:
    """Else the test above would hold for nothing."""
    ended, changed = [], []

    @examples(60)
    @given(case=cases())
    def collect(case: Case) -> None:
        closed = written(played(resting(case)))["closed"]
        ended.append((closed["code"] == Code.GTC_EXPIRED).sum())
        changed.append((closed["changed"] > 1).sum())

    collect()
    assert sum(ended) > 30
    assert sum(changed) > 3


def resting(case: Case) -> Case:
    """The case in bars of a quarter; what its commands place are bids far below, and nobody cancels them."""
    case = plainly(case)
    commands = case.market.commands[case.market.commands["kind"] <= CommandKind.MODIFY].copy()
    placed = commands["kind"] == CommandKind.PLACE
    commands["side"], commands["oco"], commands["code"] = Side.LONG, 0, 0
    commands["reduce_only"] = commands["close_position"] = False
    commands["level_ticks"][placed] = commands["level_ticks"][placed] // 20 + 1
    commands["level_ticks"][~placed] //= 20
    commands["type"], commands["order_id"] = OrderType.LIMIT, 0
    commands["tag"] = np.cumsum(placed)  # what changes an order changes the one placed last
    immediate = np.isin(commands["time_in_force"], (TimeInForce.IOC, TimeInForce.FOK))
    commands["time_in_force"][immediate] = TimeInForce.GTC
    quarter = 91 * DAY // int(case.market.ts_close[0] - case.market.ts_open[0])
    market = slower(case.market._replace(commands=commands), quarter)
    return case._replace(market=market, finer=finer_bars(market, 1))


def agrees(case: Case) -> World:
    """Hold the engine against the twin; returns the engine's answer."""
    world = played(case)
    twin = Twin(case.market, case.rules, case.balance, finer=case.finer).run()
    logs = written(world)

    assert twin.books.refusals == rows(logs["refusals"])
    assert twin.books.fills == rows(logs["fills"])
    assert twin.books.closed == rows(logs["closed"])
    assert twin.books.payments == rows(logs["payments"])
    account = dict(zip(world.account.dtype.names, world.account[0].item(), strict=True))
    assert twin.books.totals == {name: account[name] for name in twin.books.totals}
    assert (twin.books.wallet, twin.liquidations, twin.ambiguous_bars) == (
        account["wallet"],
        account["n_liquidations"],
        account["n_ambiguous"],
    )
    held = [(h.lots, h.mark, len(h.orders), h.entry) for h in twin.books.holdings]
    assert held == [position.item()[:4] for position in world.positions]
    assert twin.equity == world.equity.tolist()
    return world


@pytest.mark.rule("4.11")
@examples(60)
@given(case=cases())
def test_engine_without_skipping_gives_the_same_bytes(case: Case) -> None:
    """Skipping quiet steps decides nothing: playing every single one of them leads to the same world."""
    assert digest(step_by_step(case)) == digest(played(case))


def step_by_step(case: Case, room: int = 8) -> World:
    """The engine's answer where it plays each step, whether anything can happen in it or not."""
    world = a_world(case.market, case.balance, room=room)
    for step in range(len(case.market.ts_open)):
        while (code := play(world, case.market, case.rules, step)) != Code.OK:
            world = answered(world, case.market, case.rules, code, case.finer)
        decide_step(world, case.market, case.rules, step)
        world.account[0]["step"] = step + 1
    return run(world, case.market, case.rules)


@pytest.mark.rule("4.11")
@examples(100)
@given(case=cases(), cut=st.integers(0, 23))
def test_engine_stopped_copied_and_resumed_gives_the_same_bytes(case: Case, cut: int) -> None:
    """A copy of the arrays is a snapshot: a run that stops anywhere and goes on from it ends in the same world."""
    stop = min(cut, len(case.market.ts_open), ALL_KNOWN)
    half = run(a_world(case.market, case.balance), case.market, case.rules, stop, case.finer)
    snapshot = World(*(array.copy() for array in half))

    assert digest(run(snapshot, case.market, case.rules, finer=case.finer)) == digest(played(case))


@examples(60)
@given(case=cases())
def test_engine_whose_logs_are_full_asks_for_room_and_loses_nothing(case: Case) -> None:
    """A log that is too short stops the run before the step; enlarged, it ends in the same world."""
    tiny = a_world(case.market, case.balance, lines=1)
    asked = run_steps(tiny, case.market, case.rules, len(case.market.ts_open), ALL_KNOWN)

    assert asked in {Code.OK, Code.NEED_ROOM, Code.NEED_FINER}
    assert digest(run(tiny, case.market, case.rules, finer=case.finer)) == digest(played(case))
    if len(written(played(case))["fills"]) > 1:
        assert asked != Code.OK


@pytest.mark.rule("4.11")
@pytest.mark.compiled
def test_engine_compiled_equals_interpreted(tmp_path: Path) -> None:
    """The compiler changes nothing: thirty generated worlds come out alike, to the byte, without it."""
    chosen: list[Case] = []

    @examples(30)
    @given(case=cases())
    def collect(case: Case) -> None:
        chosen.append(case)

    collect()
    stored = tmp_path / "cases.pickle"
    stored.write_bytes(pickle.dumps([(tuple(c.market), tuple(c.rules), c.balance, c.finer) for c in chosen]))
    script = """if True:
        import pickle, sys
        from tradewright.kernels.params import Rules
        from tradewright.kernels.records import Market
        from tradewright.testing.worlds import a_world, digest, run
        for market, rules, balance, finer in pickle.load(open(sys.argv[1], "rb")):
            market = Market(*market)
            print(digest(run(a_world(market, balance), market, Rules(*rules), finer=finer)))
    """
    interpreted = subprocess.run(
        [sys.executable, "-c", script, str(stored)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert interpreted == [digest(played(case)) for case in chosen]


@pytest.mark.parametrize("sizing", [Sizing.KELLY, Sizing.OPTIMAL_F])
@examples(20)
@given(results=st.lists(st.sampled_from((-100, -60, -20, 50, 150, 300)), min_size=3, max_size=14))
def test_size_by_the_trades_so_far_equals_the_slow_twin(sizing: Sizing, results: list[int]) -> None:
    """One trade after the other, entered at 1,000 with a stop at 900: each size is the twin's, to the lot."""
    prices, wishes = [1_000], []
    for number, result in enumerate(results):
        prices += [1_000, 1_000 + result, 1_000 + result, 1_000]
        wishes += [
            a_signal(4 * number, SignalKind.LONG, stop_ticks=900),
            a_signal(4 * number + 2, SignalKind.EXIT),
        ]
    bars = [(o, max(o, c), min(o, c), c) for o, c in zip((1_000, *prices[:-1]), prices, strict=True)]
    market = a_market(bars, signals=wishes)
    rules = some_rules(sizing=sizing, size=0.7, kelly_trades=2, kelly_start=0.03, kelly_cap=0.9)
    world = run(a_world(market, 1e6), market, rules)
    twin = Twin(market, rules, 1e6).run()

    assert twin.books.fills == rows(written(world)["fills"])
    assert twin.books.refusals == rows(written(world)["refusals"])
