"""Margin is judged by the mark, orders by the trades."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from tradewright.domain.enums import Ambiguity, OrderRole, OrderType, SignalKind
from tradewright.testing.markets import Case, cases, examples, played
from tradewright.testing.worlds import a_funding, a_market, a_signal, a_world, digest, marked, run, some_rules, written

LONG, SHORT = SignalKind.LONG, SignalKind.SHORT
FLAT = (100, 100, 100, 100)


def forced(world: Any) -> list[tuple[int, ...]]:
    """(step, ticks) of every forced close."""
    fills = written(world)["fills"]
    return [(int(f["step"]), int(f["ticks"])) for f in fills if f["role"] == OrderRole.LIQUIDATION]


def roles(world: Any) -> list[str]:
    """Role, price and doubt of every fill."""
    doubt = {0: "", 1: " ambiguous", 2: " gap"}
    return [f"{OrderRole(f['role']).name} {f['ticks']}{doubt[int(f['flags'])]}" for f in written(world)["fills"]]


def play(bar: Any, mark: Any, kind: int = LONG, policy: Ambiguity = Ambiguity.WORST, **wish: Any) -> Any:
    """One unit from 100 with 10.45 in the wallet: margin runs out at a mark of 90 (109); the bar is step 2."""
    market = marked(a_market([FLAT, FLAT, bar], signals=[a_signal(0, kind, **wish)]), [FLAT, FLAT, mark])
    return run(a_world(market, 10.45), market, some_rules(ambiguity=policy))


@pytest.mark.rule("M-6", "M-10")
@pytest.mark.parametrize(("kind", "bar", "mark"), [
    (LONG, (100, 101, 80, 95), (100, 101, 91, 95)),
    (SHORT, (100, 120, 99, 105), (100, 108, 99, 105)),
])  # fmt: skip
def test_spike_of_trades_that_the_mark_does_not_share_liquidates_nobody(kind: int, bar: Any, mark: Any) -> None:
    """That is what marks are for."""
    assert [] == forced(play(bar, mark, kind))


@pytest.mark.rule("M-6")
@pytest.mark.parametrize(("kind", "bar", "mark", "ticks"), [
    (LONG, (100, 101, 97, 99), (100, 101, 85, 95), 97),
    (LONG, (102, 103, 80, 99), (100, 101, 85, 95), 92),
    (SHORT, (100, 104, 99, 101), (100, 115, 99, 105), 104),
])  # fmt: skip
def test_mark_that_runs_alone_liquidates_at_what_trades_were_worth_then(
    kind: int, bar: Any, mark: Any, ticks: int
) -> None:
    """Trades are as far from the mark as at the open, and never beyond the bar."""
    assert [(2, ticks)] == forced(play(bar, mark, kind))


@pytest.mark.rule("A-4")
@pytest.mark.parametrize(("mark", "expected"), [
    ((100, 100, 70, 95), "LIQUIDATION 90 ambiguous"),
    ((100, 100, 89, 95), "STOP_LOSS 92 ambiguous"),
])  # fmt: skip
@pytest.mark.parametrize("policy", [Ambiguity.WORST, Ambiguity.OLHC])
def test_stop_and_liquidation_are_ordered_by_the_fraction_of_their_own_ways(
    mark: Any, expected: str, policy: Ambiguity
) -> None:
    """Trades fall from 100 to 84, the stop is half-way; the mark is at 90 after a third of its way, or near the end."""
    world = play((100, 100, 84, 95), mark, stop_ticks=92, policy=policy)

    assert ["ENTRY 100", expected] == roles(world)
    assert world.account[0]["n_ambiguous"] == 1


@pytest.mark.rule("A-4")
def test_gap_past_stop_and_liquidation_goes_to_liquidation_if_the_mark_says_so() -> None:
    """Both open beyond: the venue is first. If the mark opens above, the stop takes the open."""
    assert ["ENTRY 100", "LIQUIDATION 90 gap"] == roles(play((85, 86, 84, 85), (85, 86, 84, 85), stop_ticks=95))
    assert ["ENTRY 100", "STOP_LOSS 85 gap"] == roles(play((85, 86, 84, 85), (95, 96, 94, 95), stop_ticks=95))


@pytest.mark.rule("C-4")
def test_funding_is_paid_on_the_mark() -> None:
    """1 % of a unit at a mark of 120 is 1.2, whatever the trades say."""
    market = a_market([FLAT, FLAT, FLAT], signals=[a_signal(0, LONG)], funding=[a_funding(2, 0.01)])
    market = marked(market, [FLAT, FLAT, (120,) * 4])
    world = run(a_world(market), market, some_rules())

    assert [(120, -1.2)] == written(world)["payments"][["ticks", "amount"]].tolist()
    assert world.equity[2] == 10_000.0 - 1.2 + 20.0


@pytest.mark.rule("M-4")
def test_entry_far_above_the_mark_is_rejected_for_its_open_loss() -> None:
    """Ten of margin and five lost at once are more than 14.5; without the loss they are not."""
    wish = a_signal(0, LONG)
    far = marked(a_market([FLAT, FLAT, FLAT], signals=[wish]), [FLAT, (95,) * 4, (95,) * 4])
    near = a_market([FLAT, FLAT, FLAT], signals=[wish])

    assert [] == roles(run(a_world(far, 14.5), far, some_rules()))
    assert ["ENTRY 100"] == roles(run(a_world(near, 14.5), near, some_rules()))


@pytest.mark.rule("M-6")
def test_limit_entry_inside_a_bar_whose_mark_was_fatal_is_in_doubt() -> None:
    """The mark may have been at 80 before the entry: worst says after, best before; both say they do not know."""
    wish = {"order_type": OrderType.LIMIT.value, "entry_ticks": 95}
    bar, mark = (100, 100, 94, 96), (100, 100, 80, 96)
    worst, best = (play(bar, mark, policy=policy, **wish) for policy in (Ambiguity.WORST, Ambiguity.BEST))

    assert ["ENTRY 95 ambiguous", "LIQUIDATION 94 ambiguous"][1:] == roles(worst)[1:]
    assert len(roles(best)) == 1
    assert (1, 1) == (worst.account[0]["n_ambiguous"], best.account[0]["n_ambiguous"])


@pytest.mark.rule("M-10", "4.11")
@examples(60)
@given(case=cases())
def test_mark_that_is_the_last_price_in_a_series_of_its_own_changes_no_byte(case: Case) -> None:
    """Shared arrays or copies of them: the run is the same."""
    market = case.market
    names = ("open", "high", "low", "close")
    shared = market._replace(**{f"mark_{name}": getattr(market, name) for name in names})
    copied = market._replace(**{f"mark_{name}": getattr(market, name).copy() for name in names})
    worlds = []
    for candidate, apart in ((shared, False), (copied, True)):
        specs = market.specs.copy()
        specs["has_mark"] = apart
        worlds.append(played(case._replace(market=candidate._replace(specs=specs))))

    assert digest(worlds[0]) == digest(worlds[1])
