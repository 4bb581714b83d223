"""People, their sessions and tokens, in both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.people import SqlPeople
from tradewright.adapters.storage.sql.schema import ready
from tradewright.domain.errors import Conflict
from tradewright.domain.people import Role
from tradewright.ports.people import Login, Token, User

ADA = User("ada", Role.ADMIN, "sealed", 1)


def _with(address, act):
    async def whole():
        async with Database(address_of(address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            await act(SqlPeople(database))

    asyncio.run(whole())


def _login(number, created=10, expires=100):
    return Login(f"{number:x}", "ada", f"hash {number}", created, created, expires, "127.0.0.1", "tests")


def test_a_user_is_kept_once_and_changed(database_address):
    """What is kept of somebody comes back; a name is given once; codes that were used stay used."""

    async def act(people):
        await people.add_user(ADA)
        with pytest.raises(Conflict):
            await people.add_user(ADA)
        await people.put_user(replace(ADA, role=Role.TRADER, disabled=5, totp="secret"))
        assert await people.use_step("ada", 7)
        assert not await people.use_step("ada", 7)
        assert [replace(ADA, role=Role.TRADER, disabled=5, totp="secret", step=7)] == list(await people.users())
        assert await people.user("eve") is None

    _with(database_address, act)


def test_sessions_are_kept_marked_and_ended(database_address):
    """One, all, or all but one end; those that have expired go when another begins."""

    async def act(people):
        await people.add_user(ADA)
        for number in range(3):
            await people.add_login(_login(number))
        await people.mark_login("1", seen=50, proved=60)
        assert replace(_login(1), seen=50, proved=60) == await people.login("1")
        assert 1 == await people.end_logins("ada", only="0")
        assert 0 == await people.end_logins("eve", only="1")
        assert 1 == await people.end_logins("ada", but="1")
        await people.add_login(_login(9, created=101, expires=200))
        assert ["9"] == [one.id for one in await people.logins("ada")]

    _with(database_address, act)


def test_tokens_are_kept_and_revoked_and_go_with_their_user(database_address):
    """Whoever is removed takes sessions and tokens along."""
    token = Token("abc", "ada", "hash", "grafana", Role.VIEWER, 1, expires=9)

    async def act(people):
        await people.add_user(ADA)
        await people.add_login(_login(1))
        await people.add_token(token)
        await people.mark_token("abc", used=3)
        await people.mark_token("abc", revoked=4)
        assert [replace(token, used=3, revoked=4)] == list(await people.tokens())
        assert [] == list(await people.tokens("eve"))
        await people.remove_user("ada")
        assert (None, None, None) == (await people.user("ada"), await people.login("1"), await people.token("abc"))

    _with(database_address, act)
