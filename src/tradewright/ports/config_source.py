"""Where the configuration is read again while a process runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

from tradewright.domain.configured import ConfigChange

__all__ = ["ConfigReading", "ConfigSource"]


class ConfigReading(Protocol):
    """A configuration that has been read and is right."""

    @property
    def tree(self) -> Any:
        """Its values, as whoever applies them knows them."""
        ...

    @property
    def preset(self) -> str | None:
        """That lies beneath."""
        ...

    @property
    def values(self) -> Mapping[str, Any]:
        """Every key that has not its default, as plain data, masked."""
        ...

    @property
    def file(self) -> Mapping[str, Any]:
        """What the YAML file gives, the same way."""
        ...

    def changes_from(self, other: Self) -> tuple[ConfigChange, ...]:
        """Every key that differs from another reading."""
        ...

    def is_live(self, path: str) -> bool:
        """Whether a key may change while a process runs."""
        ...


class ConfigSource(Protocol):
    """Reads the configuration."""

    def stamp(self) -> object:
        """Something that differs from what it was before whenever there may be something new to read."""
        ...

    def read(self) -> ConfigReading:
        """Read and check everything.

        Raises:
            TradewrightError: something cannot be used; the message names it.
        """
        ...
