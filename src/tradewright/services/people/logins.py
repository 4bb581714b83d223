"""Page sessions: who logs in, what is known of them, and when it ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradewright.domain.errors import Absent, LoginRefused, ProofNeeded, TooManyAttempts
from tradewright.domain.people import Caller
from tradewright.ports.people import Login, User
from tradewright.services.people.office import NS, Known, Office, hash_of, is_of, new_secret

__all__ = ["Logins", "Visit", "csrf_of"]

_MARK_S = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody comes.

    Args:
        address: of the client.
        agent: what it calls itself.
    """

    address: str
    agent: str = ""


class Logins:
    """Page sessions. What the page holds in its cookie is a name and a secret, of which only a hash is kept here.

    Args:
        office: what it works with.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    async def log_in(self, name: str, password: str, code: str, visit: Visit) -> tuple[str, Known]:
        """Let somebody in; gives what the cookie is to hold.

        Raises:
            LoginRefused: name, password or code are not right.
            ProofNeeded: a one-time code is asked for.
            TooManyAttempts: it is not looked at now.
        """
        office, known_name = self._office, name.strip().lower()[:40]
        try:
            user = await office.check_password(known_name, password, visit.address)
            if user.totp is not None:
                await self._second(user, code, visit)
        except (LoginRefused, TooManyAttempts) as error:
            await self._refused(known_name, visit, error)
            raise
        await office.deeds.enter(user.name, "login.begun", user.name, address=visit.address)
        return await self.begin(user, visit, proved=user.totp is not None)

    async def _second(self, user: User, code: str, visit: Visit) -> None:
        if not code:
            raise ProofNeeded("give the one-time code of your authenticator beside the password")
        self._office.throttle.attempt(user.name, visit.address)
        if not await self._office.has_code(user, code):
            raise LoginRefused("name, password or code are not right")
        self._office.throttle.succeeded(user.name, visit.address)

    async def _refused(self, name: str, visit: Visit, error: Exception) -> None:
        # A name that nobody has may be a password in the wrong field: it is not written down.
        if isinstance(error, LoginRefused):
            subject = name if await self._office.store.user(name) is not None else "unknown"
            await self._office.deeds.enter("nobody", "login.refused", subject, address=visit.address)

    async def begin(self, user: User, visit: Visit, *, proved: bool = False) -> tuple[str, Known]:
        """Begin a session of somebody who has been found to be right; gives what the cookie is to hold."""
        office, now, secret = self._office, self._office.now(), new_secret()
        login = Login(
            secrets.token_hex(8), user.name, hash_of(secret), now, now, now + office.terms.longest_s * NS,
            visit.address, _plain(visit.agent), now if proved else None,
        )  # fmt: skip
        await office.store.add_login(login)
        return f"{login.id}.{secret}", _known(user, login)

    async def known(self, cookie: str) -> Known | None:
        """Who holds a cookie; None where it is of no session, or of one that has ended."""
        return await self._office.known.of(f"cookie {cookie}", lambda: self._read(cookie))

    async def _read(self, cookie: str) -> Known | None:
        office, now = self._office, self._office.now()
        id_, _, secret = cookie.partition(".")
        login = await office.store.login(id_[:80]) if id_.isalnum() and id_.isascii() else None
        if login is None or not is_of(secret, login.hash) or self._is_over(login, now):
            return None
        user = await office.store.user(login.user)
        if user is None or user.disabled is not None:
            return None
        if now - login.seen > _MARK_S * NS:
            await office.store.mark_login(login.id, seen=now)
        return _known(user, login)

    def _is_over(self, login: Login, now: int) -> bool:
        return now >= login.expires or now - login.seen > self._office.terms.idle_s * NS

    async def of(self, name: str) -> Sequence[Login]:
        """The sessions of somebody that have not ended, the newest first."""
        now = self._office.now()
        return [one for one in await self._office.store.logins(name) if not self._is_over(one, now)]

    async def end(self, caller: Caller, id_: str) -> None:
        """End a session of one's own.

        Raises:
            Absent: they have none of that id.
        """
        ended = await self._office.store.end_logins(caller.name, only=id_)
        self._office.known.forget()
        if not ended:
            raise Absent(f"session {id_!r}: you have none of that id")
        await self._office.deeds.enter(caller.by, "login.ended", caller.name)

    async def end_others(self, caller: Caller) -> int:
        """End every session of one's own but the present; gives how many."""
        ended = await self._office.store.end_logins(caller.name, but=caller.login)
        self._office.known.forget()
        await self._office.deeds.enter(caller.by, "login.others-ended", caller.name, ended=ended)
        return ended

    async def again(self, user: User, visit: Visit) -> tuple[str, Known]:
        """End all sessions of somebody, and begin a new one: after a change of what they log in with."""
        await self._office.store.end_logins(user.name)
        self._office.known.forget()
        return await self.begin(user, visit)


def csrf_of(cookie: str) -> str:
    """What a page sends beside its cookie when it changes something; no other page can know it."""
    return hash_of(f"csrf {cookie}")


def _known(user: User, login: Login) -> Known:
    return Known(Caller(user.name, user.role, login=login.id), replace(user, password=""), login)


def _plain(agent: str) -> str:
    return "".join(letter for letter in agent[:200] if letter.isprintable() and letter.isascii())
