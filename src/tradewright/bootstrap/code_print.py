"""Fingerprint of the code that a result came from."""

from __future__ import annotations

import hashlib
from pathlib import Path

import tradewright
from tradewright.domain.errors import StrategyError

__all__ = ["code_fingerprint"]

# What cannot change a result: doors, wiring, storage and tests.
_OUTSIDE = {"adapters", "api", "bootstrap", "cli", "services", "testing", "__pycache__"}


def code_fingerprint(strategy_file: str) -> str:
    """SHA-256 of the platform's core and of the strategy's file, hexadecimal.

    Raises:
        StrategyError: the strategy's file cannot be read.
    """
    root = Path(tradewright.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if place.parts[0] not in _OUTSIDE:
            digest.update(place.as_posix().encode() + b"\0" + path.read_bytes())
    try:
        digest.update(Path(strategy_file).read_bytes())
    except OSError as error:
        raise StrategyError(f"{strategy_file}: cannot be read ({error.strerror})") from error
    return digest.hexdigest()
