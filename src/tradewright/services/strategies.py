"""Finding strategies: built in, in the user's folder, in installed packages."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import tradewright.strategies
from tradewright.domain.errors import StrategyError
from tradewright.strategy.plugin import BrokenPlugin, Plugin, load_file, load_module, load_object
from tradewright.strategy.registry import Registry

__all__ = ["ENTRY_POINT_GROUP", "find_strategies", "strategy_from_file"]

ENTRY_POINT_GROUP = "tradewright.strategies"


def find_strategies(folder: Path | None = None) -> Registry:
    """Load every strategy there is; what is broken is listed in the registry and stops nothing.

    Args:
        folder: the user's plug-ins: each `*.py` in it whose name does not begin with an underscore. A folder that does
            not exist holds none.
    """
    found = [*_built_in(), *_in_folder(folder), *_installed()]
    return Registry(found)


def strategy_from_file(path: Path) -> Registry:
    """Load the strategies of one file alone.

    Raises:
        StrategyError: there is no such file, or none of its strategies can be used.
    """
    if not path.is_file():
        raise StrategyError(f"{path}: there is no such file")
    registry = Registry(load_file(path))
    if not registry.names():
        raise StrategyError(str(registry.broken[0]))
    return registry


def _built_in() -> Iterator[Plugin | BrokenPlugin]:
    package = tradewright.strategies
    for module in pkgutil.iter_modules(package.__path__):
        yield from load_module(f"{package.__name__}.{module.name}", str(Path(package.__path__[0], f"{module.name}.py")))


def _in_folder(folder: Path | None) -> Iterator[Plugin | BrokenPlugin]:
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("_"):
            yield from load_file(path)


def _installed() -> Iterator[Plugin | BrokenPlugin]:
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=_order):
        yield from load_object(point.name, point.value, point.load)


def _order(point: EntryPoint) -> tuple[str, str]:
    return point.name, point.value
