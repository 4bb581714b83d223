"""Drilling: a bar that leaves a doubt, and the finer bars that settle it. Every run begins with a flat bar at 100."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Ambiguity, Code, FillFlag, OrderRole, OrderType, SignalKind
from tradewright.kernels.keeping import keep, put_back
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.kernels.records import World
from tradewright.testing.worlds import (
    MINUTE,
    NO_FINER,
    FinerBars,
    Row,
    a_market,
    a_signal,
    a_spec,
    a_world,
    digest,
    run,
    some_rules,
    written,
)

FLAT: Row = (100, 100, 100, 100)
BOTH: Row = (100, 112, 88, 100)
WISH = a_signal(0, SignalKind.LONG, stop_ticks=90, target_ticks=110)
PLENTY = 1_000_000
UP_FIRST = ((100, 112, 99, 111, PLENTY), (111, 111, 88, 100, PLENTY))
DOWN_FIRST = ((100, 101, 88, 89, PLENTY), (89, 112, 89, 100, PLENTY))
DRILLED = FillFlag.DRILLED.value

pytestmark = pytest.mark.rule("A-1", "A-5")


def drilled(finer: FinerBars, *rows: Row, wishes: Any = (WISH,), spec: Any = None, **rules: Any) -> World:
    """Flat, then the rows, under SUBBAR."""
    market = a_market([FLAT, *rows], signals=wishes, specs=[spec or a_spec()])
    settings = {"ambiguity": Ambiguity.SUBBAR} | rules
    return run(a_world(market), market, some_rules(**settings), finer=finer)


def exits(world: World) -> list[tuple[str, int, int]]:
    """Role, price and flags of every fill but entries."""
    fills = written(world)["fills"]
    return [
        (OrderRole(fill["role"]).name, int(fill["ticks"]), int(fill["flags"]))
        for fill in fills
        if fill["role"] != OrderRole.ENTRY
    ]


@pytest.mark.parametrize(
    ("finer", "expected"),
    [(UP_FIRST, ("TAKE_PROFIT", 110, DRILLED)), (DOWN_FIRST, ("STOP_LOSS", 90, DRILLED))],
)
def test_finer_bars_tell_what_came_first(finer: Any, expected: tuple[str, int, int]) -> None:
    """Both levels lie in the bar; the half in which one of them lies alone decides, and no doubt is left."""
    world = drilled({(0, 1): finer}, BOTH)

    assert [expected] == exits(world)
    assert (0, 1) == (world.account[0]["n_ambiguous"], world.account[0]["n_drilled"])


def test_fill_of_a_finer_bar_has_its_time_and_the_step_of_the_whole() -> None:
    """The target is hit in the first half of step 1: its close is the middle of the step."""
    fill = written(drilled({(0, 1): UP_FIRST}, BOTH))["fills"][-1]

    assert (MINUTE + MINUTE // 2, 1) == (fill["ts"], fill["step"])
    closed = written(drilled({(0, 1): UP_FIRST}, BOTH))["closed"]
    assert {0, 1} == set(closed["step"].tolist())


@pytest.mark.parametrize(
    ("policy", "expected"), [(Ambiguity.SUBBAR, "STOP_LOSS"), (Ambiguity.SUBBAR_BEST, "TAKE_PROFIT")]
)
def test_what_finer_bars_leave_open_is_flagged_and_decided_by_the_policy(policy: Ambiguity, expected: str) -> None:
    """Both levels lie in one half: against the position, or for it; the bar counts once."""
    finer = {(0, 1): ((100, 112, 88, 100, PLENTY), (100, 112, 88, 100, PLENTY))}
    world = drilled(finer, BOTH, ambiguity=policy)

    assert [(expected, DRILLED | FillFlag.AMBIGUOUS)] == [(role, flags) for role, _, flags in exits(world)]
    assert world.account[0]["n_ambiguous"] == 1


def test_bar_without_finer_ones_is_decided_as_worst() -> None:
    """Nothing to drill into: the stop, flagged, as WORST says."""
    world = drilled(NO_FINER, BOTH)
    worst = drilled(NO_FINER, BOTH, ambiguity=Ambiguity.WORST)

    assert [("STOP_LOSS", 90, FillFlag.AMBIGUOUS.value)] == exits(world)
    assert digest(worst) == digest(world)


def test_bar_without_a_doubt_is_not_drilled_into() -> None:
    """Only the target is in range: the finer bars, whatever they say, are not looked at."""
    world = drilled({(0, 1): DOWN_FIRST}, (100, 112, 95, 100))

    assert [("TAKE_PROFIT", 110, 0)] == exits(world)
    assert world.account[0]["n_drilled"] == 0


def test_exit_born_in_one_finer_bar_is_certain_from_the_next_on() -> None:
    """A limit entry in the first half; the target is met in the second: proven, where the whole bar proves nothing."""
    wish = a_signal(
        0, SignalKind.LONG, order_type=OrderType.LIMIT.value, entry_ticks=95, stop_ticks=80, target_ticks=110
    )
    finer = {(0, 1): ((100, 100, 93, 96, PLENTY), (96, 112, 96, 105, PLENTY))}
    world = drilled(finer, (100, 112, 93, 105), wishes=[wish])

    assert [("TAKE_PROFIT", 110, DRILLED)] == exits(world)
    assert world.account[0]["n_ambiguous"] == 0


def test_gap_between_finer_bars_fills_a_stop_at_the_open_behind_it() -> None:
    """The second half opens at 85, beyond the stop at 90: nobody could sell at 90."""
    finer = {(0, 1): ((100, 105, 95, 95, PLENTY), (85, 112, 85, 100, PLENTY))}
    world = drilled(finer, (100, 112, 85, 100))

    assert [("STOP_LOSS", 85, DRILLED | FillFlag.GAP)] == exits(world)


def test_gap_between_finer_bars_beyond_the_liquidation_price_is_a_forced_close() -> None:
    """11 of wallet carry 100 at leverage 10 down to 89.45; the second half opens at 89, and bankruptcy is there too."""
    market = a_market([FLAT, (100, 112, 89, 100)], signals=[a_signal(0, SignalKind.LONG, target_ticks=110)])
    finer = {(0, 1): ((100, 105, 95, 95, PLENTY), (89, 112, 89, 100, PLENTY))}
    world = run(a_world(market, 11.0), market, some_rules(ambiguity=Ambiguity.SUBBAR), finer=finer)

    assert [("LIQUIDATION", 89, DRILLED | FillFlag.GAP)] == exits(world)


def test_volume_is_that_of_the_finer_bars_and_what_the_open_took_is_owed() -> None:
    """A tenth of 40, 60 and 900 lots pays for the 100 bought at the open: nothing is left to buy, but 90 to sell."""
    finer = {(0, 1): ((100, 101, 99, 100, 40), (100, 101, 99, 100, 60), (100, 112, 88, 100, 900))}
    market = a_market([FLAT, BOTH], signals=[WISH], volumes=[[1_000, 1_000]])
    rules = some_rules(ambiguity=Ambiguity.SUBBAR, participation=0.1, size=2.5)
    world = run(a_world(market), market, rules, finer=finer)
    sizes = [(OrderRole(fill["role"]).name, int(fill["lots"])) for fill in written(world)["fills"]]

    assert [("ENTRY", 100), ("STOP_LOSS", 90)] == sizes


def test_second_instrument_of_a_step_is_played_after_the_first_was_drilled() -> None:
    """The step goes on where it was left: both instruments are drilled into, each with its own finer bars."""
    wishes = [WISH, WISH | {"instrument": 1}]
    market = a_market([FLAT, BOTH, FLAT], [FLAT, BOTH, FLAT], signals=wishes)
    finer = {(0, 1): UP_FIRST, (1, 1): DOWN_FIRST}
    world = run(a_world(market), market, some_rules(ambiguity=Ambiguity.SUBBAR), finer=finer)

    assert [("TAKE_PROFIT", 110, DRILLED), ("STOP_LOSS", 90, DRILLED)] == exits(world)
    assert (0, 3) == (world.account[0]["inside"], world.account[0]["step"])


def test_kernel_asks_for_finer_bars_with_the_inside_of_the_bar_unplayed() -> None:
    """NEED_FINER stands before the inside: the entry has filled at the open, and nothing else has happened."""
    market = a_market([FLAT, BOTH], signals=[WISH])
    world = a_world(market)
    code = run_steps(world, market, some_rules(ambiguity=Ambiguity.SUBBAR), 2, ALL_KNOWN)

    assert (Code.NEED_FINER, 1, 1) == (code, world.account[0]["inside"], world.account[0]["step"])
    assert [OrderRole.ENTRY] == written(world)["fills"]["role"].tolist()


def test_logs_too_short_for_a_finer_bar_are_asked_for_and_nothing_is_lost() -> None:
    """Finer bars in each of which part of the target fills do not fit into short logs: the world is the same."""
    parts = tuple((100, 112, 99, 111, 40) for _ in range(159))
    finer = {(0, 1): (*parts, (100, 112, 88, 111, 40))}
    market = a_market([FLAT, (100, 112, 88, 111)], signals=[WISH], volumes=[[1_000, 6_400]])
    rules = some_rules(ambiguity=Ambiguity.SUBBAR, participation=0.1, size=4.0)
    short, long = (run(a_world(market, lines=lines, room=3), market, rules, finer=finer) for lines in (1, 10_000))

    assert digest(long) == digest(short)
    assert len(written(long)["fills"]) > 80


def test_what_is_put_back_is_what_was_kept() -> None:
    """Account, position and orders return to the last bit; what was logged meanwhile is forgotten."""
    market = a_market([FLAT, BOTH, BOTH], signals=[WISH, a_signal(1, SignalKind.SHORT, stop_ticks=120)])
    world = run(a_world(market), market, some_rules(), 1)
    before = digest(world)
    keep(world, market, 0)
    world.turnover[3] = 7.0
    world = run(world, market, some_rules(), 3)
    put_back(world, market, 0)

    assert np.count_nonzero(world.equity[1:]) == 2
    world.equity[1:] = 0.0
    assert before == digest(world)
    assert not world.turnover.any()
