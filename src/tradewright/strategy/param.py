"""Typed parameters with ranges, declared in one line of a strategy."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import Any

from tradewright.domain.errors import InvalidValue, StrategyError

__all__ = ["Param", "ParamSpec", "PluginFault", "Value"]

Value = int | float | bool | str
_TYPES: dict[str, type[Value]] = {"int": int, "float": float, "bool": bool, "str": str}
_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class PluginFault(StrategyError):
    """A strategy class is not well made.

    Args:
        message: what is wrong.
        line: where in its file, if known.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """One parameter of a strategy.

    Args:
        name: as the user writes it.
        type: int, float, bool or str.
        default: its value where none is given.
        low: least value allowed, or None.
        high: greatest value allowed, or None.
        choices: what a str may be; empty for anything.
        doc: one plain phrase.
        line: where it is declared, or None.
    """

    default: Value
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    doc: str = ""
    line: int | None = None
    name: str = ""
    type: type[Value] = float

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.type is bool:
            return "true or false"
        if self.type is str:
            return f"one of {', '.join(self.choices)}" if self.choices else "text"
        noun = "a whole number" if self.type is int else "a number"
        if self.low is not None and self.high is not None:
            return f"{noun} from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{noun} of at least {self.low:g}"
        return noun if self.high is None else f"{noun} of at most {self.high:g}"

    def checked(self, value: object, owner: str) -> Value:
        """The value, of this parameter's type and inside its range; text is read.

        Raises:
            InvalidValue: it is neither; the field is named `owner.parameter`.
        """
        found = self._read(value)
        if found is None or not self._is_allowed(found):
            raise InvalidValue(f"{owner}.{self.name}", value, self.allowed)
        return found

    def _read(self, value: object) -> Value | None:
        if self.type is str:
            return value if isinstance(value, str) else None
        if self.type is bool:
            flag = _FLAGS.get(value.strip().lower()) if isinstance(value, str) else value
            return flag if isinstance(flag, bool) else None
        return _number(value, whole=self.type is int)

    def _is_allowed(self, value: Value) -> bool:
        if isinstance(value, str):
            return not self.choices or value in self.choices
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def _number(value: object, *, whole: bool) -> int | float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type] # a value that is no number is what the except is for
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    if not whole:
        return number
    return int(number) if number.is_integer() else None


def Param(  # noqa: N802 - it reads as a type where it is used, as dataclasses.field would not
    default: Value,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    doc: str = "",
) -> Any:
    """Declare a parameter in the body of a strategy.

    As in `fast: int = Param(20, low=2, high=400, doc="bars in the fast average")`. The annotation gives the type: int,
    float, bool or str.

    Args:
        default: used where no value is given.
        low: least value allowed.
        high: greatest value allowed.
        choices: what a str may be.
        doc: one plain phrase, shown to users.

    Raises:
        PluginFault: the range is upside down.
    """
    caller = inspect.currentframe()
    line = caller.f_back.f_lineno if caller and caller.f_back else None
    if low is not None and high is not None and low > high:
        raise PluginFault(f"Param: low {low!r} is above high {high!r}", line)
    return ParamSpec(default, low, high, tuple(choices), doc, line)


def declared(owner: type) -> dict[str, ParamSpec]:
    """The parameters in the body of a class, by name, with the types of their annotations.

    Raises:
        PluginFault: a parameter has no type, one that is not allowed, or a default outside its own range.
    """
    notes = inspect.get_annotations(owner)
    found = {name: spec for name, spec in vars(owner).items() if isinstance(spec, ParamSpec)}
    return {name: _named(owner.__name__, name, spec, notes.get(name)) for name, spec in found.items()}


def _named(owner: str, name: str, spec: ParamSpec, note: object) -> ParamSpec:
    kind = _TYPES.get(note if isinstance(note, str) else getattr(note, "__name__", ""))
    if kind is None:
        given = "no type" if note is None else f"the type {note}"
        raise PluginFault(f"{owner}.{name} has {given}; write int, float, bool or str, as in `{name}: int`", spec.line)
    full = ParamSpec(spec.default, spec.low, spec.high, spec.choices, spec.doc, spec.line, name, kind)
    is_text = isinstance(spec.default, str) and kind is not str
    try:
        default = full.checked(None if is_text else spec.default, owner)
    except InvalidValue:
        raise PluginFault(f"{owner}.{name}: the default {spec.default!r} is not {full.allowed}", spec.line) from None
    return ParamSpec(default, spec.low, spec.high, spec.choices, spec.doc, spec.line, name, kind)
