"""Who asks: people and programs, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, unique

__all__ = ["Caller", "Role"]


@unique
class Role(IntEnum):
    """What somebody may do; each may do what those before it may.

    VIEWER looks. TRADER runs backtests, starts and stops sessions, confirms orders. ADMIN changes settings and people.
    """

    VIEWER = 1
    TRADER = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        """As it is written in requests, answers and the database."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Role | None:
        """The role of this word; None where there is none."""
        return next((role for role in cls if role.word == word), None)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Args:
        name: of the user; a token acts for its user.
        role: the lower of the user's and of the token's scope.
        token: id of the token; empty for somebody at the page.
        login: id of the page session; empty for a program.
    """

    name: str
    role: Role
    token: str = ""
    login: str = ""

    @property
    def by(self) -> str:
        """As the audit log names them."""
        return f"{self.name} (token {self.token})" if self.token else self.name
