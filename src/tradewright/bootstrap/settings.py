"""Settings: the places of things and the way to the venue, out of the configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.reach import Reach

if TYPE_CHECKING:
    from tradewright.bootstrap.config.typed import Configured

__all__ = ["DATABASE_URL", "DATA_DIR", "STRATEGIES_DIR", "Settings", "read_settings", "settings_of"]

DATA_DIR = "TRADEWRIGHT_DATA_DIR"
STRATEGIES_DIR = "TRADEWRIGHT_STRATEGIES_DIR"
DATABASE_URL = "TRADEWRIGHT_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie, and how the venue is reached.

    Args:
        data_dir: candles, funding, instruments and results; made when something is stored.
        strategies_dir: the user's strategy files; need not exist.
        database_url: of the database; None for a file in `data_dir`. It may hold a password and is never shown.
        pool_size: connections that are kept open to a server.
        max_overflow: connections beyond those; None for as many as are needed.
        reach: how the venue is reached.
    """

    data_dir: Path = Path("data")
    strategies_dir: Path = Path("strategies")
    database_url: str | None = field(default=None, repr=False)
    pool_size: int = 10
    max_overflow: int | None = None
    reach: Reach = field(default_factory=Reach)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration for where things lie.

    Raises:
        InvalidValue, UnknownName: something in the configuration cannot be used.
    """
    from tradewright.bootstrap.config.reading import Sources, read

    return settings_of(read(Sources(environment))[0])


def settings_of(configured: Configured) -> Settings:
    """Where things lie by a configuration that has been read."""
    from tradewright.bootstrap.config.uses import reach_of

    storage = configured.tree.storage
    url = storage.database_url.get_secret_value() if storage.database_url else None
    return Settings(
        storage.data_dir, storage.strategies_dir, url, storage.pool_size, storage.max_overflow,
        reach_of(configured.tree.venue),
    )  # fmt: skip
