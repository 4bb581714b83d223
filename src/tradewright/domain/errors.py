"""Every error a user can meet, as one tree.

::

    TradewrightError
    ├─ InvalidValue      a field has a value that is not allowed
    ├─ UnknownName       nothing goes by that name (near names are suggested)
    ├─ DataError         market data is missing, damaged or ambiguous
    ├─ StrategyError     a plug-in cannot be used; names file and line
    ├─ StoreError        a stored thing is absent or damaged
    └─ InvariantBroken   our own fault: stop

A refusal by risk or venue is an event, never one of these.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "DataError",
    "InvalidValue",
    "InvariantBroken",
    "StoreError",
    "StrategyError",
    "TradewrightError",
    "UnknownName",
]


class TradewrightError(Exception):
    """Root of the tree. `code` is stable and kebab-case; the message stands alone on one line."""

    code = "error"


class InvalidValue(TradewrightError):
    """A field has a value that is not allowed.

    Args:
        field: the field as the user wrote it (`--balance`, `tick_size`, `fast`).
        value: what was given.
        allowed: what would have been right, in words.

    Example:
        >>> str(InvalidValue("--balance", -5, "a number above 0"))
        '--balance: -5 is not allowed; give a number above 0'
    """

    code = "invalid-value"

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(f"{field}: {value!r} is not allowed; give {allowed}")
        self.field, self.value, self.allowed = field, value, allowed


class UnknownName(TradewrightError):
    """Nothing of this kind goes by that name.

    Example:
        >>> str(UnknownName("strategy", "smcc", ["smc", "ma_crossover"]))
        "strategy 'smcc' is unknown; did you mean 'smc'? known: ma_crossover, smc"
    """

    code = "unknown-name"

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        super().__init__(f"{kind} {name!r} is unknown; {hint}known: {', '.join(names) or 'none'}")
        self.kind, self.name = kind, name


class DataError(TradewrightError):
    """Market data is missing, damaged or ambiguous; the message says where and what to do."""

    code = "data"


class StrategyError(TradewrightError):
    """A strategy plug-in cannot be used; the message names file and line where they are known."""

    code = "strategy"


class StoreError(TradewrightError):
    """A stored thing is absent or damaged."""

    code = "store"


class InvariantBroken(TradewrightError):
    """Our own fault. The run stops; please report it."""

    code = "invariant-broken"
