"""What somebody is told, by which channel, and what rules they made for it."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Any, Literal, get_args

from tradewright.domain.errors import InvalidValue

__all__ = ["AlertRule", "Language", "Notice", "Sending", "Sign", "Urgency", "Wish"]

Language = Literal["en", "uk"]
Sign = Literal[">", ">=", "<", "<=", "==", "!="]
_LONGEST = 120


@unique
class Urgency(IntEnum):
    """How soon somebody should know."""

    INFO = 1
    WARNING = 2
    URGENT = 3

    @property
    def word(self) -> str:
        """As it is told."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling.

    Args:
        kind: of the event, as `fill`.
        urgency: an urgent one is not held back by a digest.
        facts: of the event; templates take their words from it.
        ts: UTC ns.
    """

    kind: str
    urgency: Urgency
    facts: Mapping[str, Any]
    ts: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether a channel tells of a kind of event: a cell of the matrix.

    Args:
        kind: of the event.
        channel: its name.
        is_on: whether it does.
    """

    kind: str
    channel: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A rule of the user's: when a figure of an event is so, tell it.

    Args:
        id: of the rule.
        name: as the user calls it; it is the title of what is told.
        kind: of the events that are looked at.
        figure: of the event, as `drawdown`; dots lead inwards.
        sign: how it is compared.
        limit: with what.
        cooldown_s: seconds in which it is told once, however often it holds.
        is_on: whether it is looked at.

    Raises:
        InvalidValue: by field.
    """

    id: str
    name: str
    kind: str
    figure: str
    sign: Sign
    limit: float
    cooldown_s: float = 300.0
    is_on: bool = True

    def __post_init__(self) -> None:
        for name in ("name", "kind", "figure"):
            value = getattr(self, name)
            if not value.strip() or len(value) > _LONGEST or not value.isprintable():
                raise InvalidValue(name, value, f"printable text of 1 to {_LONGEST} characters")
        if self.sign not in get_args(Sign):
            raise InvalidValue("sign", self.sign, f"one of {', '.join(get_args(Sign))}")
        if not math.isfinite(self.limit):
            raise InvalidValue("limit", self.limit, "a finite number")
        if not 0 <= self.cooldown_s <= _DAY:
            raise InvalidValue("cooldown_s", self.cooldown_s, f"seconds from 0 to {_DAY}")

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether the figure of an event is so; an event without the figure is not."""
        value: Any = facts
        for part in self.figure.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        try:
            number = float(value)
        except (TypeError, ValueError):
            return False
        return bool(_SIGNS[self.sign](number, self.limit))


_DAY = 86_400
_SIGNS: Mapping[str, Any] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way to a channel, or gone.

    Args:
        id: of the message.
        channel: its name.
        kind: of the event.
        title: of the message.
        text: of the message.
        ts: UTC ns.
        state: `waiting`, `sent`, or `given_up` after too many tries.
        tries: so far.
        error: why the last one failed; without addresses.
    """

    id: str
    channel: str
    kind: str
    title: str
    text: str
    ts: int
    state: Literal["waiting", "sent", "given_up"] = "waiting"
    tries: int = 0
    error: str = field(default="")
