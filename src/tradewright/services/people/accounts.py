"""Users: added, changed, disabled, removed; their passwords."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from tradewright.domain.errors import Absent, Conflict
from tradewright.domain.people import Caller, Role
from tradewright.ports.people import User
from tradewright.services.people.credentials import name_of, sound_password
from tradewright.services.people.office import Office

__all__ = ["Accounts"]


class Accounts:
    """Users. There is always an admin who may come in, once there has been one.

    Args:
        office: what it works with.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._changing = asyncio.Lock()

    async def is_empty(self) -> bool:
        """Whether there is nobody yet."""
        return not await self._office.store.users()

    async def users(self) -> Sequence[User]:
        """Everybody, by name."""
        return await self._office.store.users()

    async def user(self, name: str) -> User:
        """Somebody.

        Raises:
            Absent: there is nobody of that name.
        """
        found = await self._office.store.user(name.strip().lower())
        if found is None:
            raise Absent(f"user {name!r}: there is none")
        return found

    async def add(self, by: str, name: str, password: str, role: Role) -> User:
        """Add somebody.

        Args:
            by: who does it, as `Caller.by`.
            name: of the new user.
            password: of the new user.
            role: what they may do.

        Raises:
            InvalidValue: name or password cannot be used.
            Conflict: there is somebody of that name.
        """
        own = name_of(name)
        sealed = await self._office.desk.sealed(sound_password(password, own))
        user = User(own, role, sealed, self._office.now())
        await self._office.store.add_user(user)
        await self._office.deeds.enter(by, "user.added", own, role=role.word)
        return user

    async def change(self, by: str, name: str, *, role: Role | None = None, disabled: bool | None = None) -> User:
        """Change what somebody may do, or whether they may come in; whoever may not any more is out at once.

        Raises:
            Absent: there is nobody of that name.
            Conflict: no admin would be left.
        """
        async with self._changing:
            before = await self.user(name)
            since = before.disabled
            if disabled is not None:
                since = (before.disabled or self._office.now()) if disabled else None
            after = replace(before, role=before.role if role is None else role, disabled=since)
            await self._check_admins(after)
            await self._put(after, ends=disabled is True)
        if after.role != before.role:
            await self._office.deeds.enter(by, "user.role", after.name, before=before.role.word, after=after.role.word)
        if after.disabled != before.disabled:
            await self._office.deeds.enter(by, "user.disabled" if disabled else "user.enabled", after.name)
        return after

    async def remove(self, by: str, name: str) -> None:
        """Forget somebody, with all sessions and tokens.

        Raises:
            Absent: there is nobody of that name.
            Conflict: no admin would be left.
        """
        async with self._changing:
            user = await self.user(name)
            await self._check_admins(replace(user, disabled=self._office.now()))
            await self._office.store.remove_user(user.name)
            self._office.known.forget()
        await self._office.deeds.enter(by, "user.removed", user.name)

    async def set_password(self, by: str, name: str, password: str) -> User:
        """Give somebody another password; all their sessions end.

        Raises:
            Absent: there is nobody of that name.
            InvalidValue: it cannot be used.
        """
        user = await self.user(name)
        changed = replace(user, password=await self._office.desk.sealed(sound_password(password, user.name)))
        await self._put(changed, ends=True)
        await self._office.deeds.enter(by, "user.password", user.name)
        return changed

    async def change_own_password(self, caller: Caller, present: str, password: str, address: str) -> User:
        """Change one's own password; all sessions end.

        Raises:
            LoginRefused: the present one is not right.
            InvalidValue: the new one cannot be used.
            TooManyAttempts: it is not looked at now.
        """
        await self._office.check_password(caller.name, present, address)
        return await self.set_password(caller.by, caller.name, password)

    async def without_codes(self, by: str, name: str) -> User:
        """Ask somebody for no one-time codes any more, as they have lost what makes them; all their sessions end.

        Raises:
            Absent: there is nobody of that name.
        """
        changed = replace(await self.user(name), totp=None)
        await self._put(changed, ends=True)
        await self._office.store.put_recovery(changed.name, ())
        await self._office.deeds.enter(by, "totp.disabled", changed.name)
        return changed

    async def _put(self, user: User, *, ends: bool) -> None:
        await self._office.store.put_user(user)
        if ends:
            await self._office.store.end_logins(user.name)
        self._office.known.forget()

    async def _check_admins(self, changed: User) -> None:
        every = [changed if one.name == changed.name else one for one in await self._office.store.users()]
        if not any(one.role is Role.ADMIN and one.disabled is None for one in every):
            raise Conflict(f"user {changed.name!r}: no admin would be left who may come in")
