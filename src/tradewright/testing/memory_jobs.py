"""Jobs in memory, and what holds for every store of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tradewright.domain.errors import Absent
from tradewright.domain.job import Headway, Job
from tradewright.ports.happenings import Telling
from tradewright.ports.jobs import JobStore, JobWish

__all__ = ["MemoryJobs", "check_jobs", "made_job"]


class MemoryJobs:
    """See `ports.jobs.JobStore`; what it holds outlives those who use it, as a database does."""

    def __init__(self) -> None:
        self.kept: dict[str, Job] = {}
        self.told: list[Telling] = []

    async def put(self, job: Job, tellings: Sequence[Telling] = ()) -> None:
        """Keep it."""
        self.kept[job.id] = job
        self.told += tellings

    async def get(self, job_id: str) -> Job:
        """It, as it stands."""
        if job_id not in self.kept:
            raise Absent(f"there is no job {job_id!r}")
        return self.kept[job_id]

    async def jobs(self, wish: JobWish) -> Sequence[Job]:
        """Those that are wanted."""
        found = [
            job for job in self._newest()
            if wish.kind in (None, job.kind) and (wish.states is None or job.state in wish.states)
            and wish.owner in (None, job.owner) and (wish.before is None or job.created < wish.before)
        ]  # fmt: skip
        return found[: wish.most]

    async def unfinished(self) -> Sequence[Job]:
        """What has not ended."""
        return [job for job in reversed(self._newest()) if not job.has_ended]

    async def same(self, identity: str) -> Job | None:
        """The newest of this identity."""
        left = (job for job in self._newest() if job.state not in ("failed", "cancelled"))
        return next((job for job in left if job.identity == identity), None)

    async def forget(self, before: int) -> int:
        """Remove what ended before."""
        old = [job.id for job in self.kept.values() if job.ended is not None and job.ended < before]
        for name in old:
            del self.kept[name]
        return len(old)

    def _newest(self) -> list[Job]:
        return sorted(self.kept.values(), key=lambda job: -job.created)


def made_job(number: int, **fields: object) -> Job:
    """A job of which only this is known."""
    plain = Job(f"20261121-101530-{number:04x}", "backtest", f"job {number}", {"seed": number}, "mary", number)
    return replace(plain, **fields)  # type: ignore[arg-type]  # the caller's fields are a job's


async def check_jobs(store: JobStore) -> None:
    """Hold a store to what is promised of it.

    Raises:
        AssertionError: a promise is broken.
    """
    done = made_job(1, state="done", identity="a", begun=5, ended=9, attempts=2, headway=Headway(1.0, "saving"),
                    result={"result_id": "x"})  # fmt: skip
    failed = made_job(2, state="failed", identity="a", ended=19, error={"code": "data", "detail": "none"})
    waiting, other = made_job(3, identity="b", priority=9), made_job(4, kind="download", owner="bill")
    for job in (failed, done, other, waiting):
        await store.put(job)
    assert [done, waiting] == [await store.get(done.id), await store.get(waiting.id)]
    assert [other, waiting, failed, done] == list(await store.jobs(JobWish()))
    assert [other, waiting] == list(await store.jobs(JobWish(most=2)))
    assert [failed, done] == list(await store.jobs(JobWish(before=waiting.created)))
    assert [other] == list(await store.jobs(JobWish("download", ("queued",), "bill")))
    assert [waiting, other] == list(await store.unfinished())
    assert (done, waiting, None) == (await store.same("a"), await store.same("b"), await store.same("c"))
    running = replace(waiting, state="running", begun=7)
    await store.put(running)
    assert running == await store.get(waiting.id)
    assert await store.forget(10) == 1
    assert [other, running, failed] == list(await store.jobs(JobWish()))
