"""Where values are read: a YAML file, `.env`, the environment, the command line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml
from dotenv.parser import parse_stream

from tradewright.bootstrap.config.given import Entry, Layer, layer, unknown
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.names import CONTROLS, PREFIX, Alias, keys, variables
from tradewright.bootstrap.config.yaml_file import read_yaml
from tradewright.domain.errors import InvalidValue

__all__ = ["command_layer", "dotenv", "environment_layer", "yaml_layer"]

_NEAR = 0.87


def yaml_layer(path: Path) -> tuple[Layer, str | None]:
    """What a YAML file gives, and the preset that it names.

    Raises:
        InvalidValue: it cannot be read, or a value cannot be used.
        UnknownName: it has a key that there is none of.
    """
    entries = list(_owned(read_yaml(path, frozenset(keys()) | {"preset"})))
    named = [entry for entry in entries if entry.name == "preset"]
    for entry in entries:
        _refuse_secret(entry, "no secret: it belongs in .env, the environment or tradewright keys")
    preset = named[0].value if named else None
    if preset is not None and not isinstance(preset, str):
        raise InvalidValue(f"{named[0].where} preset", preset, "the name of a preset")
    return layer((entry for entry in entries if entry.name != "preset"), keys()), preset


def _owned(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if entry.name != "preset" and entry.name not in keys():
            raise unknown(entry, keys())
        yield entry


def _refuse_secret(entry: Entry, allowed: str) -> None:
    if entry.name in leaves() and leaves()[entry.name].secret and entry.value is not None:
        raise InvalidValue(f"{entry.where} {entry.name}", "**********", allowed)


def dotenv(path: Path) -> tuple[Entry, ...]:
    """What a file of variables holds; nothing where there is none.

    Raises:
        InvalidValue: it cannot be read, or a line of it is no variable.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            lines = list(parse_stream(stream))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue(str(path), "", f"a file that can be read ({error})") from None
    found = []
    for line in lines:
        if line.error:
            raise InvalidValue(f"{path}:{line.original.line}", "", "a line NAME=value")
        if line.key is not None:
            found.append(Entry(line.key, line.value or "", f"{path}:{line.original.line}"))
    return tuple(found)


def environment_layer(entries: Iterable[Entry]) -> Layer:
    """What variables give; those that are none of ours are left alone, unless they are misspelt ones of ours.

    Raises:
        InvalidValue: a value cannot be used.
        UnknownName: a variable is named as ours are, and there is no such key.
    """
    return layer((_parsed(entry, variables()[entry.name]) for entry in entries if _is_ours(entry)), variables())


def _is_ours(entry: Entry) -> bool:
    known = variables()
    if entry.name in known:
        return True
    if entry.name in CONTROLS:
        return False
    from_file = entry.where != "environment"
    if entry.name.startswith(PREFIX) or (from_file and difflib.get_close_matches(entry.name, known, 1, _NEAR)):
        raise unknown(entry, (*known, *CONTROLS))
    return False


def command_layer(items: Iterable[str]) -> Layer:
    """What `--set section.key=value` gives.

    Raises:
        InvalidValue: one is no name and value, or a value cannot be used.
        UnknownName: there is no such key.
    """
    entries = []
    for item in items:
        name, sign, value = item.partition("=")
        entry = Entry(name.strip(), value.strip(), "--set")
        if not (entry.name and sign):
            raise InvalidValue("--set", item, "section.key=value, such as risk.max_positions=5")
        if entry.name not in keys():
            raise unknown(entry, keys())
        _refuse_secret(entry, "no secret on a command line: it belongs in .env, the environment or tradewright keys")
        entries.append(_parsed(entry, keys()[entry.name]))
    return layer(entries, keys())


def _parsed(entry: Entry, alias: Alias) -> Entry:
    # Text of a list or a mapping is YAML, or parts between commas; an empty text or "none" is no value where it may be.
    leaf, text = leaves()[alias.paths[0]], str(entry.value)
    if leaf.optional and text.strip().lower() in ("", "none", "null"):
        return Entry(entry.name, None, entry.where)
    if not leaf.is_many:
        return entry
    try:
        value: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidValue(f"{entry.where} {entry.name}", text, f"{leaf.allowed}, as in YAML ({error})") from None
    if not isinstance(value, list | Mapping):
        value = [part.strip() for part in text.split(",") if part.strip()]
    return Entry(entry.name, value, entry.where)
