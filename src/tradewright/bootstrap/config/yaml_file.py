"""A YAML file as names and values, each with its line. A key that stands twice is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from tradewright.bootstrap.config.given import Entry
from tradewright.domain.errors import InvalidValue

__all__ = ["read_yaml"]

_MOST_BYTES = 1_000_000
_NULL = "tag:yaml.org,2002:null"


def read_yaml(path: Path, whole: frozenset[str]) -> tuple[Entry, ...]:
    """Read a file.

    Args:
        path: of the file.
        whole: names whose value is taken as it is; the mapping below any other is gone into.

    Raises:
        InvalidValue: it cannot be read, is no YAML or no mapping, uses anchors, or has a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue(str(path), "", f"a YAML file that can be read ({error})") from None
    if len(text) > _MOST_BYTES:
        raise InvalidValue(str(path), f"{len(text)} characters", f"at most {_MOST_BYTES}")
    loader = yaml.SafeLoader(text)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise InvalidValue(str(path), "an alias (*name)", "each value where it belongs")
        node = loader.get_single_node()
        if node is None:
            return ()
        _check_twice(node, path)
        return tuple(_walk(node, "", path, whole, loader))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidValue(str(path), "", f"a file in YAML ({_words(error)})") from None
    finally:
        loader.dispose()


def _words(error: Exception) -> str:
    # Without the lines that it quotes: they may hold a secret.
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return type(error).__name__


def _walk(node: Node, prefix: str, path: Path, whole: frozenset[str], loader: yaml.SafeLoader) -> Iterator[Entry]:
    if not isinstance(node, MappingNode):
        where = f"{path}:{node.start_mark.line + 1}"
        if isinstance(node, ScalarNode) and node.tag == _NULL:
            return
        raise InvalidValue(f"{where} {prefix or 'the file'}", _brief(node), "keys below it, as key: value")
    for key, value in node.value:
        name = f"{prefix}.{key.value}" if prefix else str(key.value)
        if name in whole or not _goes_on(name, whole):
            yield Entry(name, _plain(value, loader), f"{path}:{key.start_mark.line + 1}")
        else:
            yield from _walk(value, name, path, whole, loader)


def _goes_on(name: str, whole: frozenset[str]) -> bool:
    return any(one.startswith(f"{name}.") for one in whole)


def _plain(node: Node, loader: yaml.SafeLoader) -> object:
    return loader.construct_object(node, deep=True)


def _brief(node: Node) -> str:
    return "a list" if not isinstance(node, ScalarNode) else "a value"


def _check_twice(node: Node, path: Path) -> None:
    if isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                raise InvalidValue(f"{path}:{line}", "a key that is no text", "key: value")
            if key.value in seen:
                raise InvalidValue(
                    f"{path}:{line} {key.value}", "twice", f"it once; it stands in line {seen[key.value]}"
                )
            seen[key.value] = line
            _check_twice(value, path)
    elif not isinstance(node, ScalarNode):
        for item in node.value:
            _check_twice(item, path)
