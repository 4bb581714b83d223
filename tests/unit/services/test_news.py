"""What happens reaches all who listen; whoever is too slow or comes too late is told to read anew."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.domain.errors import StoreError
from tradewright.ports.happenings import Telling
from tradewright.services.news import SNAPSHOT_REQUIRED, News
from tradewright.testing.memory_desk import MemoryHappenings
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


async def _begun(log):
    news = News(log, SimulatedClock())
    await news.begin()
    return news


async def _heard(listening, count):
    return [await asyncio.wait_for(anext(listening), 1.0) for _ in range(count)]


def test_all_who_listen_hear_the_same():
    """Two listeners hear each event once: what is put down, and what passes."""

    async def act():
        news = await _begun(MemoryHappenings())
        with news.listening() as one, news.listening() as two:
            news.tell("signal", {"pair": "BTC"})
            await news.look()
            news.tell("price", {"last": 1}, lasting=False)
            for own in (one, two):
                assert [("signal", 1), ("price", None)] == [
                    (event.type, event.number) for event in await _heard(own, 2)
                ]

    run_simulated(act)


def test_who_comes_back_hears_what_was_missed_and_then_what_comes():
    """From after the last that was heard, whoever told it, also after a restart; nothing twice."""

    async def act():
        log = MemoryHappenings()
        await log.add([Telling("fill", {"n": n}, n) for n in range(1_200)])
        news = await _begun(log)
        with news.listening(after=100) as own:
            await log.add([Telling("fill", {"n": 1_200}, 9)])
            await news.look()
            assert list(range(100, 1_201)) == [event.data["n"] for event in await _heard(own, 1_101)]

    run_simulated(act)


@pytest.mark.parametrize("after", [1, 99], ids=["forgotten", "of another log"])
def test_who_comes_back_too_late_reads_anew(after):
    """What is not kept any more, or was never told, cannot be told: read everything, and go on from here."""

    async def act():
        log = MemoryHappenings()
        await log.add([Telling("fill", {}, n) for n in range(10)])
        await log.prune(3)
        with (await _begun(log)).listening(after) as own:
            (event,) = await _heard(own, 1)
        assert (SNAPSHOT_REQUIRED, 10) == (event.type, event.number)

    run_simulated(act)


def test_who_is_too_slow_reads_anew_and_costs_no_memory():
    """What waits for a listener is bounded: all of it is dropped for one word."""

    async def act():
        news = await _begun(MemoryHappenings())
        with news.listening(most=3) as own:
            for number in range(5):
                news.tell("price", {"n": number}, lasting=False)
            first, second = await _heard(own, 2)
        assert SNAPSHOT_REQUIRED == first.type
        assert 4 == second.data["n"]

    run_simulated(act)


def test_what_cannot_be_put_down_now_is_told_later():
    """The database is away for a while: the event comes when it is back, once."""

    class Away(MemoryHappenings):
        is_away = True

        async def add(self, tellings):
            if self.is_away:
                raise StoreError("away")
            await super().add(tellings)

    async def act():
        log = Away()
        news = await _begun(log)
        running = asyncio.create_task(news.run())
        with news.listening() as own:
            news.tell("signal", {})
            await asyncio.sleep(5)
            log.is_away = False
            assert 1 == (await _heard(own, 1))[0].number
            assert 1 == len(await log.after(0))
        running.cancel()

    run_simulated(act)


def test_two_who_look_at_once_tell_nothing_twice():
    """Put down and told once, whoever looks first."""

    async def act():
        log = MemoryHappenings()
        news = await _begun(log)
        with news.listening() as own:
            news.tell("signal", {})
            await asyncio.gather(news.look(), news.look())
            assert (1, 1) == (len(own), len(await log.after(0)))

    run_simulated(act)
