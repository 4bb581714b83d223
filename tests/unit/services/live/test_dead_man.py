"""The dead man's switch: armed at once, put off in time, lifted at a proper end; who is told where it does not work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tradewright.domain.enums import Code
from tradewright.domain.errors import VenueUnavailable
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.orders import Done, Rejected
from tradewright.testing.driver_rig import DriverRig, run_driver
from tradewright.testing.small_venue import SmallVenue

TERMS = LiveTerms(countdown_s=120.0)


def counted(rig: DriverRig) -> list[tuple[int, float]]:
    """(second, length asked for) of every request."""
    return [(int(at), seconds) for at, seconds in rig.venue.counted]


def remarks(rig: DriverRig) -> list[str]:
    """What people were told of it."""
    return [str(one["text"]) for one in rig.told if one["kind"] == "remark" and "switch" in str(one["text"])]


def test_it_is_armed_at_once_and_put_off_four_times_within_its_length() -> None:
    """From the first second on: an order that is sent then must not outlive a process that dies then."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(1.6)
        assert [(0, 120.0), (30, 120.0), (60, 120.0), (90, 120.0)] == counted(rig)
        assert [] == remarks(rig)

    run_driver({}, act, terms=TERMS)


def test_a_proper_end_lifts_it_as_the_last_that_is_asked() -> None:
    """What is left at the venue was left there on purpose, and stays."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.2)
        await rig.stop()
        assert [120.0, 0.0] == [seconds for _, seconds in rig.venue.counted]

    run_driver({}, act, terms=TERMS)


def test_a_process_that_dies_does_not_lift_it() -> None:
    """That is when it is there for."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.2)
        await rig.kill()
        assert [120.0] == [seconds for _, seconds in rig.venue.counted]

    run_driver({}, act, terms=TERMS)


def test_taken_up_again_it_is_armed_anew() -> None:
    """By the life that follows, at once."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.2)
        await rig.kill()
        await rig.start()
        await rig.minutes(0.1)
        assert [(0, 120.0), (12, 120.0)] == counted(rig)

    run_driver({}, act, terms=TERMS)


def test_without_a_length_it_is_not_used() -> None:
    """0 is never; only the end takes back what a life before may have set."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(2)
        assert [] == counted(rig)
        await rig.stop()
        assert [0.0] == [seconds for _, seconds in rig.venue.counted]

    run_driver({}, act, terms=replace(TERMS, countdown_s=0.0))


def test_a_venue_without_one_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither while the session runs nor at its end."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(2)
        await rig.stop()
        assert [] == counted(rig)

    without = replace(SmallVenue.abilities, can=SmallVenue.abilities.can - {"countdown"})
    monkeypatch.setattr(SmallVenue, "abilities", without)
    run_driver({}, act, terms=TERMS)


def refused() -> Any:
    """The venue says no."""
    return Rejected("no such switch today", Code.VENUE_BUSY)


def silent() -> Any:
    """The venue says nothing."""
    raise VenueUnavailable("small: no answer")


@pytest.mark.parametrize(("answer", "words"), [(refused, "no such switch today"), (silent, "no answer")])
def test_where_it_cannot_be_set_people_are_told_once_and_again_when_it_works(
    answer: Callable[[], Any], words: str
) -> None:
    """The session trades on, its protective orders lie at the venue anyhow; it goes on asking."""

    async def act(rig: DriverRig) -> None:
        rig.venue.count_answer = answer
        await rig.minutes(1.6)
        assert 4 == len(rig.venue.counted)
        (told,) = remarks(rig)
        assert "the dead man's switch is not set" in told
        assert words in told
        rig.venue.count_answer = Done
        await rig.minutes(1)
        assert "the dead man's switch is set again" == remarks(rig)[-1]
        assert 2 == len(remarks(rig))
        assert "" == rig.live.halted
        rig.venue.count_answer = None

    run_driver({}, act, terms=TERMS)


def test_no_answers_to_it_count_as_errors_of_the_venue() -> None:
    """Three requests without an answer are as many as the breaker bears."""

    async def act(rig: DriverRig) -> None:
        rig.venue.count_answer = silent
        await rig.minutes(1.6)
        assert "3 requests without an answer within 300 s" == rig.live.halted

    run_driver({}, act, terms=replace(TERMS, most_errors=3))


def test_at_the_end_it_is_lifted_though_the_venue_first_refuses() -> None:
    """A few times, not long: what it would cancel was left there on purpose."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.2)
        answers = iter([refused(), refused(), Done()])
        rig.venue.count_answer = lambda: next(answers)
        await rig.stop()
        assert [120.0, 0.0, 0.0, 0.0] == [seconds for _, seconds in rig.venue.counted]
        assert [] == remarks(rig)

    run_driver({}, act, terms=TERMS)


def test_a_switch_that_cannot_be_lifted_is_told_of() -> None:
    """The journal's last word: the venue may cancel what rests."""

    async def act(rig: DriverRig) -> None:
        await rig.minutes(0.2)
        rig.venue.count_answer = refused
        await rig.stop()
        (told,) = remarks(rig)
        assert "could not be lifted" in told
        assert told in rig.live.notes[-1][1]
        records = await rig.sessions.read(rig.live.name)
        assert told == records[-1]["text"]

    run_driver({}, act, terms=TERMS)
