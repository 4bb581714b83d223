"""The time of a venue, which at a practice exchange passes faster than ours: how long something still waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["OURS", "VenueTime"]

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class VenueTime:
    """A venue's time, as it was read once.

    Args:
        venue: what its clock showed, UTC ns.
        wall: what ours showed at that moment, UTC ns.
        pace: how much faster than ours it passes, > 0.
    """

    venue: int
    wall: int
    pace: float = 1.0

    def at(self, wall: int) -> int:
        """What the venue's clock shows when ours shows `wall`, UTC ns."""
        return self.venue + round((wall - self.wall) * self.pace)

    def left_s(self, until: int, wall: int) -> float:
        """Seconds of our time until the venue's clock shows `until` (UTC ns), seen at `wall`; never below 0."""
        return max((until - self.at(wall)) / self.pace / _NS, 0.0)

    def span_s(self, begin: int, end: int) -> float:
        """How long a stretch of the venue's time (UTC ns) is for us, seconds."""
        return (end - begin) / self.pace / _NS

    def plain(self, wall: int) -> dict[str, float]:
        """As plain data, read at `wall` (UTC ns)."""
        return {"venue": self.at(wall), "wall": wall, "pace": self.pace}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> VenueTime:
        """Out of facts that hold it under `time`; without, the venue's time is ours."""
        own = told.get("time")
        return OURS if not own else cls(int(own["venue"]), int(own["wall"]), float(own["pace"]))


OURS = VenueTime(0, 0)
"""Of a venue whose clock goes as ours does."""
