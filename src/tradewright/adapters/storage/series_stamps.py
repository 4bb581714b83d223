"""Whether anything stored of an instrument has changed, without reading it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tradewright.domain.instrument import Instrument

__all__ = ["SeriesStamps"]

_SERIES = ("candles", "mark", "spread")
_FILES = (("funding", "parquet"), ("instruments", "json"))


class SeriesStamps:
    """A text that changes with what is stored of an instrument: by the times and sizes of files.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def __call__(self, venue: str, symbol: str) -> str:
        """The stamp of everything stored of an instrument."""
        name = Instrument(symbol, venue).file_name
        files = [path for kind in _SERIES for path in (self._root / kind / venue / name).glob("*.parquet")]
        files += [self._root / kind / venue / f"{name}.{form}" for kind, form in _FILES]
        digest = hashlib.sha256()
        for path in sorted(files):
            try:
                facts = path.stat()
            except OSError:
                continue
            digest.update(f"{path.relative_to(self._root)} {facts.st_mtime_ns} {facts.st_size}\n".encode())
        return digest.hexdigest()
