"""A live session in simulated time whose journal lies in a real SQLite file that others lock, or whose disk is full."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.storage.sql import database as database_module
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.mode import SIMULATION
from tradewright.services.live.fold import live_session_of
from tradewright.testing.databases import still_database
from tradewright.testing.live_storm import NAME, Ills, assert_books_agree, assert_same, play_storm
from tradewright.testing.lively import lively_registry

BARS, DEATHS = 8, 12


class Kept:
    """Sessions in a file that is opened anew by each life of the process.

    Args:
        path: of the file.
        pragmas: is called at each opening, with the number of pages that the file has.
    """

    mode = SIMULATION

    def __init__(self, path: Path, pragmas: Any) -> None:
        self.path, self.pragmas = path, pragmas

    @asynccontextmanager
    async def _sessions(self) -> AsyncIterator[SqlSessions[Any]]:
        async with still_database(f"sqlite:///{self.path}") as database:
            yield SqlSessions(database, SIM_TABLES, lambda: 1)

    @asynccontextmanager
    async def begin(self, name: str) -> AsyncIterator[Any]:
        """A new one."""
        async with self._sessions() as sessions, sessions.begin(name) as journal:
            yield journal

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Any]:
        """One that is there."""
        with closing(sqlite3.connect(self.path)) as file:
            (pages,) = file.execute("PRAGMA page_count").fetchone()
        self.pragmas(pages)
        async with self._sessions() as sessions, sessions.open(name) as journal:
            yield journal

    async def read(self, name: str) -> Any:
        """Its records."""
        async with self._sessions() as sessions:
            return await sessions.read(name)

    async def asked(self, name: str) -> tuple[()]:
        """Nobody wishes anything."""
        return ()


@pytest.fixture
def pragmas(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what connections are told from now on."""
    usual = database_module._PRAGMAS
    return lambda *more: monkeypatch.setattr(database_module, "_PRAGMAS", (*usual, *more))


def assert_nothing_is_lost(storm: Any) -> None:
    """It failed to write, and the books agree all the same; the journal is whole."""
    assert storm.failures > 0
    assert_books_agree(storm)
    assert_same(live_session_of(NAME, storm.records, lively_registry()), storm.live)


def test_a_disk_that_is_full_loses_nothing(tmp_path: Path, pragmas: Any) -> None:
    """The first lives find room for a page; what does not fit is not there, and nothing was sent for it."""
    path, lives = tmp_path / "full.db", []

    def room(pages: int) -> None:
        lives.append(pages)
        pragmas(*([f"PRAGMA max_page_count={pages + 1}"] if len(lives) < 3 else []))

    @asynccontextmanager
    async def keep() -> AsyncIterator[Kept]:
        yield Kept(path, room)

    assert_nothing_is_lost(play_storm(4, bars=BARS, deaths=DEATHS, keep=keep))


def test_a_database_that_others_hold_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer holds its lock for longer than is waited, again and again: the session ends, and goes on later."""
    path = tmp_path / "locked.db"
    monkeypatch.setattr(database_module, "_LOCK_WAIT_S", 0.02)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:

        def hold(chance: random.Random) -> None:
            if other.in_transaction:
                other.execute("ROLLBACK")
            elif chance.random() < 0.1:
                other.execute("BEGIN IMMEDIATE")

        def let_go(pages: int) -> None:
            if other.in_transaction:
                other.execute("ROLLBACK")

        @asynccontextmanager
        async def keep() -> AsyncIterator[Kept]:
            yield Kept(path, let_go)

        assert_nothing_is_lost(play_storm(6, bars=BARS, deaths=DEATHS, ills=Ills(hold), keep=keep))
