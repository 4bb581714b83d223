"""What every history of configurations does, as a function that a test calls with an empty one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tradewright.domain.configured import ConfigChange, ConfigVersion
from tradewright.domain.errors import StoreError
from tradewright.ports.config_history import ConfigHistory

__all__ = ["MemoryHistory", "check_config_history", "some_version"]


class MemoryHistory:
    """See `ports.config_history.ConfigHistory`: kept for as long as the process lives."""

    def __init__(self) -> None:
        self.kept: list[ConfigVersion] = []

    async def add(self, version: ConfigVersion) -> ConfigVersion:
        """Keep a version."""
        self.kept.append(_numbered(version, len(self.kept) + 1))
        return self.kept[-1]

    async def versions(self, most: int | None = None) -> list[ConfigVersion]:
        """The last versions."""
        return self.kept[-most:] if most else list(self.kept)

    async def version(self, number: int) -> ConfigVersion:
        """One version."""
        if not 1 <= number <= len(self.kept):
            raise StoreError(f"version {number} of the configuration is not there")
        return self.kept[number - 1]


def some_version(at: int = 1_700_000_000_123_456_789, values: Mapping[str, Any] | None = None) -> ConfigVersion:
    """A version to be kept."""
    given = {"risk.size": 0.005, "filtering.allowed_quote_currencies": ["USD"]} if values is None else values
    change = ConfigChange("risk.size", None, 0.005)
    return ConfigVersion(0, at, "anna", "run-1", "change", "balanced", given, {"preset": "balanced"}, (change,))


async def check_config_history(history: ConfigHistory) -> None:
    """Versions come back as they were given, in order, each by its number; one that is not there is an error."""
    assert not list(await history.versions())
    first = await history.add(some_version())
    second = await history.add(some_version(values={}))
    assert second.number > first.number > 0
    assert first == _numbered(some_version(), first.number)
    assert [first, second] == list(await history.versions())
    assert [second] == list(await history.versions(1))
    assert first == await history.version(first.number)
    told = ""
    try:
        await history.version(second.number + 1)
    except StoreError as error:
        told = str(error)
    assert str(second.number + 1) in told


def _numbered(version: ConfigVersion, number: int) -> ConfigVersion:
    return replace(version, number=number)
