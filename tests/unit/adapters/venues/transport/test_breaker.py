"""A venue that fails is left alone, then tried with one request."""

from __future__ import annotations

from tradewright.adapters.venues.transport.breaker import Breaker, BreakerState


def _broken(now: float = 0.0) -> Breaker:
    breaker = Breaker(failures=3, first_s=1.0, most_s=5.0)
    for _ in range(3):
        breaker.enter(now)
        breaker.failed(now)
    return breaker


def test_failures_in_a_row_open_it_and_an_answer_between_them_does_not() -> None:
    """Three failures in a row open it; two, an answer and two more leave it closed."""
    breaker = Breaker(failures=3)
    for outcome in (breaker.failed, breaker.failed):
        outcome(0.0)
    breaker.succeeded()
    for outcome in (breaker.failed, breaker.failed):
        outcome(0.0)
    assert BreakerState.CLOSED is breaker.state
    breaker.failed(0.0)
    assert BreakerState.OPEN is breaker.state
    assert 0.75 == breaker.wait(0.25)


def test_after_the_rest_a_single_probe_goes_and_others_wait_for_what_it_finds() -> None:
    """Half open: the first request goes; the next looks again soon, and goes once the probe was answered."""
    breaker = _broken()
    assert 0.0 == breaker.wait(1.0)
    breaker.enter(1.0)
    assert BreakerState.HALF_OPEN is breaker.state
    assert 0.0 < breaker.wait(1.0) <= 0.1
    breaker.succeeded()
    assert 0.0 == breaker.wait(1.01)


def test_each_failed_probe_doubles_the_rest_up_to_a_bound() -> None:
    """Rests of 1, 2, 4, 5, 5 seconds; after an answer they begin anew."""
    breaker, now, rests = _broken(), 0.0, []
    for _ in range(5):
        rests.append(breaker.wait(now))
        now += rests[-1]
        breaker.enter(now)
        breaker.failed(now)
    assert [1.0, 2.0, 4.0, 5.0, 5.0] == rests
    breaker.succeeded()
    for _ in range(3):
        breaker.failed(now)
    assert 1.0 == breaker.wait(now)


def test_requests_that_were_on_their_way_when_it_opened_do_not_lengthen_the_rest() -> None:
    """Their failures say what is known already."""
    breaker = _broken()
    breaker.failed(0.5)
    assert 0.5 == breaker.wait(0.5)


def test_a_probe_that_is_never_heard_of_again_gives_way() -> None:
    """A cancelled probe does not keep the breaker half open for ever."""
    breaker = _broken()
    breaker.enter(1.0)
    assert 0.0 == breaker.wait(6.0)
