"""The benchmarks' results have one form, and a run that misses a target says so and fails."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tradewright.engine.backtest import run_backtest

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "benchmarks"
OURS = ("jobs", "processes", "compare", "promises", "targets")
MINE = {
    "who": "tradewright 1", "way": "public call", "cut": 0, "seconds": 1.0, "bars": 300, "bars_per_s": 300,
    "trades": 7, "equity": 50.0, "peak_mb": 1, "load": 0.1, "funding_paid": 0.5, "books_apart": 1e-10, "job": "A",
}  # fmt: skip
PEER = {
    "who": "vectorbt 1", "way": "public call, rust", "cut": 0, "seconds": 3.0, "bars": 300, "bars_per_s": 100,
    "trades": 7, "equity": 50.01, "peak_mb": 1, "load": 0.1, "job": "A",
}  # fmt: skip


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The benchmarks' own modules that need nothing but Python."""
    monkeypatch.syspath_prepend(str(HOME))
    found = {name: __import__(name) for name in OURS}
    for name in OURS:
        monkeypatch.delitem(sys.modules, name)
    return found


@pytest.mark.parametrize("path", sorted((HOME / "results").glob("*.json")), ids=lambda path: path.stem)
def test_results_are_rows_of_one_form(path: Path) -> None:
    """Every file is a list of rows, and each says what was done, ours and the peer's."""
    rows = json.loads(path.read_text())

    assert rows
    assert all({"job", "ours", "best_peer", "peer", "ratio"} <= row.keys() for row in rows)


def test_every_locked_peer_has_a_script_and_is_measured(bench: dict[str, ModuleType]) -> None:
    """An environment that nothing runs in would be built in vain."""
    locked = {path.stem.removeprefix("bench-") for path in (ROOT / "requirements").glob("bench-*.txt")}

    assert locked == {path.stem.removeprefix("peer_") for path in HOME.glob("peer_*.py")}
    assert locked == {*bench["processes"].SLOW_PEERS, "vectorbt", "hftbacktest", "lrvx"}


@pytest.mark.parametrize(
    ("mine", "peer", "words"),
    [
        ({}, {}, ""),
        ({}, {"trades": 8}, "trades 7 and 8, equity apart by 2.0e-04"),
        ({}, {"equity": 51.0}, "trades 7 and 7, equity apart by 2.0e-02"),
        ({"equity": float("nan")}, {}, "trades 7 and 7, equity apart by nan"),
        ({"funding_paid": 0.0}, {}, "ours paid no funding"),
        ({"books_apart": 1e-5}, {}, "funding or equity of ours are 1.0e-05 of the cash from a count by hand"),
    ],
    ids=["same", "trades", "equity", "no number", "no funding", "other funding"],
)
def test_other_work_is_told(
    bench: dict[str, ModuleType], mine: dict[str, Any], peer: dict[str, Any], words: str
) -> None:
    """Other trades, other money or other funding make a row that is not kept."""
    [row] = bench["compare"].compare("A", [MINE | mine, PEER | peer])

    assert row.get("differs", "") == words
    assert row["kept"] == (not words)
    assert bench["targets"].broken([row]) == (
        ["A: average cross, a year of minutes beside vectorbt 1, public call, rust"] if words else []
    )


def test_ratio_below_its_target_is_missed(bench: dict[str, ModuleType]) -> None:
    """300 bars a second are three times 100, and less than three times 101."""
    compare, targets = bench["compare"].compare, bench["targets"]
    met = compare("A", [MINE, PEER])
    missed = compare("A", [MINE, PEER | {"bars_per_s": 101}])

    assert targets.table(met, [])[0] == (
        "A: fastest public call of a peer", "3.00 times vectorbt 1, public call, rust (target 3)", "met"
    )  # fmt: skip
    assert targets.table(missed, [])[0].verdict == "missed"
    assert (targets.broken(met), len(targets.broken(missed))) == ([], 1)


def test_what_was_not_measured_is_neither_met_nor_missed(bench: dict[str, ModuleType]) -> None:
    """A row without a ratio breaks nothing, and the table names its target all the same."""
    rows = bench["compare"].not_measured()
    lines = bench["targets"].table(rows, [])

    assert bench["targets"].broken(rows) == []
    assert all(row["ratio"] is None and row["not_measured"] for row in rows)
    assert {line.verdict for line in lines} == {"not measured"}


def test_flatness_is_the_dearest_by_the_cheapest(bench: dict[str, ModuleType]) -> None:
    """Bars count from the shortest run on, orders from a thousand on: 9 / 6 = 1.5 is kept, 500 / 160 = 3.125 is not."""
    rows = bench["promises"].promises(
        [],
        [
            {"job": "nanoseconds per bar", "points": [[10_000, 9.0], [100_000, 6.0]]},
            {"job": "nanoseconds per order", "points": [[100, 900.0], [1_000, 500.0], [10_000, 160.0]]},
        ],
    )

    assert [(row["ours"], row["limit"], row["kept"]) for row in rows] == [(1.5, 1.5, True), (3.125, 2.5, False)]


def test_memory_is_held_where_it_is_the_engines(bench: dict[str, ModuleType]) -> None:
    """The strategy of job B lays columns of its own: its whole call is told, the engine's part held."""
    row = {"job": "B", "way": "memory", "cut": 0, "bytes_per_bar": 94.0, "engine_bytes_per_bar": 65.0}

    found = bench["promises"].promises([row], [])

    assert [(one["ours"], one["limit"], one["kept"]) for one in found] == [(94.0, None, None), (65.0, 64.0, False)]


def test_callbacks_are_set_beside_the_same_of_a_peer(bench: dict[str, ModuleType]) -> None:
    """The fastest round of each counts: 300 bars in 1 s beside 2 s is twice as fast, beside 0.5 s half as fast."""
    rows = [
        MINE | {"way": f"callback {name}", "seconds": s} for name, s in (("no_op", 1.0), ("no_op", 3.0), ("x", 1.0))
    ]
    others = [PEER | {"way": f"callback {name}", "seconds": s} for name, s in (("no_op", 2.0), ("x", 0.5), ("y", 1.0))]

    found = bench["compare"].on_callbacks(rows, others)

    assert [(row["job"], row["ours"], row["best_peer"], row["ratio"], row["kept"]) for row in found] == [
        ("a callback for each bar, no_op", 300, 150, 2.0, True),
        ("a callback for each bar, x", 300, 600, 0.5, False),
    ]


def test_each_job_is_compared_with_itself(bench: dict[str, ModuleType]) -> None:
    """Ways have one name in all jobs: the loop alone is told of A, two threads beside one of C, 360 by 200 is 1.8."""
    rows = [
        MINE | {"job": job, "way": way, "bars_per_s": rate}
        for job, way, rate in (
            ("A", "compiled loop", 21e6), ("C", "compiled loop", 5e6), ("C", "public call", 200),
            ("C", "public call, two threads", 360), ("D", "public call", 900), ("D", "public call, two threads", 900),
        )
    ]  # fmt: skip

    found = bench["promises"].of_the_engine(rows)

    assert {row["job"]: (row["ours"], row["kept"]) for row in found} == {
        "engine only, bars/s": (21e6, True),
        "two threads beside one, job C, times": (1.8, True),
    }


def test_money_without_funding_is_that_of_a_run_without_it(
    bench: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Booking a run anew gives what the same run ends with at a rate of zero; other payments than are due are seen."""
    monkeypatch.setitem(sys.modules, "jobs", bench["jobs"])
    market = __import__("market")
    monkeypatch.setitem(sys.modules, "market", market)
    ours, unfunded = __import__("ours"), __import__("unfunded")
    for name in ("ours", "unfunded"):
        monkeypatch.delitem(sys.modules, name)
    rows = [market.make_market(seed, 6_000, 5) for seed in (1, 2)]
    np.savez(tmp_path / "many.npz", **{name: np.stack([row[name] for row in rows]) for name in rows[0]})
    feeds = ours.feeds_of(argparse.Namespace(job="D", folder=tmp_path, bars=0))
    spec = ours.spec_of(ours.Cross(), feeds)
    free = run_backtest(replace(spec, costs=replace(spec.costs, funding_rate=0.0)), ours.Cross(), feeds)
    run = run_backtest(spec, ours.Cross(), feeds)

    found = unfunded.without_funding(run)
    wrong = run_backtest(replace(spec, costs=replace(spec.costs, funding_rate=0.00011)), ours.Cross(), feeds)

    assert abs(found.paid) > 1.0
    assert abs(float(run.world.equity[-1]) - float(free.world.equity[-1])) > 1.0
    assert found.equity == pytest.approx(float(free.world.equity[-1]), abs=0.001)
    assert found.books_apart < 1e-9
    assert unfunded.without_funding(wrong).books_apart > bench["compare"].MOST_BOOKS_APART
    assert unfunded.without_funding(free).paid == 0.0


def test_sessions_are_held_to_their_memory(bench: dict[str, ModuleType]) -> None:
    """250 MB is kept, and 0.6 MB more each hour is not; a run that finds it fails."""
    row = {"symbols": 50, "strategies": 5, "hours": 24, "most_mb": 250.0, "mb_an_hour": 0.6}

    rows = bench["promises"].of_session_memory(row)

    assert [(one["ours"], one["limit"], one["kept"]) for one in rows] == [(250.0, 250.0, True), (0.6, 0.5, False)]
    assert all({"job", "best_peer", "peer", "ratio"} <= one.keys() for one in rows)
    assert bench["targets"].broken(rows) == ["memory of 5 sessions of 50 instruments, more with each hour, MB"]


@pytest.mark.parametrize(
    ("symbols", "first", "limit", "kept"),
    [
        (50, {"p99": 20.0}, 20.0, True), (50, {"p99": 20.1}, 20.0, False), (50, None, 20.0, False),
        (1, {"p99": 90.0}, None, None), (200, None, None, None),
    ],
)  # fmt: skip
def test_sessions_are_held_to_their_latency(
    bench: dict[str, ModuleType], symbols: int, first: dict[str, float] | None, limit: float | None, kept: bool | None
) -> None:
    """With 50 instruments, and there an order must have been sent; with others it is told."""
    row = bench["promises"].of_session_latency({"symbols": symbols, "first_order": first})

    assert (row["ours"], row["limit"], row["kept"]) == (first and first["p99"], limit, kept)
    assert {"job", "best_peer", "peer", "ratio"} <= row.keys()
