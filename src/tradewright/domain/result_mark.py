"""What people put on a result."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MarkChange", "ResultMark"]


@dataclass(frozen=True, slots=True)
class ResultMark:
    """Tags, a note and a star.

    Args:
        tags: short words, each once.
        note: text.
        is_starred: it is one of the best.
    """

    tags: tuple[str, ...] = ()
    note: str = ""
    is_starred: bool = False


@dataclass(frozen=True, slots=True)
class MarkChange:
    """What is to be another; what is None stays as it is.

    Args:
        tags: short words, each once.
        note: text.
        is_starred: it is one of the best.
    """

    tags: tuple[str, ...] | None = None
    note: str | None = None
    is_starred: bool | None = None
