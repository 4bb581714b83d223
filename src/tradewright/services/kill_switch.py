"""The kill switch in the words of a session: one at a venue knows it, one on paper is paused and withdraws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["is_at_venue", "kill_wishes"]

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
