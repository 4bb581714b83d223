"""Live sessions in storms, in simulated time: whatever a venue does and whenever the process dies, the books agree.

`STORM_SEEDS=200` plays more of them.
"""

from __future__ import annotations

import os
import random

import pytest

from tradewright.domain.errors import DataError, StoreError
from tradewright.domain.live_terms import LiveTerms
from tradewright.services.live.fold import live_session_of
from tradewright.testing.live_storm import NAME, Ills, Storm, assert_books_agree, assert_same, play_storm
from tradewright.testing.lively import lively_registry
from tradewright.testing.small_venue import Chances

SEEDS = range(int(os.environ.get("STORM_SEEDS", "6")))
FEW = SEEDS[: max(2, len(SEEDS) // 3)]


def assert_nothing_is_lost(storm: Storm) -> None:
    """Our books are the venue's, and the journal makes the same session again."""
    assert_books_agree(storm)
    assert_same(live_session_of(NAME, storm.records, lively_registry()), storm.live)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_storm_with_deaths_no_order_and_no_fill_is_lost_or_doubled(seed: int) -> None:
    """In the end orders, fills, money and position are the venue's, and what lies there is what the session wants.

    Until then answers are lost, late and refused, events lost, doubled and late, orders filled in part or cancelled by
    a foreign hand, and the process dies at any moment. Its journal makes the same session again.
    """
    assert_nothing_is_lost(play_storm(seed))


class NowAndThen:
    """Something is wrong, and how often it was."""

    def __init__(self, share: float, wrong: Exception) -> None:
        self.share, self.wrong, self.times = share, wrong, 0

    def __call__(self, chance: random.Random) -> None:
        """Raise it, or not."""
        if chance.random() < self.share:
            self.times += 1
            raise self.wrong


@pytest.mark.parametrize("seed", FEW)
def test_a_journal_that_cannot_be_written_ends_the_process_and_loses_nothing(seed: int) -> None:
    """Nothing is sent that is not written; what lies at the venue protects until the session is taken up again."""
    refused = NowAndThen(0.15, StoreError("database: the disk is full; nothing was written"))
    storm = play_storm(seed, bars=24, deaths=20, ills=Ills(refused))

    assert storm.failures > 0 or refused.times < 3  # of a few, each may have met a process that died otherwise
    assert_nothing_is_lost(storm)


@pytest.mark.parametrize("seed", FEW)
def test_bars_that_make_no_sense_are_asked_for_again(seed: int) -> None:
    """The session goes on with the answer that does, says so once for each time, and loses nothing."""
    senseless = NowAndThen(0.3, DataError("candles: high is below low"))
    storm = play_storm(seed, bars=24, deaths=1, ills=Ills(answer=senseless))

    is_told = any("cannot be used" in record.get("text", "") for record in storm.records)
    assert is_told or senseless.times < 3  # bars are heard, and seldom asked for: some storms see none
    assert_nothing_is_lost(storm)


@pytest.mark.parametrize("seed", FEW)
def test_a_wall_clock_that_is_set_changes_nothing(seed: int) -> None:
    """By hours forward and back, twice a minute: orders, fills and money are those of a clock that is right."""
    both = [play_storm(seed, bars=10, ills=Ills(jumps=jumps)) for jumps in (0.0, 2.0)]
    right, astray = both

    assert_nothing_is_lost(astray)
    assert right.live.trades == astray.live.trades
    assert right.live.session.wallet == astray.live.session.wallet
    told = [{one.client_id: (one.life, one.filled) for one in storm.live.tickets.by_name.values()} for storm in both]
    assert told[0] == told[1]


def test_where_clocks_are_watched_one_that_is_set_stops_the_opening_of_positions() -> None:
    """The session halts, says why, cancels what opens, and holds what it held behind its stop."""
    terms = LiveTerms(skew_s=5.0, check_s=10.0, stale_bars=30.0)

    storm = play_storm(3, bars=12, deaths=0, chances=Chances(), ills=Ills(jumps=0.3, terms=terms))

    assert "run apart" in storm.live.halted
    assert_books_agree(storm)
