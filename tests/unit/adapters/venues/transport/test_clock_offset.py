"""How far a venue's clock is ahead."""

from __future__ import annotations

import random

from tradewright.adapters.venues.transport.clock_offset import ClockOffset

MS = 1_000_000


def test_the_offset_is_that_of_the_shortest_round_trip() -> None:
    """A look on which the way back took 400 ms is 200 ms wrong; a short one beside it says so."""
    clock = ClockOffset()
    clock.observe(0, 5_010 * MS, 410 * MS)  # 10 ms there, 400 ms back, venue 5 s ahead
    assert 4_805 * MS == clock.offset_ns(410 * MS)
    clock.observe(1_000 * MS, 6_010 * MS, 1_020 * MS)
    assert 5_000 * MS == clock.offset_ns(1_020 * MS)
    assert 10 * MS == clock.doubt_ns(1_020 * MS)
    assert 7_000 == clock.venue_ms(2_000 * MS)


def test_the_truth_lies_within_the_doubt_whatever_the_network_does() -> None:
    """Random delays, a clock that drifts at 20 millionths: the error never exceeds the doubt that is told."""
    chance, clock = random.Random(1), ClockOffset()
    for second in range(0, 4_000, 10):
        now = second * 1_000 * MS
        there, back = (round(chance.expovariate(1 / 30) * MS) for _ in range(2))
        ahead = 700 * MS + now // 50_000
        clock.observe(now, now + there + ahead, now + there + back)
        doubt = clock.doubt_ns(now + there + back)
        assert doubt is not None
        assert abs(clock.offset_ns(now + there + back) - ahead) <= doubt + 1


def test_an_old_look_gives_way_to_a_worse_but_fresh_one() -> None:
    """Doubt grows with age: after an hour a perfect look is 180 ms in doubt."""
    clock = ClockOffset()
    clock.observe(0, 0, 0)
    hour = 3_600_000 * MS
    assert 180 * MS == clock.doubt_ns(hour)
    clock.observe(hour - 100 * MS, hour - 50 * MS + 30 * MS, hour)
    assert 30 * MS == clock.offset_ns(hour)


def test_without_a_look_nothing_is_claimed() -> None:
    """No offset, no doubt; a look during which our own clock went back is no look; what is forgotten is gone."""
    clock = ClockOffset()
    clock.observe(10, 5, 9)
    assert not clock.is_known
    assert (0, None) == (clock.offset_ns(0), clock.doubt_ns(0))
    clock.observe(0, 5, 10)
    clock.forget()
    assert not clock.is_known


def test_a_venue_whose_time_passes_faster_is_believed_at_once() -> None:
    """At sixty times our pace a perfect look of a second ago is a minute behind: the present one counts."""
    clock = ClockOffset()
    clock.observe(0, 0, 0)
    second = 1_000 * MS
    clock.observe(second - 2 * MS, 60 * second, second + 2 * MS)
    assert 59 * second == clock.offset_ns(second)
