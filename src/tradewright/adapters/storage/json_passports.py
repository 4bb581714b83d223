"""Leak passports as JSON files: `passports/{strategy}-{fingerprint}.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.atomic import replacing

__all__ = ["JsonPassports"]

_SHOWN_DIGITS = 16


class JsonPassports:
    """A `PassportStore` in a folder.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "passports"

    def _path(self, strategy: str, fingerprint: str) -> Path:
        return self._folder / f"{strategy}-{fingerprint[:_SHOWN_DIGITS]}.json"

    def load(self, strategy: str, fingerprint: str) -> dict[str, Any] | None:
        """See `PassportStore`."""
        try:
            data = json.loads(self._path(strategy, fingerprint).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return data if isinstance(data, dict) else None

    def save(self, strategy: str, fingerprint: str, passport: dict[str, Any]) -> None:
        """See `PassportStore`."""
        with replacing(self._path(strategy, fingerprint)) as draft:
            draft.write_text(json.dumps(passport, sort_keys=True, indent=1) + "\n", encoding="utf-8")
