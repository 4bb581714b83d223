"""Faults that are wished for: which request, message or moment each strikes, decided by a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tradewright.domain.errors import InvalidValue

__all__ = ["KINDS", "Fault", "FaultBook"]

KINDS = {
    "drop": "the connection is cut before the request is done",
    "execute_then_drop": "the request is done, and the connection is cut before the answer",
    "delay": "the request is done, and the answer comes `delay` seconds (real ones) later",
    "status": "the request is not done; the answer is `status` with `code` and `text`",
    "maintenance": "as `status` with 503, for every request, and no socket is opened",
    "skew": "the time that requests are told and judged by is `delay` seconds ahead",
    "ws_refuse": "no socket is opened: 503",
    "ws_close": "every socket is closed, with 1001",
    "ws_abort": "every socket's connection is cut",
    "ws_silence": "open sockets stay open and are told nothing more, for `delay` seconds; pings are answered",
    "user_lost": "an event of the user stream is lost",
    "user_duplicate": "an event of the user stream comes twice",
    "user_reorder": "an event of the user stream comes after the one that follows it",
    "depth_gap": "a change of a book is lost",
    "stream_lost": "a message of a market stream is lost; `path` is a beginning of the stream's name",
    "stream_duplicate": "a message of a market stream comes twice; `path` likewise",
    "stream_reorder": "a message of a market stream comes after the one that follows it; `path` likewise",
    "listen_key_expire": "the keys of all user streams expire",
    "stuck_triggering": "a conditional order whose trigger is reached stays TRIGGERING: it never acts, and cannot be"
    " cancelled",
}
"""Every kind of fault, and what it does."""
_REQUESTS = ("drop", "execute_then_drop", "delay", "status", "maintenance")


_FIELDS: dict[str, type[str | int | float]] = {
    "kind": str, "method": str, "path": str, "chance": float, "count": int, "after": int, "begin": float, "end": float,
    "status": int, "code": int, "text": str, "delay": float,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and when it strikes.

    Args:
        kind: of `KINDS`.
        method: of the requests that it strikes; empty for any.
        path: with which their paths begin, or the names of the streams that it strikes; empty for any.
        chance: that it strikes one of them, from 0 to 1.
        count: how often it strikes; 0 for ever.
        after: how many of them it lets pass first.
        begin: virtual seconds after the exchange's start from which it may strike.
        end: and until when; 0 for ever.
        status: of `status`.
        code: of `status`, the venue's number.
        text: of `status`.
        delay: seconds, of those kinds that last.

    Raises:
        InvalidValue: a field has a value that is not allowed.
    """

    kind: str
    method: str = ""
    path: str = ""
    chance: float = 1.0
    count: int = 1
    after: int = 0
    begin: float = 0.0
    end: float = 0.0
    status: int = 503
    code: int = -1001
    text: str = "Internal error; unable to process your request. Please try again."
    delay: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidValue("kind", self.kind, f"one of {', '.join(KINDS)}")
        if not 0.0 <= self.chance <= 1.0:
            raise InvalidValue("chance", self.chance, "a chance from 0 to 1")
        for name in ("count", "after", "begin", "end"):
            if getattr(self, name) < 0:
                raise InvalidValue(name, getattr(self, name), "0 or more")
        if not 200 <= self.status <= 599:  # noqa: PLR2004 - of HTTP
            raise InvalidValue("status", self.status, "a number from 200 to 599")

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Fault:
        """A fault from plain data.

        Raises:
            InvalidValue: a field is unknown, of another kind of value, or not allowed.
        """
        known = _FIELDS
        given: dict[str, Any] = {}
        for name, value in data.items():
            if name not in known:
                raise InvalidValue("fault", name, f"one of the fields {', '.join(known)}")
            wanted = known[name]
            good = isinstance(value, (int, float) if wanted is float else wanted) and not isinstance(value, bool)
            if not good:
                raise InvalidValue(name, value, {str: "a text", int: "a whole number", float: "a number"}[wanted])
            given[name] = wanted(value)
        if "kind" not in given:
            raise InvalidValue("fault", dict(data), "a kind")
        return cls(**given)


class _Waiting:
    """A fault that may strike still."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self.fault = fault
        self.left = fault.count or -1
        self.passed = 0
        self.chance = random.Random(seed)  # noqa: S311 - no secret

    def strikes(self, seconds: float) -> bool:
        """Whether it strikes what is there now; it counts what it looks at."""
        fault = self.fault
        if self.left == 0 or seconds < fault.begin or (fault.end and seconds >= fault.end):
            return False
        self.passed += 1
        if self.passed <= fault.after or self.chance.random() >= fault.chance:
            return False
        self.left -= 1
        return True


class FaultBook:
    """The faults that wait, by number.

    Args:
        seed: the same seed and the same requests give the same faults.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._next = 1
        self._waiting: dict[int, _Waiting] = {}

    def add(self, fault: Fault) -> int:
        """Wish for a fault; returns its number."""
        number = self._next
        self._next += 1
        self._waiting[number] = _Waiting(fault, f"{self._seed}/{number}")
        return number

    def remove(self, number: int | None = None) -> None:
        """Forget a fault, or all of them."""
        if number is None:
            self._waiting.clear()
        self._waiting.pop(number or 0, None)

    def told(self) -> list[dict[str, Any]]:
        """The faults as plain data, with how often each may strike still; -1 is for ever."""
        return [{"id": number, "left": max(one.left, -1), **asdict(one.fault)} for number, one in self._waiting.items()]

    def for_request(self, method: str, path: str, seconds: float) -> Fault | None:
        """The fault that strikes a request."""
        for one in self._waiting.values():
            fault = one.fault
            meant = fault.kind in _REQUESTS and fault.method in ("", method) and path.startswith(fault.path)
            if meant and one.strikes(seconds):
                return fault
        return None

    def now(self, kind: str, seconds: float, name: str = "") -> Fault | None:
        """The fault of a kind that strikes now, whatever it strikes; of streams one that means the stream's name."""
        for one in self._waiting.values():
            meant = one.fault.kind == kind and (not name or name.startswith(one.fault.path))
            if meant and one.strikes(seconds):
                return one.fault
        return None

    def waits(self, kind: str, seconds: float) -> bool:
        """Whether a fault of a kind may strike now, without using it up."""
        return any(
            one.fault.kind == kind and one.left and seconds >= one.fault.begin and not 0.0 < one.fault.end <= seconds
            for one in self._waiting.values()
        )

    def lasting(self, kind: str, seconds: float) -> float:
        """What a fault of a kind gives while it lasts, without using it up; 0 where there is none."""
        for one in self._waiting.values():
            fault = one.fault
            if fault.kind == kind and seconds >= fault.begin and (not fault.end or seconds < fault.end):
                return fault.delay or 1.0
        return 0.0
