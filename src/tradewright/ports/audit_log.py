"""The audit log: who did what, line by line, and never anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["AuditLog", "AuditVerdict", "AuditWish", "Deed", "WrittenDeed"]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done or decided.

    Args:
        ts: when, UTC ns.
        actor: who: a user, a deployment, a service.
        action: what, as `order.sent`.
        subject: to what.
        details: plain data; no secrets.
        run: id of the run it belongs to; empty without.
    """

    ts: int
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    run: str = ""


@dataclass(frozen=True, slots=True)
class WrittenDeed:
    """A deed in the log.

    Args:
        number: 1, 2, 3 … without a gap.
        deed: what was done.
        hash: of the line before and of this one.
    """

    number: int
    deed: Deed
    hash: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What came of looking at every line.

    Args:
        lines: how many are as they were written, from the first.
        head: hash of the last of them; keep it elsewhere, and no line before it can be changed unnoticed.
        damage: the first line that is not, in words; empty where every line is.
    """

    lines: int
    head: str
    damage: str = ""


@dataclass(frozen=True, slots=True)
class AuditWish:
    """Which lines are wanted; None is any.

    Args:
        actor: who.
        action: what, or how it begins: `order.` takes all that was done to orders.
        since: not before, UTC ns.
        until: before, UTC ns.
        below: lines whose number is lower.
        limit: how many at most.
    """

    actor: str | None = None
    action: str | None = None
    since: int | None = None
    until: int | None = None
    below: int | None = None
    limit: int = 100


class AuditLog(Protocol):
    """Lines that are only ever added."""

    async def add(self, deeds: Sequence[Deed]) -> None:
        """Add lines, all or none; they are on the disk when it returns.

        Raises:
            StoreError: they cannot be written.
        """
        ...

    async def read(
        self, since: int | None = None, until: int | None = None, limit: int | None = None
    ) -> Sequence[WrittenDeed]:
        """Lines in their order.

        Args:
            since: not before, UTC ns.
            until: before, UTC ns.
            limit: only the last so many.

        Raises:
            StoreError: they cannot be read.
        """
        ...

    async def find(self, wish: AuditWish) -> Sequence[WrittenDeed]:
        """The lines that are wished for, the last first.

        Raises:
            StoreError: they cannot be read.
        """
        ...

    async def verify(self, head: str = "") -> AuditVerdict:
        """Look at every line.

        Args:
            head: a hash that was noted before; it must still be there.

        Raises:
            StoreError: they cannot be read.
        """
        ...
