"""What names and passwords may be, and how passwords are looked at: few at a time, and in equal time for everybody."""

from __future__ import annotations

import asyncio
import re
import unicodedata

from tradewright.domain.errors import InvalidValue
from tradewright.ports.people import Passwords, User

__all__ = ["LONGEST_PASSWORD", "PasswordDesk", "name_of", "sound_password"]

LONGEST_PASSWORD = 256
_SHORTEST, _LETTERS = 12, 5
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_AT_ONCE = 2


def name_of(text: str) -> str:
    """The name of a user as it is kept.

    Raises:
        InvalidValue: it is none.

    Example:
        >>> name_of(" Mary ")
        'mary'
    """
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise InvalidValue("name", text[:80], "1 to 40 letters a to z, digits, dots, dashes and underscores")
    return name


def sound_password(text: str, name: str) -> str:
    """A password that may be set, in one spelling of its letters.

    Raises:
        InvalidValue: it is too short, too long, too simple, or holds the name.
    """
    password = unicodedata.normalize("NFKC", text)
    is_long = _SHORTEST <= len(password) <= LONGEST_PASSWORD
    is_varied = len(set(password)) >= _LETTERS and name not in password.lower()
    if not (is_long and is_varied and password.isprintable()):
        allowed = f"{_SHORTEST} to {LONGEST_PASSWORD} characters, {_LETTERS} different ones at least, without the name"
        raise InvalidValue("password", "**********", allowed)
    return password


class PasswordDesk:
    """Seals and compares in threads, few at a time: each takes its share of memory.

    Args:
        passwords: that does it.
    """

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def sealed(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turn:
            return await asyncio.to_thread(self._passwords.sealed, password)

    async def fits(self, user: User | None, password: str) -> bool:
        """Whether it is the user's. Where there is no such user it takes as long, and is not."""
        if self._nobodys is None:
            self._nobodys = await self.sealed("a password that nobody has")
        sealed = self._nobodys if user is None else user.password
        text = unicodedata.normalize("NFKC", password[: LONGEST_PASSWORD + 1])
        async with self._turn:
            is_right = await asyncio.to_thread(self._passwords.fits, text, sealed)
        return is_right and user is not None
