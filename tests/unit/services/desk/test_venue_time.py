"""The time of a venue beside ours."""

from tradewright.services.desk.venue_time import OURS, VenueTime

_S = 1_000_000_000


def test_a_faster_clock_leaves_less_of_our_time():
    """Sixty of the venue's seconds are one of ours, from wherever the two clocks were read."""
    time = VenueTime(venue=1_000 * _S, wall=5_000 * _S, pace=60.0)
    assert 1_060 * _S == time.at(5_001 * _S)
    assert 2.0 == time.left_s(1_180 * _S, 5_001 * _S)
    assert 3.0 == time.span_s(1_000 * _S, 1_180 * _S)


def test_what_is_over_has_nothing_left():
    """Below zero there is no time."""
    assert 0.0 == OURS.left_s(10 * _S, 11 * _S)


def test_facts_bring_the_time_with_them_and_without_it_is_ours():
    """What one process put down, another reads on from."""
    time = VenueTime(venue=1_000 * _S, wall=5_000 * _S, pace=20.0)
    again = VenueTime.of({"time": time.plain(5_003 * _S)})
    assert (time.at(5_010 * _S), 20.0) == (again.at(5_010 * _S), again.pace)
    assert OURS == VenueTime.of({})
