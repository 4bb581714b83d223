"""The keys of the tree in a row, each with what is known of it, and what its values may be in words."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from inspect import getdoc
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le
from pydantic import ConfigDict, Secret, TypeAdapter
from pydantic.fields import FieldInfo

from tradewright.bootstrap.config.kinds import Hidden, Live, Words
from tradewright.bootstrap.config.tree import Configuration
from tradewright.domain.live_terms import AtLeast

__all__ = ["Leaf", "Shape", "adapter", "leaves", "meanings", "sections"]

Shape = Literal["flag", "integer", "number", "choice", "list", "text"]
_PLAIN = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
_STRICT = ConfigDict(allow_inf_nan=False, coerce_numbers_to_str=True)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One key.

    Args:
        path: `section.key`; `deployments` stands alone.
        kind: annotation.
        default: where nothing is given.
        meaning: in words.
        live: whether it may change while a process runs.
    """

    path: str
    kind: Any
    default: object
    meaning: str
    live: bool

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"TRADEWRIGHT_{self.path.replace('.', '_').upper()}"

    @property
    def secret(self) -> bool:
        """Whether the whole value must not be shown."""
        return "SecretText" in str(self.kind)

    @property
    def masked(self) -> bool:
        """Whether a part of the value at least must not be shown."""
        is_hidden = any(isinstance(mark, Hidden) for mark in _marks(self.kind))
        return is_hidden or any(issubclass(one, Secret) for one in _within(self.kind))

    @property
    def optional(self) -> bool:
        """Whether it may be without a value."""
        return type(None) in _within(self.kind)

    @property
    def is_flag(self) -> bool:
        """Whether it is true or false."""
        return bool in _within(self.kind)

    @property
    def is_many(self) -> bool:
        """Whether it is a list or a mapping."""
        return any(get_origin(one) in (tuple, list, Mapping) or one is Mapping for one in _layers(self.kind))

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be, where it is one of some."""
        return tuple(str(word) for one in _layers(self.kind) if get_origin(one) is Literal for word in get_args(one))

    @property
    def shape(self) -> Shape:
        """How a form asks for it."""
        found: dict[Shape, bool] = {
            "flag": self.is_flag,
            "choice": bool(self.choices),
            "list": self.is_many,
            "integer": int in _within(self.kind),
            "number": float in _within(self.kind),
        }
        return next((shape for shape, is_so in found.items() if is_so), "text")

    @property
    def allowed(self) -> str:
        """What its value may be, in words."""
        words = _words(self.kind)
        return f"{words}, or nothing" if self.optional else words


def _layers(kind: Any) -> list[Any]:
    # The annotation itself and what stands inside its `Annotated` and unions.
    found = [kind]
    if get_origin(kind) is Annotated:
        found += _layers(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        found += [inner for one in get_args(kind) for inner in _layers(one)]
    return found


def _within(kind: Any) -> set[Any]:
    return {one for one in _layers(kind) if isinstance(one, type)}


def _marks(kind: Any) -> list[Any]:
    found: list[Any] = []
    for one in _layers(kind):
        if get_origin(one) is Annotated:
            for mark in get_args(one)[1:]:
                found += mark.metadata if isinstance(mark, FieldInfo) else [mark]
    return found


def _words(kind: Any) -> str:
    marks = _marks(kind)
    if own := [mark.text for mark in marks if isinstance(mark, Words)]:
        return own[0]
    for one in _layers(kind):
        if get_origin(one) is Literal:
            return f"one of {', '.join(map(str, get_args(one)))}"
        if get_origin(one) is tuple:
            return "a list"
    plain = next((text for one, text in _PLAIN.items() if one in _within(kind)), "text")
    return plain + _bounds(marks)


def _bounds(marks: list[Any]) -> str:
    low = next((f"from {mark.ge:,}" for mark in marks if isinstance(mark, Ge | AtLeast)), "")
    above = next((f"above {mark.gt:,}" for mark in marks if isinstance(mark, Gt)), "")
    high = next((f"to {mark.le:,}" for mark in marks if isinstance(mark, Le)), "")
    if above and high:
        return f" {above}, at most {high[3:]}"
    return "".join(f" {part}" for part in (low or above, high) if part)


def meanings(kind: type) -> dict[str, str]:
    """What the docstring of a description says of each of its fields."""
    section = re.search(r"^Args:\n((?:    .*\n?|\n)+)", getdoc(kind) or "", re.MULTILINE)
    found: dict[str, str] = {}
    name = ""
    for line in section.group(1).splitlines() if section else ():
        if head := re.match(r"    (\w+): (.*)", line):
            name = head.group(1)
            found[name] = head.group(2)
        elif name:
            found[name] += " " + line.strip()
    return found


@cache
def sections() -> dict[str, type]:
    """The description of each section, by its name."""
    hints = get_type_hints(Configuration)
    return {name: kind for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)}


@cache
def leaves() -> dict[str, Leaf]:
    """Every key by its path, in the order of the tree."""
    whole = get_type_hints(Configuration, include_extras=True)
    told = meanings(Configuration)
    found: dict[str, Leaf] = {}
    for name, kind in whole.items():
        if name in sections():
            is_live = any(isinstance(mark, Live) for mark in _marks(kind))
            found |= {leaf.path: leaf for leaf in _of(name, sections()[name], is_live=is_live)}
        else:
            found[name] = Leaf(name, kind, (), told[name], live=False)
    return found


def _of(section: str, kind: type, *, is_live: bool) -> list[Leaf]:
    hints, told = get_type_hints(kind, include_extras=True), meanings(kind)
    found = []
    for item in fields(kind):
        marks = _marks(hints[item.name])
        live = is_live or any(isinstance(mark, Live) for mark in marks)
        if item.default is MISSING:
            raise AssertionError(f"{section}.{item.name} has no default")
        found.append(Leaf(f"{section}.{item.name}", hints[item.name], item.default, told[item.name], live))
    return found


@cache
def adapter(path: str) -> TypeAdapter[Any]:
    """What turns a given value into one of the key's kind."""
    return TypeAdapter(leaves()[path].kind, config=_STRICT)
