"""Cash, notional and lots."""

from __future__ import annotations

import pytest

from tradewright.kernels.money import notional, round_cash, whole_lots
from tradewright.testing.worlds import a_market, a_spec


@pytest.mark.rule("4.11")
@pytest.mark.parametrize(
    ("amount", "expected"),
    [(1.234567894, 1.23456789), (1.234567896, 1.2345679), (-1.234567896, -1.2345679), (0.0, 0.0), (5e-9, 0.0)],
)
def test_cash_is_rounded_to_a_hundred_millionth(amount: float, expected: float) -> None:
    """The nearest 1e-8; ties go to even."""
    assert expected == round_cash(amount)


@pytest.mark.parametrize(
    ("quantity", "expected"), [(2.999, 2), (3.0, 3), (2.9999999999, 3), (0.3 / 0.1, 3), (0.0, 0), (1e20, 2**60)]
)
def test_whole_lots_rounds_down_but_for_a_hair(quantity: float, expected: int) -> None:
    """0.3 / 0.1 is three lots, though floats say 2.9999999999999996."""
    assert expected == whole_lots(quantity)


def test_notional_of_a_cheap_coin_does_not_overflow() -> None:
    """A billion units in lots of 1e-8 at a thousand ticks are 1e20 steps: more than int64 holds, fine as money."""
    market = a_market([(1_000,) * 4], specs=[a_spec(tick_value=1e-16)])
    assert notional(market.specs[0], -(10**17), 1_000) == pytest.approx(10_000.0)
