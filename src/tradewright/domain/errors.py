"""Every error a user can meet, as one tree.

::

    TradewrightError
    ├─ InvalidValue      a field has a value that is not allowed
    ├─ UnknownName       nothing goes by that name (near names are suggested)
    ├─ DataError         market data is missing, damaged or ambiguous
    │  └─ MissingData       candles that were asked for are not stored
    ├─ StrategyError     a plug-in cannot be used; names file and line
    ├─ StoreError        a stored thing is absent or damaged
    │  ├─ Absent            there is none of that name
    │  └─ Conflict          as things stand, it cannot be done
    ├─ AccessError       who asks is not let in
    │  ├─ LoginRefused      name, password or code are not right
    │  ├─ ProofNeeded       a one-time code is asked for
    │  └─ TooManyAttempts   wait before the next
    ├─ VenueError        a venue did not do what was asked
    │  ├─ VenueUnavailable  it cannot be reached, or cannot serve now; nothing was changed
    │  ├─ VenueRefusal      it understood, and refused
    │  └─ OutcomeUnknown    whether it was done is not known: ask, never send again
    └─ InvariantBroken   our own fault: stop

An order's refusal by risk or venue is an event, never one of these: who places orders turns a `VenueRefusal` into it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "Absent",
    "AccessError",
    "Busy",
    "Conflict",
    "DataError",
    "InvalidValue",
    "InvariantBroken",
    "LoginRefused",
    "MissingData",
    "OutcomeUnknown",
    "ProofNeeded",
    "StoreError",
    "StrategyError",
    "TooManyAttempts",
    "TradewrightError",
    "UnknownName",
    "VenueError",
    "VenueRefusal",
    "VenueUnavailable",
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


class MissingData(DataError):
    """Candles that were asked for are not stored.

    Args:
        message: what is missing, and what would help.
        venue: where they would be from.
        symbol: of the instrument.
        timeframe: of the bars.
        start: open of the first that is missing, ISO 8601; None from the venue's first on.
        end: close of the last that is missing, ISO 8601; None up to now.
    """

    code = "missing-data"

    def __init__(
        self, message: str, venue: str, symbol: str, timeframe: str, start: str | None = None, end: str | None = None
    ) -> None:
        super().__init__(message)
        self.venue, self.symbol, self.timeframe, self.start, self.end = venue, symbol, timeframe, start, end


class StrategyError(TradewrightError):
    """A strategy plug-in cannot be used; the message names file and line where they are known."""

    code = "strategy"


class StoreError(TradewrightError):
    """A stored thing is absent or damaged."""

    code = "store"


class Busy(StoreError):
    """Another process writes for too long; nothing was done."""


class Absent(StoreError):
    """There is no stored thing of that name."""

    code = "absent"


class Conflict(StoreError):
    """As things stand it cannot be done: the name is taken, or what others need would be gone."""

    code = "conflict"


class AccessError(TradewrightError):
    """Who asks is not let in."""

    code = "access"


class LoginRefused(AccessError):
    """Name, password or one-time code are not right; which of them is not told."""

    code = "login-refused"


class ProofNeeded(AccessError):
    """A one-time code of the user's authenticator is asked for, and none was given."""

    code = "proof-needed"


class TooManyAttempts(AccessError):
    """Too many attempts have failed.

    Args:
        wait_s: seconds until the next one is looked at.
    """

    code = "too-many-attempts"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many attempts have failed; the next one is looked at in {wait_s} s")
        self.wait_s = wait_s


class VenueError(TradewrightError):
    """A venue did not do what was asked; the message names venue and request."""

    code = "venue"


class VenueUnavailable(VenueError):
    """A venue cannot be reached, cannot serve now, or asks us to wait. Nothing was changed there."""

    code = "venue-unavailable"


class VenueRefusal(VenueError):
    """A venue understood a request and refused it.

    Args:
        message: venue, request, and what the venue said.
        status: of HTTP.
        number: the venue's own number of the refusal, None where it gave none.
    """

    code = "venue-refusal"

    def __init__(self, message: str, status: int = 400, number: int | None = None) -> None:
        super().__init__(message)
        self.status, self.number = status, number


class OutcomeUnknown(VenueError):
    """A request that changes something was sent, and no answer says whether it was done. It is never sent again."""

    code = "outcome-unknown"


class InvariantBroken(TradewrightError):
    """Our own fault. The run stops; please report it."""

    code = "invariant-broken"
