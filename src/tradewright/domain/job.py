"""Work that takes longer than a request: what is asked for, how far it is, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from tradewright.domain.errors import InvalidValue

__all__ = ["ENDED", "KINDS", "LOWEST", "URGENT", "Headway", "Job", "JobKind", "JobState"]

JobKind = Literal[
    "backtest", "sweep", "evaluation", "strategy_check", "drift", "download", "import", "synthetic", "data_check",
    "data_repair", "features",
]  # fmt: skip
JobState = Literal["queued", "running", "done", "failed", "cancelled"]
KINDS: tuple[JobKind, ...] = get_args(JobKind)
ENDED: tuple[JobState, ...] = ("done", "failed", "cancelled")
LOWEST, URGENT = 0, 9


_MOST_NAMED = 3


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


@dataclass(frozen=True, slots=True)
class Headway:
    """How far a job is.

    Args:
        fraction: from 0 to 1.
        step: what is being done, in a word: `loading`, `running`, `judging`.
    """

    fraction: float = 0.0
    step: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as it is kept.

    Args:
        id: unique, of the form of a result's name: what a job makes has the same.
        kind: what is done.
        title: in a few words, for a list.
        request: what is asked for, as plain data.
        owner: who asked.
        created: UTC ns; no two jobs have the same.
        priority: from 0 to 9; the highest is done first, and of those the oldest.
        identity: digest of all that decides the outcome; empty where no other job could stand for it.
        state: how it stands.
        attempts: how often it was begun.
        begun: the last time, UTC ns.
        ended: UTC ns.
        headway: how far it is.
        result: what it gave, as plain data.
        error: why it failed: `code` and `detail`, and `field`, `value`, `allowed` where one value is at fault.
    """

    id: str
    kind: JobKind
    title: str
    request: Mapping[str, Any]
    owner: str
    created: int
    priority: int = 5
    identity: str = ""
    state: JobState = "queued"
    attempts: int = 0
    begun: int | None = None
    ended: int | None = None
    headway: Headway = field(default_factory=Headway)
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidValue("kind", self.kind, f"one of {', '.join(KINDS)}")
        if not LOWEST <= self.priority <= URGENT:
            raise InvalidValue("priority", self.priority, f"a whole number from {LOWEST} to {URGENT}")

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED

    @property
    def subject(self) -> str:
        """What it is about, in names that are the same in every language; empty where it is about everything."""
        asked = self.request
        symbols = asked.get("instruments") or asked.get("symbols") or [asked.get("symbol")]
        strategies = asked.get("strategies") or [asked.get("strategy")]
        groups = (
            [asked.get("deployment")], strategies, symbols, [asked.get("timeframe")],
            [asked.get("exchange") or (asked.get("venue") if self.kind.startswith("data_") else None)],
        )  # fmt: skip
        named = [[str(one) for one in group if one] for group in groups]
        return " · ".join(_some(group) for group in named if group)

    @property
    def order(self) -> tuple[int, int]:
        """What is least is done first."""
        return -self.priority, self.created
