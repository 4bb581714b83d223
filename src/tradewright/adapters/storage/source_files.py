"""Sources of strategies as text files, each under the SHA-256 of its text: what is the same is kept once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from tradewright.adapters.storage.atomic import replacing
from tradewright.domain.errors import Absent, StoreError

__all__ = ["SourceFiles"]


class SourceFiles:
    """A folder of them.

    Args:
        root: the folder; made with the first.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, source: str) -> str:
        """Keep a text, unless it is there; gives its SHA-256.

        Raises:
            StoreError: the system refuses to write.
        """
        data = source.encode()
        digest = hashlib.sha256(data).hexdigest()
        path = self._root / f"{digest}.txt"
        if not path.is_file():
            with replacing(path) as draft:
                draft.write_bytes(data)
        return digest

    def read(self, digest: str) -> str:
        """A text by its SHA-256.

        Raises:
            Absent: it was not kept.
            StoreError: its file has been changed, or cannot be read.
        """
        path = self._root / f"{digest}.txt"
        if not re.fullmatch("[0-9a-f]{64}", digest) or not path.is_file():
            raise Absent(f"no source {digest[:12]!r} is kept")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreError(f"{path}: has been changed; it is not what the results were made with")
        return data.decode()
