"""Fingerprint of the code that a result came from."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import tradewright

__all__ = ["code_fingerprint"]

# What cannot change a result: doors, wiring, storage and tests.
_OUTSIDE = {"adapters", "api", "bootstrap", "cli", "services", "testing", "__pycache__"}


def code_fingerprint(source: str) -> str:
    """SHA-256 of the platform's core and of a strategy's source, hexadecimal."""
    digest = _core().copy()
    digest.update(source.encode())
    return digest.hexdigest()


@cache
def _core() -> hashlib._Hash:
    # Of what this process has loaded, not of what stands in its place by the time it is asked again.
    root = Path(tradewright.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if place.parts[0] not in _OUTSIDE:
            digest.update(place.as_posix().encode() + b"\0" + path.read_bytes())
    return digest
