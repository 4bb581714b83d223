"""Parents at work in a run: children at closes, never more than asked, nothing after a cancel, kept as one."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import Code
from tradewright.domain.errors import InvalidValue
from tradewright.domain.intents import Cancel, CancelAll, Iceberg, OrderIntent, Twap, Vwap
from tradewright.engine.backtest import Run
from tradewright.engine.outcome import log_of
from tradewright.portfolio.summary import summarise
from tradewright.portfolio.tables import artifact_tables
from tradewright.testing.scripted import FLAT, HOUR, Scripted, filled, played


def tables(run: Run) -> Any:
    """The tables that would be kept."""
    log = log_of(run)
    return artifact_tables(log, summarise(log).trades)


def quantities(run: Run) -> list[tuple[int, float]]:
    """(step, signed quantity) of each fill."""
    return [(step, quantity) for step, _, quantity in filled(run)]


@pytest.mark.rule("R-7")
def test_twap_without_a_cap_fills_wholly_in_a_quiet_market() -> None:
    """Equal parts at equal distances, each at the open after its close; the parent is kept with what it cost."""
    run = played({1: Twap("buy", 1.0, bars=6, slices=3, tag="in")}, [FLAT] * 10, participation=0.0)
    kept = tables(run)
    (parent,) = [{name: column[row] for name, column in kept["parents"].items()} for row in range(1)]

    assert [(2, 0.33), (4, 0.33), (6, 0.34)] == quantities(run)
    assert (1.0, 1.0, 3, "filled", 100.0, 0.0) == tuple(
        parent[name] for name in ("asked", "filled", "children", "status", "average_price", "shortfall_bps")
    )
    assert (2 * HOUR.ns, 7 * HOUR.ns) == (parent["ts_begun"], parent["ts_ended"])
    assert (["in/1", "in/2", "in/3"], ["in"] * 3) == (kept["fills"]["tag"], kept["fills"]["parent"])
    assert [0, 1, 1, 1, 1, 1, 0] == [len(parents) for _, parents, _ in Scripted.views[1:8]]
    assert [(0.33, 0.0, 5), (0.33, 0.0, 4)] == [
        (parents[0].filled, parents[0].working, parents[0].bars_left) for _, parents, _ in Scripted.views[2:4]
    ]


@pytest.mark.rule("R-7")
def test_vwap_expects_the_volume_of_past_days_and_refuses_without_one() -> None:
    """Three quarters of a day's volume come in the bar that opens at 02:00; today's volume changes nothing."""
    day = [(*FLAT, 0.0), (*FLAT, 250.0), (*FLAT, 750.0)] + [(*FLAT, 0.0)] * 21
    loud = [(*FLAT, 1e6)] * 6
    run = played({24: Vwap("sell", 0.8, bars=4, tag="v")}, [*day, *loud], participation=0.0)
    early = played({3: Vwap("sell", 0.8, bars=4, tag="v")}, [*day, *loud], participation=0.0)

    assert [(25, -0.2), (26, -0.6)] == quantities(run)
    assert ([], [Code.NO_VOLUME_PROFILE]) == (filled(early), early.world.refusals["code"].tolist())


@pytest.mark.rule("R-7")
def test_iceberg_shows_one_part_at_a_time_until_it_is_filled() -> None:
    """The next part goes out at the close after the last one filled; the last part is what is left."""
    dips = [FLAT, (100.0, 101.0, 98.0, 100.0)] * 5
    run = played({0: Iceberg("buy", 1.0, 0.4, 99.0, tag="ice")}, dips, participation=0.0)

    assert [(1, 0.4), (3, 0.4), (5, 0.2)] == quantities(run)
    assert [0.4, 0.4, 0.2] == [fill.quantity for fill in Scripted.told]
    assert "filled" == run.wishes.parents[0].status
    assert max(sum(o.remaining for o in orders) for orders, _, _ in Scripted.views) == 0.4


@pytest.mark.rule("R-7")
@pytest.mark.parametrize("cancel", [Cancel("p"), CancelAll()])
@pytest.mark.parametrize("latency", [0.0, 3_600_000.0 * 2])
def test_cancelled_parent_sends_nothing_more(cancel: Any, latency: float) -> None:
    """What works is taken back as fast as a cancel travels; no child is created at or after that close."""
    script = {0: Twap("buy", 1.0, bars=8, price=90.0, tag="p"), 3: cancel}
    run = played(script, [FLAT] * 12, participation=0.0, latency_ms=latency)
    orders = tables(run)["orders"]

    assert 3 == len(orders["tag"])
    assert all(created < 4 * HOUR.ns for created in orders["ts_created"])
    assert {"canceled"} == set(orders["status"])
    assert ("canceled", 3) == (run.wishes.parents[0].status, run.wishes.parents[0].ended)


@pytest.mark.rule("R-7")
def test_liquidation_ends_parents() -> None:
    """The position is gone, and what was to build it is not sent again."""
    crash = [FLAT, FLAT, FLAT, (100.0, 100.0, 1.0, 1.0)] + [(1.0, 1.0, 1.0, 1.0)] * 3
    run = played(
        {0: [OrderIntent("buy", 100.0), OrderIntent("buy", 100.0), Twap("buy", 0.8, bars=6, tag="p")]},
        crash,
        participation=0.0,
    )

    assert ("liquidated", 3) == (run.wishes.parents[0].status, run.wishes.parents[0].ended)
    assert 3 == max(step for step, _ in quantities(run))


def test_window_may_end_at_a_time() -> None:
    """Until 05:00 from a close at 02:00 there are three bars; less than one bar is refused by its field."""
    run = played({1: Twap("buy", 0.3, until=5 * HOUR.ns)}, [FLAT] * 8, participation=0.0)

    assert [(2, 0.1), (3, 0.1), (4, 0.1)] == quantities(run)
    with pytest.raises(InvalidValue, match="until"):
        played({1: Twap("buy", 0.3, until=2 * HOUR.ns)}, [FLAT] * 8)


def test_name_that_comes_again_is_told_apart() -> None:
    """A parent may be named as an ended one was; without a name it is called by its kind and number."""
    script = {
        0: Twap("buy", 0.1, bars=1, tag="in"),
        3: Twap("sell", 0.1, bars=1, tag="in"),
        5: Twap("buy", 0.1, bars=1),
    }
    run = played(script, [FLAT] * 8, participation=0.0)

    assert ["in", "in#2", "twap-3"] == tables(run)["parents"]["tag"]
