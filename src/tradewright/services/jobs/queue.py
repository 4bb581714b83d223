"""The queue of jobs: what waits, what is being done, and how each ended; all of it survives the process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.domain.job import Headway, Job, JobKind
from tradewright.domain.result_id import result_id
from tradewright.ports.clock import Clock
from tradewright.ports.happenings import Telling
from tradewright.ports.jobs import JobStore, JobWish, Workers
from tradewright.services.jobs.lane import Lane
from tradewright.services.jobs.seat import Seat
from tradewright.services.news import News

__all__ = ["JobQueue", "Order", "Staff", "Standing", "job_news"]

_MOST_ATTEMPTS = 3
_KEPT_NS = 90 * 86_400_000_000_000
_MOST_WAITING = 10_000
_PROGRESS_S = 0.25
_STORE_WAIT_S = 1.0
_LOOK_S = 0.05
_SECOND = 1_000_000_000


Stands = Callable[[Job], Awaitable[bool]]


async def _always(_: Job) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to have done; see `Job` for the fields."""

    kind: JobKind
    title: str
    request: Mapping[str, Any]
    owner: str
    priority: int = 5
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does the jobs.

    Args:
        workers: where they are to be had.
        heads: how many reckon at one time: each takes a core.
        hands: how many wait for others, as a download does; they take hardly any.
        grace_s: to leave off a job that is cancelled, before the worker is ended.
    """

    workers: Workers
    heads: int = 1
    hands: int = 1
    grace_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a queue stands.

    Args:
        waiting: jobs that wait.
        running: jobs that are being done.
        oldest_s: for how long the oldest of those that wait has waited, seconds.
        workers: that are there.
        places: for workers; one is started when there is something for it to do.
    """

    waiting: int
    running: int
    oldest_s: float
    workers: int
    places: int


class JobQueue:
    """Takes orders, has them done, tells how they go.

    Args:
        store: where jobs are kept.
        staff: who does them.
        news: where it is told.
        clock: to wait by.
    """

    def __init__(self, store: JobStore, staff: Staff, news: News, clock: Clock) -> None:
        self._store, self._staff, self._news, self._clock = store, staff, news, clock
        self._heads, self._hands = self._lane_of("head", staff.heads), self._lane_of("hand", staff.hands)
        self._live: dict[str, Job] = {}
        self._told_at: dict[str, float] = {}
        self._last = 0
        self._taking = asyncio.Lock()
        self.trace: Callable[[str, Mapping[str, Any]], None] = lambda _what, _ids: None
        """Called for the log with what became of a job, and its ids."""
        self.after: list[Callable[[Job], Awaitable[Sequence[Telling]]]] = []
        """Called with each job that has ended, before anybody is told; gives what is to be told beside."""

    async def begin(self) -> None:
        """Go on with what had not ended when the process before this one did.

        Raises:
            StoreError: the database cannot be used.
        """
        await self._store.forget(self._clock.now_ns() - _KEPT_NS)
        for job in await self._store.unfinished():
            self._last = max(self._last, job.created)
            if job.state == "running" and job.attempts >= _MOST_ATTEMPTS:
                reason = f"the server ended {job.attempts} times while this ran: it is not tried again"
                await self._end(job, "failed", error={"code": "given-up", "detail": reason})
            else:
                self._wait(replace(job, state="queued", headway=Headway()))
        for lane in (self._heads, self._hands):
            lane.begin(self._do)

    async def close(self) -> None:
        """Leave off. What has not ended is gone on with by the next `begin`; being left off is no attempt."""
        await asyncio.gather(self._heads.close(), self._hands.close())
        for job in self._live.values():
            if job.state == "running":
                await self._store.put(replace(job, state="queued", attempts=job.attempts - 1, headway=Headway()))

    async def warm(self) -> None:
        """Start a worker before the first job comes, so that it finds one that is ready."""
        await self._heads.warm()

    async def take(self, order: Order, stands: Stands = _always) -> tuple[Job, bool]:
        """Take an order. Where another job has its identity, that one stands for it.

        Args:
            order: what is wanted.
            stands: says of a job that is done whether what it made is still there.

        Returns:
            The job, and whether it is new.

        Raises:
            InvalidValue: too many jobs wait.
            StoreError: the database cannot be used.
        """
        async with self._taking:
            same = await self._store.same(order.identity) if order.identity else None
            if same is not None and (not same.has_ended or await stands(same)):
                return self._live.get(same.id, same), False
            if len(self._live) >= _MOST_WAITING:
                raise InvalidValue("jobs", len(self._live), f"no more while {_MOST_WAITING} wait; cancel some")
            job = await self._named(order)
            await self._store.put(job, [self._telling(job)])
            self._wait(job)
        self.trace("job taken", {"job": job.id, "kind": job.kind})
        return job, True

    async def _named(self, order: Order) -> Job:
        self._last = max(self._clock.now_ns(), self._last + 1)
        moment, salt = datetime.fromtimestamp(self._last // 1_000_000_000, UTC), self._last
        name = result_id(moment, salt)
        while name in self._live:
            salt += 1
            name = result_id(moment, salt)
        return Job(
            name, order.kind, order.title, order.request, order.owner, self._last, order.priority, order.identity
        )

    async def get(self, job_id: str) -> Job:
        """A job as it stands at this moment.

        Raises:
            Absent: there is none of this id.
        """
        return self._live.get(job_id) or await self._store.get(job_id)

    async def ended(self, job_id: str, patience_s: float) -> Job:
        """A job when it has ended, or as it stands when patience has.

        Raises:
            Absent: there is none of this id.
        """
        until = self._clock.monotonic() + patience_s
        while not (job := await self.get(job_id)).has_ended and self._clock.monotonic() < until:
            await self._clock.sleep(_LOOK_S)
        return job

    async def standing_for(self, identity: str) -> Job | None:
        """The job that stands for all of its identity, waiting, running or done; None where there is none.

        Raises:
            StoreError: the database cannot be used.
        """
        same = await self._store.same(identity)
        return None if same is None else self._live.get(same.id, same)

    async def jobs(self, wish: JobWish) -> Sequence[Job]:
        """Those that are wanted, newest first, as they stand at this moment."""
        return [self._live.get(job.id, job) for job in await self._store.jobs(wish)]

    @property
    def standing(self) -> Standing:
        """How it stands at this moment."""
        since = [job.created for job in self._live.values() if job.state != "running"]
        oldest = (self._now() - min(since)) / _SECOND if since else 0.0
        (heads, most_heads), (hands, most_hands) = self._heads.workers, self._hands.workers
        return Standing(len(since), len(self._live) - len(since), oldest, heads + hands, most_heads + most_hands)

    async def cancel(self, job_id: str) -> Job:
        """Cancel a job that has not ended; one that has stays as it is.

        Raises:
            Absent: there is none of this id.
        """
        job = await self.get(job_id)
        if job.id not in self._live:
            return job
        if job.state == "queued":
            self._lane(job).drop(job.id)
            return await self._end(job, "cancelled")
        self._lane(job).cancel(job.id)
        return job

    def _lane_of(self, name: str, size: int) -> Lane:
        staff = self._staff
        return Lane([Seat(f"{name}-{at + 1}", staff.workers, self._clock, staff.grace_s) for at in range(size)])

    def _lane(self, job: Job) -> Lane:
        return self._hands if job.kind == "download" else self._heads

    def _wait(self, job: Job) -> None:
        self._live[job.id] = job
        self._lane(job).add(job)

    async def _do(self, waiting: Job, seat: Seat) -> None:
        """One attempt at a job, from its beginning to its end, or back into the queue."""
        job = replace(waiting, state="running", attempts=waiting.attempts + 1, begun=self._now())
        await self._put(job)
        self.trace("job begun", {"job": job.id, "worker": seat.name, "attempt": job.attempts})
        outcome = await seat.outcome(job, lambda headway: self._hear(job.id, headway))
        match outcome.state:
            case "queued" if job.attempts < _MOST_ATTEMPTS:
                again = replace(job, state="queued", headway=Headway())
                await self._put(again)
                self._wait(again)
            case "queued":
                reason = f"its worker ended {job.attempts} times ({outcome.how}): it is not tried again"
                await self._end(job, "failed", error={"code": "worker-died", "detail": reason})
            case state:
                await self._end(job, state, result=outcome.result, error=outcome.error)

    def _hear(self, job_id: str, headway: Headway) -> None:
        job = self._live[job_id] = replace(self._live[job_id], headway=headway)
        if self._clock.monotonic() - self._told_at.get(job_id, -_PROGRESS_S) >= _PROGRESS_S:
            self._told_at[job_id] = self._clock.monotonic()
            data = {"id": job.id, "kind": job.kind, "fraction": headway.fraction, "step": headway.step}
            self._news.tell("job.progress", data, lasting=False)

    async def _put(self, job: Job) -> None:
        self._live[job.id] = job
        await self._keep(job)

    async def _keep(self, job: Job, beside: Sequence[Telling] = ()) -> None:
        # What a worker has done is not lost because the database cannot be used for a while; and what became of a job
        # is told, whenever this process dies.
        tellings = [*beside, self._telling(job)]
        while True:
            try:
                await self._store.put(job, tellings)
                break
            except StoreError:
                await self._clock.sleep(_STORE_WAIT_S)

    async def _end(self, job: Job, state: Any, **found: Any) -> Job:
        headway = Headway(1.0) if state == "done" else self._live.get(job.id, job).headway
        job = replace(job, state=state, ended=self._now(), headway=headway, **found)
        beside: list[Telling] = []
        for look_after in self.after:
            with suppress(StoreError):  # the job has ended, whatever becomes of what follows
                beside += await look_after(job)
        await self._keep(job, beside)
        self._live.pop(job.id, None)
        self._told_at.pop(job.id, None)
        self.trace("job ended", {"job": job.id, "state": state, "code": (job.error or {}).get("code")})
        return job

    def _now(self) -> int:
        return self._clock.now_ns()

    def _telling(self, job: Job) -> Telling:
        return Telling("job.changed", job_news(job), self._now())


def job_news(job: Job) -> dict[str, Any]:
    """What is told of a job whose state has changed."""
    return {
        "id": job.id, "kind": job.kind, "title": job.title, "subject": job.subject, "state": job.state,
        "priority": job.priority, "owner": job.owner, "attempts": job.attempts, "fraction": job.headway.fraction,
        "result": None if job.result is None else dict(job.result),
        "error": None if job.error is None else dict(job.error),
    }  # fmt: skip
