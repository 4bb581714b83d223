"""Users, their page sessions and tokens in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, insert, select, update

from tradewright.adapters.storage.sql.database import Database, alone
from tradewright.adapters.storage.sql.tables import COMMON
from tradewright.domain.errors import Conflict
from tradewright.domain.people import Role
from tradewright.ports.people import Login, Token, User

__all__ = ["SqlPeople"]

_TURN = 7_301_003
_USERS, _LOGINS, _TOKENS = COMMON.users, COMMON.logins, COMMON.tokens


class SqlPeople:
    """See `ports.people.PeopleStore`.

    Args:
        database: open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def users(self) -> Sequence[User]:
        """See `PeopleStore`."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(_USERS).order_by(_USERS.c.name))).all()
        return [_user(row) for row in rows]

    async def user(self, name: str) -> User | None:
        """See `PeopleStore`."""
        row = await self._one(_USERS, _USERS.c.name == name)
        return None if row is None else _user(row)

    async def add_user(self, user: User) -> None:
        """See `PeopleStore`."""
        row = {**asdict(user), "role": user.role.word, "recovery": list(user.recovery)}

        def work(own: Connection) -> None:
            alone(own, _TURN)
            if own.scalar(select(_USERS.c.name).where(_USERS.c.name == user.name)):
                raise Conflict(f"user {user.name!r}: there is one of that name")
            own.execute(insert(_USERS), row)

        await self._database.write(work)

    async def put_user(self, user: User) -> None:
        """See `PeopleStore`."""
        row = {"role": user.role.word, "password": user.password, "disabled": user.disabled, "totp": user.totp}
        await self._do(update(_USERS).where(_USERS.c.name == user.name).values(**row))

    async def put_recovery(self, name: str, hashes: Sequence[str]) -> None:
        """See `PeopleStore`."""
        await self._do(update(_USERS).where(_USERS.c.name == name).values(recovery=list(hashes)))

    async def use_recovery(self, name: str, hash_: str) -> bool:
        """See `PeopleStore`."""
        its = _USERS.c.name == name

        def work(own: Connection) -> bool:
            known = own.scalar(select(_USERS.c.recovery).where(its).with_for_update()) or []
            if hash_ not in known:
                return False
            left = [one for one in known if one != hash_]
            own.execute(update(_USERS).where(its).values(recovery=left))
            return True

        return await self._database.write(work)

    async def remove_user(self, name: str) -> None:
        """See `PeopleStore`."""

        def work(own: Connection) -> None:
            own.execute(delete(_LOGINS).where(_LOGINS.c.user == name))
            own.execute(delete(_TOKENS).where(_TOKENS.c.user == name))
            own.execute(delete(_USERS).where(_USERS.c.name == name))

        await self._database.write(work)

    async def use_step(self, name: str, step: int) -> bool:
        """See `PeopleStore`."""
        own = and_(_USERS.c.name == name, _USERS.c.step < step)
        return await self._do(update(_USERS).where(own).values(step=step)) == 1

    async def add_login(self, login: Login) -> None:
        """See `PeopleStore`."""

        def work(own: Connection) -> None:
            own.execute(delete(_LOGINS).where(_LOGINS.c.expires < login.created))
            own.execute(insert(_LOGINS), asdict(login))

        await self._database.write(work)

    async def login(self, id_: str) -> Login | None:
        """See `PeopleStore`."""
        row = await self._one(_LOGINS, _LOGINS.c.id == id_)
        return None if row is None else _login(row)

    async def logins(self, user: str) -> Sequence[Login]:
        """See `PeopleStore`."""
        wanted = select(_LOGINS).where(_LOGINS.c.user == user).order_by(_LOGINS.c.created.desc(), _LOGINS.c.id)
        async with self._database.reading() as connection:
            return [_login(row) for row in (await connection.execute(wanted)).all()]

    async def mark_login(self, id_: str, *, seen: int | None = None, proved: int | None = None) -> None:
        """See `PeopleStore`."""
        await self._mark(_LOGINS, id_, {"seen": seen, "proved": proved})

    async def end_logins(self, user: str, *, only: str = "", but: str = "") -> int:
        """See `PeopleStore`."""
        wanted = delete(_LOGINS).where(_LOGINS.c.user == user, _LOGINS.c.id != but)
        if only:
            wanted = wanted.where(_LOGINS.c.id == only)
        return await self._do(wanted)

    async def add_token(self, token: Token) -> None:
        """See `PeopleStore`."""
        await self._do(insert(_TOKENS).values({**asdict(token), "scope": token.scope.word}))

    async def token(self, id_: str) -> Token | None:
        """See `PeopleStore`."""
        row = await self._one(_TOKENS, _TOKENS.c.id == id_)
        return None if row is None else _token(row)

    async def tokens(self, user: str | None = None) -> Sequence[Token]:
        """See `PeopleStore`."""
        wanted = select(_TOKENS).order_by(_TOKENS.c.created.desc(), _TOKENS.c.id)
        if user is not None:
            wanted = wanted.where(_TOKENS.c.user == user)
        async with self._database.reading() as connection:
            return [_token(row) for row in (await connection.execute(wanted)).all()]

    async def mark_token(self, id_: str, *, used: int | None = None, revoked: int | None = None) -> None:
        """See `PeopleStore`."""
        await self._mark(_TOKENS, id_, {"used": used, "revoked": revoked})

    async def _one(self, table: Table, own: Any) -> Row[Any] | None:
        async with self._database.reading() as connection:
            return (await connection.execute(select(table).where(own))).one_or_none()

    async def _mark(self, table: Table, id_: str, when: dict[str, int | None]) -> None:
        values = {name: at for name, at in when.items() if at is not None}
        await self._do(update(table).where(table.c.id == id_).values(**values))

    async def _do(self, statement: Any) -> int:
        # Gives how many rows it changed.
        return await self._database.write(lambda own: own.execute(statement).rowcount)


def _user(row: Row[Any]) -> User:
    found = User(**row._mapping)  # noqa: SLF001 - the public way to a row's columns by name
    return replace(found, role=_role(row.role), recovery=tuple(row.recovery or ()))


def _login(row: Row[Any]) -> Login:
    return Login(**row._mapping)  # noqa: SLF001 - as above


def _token(row: Row[Any]) -> Token:
    found = Token(**row._mapping)  # noqa: SLF001 - as above
    return replace(found, scope=_role(row.scope))


def _role(word: str) -> Role:
    # What nobody knows may do least.
    return Role.of(word) or Role.VIEWER
