"""Signs of life of processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Heartbeat"]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of life of a process.

    Args:
        name: of its work: `collect`, `scan`, `manage`.
        run_id: of the process.
        pid: its number.
        at: UTC ns.
        every_s: seconds after which the next is due.
        state: what it says of itself, as plain data.
    """

    name: str
    run_id: str
    pid: int
    at: int
    every_s: float
    state: Mapping[str, Any] = field(default_factory=dict)

    def is_late(self, now: int, patience_s: float) -> bool:
        """Whether the next sign is overdue by more than so many seconds."""
        return now - self.at > (self.every_s + patience_s) * 1_000_000_000
