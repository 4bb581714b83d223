"""Where versions of the configuration are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradewright.domain.configured import ConfigVersion

__all__ = ["ConfigHistory"]


class ConfigHistory(Protocol):
    """Every version that was put into effect, oldest first. None is ever changed or removed."""

    async def add(self, version: ConfigVersion) -> ConfigVersion:
        """Keep a version; gives it with its number, which is greater than that of any before.

        Raises:
            StoreError: it cannot be kept; then it is not there.
        """
        ...

    async def versions(self, most: int | None = None) -> Sequence[ConfigVersion]:
        """The last versions, oldest first.

        Args:
            most: so many; None for all.

        Raises:
            StoreError: they cannot be read.
        """
        ...

    async def version(self, number: int) -> ConfigVersion:
        """One version.

        Raises:
            StoreError: there is none of that number, or it cannot be read.
        """
        ...
