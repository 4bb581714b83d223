"""Where users, their page sessions and the tokens of their programs are kept; passwords and one-time codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tradewright.domain.people import Role

__all__ = ["Codes", "Login", "Passwords", "PeopleStore", "Seal", "Token", "User"]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may come in.

    Args:
        name: unique.
        role: what they may do.
        password: sealed by `Passwords`.
        created: UTC ns.
        disabled: since when they may not come in, UTC ns; None where they may.
        totp: secret of their one-time codes, sealed by `Seal`; None where none is asked for.
        step: number of the last one-time code that was used; none up to it is taken again.
        recovery: hashes of codes for when what makes the one-time codes is lost; each counts once.
    """

    name: str
    role: Role
    password: str = field(repr=False)
    created: int
    disabled: int | None = None
    totp: str | None = field(default=None, repr=False)
    step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Login:
    """A session of the page.

    Args:
        id: by which it is spoken of; it opens nothing.
        user: whose.
        hash: of the secret in the cookie.
        created: UTC ns.
        seen: when it was used last, UTC ns, to within a minute.
        expires: when it ends however much it is used, UTC ns.
        address: of the client.
        agent: what the client calls itself.
        proved: when its user last gave a one-time code, UTC ns; None for never.
    """

    id: str
    user: str
    hash: str = field(repr=False)
    created: int
    seen: int
    expires: int
    address: str
    agent: str
    proved: int | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """The token of a program.

    Args:
        id: by which it is spoken of; the first part of the token.
        user: for whom it acts.
        hash: of the whole token.
        label: what its user calls it.
        scope: role that it may have at most.
        created: UTC ns.
        expires: UTC ns; None for never.
        revoked: UTC ns; None where it counts.
        used: when it was used last, UTC ns, to within a minute.
    """

    id: str
    user: str
    hash: str = field(repr=False)
    label: str
    scope: Role
    created: int
    expires: int | None = None
    revoked: int | None = None
    used: int | None = None


class PeopleStore(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def users(self) -> Sequence[User]:
        """Everybody, by name."""
        ...

    async def user(self, name: str) -> User | None:
        """Somebody; None where there is nobody of that name."""
        ...

    async def add_user(self, user: User) -> None:
        """Keep somebody new.

        Raises:
            Conflict: there is somebody of that name.
        """
        ...

    async def put_user(self, user: User) -> None:
        """Replace what is kept of somebody, but for `step` and `recovery`."""
        ...

    async def put_recovery(self, name: str, hashes: Sequence[str]) -> None:
        """Replace the recovery codes of somebody."""
        ...

    async def use_recovery(self, name: str, hash_: str) -> bool:
        """Use a recovery code up; whether there was one of that hash."""
        ...

    async def remove_user(self, name: str) -> None:
        """Forget somebody, with all logins and tokens."""
        ...

    async def use_step(self, name: str, step: int) -> bool:
        """Use a one-time code up; whether it had not been before."""
        ...

    async def add_login(self, login: Login) -> None:
        """Keep a page session; those that have expired are forgotten."""
        ...

    async def login(self, id_: str) -> Login | None:
        """One page session."""
        ...

    async def logins(self, user: str) -> Sequence[Login]:
        """The page sessions of somebody, the newest first."""
        ...

    async def mark_login(self, id_: str, *, seen: int | None = None, proved: int | None = None) -> None:
        """Put down when it was used, or a one-time code was given."""
        ...

    async def end_logins(self, user: str, *, only: str = "", but: str = "") -> int:
        """End page sessions of somebody; gives how many.

        Args:
            user: whose.
            only: id of the one to end; empty for all.
            but: id of one that goes on.
        """
        ...

    async def add_token(self, token: Token) -> None:
        """Keep a token."""
        ...

    async def token(self, id_: str) -> Token | None:
        """One token."""
        ...

    async def tokens(self, user: str | None = None) -> Sequence[Token]:
        """The tokens of somebody, or of everybody, the newest first."""
        ...

    async def mark_token(self, id_: str, *, used: int | None = None, revoked: int | None = None) -> None:
        """Put down when it was used, or that it counts no more."""
        ...


class Passwords(Protocol):
    """Seals passwords so that nobody reads them again. Both are slow on purpose; call them from a thread."""

    def sealed(self, password: str) -> str:
        """The text that is kept, another one each time."""
        ...

    def fits(self, password: str, sealed: str) -> bool:
        """Whether a password is the one that was sealed."""
        ...


class Seal(Protocol):
    """Seals secrets that must be read again."""

    def sealed(self, name: str, secret: str) -> str:
        """The text that is kept of a secret.

        Args:
            name: of whose it is; for nobody else it can be opened.
            secret: in plain text.

        Raises:
            StoreError: it cannot be sealed.
        """
        ...

    def opened(self, name: str, text: str) -> str:
        """The secret.

        Raises:
            StoreError: it cannot be opened.
        """
        ...


class Codes(Protocol):
    """One-time codes by time (RFC 6238)."""

    def secret(self) -> str:
        """A new secret."""
        ...

    def address(self, secret: str, name: str) -> str:
        """What an authenticator takes as a picture, for somebody."""
        ...

    def step(self, secret: str, code: str, at: int) -> int | None:
        """The number of the code among all of this secret; None where it is none of about this time.

        Args:
            secret: whose.
            code: six digits.
            at: UTC ns.
        """
        ...
