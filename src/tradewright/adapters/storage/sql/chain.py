"""Lines that hang on each other: each has a hash of the one before and of itself."""

from __future__ import annotations

import hashlib

__all__ = ["BEGINNING", "link"]

BEGINNING = "0" * 32
"""What the first line hangs on."""


def link(before: str, text: str) -> str:
    """The hash of a line.

    Args:
        before: hash of the line before it.
        text: of the line.
    """
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()[:32]
