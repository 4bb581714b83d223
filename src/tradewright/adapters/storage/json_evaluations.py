"""Evaluations in folders: `evaluations/{id}/evaluation.json` and `heat_map.html`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.json_results import canonical_json
from tradewright.adapters.storage.run_artifacts import replacing_folder
from tradewright.domain.errors import Absent, StoreError
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

    def ids(self) -> tuple[str, ...]:
        """See `EvaluationStore`."""
        return tuple(sorted((path.parent.name for path in self._root.glob("[0-9]*/evaluation.json")), reverse=True))

    def load(self, evaluation_id: str) -> dict[str, Any]:
        """See `EvaluationStore`."""
        path = self.page(evaluation_id).with_name("evaluation.json")
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: is damaged ({error})") from error
        return found

    def page(self, evaluation_id: str) -> Path:
        """See `EvaluationStore`."""
        path = self._root / check_result_id(evaluation_id) / "heat_map.html"
        if not path.is_file():
            raise Absent(f"there is no evaluation {evaluation_id!r}")
        return path
