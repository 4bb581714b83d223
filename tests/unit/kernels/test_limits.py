"""Limits after losses and gains: each with its numbers, as long as it says, and never in the way of an exit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Code, CommandKind, OrderType, SignalKind, Sizing
from tradewright.kernels.records import Market, World
from tradewright.kernels.watching import note_result, optimal_stake
from tradewright.risk.fractions import optimal_f
from tradewright.testing.worlds import (
    MINUTE,
    Rows,
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    run,
    some_rules,
    trades,
    written,
)

LONG, SHORT, EXIT = SignalKind.LONG, SignalKind.SHORT, SignalKind.EXIT
HOURS = 60


def slow(market: Market, minutes: int) -> Market:
    """The market with steps of so many minutes."""
    return market._replace(ts_open=market.ts_open * minutes, ts_close=market.ts_close * minutes)


def closes(*prices: int) -> Rows:
    """Bars that open at the close before them."""
    before = (prices[0], *prices[:-1])
    return [(o, max(o, c), min(o, c), c) for o, c in zip(before, prices, strict=True)]


def refused(world: World) -> list[tuple[int, int, float, float]]:
    """(step, code, observed, limit) of every refusal."""
    lines = written(world)["refusals"]
    return [(int(r["step"]), int(r["code"]), round(float(r["observed"]), 6), float(r["limit"])) for r in lines]


def played(rows: Rows, wishes: list[dict[str, Any]], minutes: int = 6 * HOURS, **rules: Any) -> World:
    """One unit (100 lots of 0.01) a signal, 1,000 quote."""
    market = slow(a_market(rows, signals=wishes), minutes)
    return run(a_world(market, 1_000.0), market, some_rules(**rules))


# Four bars a day. Bought at 1,000 (the open of bar 1), worth 900 at its close, left at 900 (the open of bar 3).
FALLING = closes(1_000, 900, 900, 900, 900, 900, 900, 900, 900, 900)
LOSES = [a_signal(0, LONG), a_signal(2, EXIT)]


def test_a_day_that_has_lost_enough_opens_nothing_more_and_the_next_one_does() -> None:
    """10 % of 1,000 is lost at the close of bar 1: bar 3 is refused, bar 4 is of another day."""
    world = played(FALLING, [*LOSES, a_signal(3, LONG), a_signal(4, LONG)], max_day_loss=0.1)
    assert [(3, Code.DAY_LOSS_REACHED, 0.1, 0.1)] == refused(world)
    assert [(1, 1), (3, -1), (5, 1)] == [(line[0], line[2]) for line in trades(world)]


def test_a_loss_just_below_the_limit_is_none() -> None:
    """10 % is not 10.1 %."""
    assert [] == refused(played(FALLING, [*LOSES, a_signal(3, LONG)], max_day_loss=0.101))


def test_a_loss_that_was_made_good_again_still_ends_the_day() -> None:
    """Equity at a close counts, open loss included, whatever comes after it."""
    rows = closes(1_000, 900, 1_000, 1_000, 1_000)
    world = played(rows, [a_signal(0, LONG), a_signal(1, EXIT), a_signal(2, LONG)], max_day_loss=0.1)
    assert [(2, Code.DAY_LOSS_REACHED, 0.1, 0.1)] == refused(world)


def test_a_week_ends_with_sunday() -> None:
    """1970 began on a Thursday: bars of a day each, the first Monday is bar 4."""
    wishes = [*LOSES, a_signal(3, LONG), a_signal(4, LONG)]
    world = played(FALLING, wishes, 24 * HOURS, max_week_loss=0.1)
    assert [(3, Code.WEEK_LOSS_REACHED, 0.1, 0.1)] == refused(world)


def test_a_drawdown_ends_the_run() -> None:
    """From the peak of 1,000 to 900; no day makes that good."""
    wishes = [*LOSES, a_signal(3, LONG), a_signal(8, LONG)]
    found = refused(played(FALLING, wishes, 24 * HOURS, max_drawdown=0.05))
    assert [(3, Code.DRAWDOWN_REACHED, 0.1, 0.05), (8, Code.DRAWDOWN_REACHED, 0.1, 0.05)] == found


def test_losses_in_a_row_end_the_day_and_the_next_counts_anew() -> None:
    """Three losses, bar after bar; the fourth entry waits for the next day, which may lose three times again."""
    rows = closes(*range(1_000, 960, -2))
    wishes = [wish for s in range(0, 12, 2) for wish in (a_signal(s, LONG), a_signal(s + 1, EXIT))]
    world = played(rows, [*wishes, a_signal(12, LONG)], 2 * HOURS, max_losses=3)
    assert [(6, Code.LOSSES_IN_A_ROW), (8, Code.LOSSES_IN_A_ROW), (10, Code.LOSSES_IN_A_ROW)] == [
        line[:2] for line in refused(world) if line[1] != Code.NOTHING_TO_EXIT
    ]
    assert (13, 1) in [(line[0], line[2]) for line in trades(world)]


def test_a_win_breaks_the_row() -> None:
    """Loss, loss, win, loss: never three."""
    rows = closes(1_000, 1_000, 990, 990, 980, 980, 990, 990, 980, 980)
    wishes = [wish for s in range(0, 8, 2) for wish in (a_signal(s, LONG), a_signal(s + 1, EXIT))]
    world = played(rows, [*wishes, a_signal(8, LONG)], 60, max_losses=3)
    assert [] == refused(world)


def test_a_loss_is_what_is_left_after_fees() -> None:
    """Closed at the price of entry, two fees are lost."""
    market = a_market(closes(*[1_000] * 6), signals=[a_signal(0, LONG), a_signal(1, EXIT), a_signal(2, LONG)])
    specs = market.specs.copy()
    specs["taker_rate"] = 0.001
    market = market._replace(specs=specs)
    world = run(a_world(market), market, some_rules(max_losses=1))
    assert [(2, Code.LOSSES_IN_A_ROW, 1.0, 1.0)] == refused(world)


def test_a_loss_is_followed_by_rest() -> None:
    """Closed at the open of bar 3; at the close of bar 4, two bars later, ninety seconds are long over."""
    wishes = [*LOSES, a_signal(3, LONG), a_signal(4, LONG)]
    world = played(FALLING, wishes, 1, cool_down=3 * MINUTE // 2)
    assert [(3, Code.COOLING_DOWN, 1.0, 1.5)] == refused(world)
    assert [(5, 1)] == [(line[0], line[2]) for line in trades(world)[2:]]


def test_a_day_that_has_won_enough_ends() -> None:
    """10 % are won at the close of bar 1; bar 4 is of the next day."""
    rows = closes(1_000, 1_100, 1_100, 1_100, 1_100, 1_100)
    world = played(rows, [*LOSES, a_signal(3, LONG), a_signal(4, LONG)], day_target=0.1)
    assert [(3, Code.DAY_TARGET_MET, 0.1, 0.1)] == refused(world)


@pytest.mark.parametrize(
    "rules", [{"max_day_loss": 0.01}, {"max_drawdown": 0.01}, {"cool_down": 10**15}, {"max_heat": 0.5}]
)
def test_a_limit_never_keeps_a_position_open(rules: dict[str, Any]) -> None:
    """A signal to the other side is refused as an entry and obeyed as an exit, so is a plain exit; stops go on."""
    rows = closes(1_000, 950, 950, 950, 950, 950)
    turn = a_signal(1, SHORT)
    lost = [a_signal(0, LONG, stop_ticks=800), turn]
    if "cool_down" in rules:
        lost = [a_signal(0, LONG), a_signal(1, EXIT), a_signal(2, LONG), a_signal(3, SHORT)]
    world = played(rows, lost, 1, **rules)
    assert 0 == world.positions[0]["lots"]
    assert int(world.account[0]["n_refusals"]) >= 1
    assert all(line["closed_lots"] == line["lots"] for line in written(world)["fills"] if line["side"] < 0)


def test_heat_counts_every_stop_and_all_of_what_has_none() -> None:
    """Held: 100 to the stop. Asked for: 100 more, beside a limit that waits without any stop, 500."""
    rows = closes(*[1_000] * 5)
    wishes = [
        a_signal(0, LONG, instrument=0, stop_ticks=900),
        a_signal(0, LONG, instrument=1, order_type=OrderType.LIMIT.value, entry_ticks=500),
        a_signal(2, LONG, instrument=2, stop_ticks=900),
    ]
    market = a_market(rows, rows, rows, signals=wishes)
    tight = run(a_world(market, 1_000.0), market, some_rules(max_heat=0.69))
    wide = run(a_world(market, 1_000.0), market, some_rules(max_heat=0.7))
    assert [(2, Code.HEAT_EXCEEDED, 0.7, 0.69)] == refused(tight)
    assert [] == refused(wide)


def test_orders_as_such_pass_the_same_limits_but_not_where_they_reduce() -> None:
    """After a day's loss a buy is refused, a sale that may only reduce is not; without a stop all of it is heat."""
    market = commanded(
        slow(a_market(FALLING, signals=[a_signal(0, LONG)]), 6 * HOURS),
        a_command(2, CommandKind.PLACE, lots=10),
        a_command(2, CommandKind.PLACE, side=-1, lots=100, reduce_only=True),
        a_command(4, CommandKind.PLACE, lots=10),
    )
    lossy = run(a_world(market, 1_000.0), market, some_rules(max_day_loss=0.1))
    assert [(2, Code.DAY_LOSS_REACHED, 0.1, 0.1)] == refused(lossy)
    assert [(1, 100), (3, 100), (5, 10)] == [(line[0], line[4]) for line in trades(lossy)]
    hot = run(a_world(market, 1_000.0), market, some_rules(max_heat=0.05))
    assert {Code.HEAT_EXCEEDED, Code.NOTHING_TO_REDUCE} == {line[1] for line in refused(hot)}


def test_without_limits_nothing_is_watched() -> None:
    """The account's memory stands still."""
    account = played(FALLING, LOSES, max_heat=5.0).account[0]
    assert (0, 0, 0) == (account["watched"], account["watched_day"], account["watched_fills"])
    assert np.isclose(1_000.0, account["last_equity"])


def kelly_run(results: list[int], **rules: Any) -> World:
    """Trades one after the other, entered at 1,000 with a stop at 900, left at 1,000 and so much; then one more."""
    prices, wishes = [1_000], []
    for number, result in enumerate(results):
        prices += [1_000, 1_000 + result, 1_000 + result, 1_000]
        wishes += [a_signal(4 * number, LONG, stop_ticks=900), a_signal(4 * number + 2, EXIT)]
    last = 4 * len(results)
    prices += [1_000, 1_000]
    market = a_market(closes(*prices), signals=[*wishes, a_signal(last, LONG, stop_ticks=900)])
    named = {"sizing": Sizing.KELLY, "size": 0.5, "kelly_trades": 4, "kelly_start": 0.01, "kelly_cap": 1.0} | rules
    return run(a_world(market), market, some_rules(**named))


def at_risk(world: World) -> float:
    """What part of equity the last entry stands to lose at its stop."""
    return float(written(world)["fills"][-1]["lots"]) * 100 * 0.01 / float(world.equity[-1])


def test_kelly_begins_with_the_start_and_goes_on_with_half_of_what_the_trades_tell() -> None:
    """Two wins of 2 R, two losses of 1 R: Kelly's fraction is 0.25, and half of it is staked."""
    assert pytest.approx(0.01, rel=0.02) == at_risk(kelly_run([200, -100, 200]))
    assert pytest.approx(0.125, rel=1e-3) == at_risk(kelly_run([200, -100, 200, -100]))


def test_kelly_is_capped() -> None:
    """Half Kelly would be 0.125, the cap is 0.05; trades that all won have no fraction but the cap."""
    assert pytest.approx(0.05, rel=2e-3) == at_risk(kelly_run([200, -100, 200, -100], kelly_cap=0.05))
    assert pytest.approx(0.05, rel=2e-3) == at_risk(kelly_run([200, 200, 200, 200], kelly_cap=0.05))


@pytest.mark.parametrize(("results", "fraction"), [([100, -100, -100, -100], -0.5), ([-100] * 4, -1.0)])
def test_kelly_stakes_nothing_where_the_trades_show_no_edge(results: list[int], fraction: float) -> None:
    """One win of four at 1:1 is 0.25 - 0.75 = -0.5; the refusal says so."""
    line = refused(kelly_run(results))[-1]
    assert (Code.NO_EDGE, fraction, 0.0) == (line[1], pytest.approx(fraction, abs=1e-3), line[3])


def vince_run(results: list[int], **rules: Any) -> World:
    """As `kelly_run`, sized by optimal f."""
    return kelly_run(results, **{"sizing": Sizing.OPTIMAL_F} | rules)


def test_optimal_f_stakes_what_would_have_grown_the_account_most() -> None:
    """Wins of 2 R against losses of 1 R, half of each: f is 0.25, and half of it is staked; it waits and is capped."""
    assert pytest.approx(0.01, rel=0.02) == at_risk(vince_run([200, -100, 200]))
    assert pytest.approx(0.125, rel=1e-3) == at_risk(vince_run([200, -100, 200, -100]))
    assert pytest.approx(0.05, rel=2e-3) == at_risk(vince_run([200, -100, 200, -100], kelly_cap=0.05))
    assert pytest.approx(0.05, rel=2e-3) == at_risk(vince_run([200] * 4, kelly_cap=0.05))


def test_optimal_f_is_counted_in_worst_losses() -> None:
    """The worst loss was 2 R: optimal f of it is what `risk.fractions` says, and a stake of 1 R is half of that."""
    results = [2.0, -1.0, 3.0, -2.0, 2.0, 1.0]
    world = a_world(a_market(closes(*[1_000] * 3)))
    for result in results:
        note_result(world, 0, result, 1.0, 0)
    assert pytest.approx(optimal_f(results).fraction / 2.0, abs=0.0026) == optimal_stake(world, 0)


@pytest.mark.parametrize("results", [[100, -100, -100, -100], [-100] * 4])
def test_optimal_f_stakes_nothing_where_nothing_grows(results: list[int]) -> None:
    """No fraction makes the account grow: the refusal says 0."""
    line = refused(vince_run(results))[-1]
    assert (Code.NO_EDGE, 0.0, 0.0) == line[1:]


def test_optimal_f_knows_the_last_trades_alone() -> None:
    """After 256 trades the oldest are forgotten."""
    world = a_world(a_market(closes(*[1_000] * 3)))
    for number in range(300):
        note_result(world, 0, -5.0 if number < 44 else 1.0 if number % 2 else -0.5, 1.0, number)
    assert 0.5 == -world.results.min()


def pair(first: list[int], second: list[int], *signals: dict[str, Any], **rules: Any) -> World:
    """Two instruments side by side, with correlations of three returns."""
    market = a_market(closes(*first), closes(*second), signals=signals)
    return run(a_world(market), market, some_rules(**{"correlation_bars": 3} | rules))


UP = [1_000, 1_010, 1_000, 1_020, 1_020, 1_020]
DOWN = [1_000, 990, 1_000, 980, 980, 980]


@pytest.mark.parametrize(
    ("second", "side", "refused_too"),
    [(UP, LONG, True), (UP, SHORT, False), (DOWN, LONG, False), (DOWN, SHORT, True), ([1_000] * 6, LONG, False)],
)
def test_nothing_is_opened_that_moves_as_what_is_held(second: list[int], side: int, refused_too: bool) -> None:
    """Held long: another long that moves alike is refused, and a short of what moves against it."""
    wishes = a_signal(2, LONG), a_signal(3, side, instrument=1)
    world = pair(UP, second, *wishes, max_correlation=0.9)
    lines = refused(world)
    assert refused_too == bool(lines)
    assert not refused_too or (Code.CORRELATION_EXCEEDED, 0.9) == (lines[0][1], lines[0][3])
    assert not refused_too or lines[0][2] > 0.99
    assert [] == refused(pair(UP, second, *wishes))


def test_correlation_is_not_judged_before_it_is_known() -> None:
    """Three returns need four closes: at the third close nothing is refused, at the fourth it is."""
    early = pair(UP, UP, a_signal(0, LONG), a_signal(2, LONG, instrument=1), max_correlation=0.5)
    late = pair(UP, UP, a_signal(0, LONG), a_signal(3, LONG, instrument=1), max_correlation=0.5)
    assert ([], 1) == (refused(early), len(refused(late)))


def test_orders_as_such_keep_the_cap_on_correlation() -> None:
    """A PLACE is refused as a signal is; what only reduces is not asked."""
    market = a_market(closes(*UP), closes(*UP), signals=[a_signal(2, LONG)])
    market = commanded(
        market,
        a_command(3, CommandKind.PLACE, instrument=1),
        a_command(4, CommandKind.PLACE, reduce_only=True, side=-1),
    )
    world = run(a_world(market), market, some_rules(max_correlation=0.5, correlation_bars=3))
    assert [Code.CORRELATION_EXCEEDED] == [line[1] for line in refused(world)]


def test_reversal_that_is_refused_for_its_likeness_still_closes() -> None:
    """What reduces is never refused: the position goes, the other way is not entered."""
    wishes = a_signal(0, LONG), a_signal(0, SHORT, instrument=1), a_signal(3, LONG, instrument=1)
    world = pair(UP, UP, *wishes, max_correlation=0.5)
    assert [Code.CORRELATION_EXCEEDED] == [line[1] for line in refused(world)]
    assert [True, False] == [bool(position["lots"]) for position in world.positions]


def test_size_is_cut_to_the_cap_on_one_position_and_an_order_beyond_it_is_refused() -> None:
    """A fifth of 1,000 at a price of 1,000 ticks of 0.01: 20 lots; an order for 21 more than it is refused."""
    market = a_market(closes(*[1_000] * 4), signals=[a_signal(0, LONG)])
    market = commanded(
        market, a_command(1, CommandKind.PLACE, lots=1), a_command(1, CommandKind.PLACE, side=-1, lots=1)
    )
    world = run(a_world(market, 1_000.0), market, some_rules(max_position=0.2))
    assert [20, 1] == written(world)["fills"]["lots"].tolist()
    assert (Code.POSITION_TOO_LARGE, 210.0, 200.0) == refused(world)[0][1:]


def test_cap_below_the_least_order_refuses_in_words() -> None:
    """The venue takes no fewer than ten lots, worth 100; the cap is 50."""
    market = a_market(closes(*[1_000] * 3), signals=[a_signal(0, LONG)], specs=[a_spec(min_lots=10)])
    world = run(a_world(market, 1_000.0), market, some_rules(max_position=0.05))
    assert (Code.POSITION_TOO_LARGE, 100.0, 50.0) == refused(world)[0][1:]
