"""Queue models: the share that left from behind us, and what that makes of the queue ahead."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradewright.domain.enums import QueueModel
from tradewright.kernels.queueing import ahead_after_change, has_queue, pass_trade, share_behind
from tradewright.kernels.replay_records import TICKET

FOLLOWING = [model for model in QueueModel if model >= QueueModel.RISK_AVERSE]


def a_ticket(ahead: float, traded: int = 0) -> np.void:
    """An order with so many lots ahead of it."""
    row = np.zeros(1, TICKET)
    row["ahead"], row["traded"] = ahead, traded
    return row[0]  # type: ignore[no-any-return]  # a record of an array of records


@pytest.mark.rule("4.12")
@pytest.mark.parametrize(
    ("model", "share"),
    [
        (QueueModel.RISK_AVERSE, 1.0),
        (QueueModel.POWER, 9 / 10),
        (QueueModel.POWER2, 9 / 16),
        (QueueModel.POWER3, 15 / 16),
        (QueueModel.LOG, math.log(7) / (math.log(7) + math.log(3))),
        (QueueModel.LOG2, math.log(7) / math.log(9)),
    ],
)
def test_share_is_the_formula(model: QueueModel, share: float) -> None:
    """With 2 lots ahead and 6 behind, n = 2, each model says its documented share."""
    assert share == pytest.approx(share_behind(model, 2.0, 2.0, 6.0), rel=1e-15)


@pytest.mark.parametrize("model", FOLLOWING)
def test_nobody_on_one_side(model: QueueModel) -> None:
    """Where nobody stands behind, all who left stood ahead; where nobody stands ahead, all stood behind."""
    assert (0.0, 1.0) == (share_behind(model, 3.0, 5.0, 0.0), share_behind(model, 3.0, 0.0, 5.0))


@pytest.mark.rule("4.12")
def test_trades_are_not_counted_twice() -> None:
    """What trades took off the level is known already: only the rest of the decrease moves the queue."""
    ticket = a_ticket(4.0, traded=3)
    # 10 lots, 3 of them traded: 7 are left, 4 ahead of us and 3 behind. The level says 7: nobody left.
    assert 4.0 == ahead_after_change(QueueModel.POWER, 1.0, ticket, 10, 7)
    # It says 0: all left.
    assert 0.0 == ahead_after_change(QueueModel.RISK_AVERSE, 1.0, ticket, 10, 0)


@pytest.mark.rule("4.12")
@pytest.mark.parametrize(("after", "ahead"), [(9, 6.0), (6, 6.0), (5, 5.0), (20, 6.0)])
def test_risk_averse_falls_only_below_the_level(after: int, ahead: float) -> None:
    """All who left stood behind us, until fewer are left than stood ahead."""
    assert ahead == ahead_after_change(QueueModel.RISK_AVERSE, 1.0, a_ticket(6.0), 10, after)


@pytest.mark.parametrize("model", FOLLOWING)
def test_more_lots_stand_behind(model: QueueModel) -> None:
    """Who comes later stands behind: an increase changes nothing ahead."""
    assert 6.0 == ahead_after_change(model, 3.0, a_ticket(6.0), 10, 14)


@pytest.mark.rule("4.12", "L-4")
@pytest.mark.parametrize(
    ("ahead", "left", "rest", "filled", "then"), [(5.0, 4, 3, 0, 1.0), (5.0, 6, 3, 1, 0.0), (0.0, 9, 3, 3, 0.0)]
)
def test_trade_fills_what_reaches_beyond_the_queue(
    ahead: float, left: int, rest: int, filled: int, then: float
) -> None:
    """A trade first takes those ahead; only what is left of it comes to us, and never more than we ask."""
    ticket = a_ticket(ahead)
    assert filled == pass_trade(ticket, left, left, rest)
    assert (then, left) == (ticket["ahead"], ticket["traded"])


def test_two_models_follow_no_queue() -> None:
    """Through and touch know no queue."""
    assert [False, False, *[True] * 6] == [has_queue(model) for model in QueueModel]
