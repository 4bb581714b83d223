"""Who may come in: what that takes, and the first admin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tradewright.bootstrap.config.reading import Sources, control
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.wiring import now_ns
from tradewright.domain.people import Role
from tradewright.services.people.accounts import Accounts
from tradewright.services.people.credentials import PasswordDesk
from tradewright.services.people.deeds import Deeds
from tradewright.services.people.logins import Logins
from tradewright.services.people.office import Office, Terms
from tradewright.services.people.proofs import Proofs
from tradewright.services.people.setting_up import SettingUp
from tradewright.services.people.tokens import Tokens

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.config.typed import Configured

__all__ = ["ADMIN", "People", "first_start", "on_people", "people_of"]

T = TypeVar("T")

ADMIN = "admin"
"""Name of the admin that a variable makes."""
_HOUR_S = 3_600
_KEY_FILE = "server.key"
_PASSWORD = "TRADEWRIGHT_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class People:
    """Everything that has to do with people.

    Args:
        accounts: users.
        logins: page sessions.
        tokens: of programs.
        proofs: one-time codes.
        setting_up: makes the first admin.
        deeds: into the audit log.
        terms: how long things last.
    """

    accounts: Accounts
    logins: Logins
    tokens: Tokens
    proofs: Proofs
    setting_up: SettingUp
    deeds: Deeds
    terms: Terms


def people_of(database: Database, configured: Configured) -> People:
    """Everything that has to do with people, in a database.

    Args:
        database: open.
        configured: how long things last, and where the key of one-time codes lies.
    """
    from tradewright.adapters.one_time_codes import TotpCodes
    from tradewright.adapters.storage.passwords import Argon2Passwords
    from tradewright.adapters.storage.sealing import FileSeal
    from tradewright.adapters.storage.sql.audit import SqlAudit
    from tradewright.adapters.storage.sql.people import SqlPeople

    terms, seal = configured.tree.server, FileSeal(configured.tree.storage.data_dir / _KEY_FILE)
    deeds, desk = Deeds(SqlAudit(database), now_ns), PasswordDesk(Argon2Passwords())
    lasting = Terms(int(terms.idle_hours * _HOUR_S), int(terms.session_hours * _HOUR_S))
    office = Office(SqlPeople(database), desk, TotpCodes(), seal, deeds, now_ns, lasting)
    accounts = Accounts(office)
    return People(accounts, Logins(office), Tokens(office), Proofs(office), SettingUp(accounts, now_ns), deeds, lasting)


def on_people(configured: Configured, act: Callable[[People], Awaitable[T]]) -> T:
    """Do something with people at this machine, from where nothing waits.

    Raises:
        StoreError: the database cannot be used.
    """

    async def whole() -> T:
        async with opened(settings_of(configured)) as database:
            return await act(people_of(database, configured))

    return asyncio.run(whole())


async def first_start(people: People, sources: Sources) -> str | None:
    """See that somebody may come in.

    Where there is nobody yet and TRADEWRIGHT_ADMIN_PASSWORD holds a password, an admin `admin` is made.

    Returns:
        The secret with which the first admin is made at the page; None where there is somebody.

    Raises:
        InvalidValue: the password cannot be used.
    """
    await people.proofs.seal()
    password = control(sources, _PASSWORD)
    if password and await people.accounts.is_empty():
        await people.accounts.add(_PASSWORD, ADMIN, password, Role.ADMIN)
    return await people.setting_up.invite()
