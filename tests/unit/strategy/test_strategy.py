"""Strategies and their parameters."""

from __future__ import annotations

import re

import pytest

from tradewright import Param, Signals, Strategy
from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.playback import fresh
from tradewright.strategy.strategy import Strategy as Base


class Sample(Strategy):
    """Never trades."""

    version = "1.0"
    htf = "1h"
    fast: int = Param(20, low=2, high=400, doc="bars")
    size: float = Param(1, low=0.0, doc="how much")
    is_loud: bool = Param(default=False)
    mode: str = Param("calm", choices=("calm", "wild"))

    def signals(self, bars: ClosedBars) -> Signals:
        """Nothing."""
        return Signals.none()


class LongerSMAName2(Sample):
    """A child."""

    extra: int = Param(1)


def test_parameters_have_their_defaults_and_types() -> None:
    """Defaults stand in the type of the annotation, sorted by name."""
    assert (("fast", 20), ("is_loud", False), ("mode", "calm"), ("size", 1.0)) == Sample().params
    assert isinstance(Sample().size, float)


def test_text_is_read_as_the_parameter_s_type() -> None:
    """Values from a command line come as text."""
    made = Sample(fast="30", size="2.5", is_loud="Yes", mode="wild")
    assert (("fast", 30), ("is_loud", True), ("mode", "wild"), ("size", 2.5)) == made.params


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("fast", 1, "a whole number from 2 to 400"),
        ("fast", 401, "a whole number from 2 to 400"),
        ("fast", 2.5, "a whole number from 2 to 400"),
        ("fast", "many", "a whole number from 2 to 400"),
        ("fast", True, "a whole number from 2 to 400"),
        ("fast", None, "a whole number from 2 to 400"),
        ("size", -0.1, "a number of at least 0"),
        ("size", float("nan"), "a number of at least 0"),
        ("size", "inf", "a number of at least 0"),
        ("is_loud", "perhaps", "true or false"),
        ("is_loud", 1, "true or false"),
        ("mode", "loud", "one of calm, wild"),
        ("mode", 3, "one of calm, wild"),
    ],
)
def test_a_wrong_value_is_refused_with_name_value_and_range(name: str, value: object, allowed: str) -> None:
    """The error names strategy.parameter, the value, and what is allowed."""
    with pytest.raises(InvalidValue, match=re.escape(f"sample.{name}: {value!r} is not allowed; give {allowed}")):
        Sample(**{name: value})


def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    """A slip of the finger is answered with the right name."""
    with pytest.raises(UnknownName, match="parameter of sample 'fats' is unknown; did you mean 'fast'"):
        Sample(fats=3)


def test_a_class_states_name_paths_and_timeframes() -> None:
    """Name from the class, paths from what is overridden, the higher timeframe from `htf`."""
    assert ("sample", True, False, True) == (Sample.name, Sample.has_signals, Sample.has_on_bar, Sample.uses_htf)
    assert "longer_sma_name2" == LongerSMAName2.name
    assert ["extra", "fast", "is_loud", "mode", "size"] == sorted(LongerSMAName2.param_specs)


def test_a_fresh_copy_has_the_same_parameters_and_no_state() -> None:
    """What a strategy remembers is not handed on."""
    one = Sample(fast=33)
    one.memory = 1
    copy = fresh(one)
    assert one.params == copy.params
    assert not hasattr(copy, "memory")


def test_a_path_that_is_not_offered_says_so() -> None:
    """Calling the other path is an error in words."""
    with pytest.raises(NotImplementedError, match="sample offers signals only"):
        Sample().on_bar(None)
    assert Base.has_signals is False
