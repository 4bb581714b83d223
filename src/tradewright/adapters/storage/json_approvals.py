"""Approvals of live trading in one file, which its owner alone may read or write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.atomic import replacing
from tradewright.domain.errors import StoreError

__all__ = ["JsonApprovals"]


class JsonApprovals:
    """See `ports.approvals.Approvals`.

    Args:
        path: of the file; it is made when the first approval is kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, venue: str) -> Mapping[str, Any] | None:
        return self._read().get(venue)

    def save(self, venue: str, approval: Mapping[str, Any] | None) -> None:
        kept = {**self._read(), venue: approval}
        text = json.dumps({name: one for name, one in kept.items() if one is not None}, indent=1, sort_keys=True)
        with replacing(self._path) as draft:
            draft.touch(mode=0o600)
            draft.write_text(text + "\n")

    def _read(self) -> dict[str, Mapping[str, Any] | None]:
        try:
            text = self._path.read_text()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be read ({error.strerror or error})") from error
        try:
            found = json.loads(text)
        except ValueError as error:
            raise StoreError(f"{self._path}: not JSON ({error})") from error
        if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
            raise StoreError(f"{self._path}: an object of approvals by venue is wanted")
        return found
