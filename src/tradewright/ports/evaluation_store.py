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
