"""Evaluations in folders: `evaluations/{id}/evaluation.json` and `heat_map.html`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.json_results import canonical_json
from tradewright.adapters.storage.run_artifacts import replacing_folder
from tradewright.domain.errors import StoreError
from tradewright.domain.result_id import check_result_id

__all__ = ["JsonEvaluations"]


class JsonEvaluations:
    """An `EvaluationStore` in a folder.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root / "evaluations"

    def save(self, evaluation_id: str, data: Mapping[str, Any], page: str) -> Path:
        """See `EvaluationStore`."""
        check_result_id(evaluation_id)
        target = self._root / evaluation_id
        if target.exists():
            raise StoreError(f"evaluation {evaluation_id!r} exists already")
        with replacing_folder(target) as folder:
            (folder / "evaluation.json").write_text(canonical_json(dict(data)), encoding="utf-8")
            (folder / "heat_map.html").write_text(page, encoding="utf-8")
        return target / "heat_map.html"
