"""Drawn books: the same for all who ask, of plausible size, taken from and whole again."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tradewright.adapters.venues.practice.depths import Depths, Taken
from tradewright.adapters.venues.practice.listing import listing_of

LISTINGS = tuple(listing_of(f"{coin}USDT") for coin in ("BTC", "ETH", "SOL", "XRP", "DOGE"))
BEST = [(600_000, 600_001), (300_000, 300_001), (15_000, 15_001), (6_000, 6_001), (12_000, 12_001)]


@pytest.mark.parametrize("k", range(5))
def test_book_begins_at_the_best_prices_and_goes_outwards(k: int) -> None:
    """Bids fall and asks rise, no level is empty, and the best shows no less than is said of it."""
    bids, asks = Depths(LISTINGS, 1, 500).levels(k, BEST[k], 1_700_000_000_000)
    assert BEST[k] == (bids[0][0], asks[0][0])
    assert all(one[0] > other[0] for one, other in pairwise(bids))
    assert all(one[0] < other[0] for one, other in pairwise(asks))
    assert min(lots for _, lots in bids + asks) > 0
    assert bids[0][1] >= LISTINGS[k].shown_lots(BEST[k][0])


def test_book_of_a_liquid_market_is_as_deep_as_one() -> None:
    """Within a basis point of BTC's price stand between one and fifty million, within five several times that."""
    bids, _ = Depths(LISTINGS, 1, 500).levels(0, BEST[0], 0)
    value = {bp: sum(t * n for t, n in bids if t >= 600_000 * (1 - bp / 1e4)) * 1e-4 for bp in (1, 5)}
    assert 1e6 < value[1] < 5e7
    assert 2 * value[1] < value[5] < 20 * value[1]


def test_same_seed_gives_the_same_book_whatever_was_asked_before() -> None:
    """A level hangs on seed, price and time alone; most levels outlive a moment, and all change in time."""
    asked, fresh = Depths(LISTINGS, 7, 200), Depths(LISTINGS, 7, 200)
    for now in range(0, 5_000, 300):
        asked.levels(0, (600_000 + now, 600_001 + now), now)
    now = 60_000
    book = asked.levels(0, BEST[0], now)
    assert book == fresh.levels(0, BEST[0], now)
    assert book != Depths(LISTINGS, 8, 200).levels(0, BEST[0], now)
    soon, later = (dict(fresh.levels(0, BEST[0], now + ms)[0]) for ms in (200, 8_000))
    same = [sum(dict(book[0]).get(ticks) == lots for ticks, lots in other.items()) for other in (soon, later)]
    assert same[0] > 0.8 * len(book[0])
    assert same[1] < 0.2 * len(book[0])


def test_best_prices_are_known_without_the_levels() -> None:
    """Who asks for the best alone is told what the whole book says."""
    depths = Depths(LISTINGS, 3, 50)
    for now in range(0, 9_000, 700):
        for way, side in zip((-1, 1), depths.levels(1, BEST[1], now), strict=True):
            assert side[0] == (BEST[1][way > 0], depths.best_lots(1, BEST[1][way > 0], way, now))


@pytest.mark.parametrize("best", [(1, 2), (63, 64), (64, 65), (127, 130)])
def test_book_of_a_price_near_nothing(best: tuple[int, int]) -> None:
    """No bid stands below a tick, and books on both sides of where levels are drawn anew are the same ones."""
    bids, asks = Depths(LISTINGS, 1, 200).levels(0, best, 0)
    assert (best, 1) == ((bids[0][0], asks[0][0]), min(ticks for ticks, _ in [*bids, (1, 1)]))
    assert bids[-1][0] >= 1
    assert asks[-1][0] < best[1] + 200


def test_what_was_taken_comes_back_little_by_little() -> None:
    """Half of it after half the time, all of it after all of it; elsewhere nothing is missing."""
    taken, levels = Taken(4.0), [(100, 10), (99, 5)]
    taken.take(0, 1, (100, 8), 1_000)
    assert [(100, 2), (99, 5)] == taken.left(0, 1, levels, 1_000)
    assert [(100, 6), (99, 5)] == taken.left(0, 1, levels, 3_000)
    assert levels == taken.left(1, 1, levels, 1_000)
    assert levels == taken.left(0, -1, levels, 1_000)
    again = Taken(4.0)
    again.bring_back(taken.told)
    assert taken.left(0, 1, levels, 2_000) == again.left(0, 1, levels, 2_000)
    assert levels == taken.left(0, 1, levels, 5_000)


def test_level_that_was_taken_whole_is_gone_and_the_last_lot_stays() -> None:
    """The next price is the best then; a side is never empty."""
    taken, levels = Taken(4.0), [(100, 10), (99, 5)]
    taken.take(0, 1, (100, 6), 0)
    taken.take(0, 1, (100, 4), 0)
    assert [(99, 5)] == taken.left(0, 1, levels, 0)
    taken.take(0, 1, (99, 5), 0)
    assert [(99, 1)] == taken.left(0, 1, levels, 0)


def test_book_without_recovery_is_whole_at_once() -> None:
    """Nothing is remembered where nothing is to be missing."""
    taken = Taken(0.0)
    taken.take(0, 1, (100, 8), 0)
    assert [(100, 10)] == taken.left(0, 1, [(100, 10)], 0)
