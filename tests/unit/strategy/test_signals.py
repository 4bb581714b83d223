"""Signals as columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright import Signals
from tradewright.domain.enums import OrderType, SignalKind
from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.signal import Signal
from tradewright.testing.bars import closes

BARS = closes([100.0, 101.0, 102.0, 103.0])
ODD = np.array([np.nan, 99.0, np.inf, -2.0])


def at(*rows: int) -> np.ndarray:
    mask = np.zeros(4, dtype=np.bool_)
    mask[list(rows)] = True
    return mask


def test_masks_become_rows_in_order_of_bars() -> None:
    """Long, short and exit masks give one row each, ascending, with the close as the market entry."""
    signals = Signals.from_masks(BARS, long=at(2), short=at(1), exit=at(3), stop_loss=(BARS.low, BARS.high))
    assert [1, 2, 3] == signals.bar.tolist()
    assert [SignalKind.SHORT, SignalKind.LONG, SignalKind.EXIT] == signals.kind.tolist()
    assert [101.0, 102.0, 0.0] == signals.entry.tolist()
    assert [102.0, 100.0, 0.0] == signals.stop_loss.tolist()
    assert [True, True, False] == signals.has_stop.tolist()
    assert [False, False, False] == signals.has_target.tolist()


def test_rows_without_known_prices_are_left_out() -> None:
    """NaN in the warm-up and infinity give no signal; a level at or below 0 is for the gate to refuse."""
    stops = np.array([np.nan, 99.0, np.inf, 0.0])
    signals = Signals.from_masks(BARS, long=at(0, 1, 2, 3), stop_loss=stops)
    assert ([1, 3], [99.0, 0.0]) == (signals.bar.tolist(), signals.stop_loss.tolist())


def test_with_risk_sets_stop_and_target_on_their_sides() -> None:
    """The stop is one risk away, the target `reward` risks, for long and short alike."""
    signals = Signals.with_risk(BARS, long=at(1), short=at(3), risk=2.0, reward=4.0)
    assert [99.0, 105.0] == signals.stop_loss.tolist()
    assert [109.0, 95.0] == signals.take_profit.tolist()


def test_limit_orders_carry_their_own_price_and_validity() -> None:
    """A limit's entry is its price, not the close, and risk is counted from it."""
    entry = np.full(4, 90.0)
    signals = Signals.with_risk(BARS, long=at(1), kind="limit", entry=entry, risk=5.0, valid_bars=7)
    assert ([OrderType.LIMIT], [90.0], [85.0], [105.0], [7]) == (
        signals.order_type.tolist(),
        signals.entry.tolist(),
        signals.stop_loss.tolist(),
        signals.take_profit.tolist(),
        signals.valid_bars.tolist(),
    )


def test_metadata_and_confidence_follow_their_rows() -> None:
    """Columns given for every bar are picked at the signals' bars."""
    facts = {"rsi": np.array([10.0, 20.0, 30.0, 40.0])}
    signals = Signals.from_masks(BARS, long=at(1, 3), confidence=np.array([0.1, 0.2, 0.3, 0.4]), metadata=facts)
    assert ([0.2, 0.4], [20.0, 40.0]) == (signals.confidence.tolist(), signals.metadata["rsi"].tolist())


def test_an_entry_stands_where_it_meets_an_exit() -> None:
    """A bar that says both exit and long is a long."""
    assert [SignalKind.LONG] == Signals.from_masks(BARS, long=at(1), exit=at(1)).kind.tolist()


def test_no_masks_give_no_signals() -> None:
    """Empty signals are valid, with every column empty."""
    for signals in (Signals.none(), Signals.from_masks(BARS), Signals.from_masks(BARS, long=at())):
        assert [0] * 10 == [column.size for column in signals[:-2]]
        assert signals.plans is None


def test_objects_and_columns_say_the_same() -> None:
    """`from_list` of Signal objects keeps each field; absent metadata is NaN."""
    wishes = [(1, Signal("long", 101.0, 99.0, 107.0, 0.5, {"a": 1})), (2, Signal("exit")), (3, Signal("short", 103.0))]
    signals = Signals.from_list(wishes)
    assert [SignalKind.LONG, SignalKind.EXIT, SignalKind.SHORT] == signals.kind.tolist()
    assert [101.0, 0.0, 103.0] == signals.entry.tolist()
    assert [True, False, False] == signals.has_target.tolist()
    np.testing.assert_array_equal([1.0, np.nan, np.nan], signals.metadata["a"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"long": at(1), "short": at(1, 2)}, r"long and short: bar 1 is both"),
        ({"long": at(1)[:3]}, r"long: expected one value for each of 4 bars, got the shape \(3,\)"),
        ({"long": at(1).astype(float)}, r"long: a mask has the type bool, this one is float64"),
        ({"long": at(1), "stop_loss": np.ones(2)}, r"stop_loss: expected one value for each of 4 bars"),
        ({"long": at(1), "metadata": {"x": np.ones(5)}}, r"x: expected one value for each of 4 bars"),
        ({"long": at(1), "kind": "limit"}, r"entry: a limit signal needs its own price"),
        ({"long": at(1), "kind": "iceberg", "entry": 1.0}, r"kind: 'iceberg' is not allowed"),
        ({"long": at(1), "take_profit": 110.0, "targets": [(110.0, 1.0)]}, r"take_profit: give either"),
        ({"long": at(1), "targets": [(np.ones(3), 1.0)]}, r"targets: expected one value for each of 4 bars"),
        ({"long": at(1), "activation": 99.0}, r"activation: it needs trailing as well"),
        ({"long": at(1), "break_even": True}, r"break_even: it needs targets as well"),
        ({"long": at(1), "break_even": True, "targets": [(110.0, 1.0)]}, r"break_even: it needs stop_loss as well"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(arguments: dict[str, object], message: str) -> None:
    """Each misuse gives one line that names the argument."""
    with pytest.raises(StrategyError, match=message):
        Signals.from_masks(BARS, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "stop_limit", "entry": 100.0}, r"limit_price: None is not allowed"),
        ({"limit_price": 99.0}, r"limit_price: 'given' is not allowed"),
        ({"time_in_force": "day"}, r"time_in_force: 'day' is not allowed"),
        ({"time_in_force": "gtd"}, r"valid_bars: 0 is not allowed"),
        ({"trailing": 0.5}, r"trailing: 0.5 is not allowed"),
        ({"targets": [(110.0, 0.7), (120.0, 0.4)]}, r"targets: .* give fractions that add up to 1"),
    ],
)
def test_columns_are_held_to_the_terms_of_a_signal(arguments: dict[str, object], message: str) -> None:
    """What `Signal` refuses is refused of columns by the same name."""
    with pytest.raises(InvalidValue, match=message):
        Signals.from_masks(BARS, long=at(1), **arguments)


def test_several_targets_stand_at_multiples_of_the_risk() -> None:
    """The first is the take-profit, the others the plan's; each has its share, and each side its own direction."""
    signals = Signals.with_risk(BARS, long=at(1), short=at(3), risk=2.0, rewards=[(1.0, 0.3), (2.0, 0.4), (4.0, 0.3)])
    assert [103.0, 101.0] == signals.take_profit.tolist()
    assert signals.plans is not None
    assert [105.0, 99.0] == signals.plans.target2.tolist()
    assert [109.0, 95.0] == signals.plans.target3.tolist()
    assert [0.0, 0.0] == signals.plans.target4.tolist()
    assert [[0.3, 0.3], [0.4, 0.4], [0.3, 0.3], [0.0, 0.0]] == [share.tolist() for share in signals.plans[-4:]]


def test_an_exit_has_no_plan() -> None:
    """What guards a position, and how it is entered, is asked of entries alone."""
    signals = Signals.from_masks(BARS, long=at(1), exit=at(3), trailing=0.01, time_in_force="ioc")
    assert signals.plans is not None
    assert [[10, 0], [1, 0]] == [signals.plans.callback.tolist(), signals.plans.time_in_force.tolist()]
    assert [True, False] == signals.plans.asked.tolist()


@pytest.mark.parametrize(
    "terms",
    [
        {"trailing": 0.01, "activation": ODD},
        {"targets": [(110.0, 0.5), (ODD, 0.5)]},
        {"kind": "stop_limit", "entry": ODD, "limit_price": 99.0},
        {"kind": "trailing_stop", "entry_callback": 0.01, "entry_activation": ODD},
    ],
)
def test_a_further_level_that_is_no_price_stands_where_the_gate_looks(terms: dict[str, Any]) -> None:
    """A level of a plan is held to what a stop-loss is held to; as the target it is refused, exits left alone."""
    signals = Signals.from_masks(BARS, long=at(0, 1, 2, 3), **terms)
    assert [1, 3] == signals.bar.tolist()
    assert (True, -2.0) == (bool(signals.has_target[1]), signals.take_profit[1])
    assert ("targets" in terms) == signals.has_target[0]
    assert not Signals.from_masks(BARS, exit=at(0, 1, 2, 3), **terms).has_target.any()


def test_of_several_targets_one_that_is_no_price_is_the_first() -> None:
    """By columns and one by one alike: the gate looks at the first."""
    rows = Signals.with_risk(BARS, short=at(1), risk=20.0, rewards=[(3.0, 0.5), (6.0, 0.5)])
    wish = Signal("short", 101.0, 121.0, targets=((41.0, 0.5), (-19.0, 0.5)))
    one = Signals.from_list([(1, wish)])
    assert [-19.0] == rows.take_profit.tolist() == one.take_profit.tolist()
    assert rows.plans is not None
    assert one.plans is not None
    assert [-19.0] == rows.plans.target2.tolist() == one.plans.target2.tolist()
