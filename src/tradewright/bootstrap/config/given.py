"""What one source gives: names into keys, each remembered as the user wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tradewright.bootstrap.config.kinds import MASK
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.names import Alias
from tradewright.domain.errors import InvalidValue, UnknownName

__all__ = ["Entry", "Given", "Layer", "layer", "unknown"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and a value as they stand in a source.

    Args:
        name: as written.
        value: as written; it may be a secret.
        where: file and line, or the source's name.
    """

    name: str
    value: object = field(repr=False)
    where: str


@dataclass(frozen=True, slots=True)
class Given:
    """A value for a key.

    Args:
        value: in the key's own unit, its kind not yet checked.
        entry: where it comes from.
    """

    value: object = field(repr=False)
    entry: Entry

    @property
    def origin(self) -> str:
        """Where it comes from, in words."""
        return f"{self.entry.where} {self.entry.name}"


Layer = Mapping[str, Given]


def layer(entries: Iterable[Entry], names: Mapping[str, Alias]) -> Layer:
    """Put a source's entries in order by key.

    Raises:
        UnknownName: there is no such key.
        InvalidValue: a value cannot be turned into the key's, or two names of one key differ in their values.
    """
    found: dict[str, Given] = {}
    for entry in entries:
        if entry.name not in names:
            raise unknown(entry, names)
        for path, value in _converted(entry, names[entry.name]).items():
            if path in found and found[path].value != value:
                raise _at_odds(path, found[path].entry, entry)
            found[path] = Given(value, entry)
    return found


def _converted(entry: Entry, alias: Alias) -> dict[str, object]:
    try:
        value = entry.value if alias.convert is None or entry.value is None else alias.convert(entry.value)
    except ValueError as error:
        raise InvalidValue(f"{entry.where} {entry.name}", _shown(entry, alias.paths[0]), str(error)) from None
    return dict.fromkeys(alias.paths, value)


def _shown(entry: Entry, path: str) -> object:
    return MASK if leaves()[path].masked else entry.value


def _at_odds(path: str, one: Entry, other: Entry) -> InvalidValue:
    said = _shown(other, path)
    same = f"the value of {one.where} {one.name}, {_shown(one, path)!r}: both mean {path}; or leave one of them out"
    return InvalidValue(f"{other.where} {other.name}", said, same)


def unknown(entry: Entry, names: Iterable[str]) -> UnknownName:
    """A name that no key has: near ones are suggested, else those of its section are told."""
    every = list(names)
    section = entry.name.rpartition(".")[0]
    same = [name for name in every if section and name.rpartition(".")[0] == section]
    tops = sorted({name.partition(".")[0] for name in every})
    near = difflib.get_close_matches(entry.name, every, n=3)
    last = entry.name.rpartition(".")[2]
    near += [name for name in every if name.rpartition(".")[2] == last and name not in near]
    return UnknownName(f"{entry.where}: key", entry.name, near or same or tops)
