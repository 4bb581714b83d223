"""What limits refuse of themselves."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import RiskSpec, RunSpec

SPEC = RunSpec("s", "1", (), "binance", ("BTC/USDT",), "1h")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_day_loss", -0.01),
        ("max_week_loss", 1.5),
        ("max_drawdown", float("nan")),
        ("max_losses", 2.5),
        ("cool_down", -1.0),
        ("day_target", float("inf")),
        ("max_heat", 101.0),
        ("max_correlation", 1.01),
        ("correlation_bars", 1),
        ("correlation_bars", 2.5),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_by_name(field: str, value: float) -> None:
    """The error names the field and the value."""
    with pytest.raises(InvalidValue, match=f"{field}: {value}"):
        LimitSpec(**{field: value})


def test_limits_are_part_of_the_description_of_a_run() -> None:
    """They go through JSON unharmed, and two runs with other limits have other fingerprints."""
    limited = replace(SPEC, limits=LimitSpec(max_day_loss=0.03, max_losses=3))
    told = json.loads(json.dumps(limited.as_dict()))["limits"]
    assert LimitSpec(**told) == limited.limits
    assert limited.fingerprint != SPEC.fingerprint
    assert (True, False) == (limited.limits.is_any, SPEC.limits.is_any)


@pytest.mark.parametrize(
    ("field", "value"), [("size", 1.5), ("kelly_trades", 1), ("kelly_start", 0.0), ("kelly_cap", 0.6)]
)
@pytest.mark.parametrize("sizing", ["kelly", "optimal_f"])
def test_kelly_beyond_sense_is_refused_by_name(sizing: str, field: str, value: float) -> None:
    """More than all of the fraction loses growth and adds ruin."""
    with pytest.raises(InvalidValue, match=f"{field}: {value}"):
        RiskSpec(**{"sizing": sizing, "size": 0.5} | {field: value})


def test_cap_on_a_position_is_a_number_of_equities() -> None:
    """Below 0 it means nothing."""
    with pytest.raises(InvalidValue, match=r"max_position: -0\.1"):
        RiskSpec(max_position=-0.1)
