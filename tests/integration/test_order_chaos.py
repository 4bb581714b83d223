"""Orders in storms of faults: in the end our books and the exchange's agree. `CHAOS_SEEDS=240` plays more of them."""

from __future__ import annotations

import os

import pytest

from tradewright.testing.order_chaos import play_scenario

SEEDS = int(os.environ.get("CHAOS_SEEDS", "12"))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_in_a_storm_no_order_is_lost_or_doubled(seed: int) -> None:
    """Thirty wishes under random faults: each order is there once or never as we know it, each fill is told once."""
    journal = play_scenario(seed)
    assert journal.orders
