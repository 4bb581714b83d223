"""Failed attempts make the next ones wait."""

from __future__ import annotations

from tradewright.domain.errors import TooManyAttempts
from tradewright.services.people.throttle import Throttle

NS = 1_000_000_000


class _Desk:
    def __init__(self):
        self.at = 0
        self.throttle = Throttle(lambda: self.at)

    def tries(self, user="ada", address="10.0.0.1"):
        """Fails once; gives the seconds to wait where it was not looked at, else 0."""
        try:
            self.throttle.attempt(user, address)
        except TooManyAttempts as error:
            return error.wait_s
        return 0


def test_the_wait_doubles_and_ends():
    """Four attempts are free; then each makes the next wait twice as long, a quarter of an hour at most."""
    desk, waits = _Desk(), []
    for _ in range(20):
        wait = desk.tries()
        waits.append(wait)
        desk.at += wait * NS
        if wait:
            assert 0 == desk.tries(), "after the wait it is looked at"
    assert [0, 0, 0, 0, 0] == waits[:5]
    assert [3, 5, 9, 17] == waits[5:9]
    assert 901 == max(waits)


def test_what_waits_does_not_count():
    """Who keeps knocking does not make it worse."""
    desk = _Desk()
    for _ in range(5):
        desk.tries()
    first = desk.tries()
    assert all(first == desk.tries() for _ in range(100))


def test_a_success_forgets_the_failures():
    """Somebody who has remembered the password begins anew."""
    desk = _Desk()
    for _ in range(5):
        desk.tries()
    desk.at += 60 * NS
    assert 0 == desk.tries()
    desk.throttle.succeeded("ada", "10.0.0.1")
    assert [0, 0, 0, 0] == [desk.tries() for _ in range(4)]


def test_strangers_do_not_lock_anybody_out():
    """However many places fail in somebody's name, from where they were let in before they come in at once."""
    desk = _Desk()
    desk.throttle.attempt("ada", "home")
    desk.throttle.succeeded("ada", "home")
    for number in range(200):
        desk.tries("ada", f"10.0.{number}.1")
        desk.at += NS
    assert 0 < max(desk.tries("ada", f"new place {number}") for number in range(3)) <= 31
    assert 0 == desk.tries("ada", "home")


def test_one_place_that_tries_many_names_waits():
    """Guessing one password for many names is guessing, too."""
    desk = _Desk()
    waits = [desk.tries(f"user{number}") for number in range(30)]
    assert [0] * 21 == waits[:21]
    assert waits[25] > 0


def test_memory_is_bounded():
    """As many names and places as somebody makes up are not all kept."""
    desk = _Desk()
    for number in range(30_000):
        desk.at += NS
        desk.tries(f"user{number}", f"place{number}")
    assert len(desk.throttle._failures) <= 10_001
