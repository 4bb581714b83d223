"""The kill switch in the words of a session: one at a venue knows it, one on paper is paused and withdraws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["calm_wish", "is_at_venue", "kill_wishes"]

Record = dict[str, Any]


def is_at_venue(first: Mapping[str, Any]) -> bool:
    """Whether a session's orders lie at a venue, by the first record of its journal."""
    return "confirming" in first


def kill_wishes(by: str, *, flatten: bool, at_venue: bool) -> Sequence[Record]:
    """What is asked of a session, in this order, so that it opens nothing any more and nothing rests that may.

    Args:
        by: who asks.
        flatten: whether every position is closed as well.
        at_venue: whether its orders lie at a venue.
    """
    if at_venue:
        return ({"kind": "kill", "flatten": flatten, "text": f"the kill switch, by {by}"},)
    return {"kind": "pause", "by": by}, {"kind": "flatten" if flatten else "withdraw", "by": by}


def calm_wish(by: str, *, at_venue: bool) -> Record:
    """What undoes the kill switch: what is asked of a session so that it opens positions again.

    Args:
        by: who asks.
        at_venue: whether its orders lie at a venue.
    """
    return {"kind": "calm" if at_venue else "resume", "by": by}
