"""Given values into the tree: each of its kind, each section whole; what is wrong is told as the user wrote it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Secret, ValidationError

from tradewright.bootstrap.config.given import Entry, Given, Layer, unknown
from tradewright.bootstrap.config.kinds import MASK, masked_url
from tradewright.bootstrap.config.leaves import Leaf, adapter, leaves, meanings, sections
from tradewright.bootstrap.config.momentum import TakeProfit
from tradewright.bootstrap.config.tree import Configuration, Deployment, NotificationChannel
from tradewright.domain.errors import InvalidValue, TradewrightError, UnknownName

__all__ = ["Configured", "configured", "plain"]

_ROWS = {
    "deployments": Deployment, "momentum.take_profits": TakeProfit, "notifications.channels": NotificationChannel,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Configured:
    """A configuration, and where its values come from.

    Args:
        tree: the values.
        given: by path, for every key that has not its default.
    """

    tree: Configuration
    given: Layer

    def value(self, path: str) -> Any:
        """The value of a key."""
        section, _, name = path.partition(".")
        found = getattr(self.tree, section)
        return getattr(found, name) if name else found

    def shown(self, path: str) -> Any:
        """The value of a key as plain data; what is secret in it is masked."""
        return plain(self.value(path))

    def origin(self, path: str) -> str:
        """Where the value of a key comes from, in words."""
        return self.given[path].origin if path in self.given else "default"

    def part(self, section: str) -> dict[str, Any]:
        """The fields of a section that have been given, by name."""
        return {path.partition(".")[2]: self.value(path) for path in self.given if path.startswith(f"{section}.")}

    @property
    def changed(self) -> dict[str, Any]:
        """Every key that has been given, as plain data, masked."""
        return {path: self.shown(path) for path in leaves() if path in self.given}


def configured(given: Layer) -> Configured:
    """Check values and make the tree of them.

    Raises:
        InvalidValue, UnknownName: a value is none of its key's, or two of them do not go together.
    """
    typed = {path: _typed(leaves()[path], one) for path, one in given.items()}
    parts: dict[str, Any] = {name: _section(name, typed, given) for name in sections()}
    if "deployments" in typed:
        parts["deployments"] = _deployments(typed["deployments"], given["deployments"].entry)
    return Configured(Configuration(**parts), given)


def _typed(leaf: Leaf, one: Given) -> Any:
    if isinstance(one.value, bool) and not leaf.is_flag:
        raise _wrong(leaf, one.entry, leaf.allowed)
    try:
        return adapter(leaf.path).validate_python(one.value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if leaf.path in _ROWS and first["loc"]:
            raise _in_row(leaf, one.entry, first) from None
        said = first["msg"].partition("Value error, ")[2] if first["type"] == "value_error" else leaf.allowed
        raise _wrong(leaf, one.entry, said) from None


def _wrong(leaf: Leaf, entry: Entry, allowed: str) -> InvalidValue:
    told = MASK if leaf.masked else entry.value
    if isinstance(told, str) and "://" in told:
        told = masked_url(told)
    return InvalidValue(f"{entry.where} {entry.name}", told, allowed)


def _in_row(leaf: Leaf, entry: Entry, first: Any) -> TradewrightError:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    name = f"{entry.name}{place}"
    if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        known = [field.name for field in dataclasses.fields(_ROWS[leaf.path])]
        return UnknownName(f"{entry.where}: key of {entry.name}", str(first["loc"][-1]), known)
    if first["type"] in ("missing", "missing_argument"):
        return InvalidValue(f"{entry.where} {name}", None, f"it: {meanings(_ROWS[leaf.path])[str(first['loc'][-1])]}")
    allowed = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    told = first["input"] if not leaf.masked or first["loc"][-1] in ("name", "language") else MASK
    return InvalidValue(f"{entry.where} {name}", told, allowed[0].lower() + allowed[1:])


def _section(name: str, typed: Mapping[str, Any], given: Layer) -> Any:
    prefix = f"{name}."
    own = {path.removeprefix(prefix): value for path, value in typed.items() if path.startswith(prefix)}
    try:
        return sections()[name](**own)
    except InvalidValue as error:
        path = prefix + error.field
        if path not in given:  # what is given does not go with a default
            raise InvalidValue(path, error.value, error.allowed) from None
        entry = given[path].entry
        meant = "" if entry.name == path or error.value == entry.value else f" ({path}, here {error.value!r})"
        raise InvalidValue(f"{entry.where} {entry.name}", entry.value, error.allowed + meant) from None


def _deployments(rows: tuple[Deployment, ...], entry: Entry) -> tuple[Deployment, ...]:
    names = [row.name for row in rows]
    for place, row in enumerate(rows):
        where = f"{entry.name}[{place}]"
        if names.count(row.name) > 1:
            raise InvalidValue(f"{entry.where} {where}.name", row.name, "each name once")
        if row.mode == "live" and row.matched_by == "engine":
            raise InvalidValue(f"{entry.where} {where}.matched_by", row.matched_by, "venue, with money")
        for part in ("risk", "limits"):
            _own_rules(part, getattr(row, part), Entry(f"{where}.{part}", None, entry.where))
    return tuple(
        dataclasses.replace(row, risk=_kinds("risk", row.risk), limits=_kinds("limits", row.limits)) for row in rows
    )


def _own_rules(part: str, fields: Mapping[str, Any], at: Entry) -> None:
    given = {}
    for name, value in fields.items():
        path, entry = f"{part}.{name}", Entry(f"{at.name}.{name}", value, at.where)
        if path not in leaves():
            raise unknown(
                entry, [f"{at.name}.{one.partition('.')[2]}" for one in leaves() if one.startswith(f"{part}.")]
            )
        given[path] = Given(value, entry)
    _section(part, {path: _typed(leaves()[path], one) for path, one in given.items()}, given)


def _kinds(part: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: adapter(f"{part}.{name}").validate_python(value) for name, value in fields.items()}


def plain(value: Any) -> Any:
    """A value as plain data for JSON and YAML, without what is secret in it."""
    if isinstance(value, Secret):
        return str(value)
    if dataclasses.is_dataclass(value):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
