"""Live sessions in storms, in simulated time: whatever a venue does and whenever the process dies, the books agree.

`STORM_SEEDS=200` plays more of them.
"""

from __future__ import annotations

import json
import os

import pytest

from tradewright.services.live.fold import live_session_of
from tradewright.testing.live_storm import NAME, assert_books_agree, assert_same, play_storm
from tradewright.testing.lively import lively_registry

SEEDS = range(int(os.environ.get("STORM_SEEDS", "6")))


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_storm_with_deaths_no_order_and_no_fill_is_lost_or_doubled(seed: int) -> None:
    """In the end orders, fills, money and position are the venue's, and what lies there is what the session wants.

    Until then answers are lost, late and refused, events lost, doubled and late, orders filled in part or cancelled by
    a foreign hand, and the process dies at any moment. Its journal makes the same session again.
    """
    storm = play_storm(seed)
    assert_books_agree(storm)
    records = [json.loads(line) for line in storm.lines]
    assert_same(live_session_of(NAME, records, lively_registry()), storm.live)
