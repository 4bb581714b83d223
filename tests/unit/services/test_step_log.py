"""Steps that a session has played: when they were, and what was paid at them."""

from __future__ import annotations

from tradewright.market.steps import Bar, Funding, Step
from tradewright.services.paper.step_log import StepLog

PAID = (Funding("A", 60, 0.0001), Funding("B", 60, 0.0002, is_assumed=True))
STEPS = [
    Step(0, 60, {"A": Bar(1.0, 2.0, 0.5, 1.5, 3.0)}, {"A": Bar(1.0, 2.0, 0.5, 1.5)}),
    Step(60, 120, {}, {}, PAID),
    Step(120, 180, {"B": Bar(7.15, 7.2, 7.1, 0.1 + 0.2, 2.0)}),
]


def test_times_and_payments_are_kept_in_their_order() -> None:
    """Of each step its open and close, of all of them what was paid."""
    log = StepLog()
    assert not log
    for step in STEPS:
        log.append(step)
    assert 3 == len(log)
    assert ([0, 60, 120], [60, 120, 180]) == (log.opens.tolist(), log.closes.tolist())
    assert list(PAID) == log.funding
