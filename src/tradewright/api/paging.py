"""Lists in pages: `?limit=&cursor=` and `{"items": […], "next": …}`."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from tradewright.domain.errors import InvalidValue

__all__ = ["Cursor", "CursorText", "Limit", "Page", "place_of", "written"]

Item = TypeVar("Item")
_MOST = 1_000
_LONGEST, _WIDEST = 200, 2**63

Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many are told at most.")]
CursorText = Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9_-]+$")]
Cursor = Annotated[CursorText | None, Query(description="`next` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """A part of a list. Each resource has a class of its own made of it, so that it has a name in the schema."""

    items: list[Item]
    next: str | None = Field(None, description="`cursor` of what comes after; null at the end.")


def written(*place: float | str | None) -> str:
    """A place in a list as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str | None, *kinds: type | tuple[type, ...]) -> list[Any] | None:
    """The place that a cursor stands for; None without one.

    Args:
        cursor: that `written` made.
        kinds: of its parts.

    Raises:
        InvalidValue: it is none of ours.
    """
    if cursor is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    fits = isinstance(found, list) and len(found) == len(kinds)
    if not fits or not all(isinstance(part, kind) and _is_sane(part) for part, kind in zip(found, kinds, strict=True)):
        raise InvalidValue("cursor", cursor, "the `next` of the page before")
    return list(found)


def _is_sane(part: Any) -> bool:
    # What no database takes was not written by us.
    if isinstance(part, str):
        return part.isprintable() and len(part) <= _LONGEST
    return not isinstance(part, int) or abs(part) < _WIDEST
