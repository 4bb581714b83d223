"""Where evaluations are kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

__all__ = ["EvaluationStore"]


class EvaluationStore(Protocol):
    """Keeps the figures and the page of each evaluation, both or none."""

    def save(self, evaluation_id: str, data: Mapping[str, Any], page: str) -> Path:
        """Keep an evaluation; gives the path of its page.

        Raises:
            StoreError: the id is taken.
        """
        ...

    def ids(self) -> tuple[str, ...]:
        """Every evaluation's id, newest first."""
        ...

    def load(self, evaluation_id: str) -> dict[str, Any]:
        """The figures of an evaluation.

        Raises:
            Absent: there is none of this id.
            StoreError: its file is damaged.
        """
        ...

    def page(self, evaluation_id: str) -> Path:
        """Where the page of an evaluation stands.

        Raises:
            Absent: there is none of this id.
        """
        ...
