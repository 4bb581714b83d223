"""The queue of jobs: order, cancelling, death of workers, restarts, and what stands for what."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tradewright.domain.errors import Absent, StoreError
from tradewright.domain.job import Headway
from tradewright.ports.happenings import Telling
from tradewright.ports.jobs import Died, Done, Failed, JobWish
from tradewright.services.jobs.queue import JobQueue, Order, Staff, Standing
from tradewright.testing.memory_jobs import MemoryJobs, made_job
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


class _Scripted:
    """Workers that do what they are told to, by the title of a job."""

    def __init__(self):
        self.begun, self.gates, self.script, self.started, self.ended = [], {}, {}, 0, 0

    async def start(self, name):
        del name
        self.started += 1
        return _Worker(self)

    def gate(self, title):
        """A job of this title waits until it is opened."""
        self.gates[title] = asyncio.Event()
        return self.gates[title]


class _Worker:
    def __init__(self, house):
        self._house, self._cancelled, self._end = house, asyncio.Event(), asyncio.Event()

    @property
    def is_alive(self):
        return not self._end.is_set()

    async def work(self, job):
        self._cancelled.clear()
        self._house.begun.append(job.title)
        for told in self._house.script.get(job.title, ()):
            yield told
            if not isinstance(told, Headway):
                return
        if (gate := self._house.gates.get(job.title)) is not None:
            waits = [asyncio.ensure_future(one.wait()) for one in (gate, self._cancelled, self._end)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in waits:
                one.cancel()
        if self._end.is_set():
            yield Died("killed")
        elif self._cancelled.is_set() and "deaf" not in job.title:
            yield Failed({"code": "cancelled", "detail": ""})
        else:
            yield Done({"made": job.title})

    def cancel(self):
        if "deaf" not in self._house.begun[-1]:
            self._cancelled.set()

    async def end(self):
        self._house.ended += 1
        self._end.set()


def _order(title, **fields):
    return Order(**{"kind": "backtest", "title": title, "request": {}, "owner": "mary"} | fields)


class _News:
    def __init__(self):
        self.told = []

    def tell(self, kind, data, *, lasting=True):
        self.told.append((kind, data["fraction"], lasting))


def _play(act, store=None):
    async def whole():
        clock, house, news = SimulatedClock(), _Scripted(), _News()
        queue = JobQueue(store or MemoryJobs(), Staff(house), news, clock)
        await queue.begin()
        try:
            return await act(queue, house, news, clock)
        finally:
            await queue.close()

    return run_simulated(whole)


async def _until(true):
    async with asyncio.timeout(600):
        while not await true():
            await SimulatedClock().sleep(0.05)


async def _ended(queue, job):
    async def has_ended():
        return (await queue.get(job.id)).has_ended

    await _until(has_ended)
    return await queue.get(job.id)


async def _running(queue, job, fraction=0.0):
    async def runs():
        found = await queue.get(job.id)
        return found.state == "running" and found.headway.fraction >= fraction

    await _until(runs)


def test_a_job_is_followed_by_its_id_from_whoever_asked_to_the_worker():
    """What is logged of it: taken, begun by a worker with a name, ended; each line with the id of the job."""
    lines = []

    async def act(queue, *_):
        queue.trace = lambda what, ids: lines.append((what, dict(ids)))
        job, _new = await queue.take(_order("one"))
        await _ended(queue, job)
        return job.id

    own = _play(act)
    assert [("job taken", own), ("job begun", own), ("job ended", own)] == [(what, ids["job"]) for what, ids in lines]
    assert ("head-1", "done") == (lines[1][1]["worker"], lines[2][1]["state"])


def test_a_queue_says_how_it_stands():
    """One is done and two wait, the oldest for as long as the clock says; of two places for workers one is taken."""

    async def act(queue, house, _, clock):
        gate = house.gate("first")
        first, _new = await queue.take(_order("first"))
        await _running(queue, first)
        rest = [(await queue.take(_order(name)))[0] for name in ("second", "third")]
        await clock.sleep(5.0)
        now = queue.standing
        gate.set()
        for job in rest:
            await _ended(queue, job)
        return (now.waiting, now.running, now.workers, now.places), now.oldest_s

    counts, oldest = _play(act)
    assert ((2, 1, 1, 2), True) == (counts, 5.0 <= oldest < 6.0)


def test_the_most_urgent_comes_first_and_of_those_the_oldest():
    """One worker, four jobs: the order is that of priority, then of age; each has its result in the end."""

    async def act(queue, house, *_):
        gate = house.gate("first")
        first, _new = await queue.take(_order("first"))
        await _running(queue, first)
        rest = [(await queue.take(_order(name, priority=level)))[0]
                for name, level in (("low", 1), ("old", 5), ("young", 5), ("high", 9))]  # fmt: skip
        gate.set()
        done = [await _ended(queue, job) for job in (first, *rest)]
        assert ["first", "high", "old", "young", "low"] == house.begun
        assert [{"made": job.title} for job in done] == [job.result for job in done]
        assert (1, Standing(0, 0, 0.0, 1, 2)) == (house.started, queue.standing)

    _play(act)


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_by_its_worker():
    """Neither gives a result; a worker that does not leave off in time is ended, and another takes its place."""

    async def act(queue, house, _, clock):
        house.gate("slow")
        house.gate("deaf")
        slow, _new = await queue.take(_order("slow"))
        waiting, _new = await queue.take(_order("waiting"))
        await _running(queue, slow)
        assert "cancelled" == (await queue.cancel(waiting.id)).state
        await queue.cancel(slow.id)
        assert "cancelled" == (await _ended(queue, slow)).state
        deaf, _new = await queue.take(_order("deaf"))
        await _running(queue, deaf)
        await clock.sleep(1.0)
        await queue.cancel(deaf.id)
        assert "cancelled" == (await _ended(queue, deaf)).state
        after, _new = await queue.take(_order("after"))
        assert "done" == (await _ended(queue, after)).state
        assert (2, "done") == (house.started, (await queue.cancel(after.id)).state)

    _play(act)


def test_a_job_whose_worker_dies_is_begun_again_and_in_the_end_given_up():
    """Three attempts, each by a new worker; then it has failed, and says why."""

    async def act(queue, house, *_):
        house.script["mortal"] = [Headway(0.5, "running"), Died("exit code -9")]
        job, _new = await queue.take(_order("mortal"))
        job = await _ended(queue, job)
        assert ("failed", "worker-died", 3, 3) == (job.state, job.error["code"], job.attempts, house.started)
        assert "exit code -9" in job.error["detail"]

    _play(act)


def test_what_a_dead_server_left_is_gone_on_with():
    """Waiting and running jobs of the process before are done; one that was begun too often is given up."""
    store = MemoryJobs()
    jobs = [made_job(1), made_job(2, state="running", attempts=1), made_job(3, state="running", attempts=3)]
    store.kept = {job.id: job for job in jobs}

    async def act(queue, *_):
        first, second, third = [await _ended(queue, job) for job in jobs]
        assert ("done", 1, "done", 2) == (first.state, first.attempts, second.state, second.attempts)
        assert ("failed", "given-up") == (third.state, third.error["code"])

    _play(act, store)


def test_a_server_that_ends_in_order_costs_no_attempt():
    """What ran waits again in the store, as if it had not been begun."""
    store = MemoryJobs()

    async def act(queue, house, *_):
        house.gate("slow")
        job, _new = await queue.take(_order("slow"))
        await _running(queue, job)
        return job

    job = _play(act, store)
    kept = store.kept[job.id]
    assert ("queued", 0) == (kept.state, kept.attempts)


def test_one_job_stands_for_all_of_its_identity():
    """While it waits, runs, or is done and its result is there; not after it failed."""

    async def act(queue, house, *_):
        gate = house.gate("first")
        first, is_new = await queue.take(_order("first", identity="x"))
        same, is_new_too = await queue.take(_order("again", identity="x"))
        assert (first.id, True, False) == (same.id, is_new, is_new_too)
        gate.set()
        await _ended(queue, first)
        more, is_new = await queue.take(_order("more", identity="x"))
        assert (first.id, False) == (more.id, is_new)

        async def gone(_):
            return False

        other, is_new = await queue.take(_order("anew", identity="x"), gone)
        assert (True, True) == (is_new, other.id != first.id)
        house.script["bad"] = [Failed({"code": "data", "detail": "none"})]
        bad = await _ended(queue, (await queue.take(_order("bad", identity="y")))[0])
        assert ("failed", {"code": "data", "detail": "none"}) == (bad.state, bad.error)
        assert (await queue.take(_order("good", identity="y")))[1]

    _play(act)


def test_progress_is_told_at_most_four_times_a_second_and_states_for_good():
    """A hundred steps at one moment are one event that is not kept; each state is put down with the job itself."""
    store = MemoryJobs()

    async def aftermath(job):
        return [Telling("backtest.finished", {"state": job.state}, 1)]

    async def act(queue, house, news, _):
        queue.after.append(aftermath)
        house.script["loud"] = [Headway(step / 100, "running") for step in range(100)]
        job = await _ended(queue, (await queue.take(_order("loud")))[0])
        assert [("job.progress", 0.0, False)] == news.told
        assert 1.0 == job.headway.fraction

    _play(act, store)
    assert [("job.changed", "queued"), ("job.changed", "running"), ("backtest.finished", "done"),
            ("job.changed", "done")] == [(one.kind, one.data["state"]) for one in store.told]  # fmt: skip


def test_a_database_that_fails_for_a_while_loses_nothing():
    """What a worker has done is kept as soon as the database can be written; a new order is refused meanwhile."""

    class Flaky(MemoryJobs):
        fails = 0

        async def put(self, job, tellings=()):
            if self.fails and self.kept:
                self.fails -= 1
                raise StoreError("the disk is full")
            await super().put(job, tellings)

    store = Flaky()

    async def act(queue, house, *_):
        gate = house.gate("slow")
        job, _new = await queue.take(_order("slow"))
        await _running(queue, job)
        store.fails = 3
        with pytest.raises(StoreError):
            await queue.take(_order("other"))
        gate.set()
        await _ended(queue, job)
        assert (0, "done") == (store.fails, store.kept[job.id].state)

    _play(act, store)


def test_jobs_are_listed_as_they_stand_at_the_moment():
    """Progress that is in no database is in the list; an unknown job is absent."""

    async def act(queue, house, *_):
        house.script["half"] = [Headway(0.5, "running")]
        gate = house.gate("half")
        job, _new = await queue.take(_order("half"))
        await _running(queue, job, 0.5)
        (listed,) = await queue.jobs(JobWish())
        assert (0.5, 1) == (listed.headway.fraction, queue.standing.running)
        gate.set()
        await _ended(queue, job)
        with pytest.raises(Absent):
            await queue.get("20200101-000000-0000")
        assert replace(job, state="queued") == job

    _play(act)
