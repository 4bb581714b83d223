"""Where jobs are kept, and who does them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tradewright.domain.job import Headway, Job, JobKind, JobState
from tradewright.ports.happenings import Telling

__all__ = ["Died", "Done", "Failed", "JobStore", "JobWish", "Told", "Worker", "Workers"]


@dataclass(frozen=True, slots=True)
class JobWish:
    """Which jobs are wanted; None stands for any.

    Args:
        kind: of this kind.
        states: in one of these states.
        owner: that this person asked for.
        before: created earlier, UTC ns.
        most: no more than that.
    """

    kind: JobKind | None = None
    states: Sequence[JobState] | None = None
    owner: str | None = None
    before: int | None = None
    most: int = 50


class JobStore(Protocol):
    """Keeps jobs. Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def put(self, job: Job, tellings: Sequence[Telling] = ()) -> None:
        """Keep a job as it stands now, and put down what is to be told of that: both, or neither."""
        ...

    async def get(self, job_id: str) -> Job:
        """The job of that id.

        Raises:
            Absent: there is none.
        """
        ...

    async def jobs(self, wish: JobWish) -> Sequence[Job]:
        """Those that are wanted, newest first."""
        ...

    async def unfinished(self) -> Sequence[Job]:
        """All that have not ended, oldest first."""
        ...

    async def same(self, identity: str) -> Job | None:
        """The newest of all that have this identity and neither failed nor were cancelled; None where there is none."""
        ...

    async def forget(self, before: int) -> int:
        """Remove what ended before a time, UTC ns; gives how many that were."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """A job is done; what it gave."""

    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """A job failed; see `Job.error`. One that was cancelled has the code `cancelled`."""

    error: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Died:
    """The worker has ended without a word; how."""

    how: str


Told = Headway | Done | Failed | Died


class Worker(Protocol):
    """Does one job after the other."""

    def work(self, job: Job) -> AsyncIterator[Told]:
        """Do a job; what is told last is no `Headway`."""
        ...

    @property
    def is_alive(self) -> bool:
        """Whether it can still work."""
        ...

    def cancel(self) -> None:
        """Ask it to leave off the job that it does."""
        ...

    async def end(self) -> None:
        """End it, whatever it does."""
        ...


class Workers(Protocol):
    """Where workers are to be had."""

    async def start(self, name: str) -> Worker:
        """Have one more.

        Raises:
            OSError: the system cannot start it.
        """
        ...
