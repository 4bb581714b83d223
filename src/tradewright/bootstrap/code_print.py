"""Fingerprint of the code that a result came from."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path

import tradewright
from tradewright.domain.errors import StrategyError

__all__ = ["code_fingerprint"]

# What cannot change a result: doors, wiring, storage and tests.
_OUTSIDE = {"adapters", "api", "bootstrap", "cli", "services", "testing", "__pycache__"}


def code_fingerprint(strategy: type[object]) -> str:
    """SHA-256 of the platform's core and of the strategy's file, hexadecimal.

    Raises:
        StrategyError: the strategy's source cannot be read.
    """
    root = Path(tradewright.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if place.parts[0] not in _OUTSIDE:
            digest.update(place.as_posix().encode() + b"\0" + path.read_bytes())
    try:
        source = inspect.getsourcefile(strategy)
        digest.update(Path(source or "").read_bytes())
    except (OSError, TypeError) as error:
        raise StrategyError(f"{strategy.__name__}: its source cannot be read ({error})") from error
    return digest.hexdigest()
