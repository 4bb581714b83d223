"""Steps that a session has played, kept as tables of numbers: they come back as they were given."""

from __future__ import annotations

import pytest

from tradewright.market.steps import Bar, Funding, Step
from tradewright.services.paper.step_log import StepLog

STEPS = [
    Step(
        0, 60, {"A": Bar(1.0, 2.0, 0.5, 1.5, 3.0), "B": Bar(7.1, 7.2, 7.0, 7.15, 0.1)}, {"A": Bar(1.0, 2.0, 0.5, 1.5)}
    ),
    Step(60, 120, {}, {}, (Funding("A", 60, 0.0001), Funding("B", 60, 0.0002, is_assumed=True))),
    Step(120, 180, {"B": Bar(7.15, 7.2, 7.1, 0.1 + 0.2, 2.0)}),
]


def test_steps_come_back_as_they_were_given() -> None:
    """One by one, from the end, in slices and in their order: bars, marks and funding to the last digit."""
    log = StepLog()
    assert not log
    for step in STEPS:
        log.append(step)
    assert STEPS == list(log)
    assert STEPS[-1] == log[-1]
    assert STEPS[1:] == log[1:]
    assert ([0, 60, 120], [60, 120, 180]) == (log.opens.tolist(), log.closes.tolist())
    with pytest.raises(IndexError):
        log[3]
