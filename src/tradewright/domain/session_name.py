"""Names of sessions: a moment for those that were begun by hand, a deployment's own name for the others."""

from __future__ import annotations

import re

from tradewright.domain.errors import InvalidValue

__all__ = ["check_session_name"]

_FORM = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def check_session_name(text: str) -> str:
    """Give the text back if it may name a session.

    Raises:
        InvalidValue: it may not.

    Example:
        >>> check_session_name("20261121-101530-3f9a"), check_session_name("grid-btc")
        ('20261121-101530-3f9a', 'grid-btc')
    """
    if not _FORM.fullmatch(text):
        raise InvalidValue("session", text, "1 to 40 small letters, digits, '-' or '_', such as 20261121-101530-3f9a")
    return text
