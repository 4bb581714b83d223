"""Where approvals of live trading are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

__all__ = ["Approvals"]


class Approvals(Protocol):
    """By venue, one each: plain data for JSON."""

    def load(self, venue: str) -> Mapping[str, Any] | None:
        """What was approved of at a venue; None where nothing is.

        Raises:
            StoreError: it cannot be read.
        """
        ...

    def save(self, venue: str, approval: Mapping[str, Any] | None) -> None:
        """Keep an approval in place of the last; None takes it back.

        Raises:
            StoreError: it cannot be written.
        """
        ...
