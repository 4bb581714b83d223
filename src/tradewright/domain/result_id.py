"""Names of results: short, in order of time, typed by hand if need be."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tradewright.domain.errors import InvalidValue

__all__ = ["check_result_id", "result_id"]

_FORM = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")


def result_id(moment: datetime, salt: int) -> str:
    """Name a result by its second and a salt that tells two of the same second apart.

    Args:
        moment: when the run was made, with its offset from UTC.
        salt: any number; its lowest 16 bits are used.

    Example:
        >>> result_id(datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC), 0x3F9A)
        '20261121-101530-3f9a'
    """
    return f"{moment.astimezone(UTC):%Y%m%d-%H%M%S}-{salt & 0xFFFF:04x}"


def check_result_id(text: str) -> str:
    """Give the text back if it has the form of a result's name.

    Raises:
        InvalidValue: it has not, so it must not become part of a file name.
    """
    if not _FORM.fullmatch(text):
        raise InvalidValue("id", text, "a result id such as 20261121-101530-3f9a")
    return text
