"""What this day has brought: from the close before midnight to the last one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tradewright.market.steps import Step
from tradewright.services.paper.step_log import StepLog
from tradewright.services.session_risk import day_profit

HOUR = 3_600 * 1_000_000_000
MIDNIGHT = 20_000 * 24 * HOUR


def _session(*opens: int) -> Any:
    steps = StepLog()
    for at in opens:
        steps.append(Step(MIDNIGHT + at * HOUR, MIDNIGHT + (at + 1) * HOUR, {}))
    equity = np.array([1_010.0, 990.0, 1_040.0, 1_025.0][: len(opens)])
    return SimpleNamespace(
        steps=steps, spec=SimpleNamespace(balance=1_000.0),
        session=SimpleNamespace(world=SimpleNamespace(equity=equity)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("opens", "profit"),
    [
        ((), 0.0),
        ((3, 4), -10.0),  # of its first day: from the balance at the start
        ((-2, -1, 0, 1), 35.0),  # from the last close that belongs to the day before
        ((-2, -1, 0), 50.0),  # the bar that opens at midnight is of the new day
        ((-2, -1), -10.0),  # and the one that closes then is not
        ((-40, -30, -1, 0), -15.0),
    ],
)
def test_a_day_begins_with_the_close_before_midnight(opens: tuple[int, ...], profit: float) -> None:
    """A bar belongs to the day of its open, by UTC."""
    assert profit == day_profit(_session(*opens))
