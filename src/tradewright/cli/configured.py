"""The configuration that a command goes by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.bootstrap.config.reading import Place, Sources
    from tradewright.bootstrap.config.typed import Configured

__all__ = ["configuration", "sources", "split"]


def configuration(file: str | None, preset: str | None, items: Sequence[str] | None) -> tuple[Configured, Place]:
    """Read it, with what the command says of it.

    Args:
        file: of `--config`.
        preset: of `--preset`.
        items: of `--set`, section.key=value.

    Raises:
        InvalidValue, UnknownName: something in it cannot be used.
    """
    from tradewright.bootstrap.keys import read_unlocked

    return read_unlocked(sources(file, preset, items))


def sources(file: str | None, preset: str | None, items: Sequence[str] | None) -> Sources:
    """Where it is read, by what the command says.

    Args:
        file: of `--config`.
        preset: of `--preset`.
        items: of `--set`, section.key=value.
    """
    from tradewright.bootstrap.config.reading import Sources

    return Sources(file=Path(file).expanduser() if file else None, preset=preset, items=items or ())


def split(items: Iterable[str] | None) -> tuple[list[str], list[str]]:
    """Tell what `--set` says of a strategy (name=value) from what it says of the configuration (section.key=value).

    Example:
        >>> split(["fast=20", "risk.size=0.005"])
        (['fast=20'], ['risk.size=0.005'])
    """
    own: list[str] = []
    keys: list[str] = []
    for item in items or ():
        (keys if "." in item.partition("=")[0] else own).append(item)
    return own, keys
