"""A tape: what is left out, what is moved, and what no market has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.market.events import EVENT
from tradewright.market.tape import Tape, join_tapes, make_tape
from tradewright.testing.tapes import a_depth, a_tape, a_trade


def test_far_levels_are_left_out() -> None:
    """Levels far from what trades are dropped; the message still ends with the last row that is left."""
    tape = a_tape(a_depth(0, {99: 1, 10: 5}, {101: 2, 900: 5}), a_depth(1, {11: 5}, {}), a_trade(2, 100, 1))
    assert [99, 101, 100] == tape.events["ticks"].tolist()
    assert [False, True, True] == tape.events["last"].tolist()
    assert ("3 levels of depth beyond 50% of the prices traded were left out",) == tape.assumptions
    assert ((99, 101, True),) == tape.windows


def test_depth_without_trades_is_kept_whole() -> None:
    """Where nothing traded nobody knows what is far."""
    assert [99, 10] == a_tape(a_depth(0, {99: 1, 10: 5}, {})).events["ticks"].tolist()


def test_slow_clock_is_moved() -> None:
    """Events that came before they happened: the clock is moved, and the tape says by how much."""
    events = a_tape(a_trade(5, 100, 1), a_trade(9, 100, 1)).events.copy()
    events["ts_local"] -= 3_000_000
    tape = make_tape(events, least_latency_ms=2.0)
    assert 2_000_000 == (tape.events["ts_local"] - tape.events["ts_exchange"]).min()
    assert "moved by 0.004 s" in tape.assumptions[0]


def test_tape_of_trades_knows_no_book() -> None:
    """Trades alone are a tape without a book."""
    assert not a_tape(a_trade(0, 100, 1)).has_book


@pytest.mark.parametrize(("field", "value"), [("ticks", 0), ("lots", -1), ("lots", 0), ("side", 0)])
def test_what_no_market_has(field: str, value: int) -> None:
    """A price below a tick, a trade of nothing, a trade without side: the error shows the row."""
    events = a_tape(a_trade(0, 100, 1), a_trade(1, 100, 1)).events.copy()
    events[field][1] = value
    with pytest.raises(DataError, match=f"event 1 .*'{field}': {value}"):
        make_tape(events)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (np.zeros(0, EVENT), "no events"),
        (np.zeros(1, [("price", float)]), "columns"),
    ],
)
def test_no_tape(events: Any, message: str) -> None:
    """Nothing, or something else, cannot be replayed."""
    with pytest.raises(DataError, match=message):
        make_tape(events)


def test_too_wide() -> None:
    """Prices tens of millions of ticks apart are not a table any more."""
    with pytest.raises(DataError, match="ticks apart"):
        a_tape(a_trade(0, 1, 1), a_trade(1, 30_000_000, 1))


@pytest.mark.parametrize("options", [{"reach": 0.0}, {"reach": float("nan")}, {"least_latency_ms": -1.0}])
def test_bad_option_is_named(options: dict[str, float]) -> None:
    """The error names the option."""
    with pytest.raises(InvalidValue, match=next(iter(options))):
        make_tape(a_tape(a_trade(0, 100, 1)).events, **options)


def two_tapes() -> dict[str, Tape]:
    """Of A a book at 0 and a trade at 5 ms, of B trades at 0 and 5 ms, the first of them received at 9."""
    second = a_tape(a_trade(0, 50, 1), a_trade(5, 51, 1), a_trade(7, 52, 1))
    second.events["ts_local"][0] = 9_000_000
    return {"A": a_tape(a_depth(0, {99: 1, 98: 2}, {101: 2}), a_trade(5, 100, 1)), "B": second}


@pytest.mark.rule("T-1")
def test_tapes_are_joined_by_both_clocks() -> None:
    """By receipt each keeps its own order; by the venue's time, at one time, A before B, messages whole."""
    tape = join_tapes(two_tapes())
    assert [(0, 98), (0, 101), (0, 100), (1, 50), (1, 51), (1, 52)] == [
        (row["instrument"], row["ticks"]) for row in tape.events[1:]
    ]
    happened = tape.events[tape.by_exchange]
    assert [99, 98, 101, 50, 100, 51, 52] == happened["ticks"].tolist()
    assert [False, False, True, True, True, True, True] == happened["last"].tolist()
    assert (("A", "B"), ((98, 101, True), (50, 52, False)), False) == (tape.names, tape.windows, tape.has_book)
    assert (0, 7_000_000) == tape.span


def test_one_tape_joined_is_itself() -> None:
    """Nothing is copied, nothing named."""
    tape = two_tapes()["A"]
    assert join_tapes({"A": tape}) is tape


def test_tapes_that_cannot_be_joined_are_refused() -> None:
    """None at all, one that is joined already, and those that have no time in common."""
    tapes = two_tapes()
    with pytest.raises(DataError, match="no tapes"):
        join_tapes({})
    with pytest.raises(DataError, match="AB holds 2 instruments"):
        join_tapes({"AB": join_tapes(tapes), "B": tapes["B"]})
    with pytest.raises(DataError, match=r"no time in common: C begins at 1970-01-01T00:00:08Z, A has ended"):
        join_tapes({"A": tapes["A"], "C": a_tape(a_trade(8_000, 1, 1))})


def test_notes_of_joined_tapes_say_of_which_they_are() -> None:
    """What was left out of one is not said of the other."""
    far = a_tape(a_depth(0, {99: 1, 10: 5}, {101: 2}), a_trade(2, 100, 1))
    assert ("A: 1 levels of depth beyond 50% of the prices traded were left out",) == join_tapes(
        two_tapes() | {"A": far}
    ).assumptions
