"""The history of the configuration: kept in the database, shown, and gone back to."""

from __future__ import annotations

import getpass
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.adapters.storage.atomic import replacing
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.config.source import FileSource, file_text
from tradewright.bootstrap.config.typed import Configured
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.wiring import now, now_ns
from tradewright.domain.configured import ConfigVersion
from tradewright.ports.audit_log import Deed

if TYPE_CHECKING:
    from tradewright.ports.config_history import ConfigHistory

__all__ = ["author", "config_history", "new_run_id", "roll_back", "rolled_back"]


def author() -> str:
    """Who works at this machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def new_run_id() -> str:
    """A name for a process: when it began, and a few letters that tell it from others of that second."""
    return f"{now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@asynccontextmanager
async def config_history(configured: Configured) -> AsyncIterator[ConfigHistory]:
    """The history, in the database of a configuration.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.configurations import SqlConfigHistory

    async with opened(settings_of(configured)) as database:
        yield SqlConfigHistory(database)


async def roll_back(sources: Sources, number: int) -> tuple[ConfigVersion, Path]:
    """Write the YAML file as it was in a version; the file that stood there is kept beside it, with a `~`.

    Processes that run put it into effect as they do any change.

    Args:
        sources: of the configuration.
        number: of the version.

    Returns:
        The version that this makes, and the file.

    Raises:
        StoreError: there is no such version, or the file cannot be written.
        InvalidValue, UnknownName: it would not be right any more; nothing is written.
    """
    from tradewright.adapters.storage.sql.audit import SqlAudit
    from tradewright.adapters.storage.sql.configurations import SqlConfigHistory

    configured, _ = read(sources)
    async with opened(settings_of(configured)) as database:
        version, file = await rolled_back(sources, SqlConfigHistory(database), number, author())
        details = {"to": number, "version": version.number}
        await SqlAudit(database).add([Deed(now_ns(), author(), "config.rolled_back", str(file), details)])
    return version, file


async def rolled_back(sources: Sources, history: ConfigHistory, number: int, by: str) -> tuple[ConfigVersion, Path]:
    """The same with a history that is open, in somebody's name.

    Args:
        sources: of the configuration.
        history: where versions are kept.
        number: of the version.
        by: who does it.

    Raises:
        Absent: there is no such version.
        StoreError: the file cannot be written.
        InvalidValue, UnknownName: it would not be right any more; nothing is written.
    """
    configured, place = read(sources)
    version = await history.version(number)
    text = file_text(version, place.written)
    with replacing(place.file) as draft:
        draft.write_text(text, encoding="utf-8")
        read(replace(sources, file=draft))
        if place.file.exists():
            shutil.copy2(place.file, place.file.with_name(f"{place.file.name}~"))
    again = FileSource(sources).read()
    made = ConfigVersion(
        0, now_ns(), by, new_run_id(), f"rollback to {number}", again.preset, dict(again.values), dict(again.file),
        again.changes_from(type(again)(configured, place)),
    )  # fmt: skip
    return await history.add(made), place.file
