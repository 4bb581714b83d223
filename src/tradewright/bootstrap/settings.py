"""Settings: read once, from the environment, here and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tradewright.domain.errors import InvalidValue

__all__ = ["DATA_DIR", "STRATEGIES_DIR", "Settings", "read_settings"]

DATA_DIR = "TRADEWRIGHT_DATA_DIR"
STRATEGIES_DIR = "TRADEWRIGHT_STRATEGIES_DIR"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie.

    Args:
        data_dir: candles, funding, instruments and results; made when something is stored.
        strategies_dir: the user's strategy files; need not exist.

    Raises:
        InvalidValue: a folder's place is taken by a file.
    """

    data_dir: Path = Path("data")
    strategies_dir: Path = Path("strategies")

    def __post_init__(self) -> None:
        for name, path in ((DATA_DIR, self.data_dir), (STRATEGIES_DIR, self.strategies_dir)):
            if path.exists() and not path.is_dir():
                raise InvalidValue(name, str(path), "the path of a folder; a file is there")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; what is not set has its default.

    Raises:
        InvalidValue: a variable is set to something that cannot be used.
    """
    chosen: dict[str, Path] = {}
    for name, field in ((DATA_DIR, "data_dir"), (STRATEGIES_DIR, "strategies_dir")):
        if (text := environment.get(name)) is None:
            continue
        if not text.strip():
            raise InvalidValue(name, text, "the path of a folder, or leave it unset")
        chosen[field] = Path(text).expanduser()
    return Settings(**chosen)
