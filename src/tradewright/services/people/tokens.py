"""Tokens of programs: made, shown once, known again, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradewright.domain.errors import Absent, InvalidValue
from tradewright.domain.people import Caller, Role
from tradewright.ports.people import Token
from tradewright.services.people.office import NS, Known, Office, hash_of, is_of, new_secret

__all__ = ["TokenWish", "Tokens"]

_DAY = 24 * 3_600 * NS
_PREFIX = "tw"
_MOST = 100
_MARK = 60 * NS


@dataclass(frozen=True, slots=True)
class TokenWish:
    """A token that somebody wants.

    Args:
        label: what they call it.
        scope: role that it may have at most.
        days: after which it ends; None for never.
    """

    label: str
    scope: Role
    days: int | None


class Tokens:
    """Tokens of programs: `tw_<id>_<secret>`, of which only a hash is kept.

    Args:
        office: what it works with.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    async def make(self, caller: Caller, wish: TokenWish) -> tuple[str, Token]:
        """Make a token; gives it as a program must send it, this once.

        Raises:
            InvalidValue: the scope is above one's own role, or there are too many tokens.
        """
        if wish.scope > caller.role:
            raise InvalidValue("scope", wish.scope.word, f"your own role at most: {caller.role.word}")
        now = self._office.now()
        if len([one for one in await self.of(caller.name) if one.revoked is None]) >= _MOST:
            raise InvalidValue("label", wish.label, f"at most {_MOST} tokens; revoke one first")
        id_ = secrets.token_hex(6)
        text = f"{_PREFIX}_{id_}_{new_secret()}"
        expires = None if wish.days is None else now + wish.days * _DAY
        token = Token(id_, caller.name, hash_of(text), wish.label, wish.scope, now, expires)
        await self._office.store.add_token(token)
        await self._office.deeds.enter(caller.by, "token.made", id_, label=wish.label, scope=wish.scope.word)
        return text, token

    async def of(self, name: str | None) -> Sequence[Token]:
        """The tokens of somebody, or of everybody, the newest first."""
        return await self._office.store.tokens(name)

    async def revoke(self, caller: Caller, id_: str) -> None:
        """Let a token count no more: one's own, or, for an admin, anybody's.

        Raises:
            Absent: there is none of that id, or it is another's.
        """
        token = await self._office.store.token(id_)
        if token is None or (token.user != caller.name and caller.role < Role.ADMIN):
            raise Absent(f"token {id_!r}: there is none")
        if token.revoked is None:
            await self._office.store.mark_token(id_, revoked=self._office.now())
            self._office.known.forget()
            await self._office.deeds.enter(caller.by, "token.revoked", id_, user=token.user)

    async def known(self, text: str) -> Known | None:
        """For whom a token acts; None where it does not count."""
        return await self._office.known.of(f"token {text}", lambda: self._read(text))

    async def _read(self, text: str) -> Known | None:
        office, now = self._office, self._office.now()
        prefix, _, rest = text.partition("_")
        id_ = rest.partition("_")[0]
        token = await office.store.token(id_) if prefix == _PREFIX and id_.isalnum() and id_.isascii() else None
        if token is None or not is_of(text, token.hash) or _is_over(token, now):
            return None
        user = await office.store.user(token.user)
        if user is None or user.disabled is not None:
            return None
        if token.used is None or now - token.used > _MARK:
            await office.store.mark_token(id_, used=now)
        caller = Caller(user.name, min(user.role, token.scope), token=token.id)
        return Known(caller, replace(user, password=""), token=token)


def _is_over(token: Token, now: int) -> bool:
    return token.revoked is not None or (token.expires is not None and now >= token.expires)
