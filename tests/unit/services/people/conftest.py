"""An office over a database of its own, at a time that the test sets, with passwords that are quick to seal."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from tradewright.adapters.one_time_codes import TotpCodes
from tradewright.adapters.storage.sealing import FileSeal
from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.audit import SqlAudit
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.people import SqlPeople
from tradewright.adapters.storage.sql.schema import ready
from tradewright.services.people.credentials import PasswordDesk
from tradewright.services.people.deeds import Deeds
from tradewright.services.people.office import NS, Office


@dataclass
class PlainPasswords:
    """Seals nothing, and remembers what it was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def sealed(self, password):
        return f"sealed {password}"

    def fits(self, password, sealed):
        self.asked.append((password, sealed))
        return sealed == f"sealed {password}"


class Time:
    """A clock that is set."""

    def __init__(self):
        self.at = 1_790_000_000 * NS

    def __call__(self):
        return self.at

    def passes(self, seconds):
        self.at += int(seconds * NS)


@pytest.fixture
def in_office(tmp_path):
    """Runs something asynchronous with an office, its passwords and its clock."""

    def run(act):
        async def whole():
            address = address_of(f"sqlite:///{tmp_path}/people.db", "TRADEWRIGHT_DATABASE_URL")
            async with Database(address) as database:
                await ready(database)
                time, passwords = Time(), PlainPasswords()
                office = Office(
                    SqlPeople(database),
                    PasswordDesk(passwords),
                    TotpCodes(),
                    FileSeal(tmp_path / "server.key"),
                    Deeds(SqlAudit(database), time),
                    time,
                )
                await act(office, passwords, time)

        asyncio.run(whole())

    return run
