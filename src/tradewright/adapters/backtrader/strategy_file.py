"""A user's file with a Backtrader strategy."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import backtrader as bt

from tradewright.domain.errors import InvalidValue, StrategyError, UnknownName
from tradewright.domain.user_file import speaking
from tradewright.ports.foreign_engine import ForeignStrategy

__all__ = ["read_strategy"]

_PLAIN = (str, int, float, bool, type(None))
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_strategy(path: Path, class_name: str | None, params: Mapping[str, Any]) -> ForeignStrategy:
    """See `ForeignEngine.read`."""
    path = path.resolve()
    if not path.is_file():
        raise StrategyError(f"{path}: there is no such file")
    with speaking(path):
        source = path.read_bytes()
        module = _executed(path, source)
    chosen = _chosen(path, module, class_name)
    values = dict(chosen.params._getitems())  # noqa: SLF001 - Backtrader's own way to list parameters
    for name, given in params.items():
        if name not in values:
            raise UnknownName(f"parameter of {chosen.__name__}", name, values)
        values[name] = _like(values[name], given, f"{chosen.__name__}.{name}")
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", chosen.__name__).lower().strip("_")
    plain = {key: value if isinstance(value, _PLAIN) else repr(value) for key, value in sorted(values.items())}
    version = str(getattr(chosen, "version", "0"))
    return ForeignStrategy(
        name, version, tuple(plain.items()), str(path), source.decode("utf-8", "replace"), (chosen, values)
    )


def _executed(path: Path, source: bytes) -> ModuleType:
    name = f"_tradewright_backtrader_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module  # Backtrader looks up a class's module by name
    try:
        exec(compile(source, str(path), "exec"), vars(module))  # noqa: S102 - the user's own, asked for
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _chosen(path: Path, module: ModuleType, class_name: str | None) -> Any:
    found = {
        name: item
        for name, item in vars(module).items()
        if isinstance(item, type) and issubclass(item, bt.Strategy) and item.__module__ == module.__name__
    }
    if class_name is not None and class_name not in found:
        raise UnknownName(f"class of {path.name}", class_name, found)
    if class_name is None and len(found) != 1:
        names = ", ".join(sorted(found))
        hint = f"say which, as {path.name}:Name, of {names}" if found else "no class here extends backtrader.Strategy"
        raise StrategyError(f"{path}:1: {hint}")
    return found[class_name or next(iter(found))]


def _like(default: Any, given: Any, field: str) -> Any:
    # The value with the type of the parameter's default, which is all that Backtrader says of it.
    if not isinstance(given, str) or isinstance(default, str | None):
        return given
    try:
        if isinstance(default, bool):
            return _FLAGS[given.strip().lower()]
        return type(default)(given)
    except (KeyError, ValueError, TypeError):
        raise InvalidValue(field, given, f"a value of type {type(default).__name__}, as its default is") from None
