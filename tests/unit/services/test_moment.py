"""What many ask at once is read once, counts for a moment, and never outlives a write."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.services.moment import Moment
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


class _Source:
    """Takes half a second for each reading, and counts them."""

    def __init__(self, clock, gives="answer"):
        self.clock, self.gives, self.reads = clock, gives, 0

    async def read(self):
        self.reads += 1
        await self.clock.sleep(0.5)
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


def _playing(act, gives="answer"):
    clock = SimulatedClock()
    source = _Source(clock, gives)
    return run_simulated(lambda: act(Moment(0.1, clock.monotonic), source, clock))


def test_a_crowd_is_served_by_one_reading():
    """Also where a reading takes longer than its answer counts: whoever waits for it is given it."""

    async def act(moment, source, clock):
        found = await asyncio.gather(*(moment.of("a", source.read) for _ in range(50)))
        other = await moment.of("b", source.read)
        return set(found), other, source.reads

    assert ({"answer"}, "answer", 2) == _playing(act)


def test_an_answer_counts_for_its_time_and_no_longer():
    """Within a tenth of a second it is told again; then it is read anew."""

    async def act(moment, source, clock):
        counts = []
        for wait in (0.0, 0.09, 0.02):
            await clock.sleep(wait)
            await moment.of("a", source.read)
            counts.append(source.reads)
        return counts

    assert [1, 1, 2] == _playing(act)


@pytest.mark.parametrize("gives", [None, ValueError("no")])
def test_neither_nothing_nor_a_failure_is_kept(gives):
    """Whoever asks next asks for himself, and a failure is that of each who met it."""

    async def act(moment, source, clock):
        for _ in range(2):
            if gives is None:
                assert await moment.of("a", source.read) is None
            else:
                with pytest.raises(ValueError, match="no"):
                    await moment.of("a", source.read)
        return source.reads

    assert 2 == _playing(act, gives)


def test_one_who_goes_away_takes_nobody_with_him():
    """Where the one who reads is cancelled, the next in line reads."""

    async def act(moment, source, clock):
        first = asyncio.create_task(moment.of("a", source.read))
        others = [asyncio.create_task(moment.of("a", source.read)) for _ in range(3)]
        await clock.sleep(0.1)
        first.cancel()
        return await asyncio.gather(*others), source.reads

    assert (["answer"] * 3, 2) == _playing(act)


def test_what_is_read_while_somebody_writes_is_not_kept():
    """It is given to who asked before the write; who asks after it has it read anew."""

    async def act(moment, source, clock):
        reading = asyncio.create_task(moment.of("a", source.read))
        await clock.sleep(0.1)
        moment.forget()
        await reading
        await moment.of("a", source.read)
        return source.reads

    assert 2 == _playing(act)


def test_a_clock_that_was_set_back_makes_nothing_last():
    """An answer of a later time counts no more."""
    times = iter([100.0, 50.0, 50.0, 50.0])
    moment = Moment(2.0, lambda: next(times))
    reads = []

    async def read():
        reads.append(1)
        return "answer"

    async def act():
        await moment.of("a", read)
        await moment.of("a", read)

    asyncio.run(act())
    assert 2 == len(reads)
