"""The assumptions of a replay: what is allowed, and what an error says."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import QueueModel
from tradewright.domain.errors import InvalidValue
from tradewright.domain.tape import TapeSpec


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("queue", 3), ("latency", "constant"), ("self_trade", None), ("balance", 0.0),
        ("power", -1.0), ("entry_ms", -1.0), ("response_ms", float("nan")), ("sigma", 9.0), ("refusal", 1.5),
        ("seed", -1), ("seed", True), ("impact", 1), ("large_share", "much"), ("sample_ms", 0.0),
        ("gtd_least_s", -1.0),
    ],
)  # fmt: skip
def test_bad_assumption_is_named(field: str, value: Any) -> None:
    """The error names the field and the value."""
    with pytest.raises(InvalidValue, match=field) as caught:
        TapeSpec(**{field: value})
    assert str(value) in str(caught.value)


def test_defaults_are_careful() -> None:
    """By default all who leave stood behind us, and nothing is free of latency."""
    spec = TapeSpec()
    assert (QueueModel.RISK_AVERSE, True) == (spec.queue, spec.entry_ms > 0.0 < spec.response_ms)
