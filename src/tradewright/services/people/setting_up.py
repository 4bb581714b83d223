"""The first admin: by a link that is printed where the server was started, valid once and not for long."""

from __future__ import annotations

from collections.abc import Callable

from tradewright.domain.errors import LoginRefused, TradewrightError
from tradewright.domain.people import Role
from tradewright.ports.people import User
from tradewright.services.people.accounts import Accounts
from tradewright.services.people.office import NS, hash_of, is_of, new_secret

__all__ = ["SettingUp"]

_LASTS_S = 3_600


class SettingUp:
    """Makes the first admin.

    Args:
        accounts: that has nobody yet.
        now: wall clock, UTC ns.
    """

    def __init__(self, accounts: Accounts, now: Callable[[], int]) -> None:
        self._accounts, self._now = accounts, now
        self._hash, self._until = "", 0

    async def invite(self) -> str | None:
        """A secret with which the first admin is made; the one before counts no more. None where there is somebody."""
        if not await self._accounts.is_empty():
            return None
        secret = new_secret()
        self._hash, self._until = hash_of(secret), self._now() + _LASTS_S * NS
        return secret

    async def is_needed(self) -> bool:
        """Whether there is nobody yet."""
        return await self._accounts.is_empty()

    async def accept(self, secret: str, name: str, password: str) -> User:
        """Make the first admin.

        Raises:
            LoginRefused: the secret is not the one, was used, or is too old.
            InvalidValue: name or password cannot be used; the secret may be used again.
        """
        kept = self._hash
        if not kept or self._now() > self._until or not is_of(secret, kept):
            raise LoginRefused("the link is not valid any more; start the server again for a new one")
        self._hash = ""  # at once: of two who hold it one comes first
        if not await self._accounts.is_empty():
            raise LoginRefused("there is an admin already")
        try:
            return await self._accounts.add("set-up", name, password, Role.ADMIN)
        except TradewrightError:
            self._hash = kept
            raise
