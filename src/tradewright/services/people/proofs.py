"""One-time codes: taken up, given up, and asked for before anything is done that moves money."""

from __future__ import annotations

from dataclasses import replace

from tradewright.domain.errors import Conflict, LoginRefused, ProofNeeded
from tradewright.domain.people import Caller
from tradewright.ports.people import User
from tradewright.services.people.office import NS, Office, hash_of, new_recovery

__all__ = ["Proofs"]

_ENROL_S = 900
_RECOVERY_CODES = 10


class Proofs:
    """One-time codes of users who have taken them up.

    Args:
        office: what it works with.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._begun: dict[str, tuple[int, str]] = {}

    async def enrol(self, caller: Caller, password: str, address: str) -> tuple[str, str]:
        """Begin to take them up; gives the secret and what an authenticator takes as a picture.

        Raises:
            LoginRefused: the password is not right.
            Conflict: they are taken up already.
        """
        user = await self._office.check_password(caller.name, password, address)
        if user.totp is not None:
            raise Conflict("one-time codes are asked for already; disable them first")
        secret = self._office.codes.secret()
        self._begun[user.name] = (self._office.now(), secret)
        return secret, self._office.codes.address(secret, user.name)

    async def confirm(self, caller: Caller, code: str, address: str) -> None:
        """Take them up: from now on they are asked for.

        Raises:
            LoginRefused: the code is not right.
            Conflict: it was not begun, or too long ago.
        """
        office, now = self._office, self._office.now()
        since, secret = self._begun.get(caller.name, (0, ""))
        if now - since > _ENROL_S * NS:
            raise Conflict("begin anew: no one-time codes are being taken up")
        office.throttle.attempt(caller.name, address)
        step, user = office.codes.step(secret, code, now), await office.store.user(caller.name)
        if step is None or user is None:
            raise LoginRefused("the code is not right; look at the clock of what makes it")
        office.throttle.succeeded(caller.name, address)
        del self._begun[caller.name]
        await office.store.put_user(replace(user, totp=office.seal.sealed(user.name, secret)))
        await office.store.use_step(user.name, step)
        office.known.forget()
        await office.deeds.enter(caller.by, "totp.enabled", user.name)

    async def disable(self, caller: Caller, password: str, code: str, address: str) -> None:
        """Give them up.

        Raises:
            LoginRefused: password or code are not right.
        """
        office = self._office
        user = await office.check_password(caller.name, password, address)
        if user.totp is None:
            return
        await self._check_code(user, code, address)
        await office.store.put_user(replace(user, totp=None))
        await office.store.put_recovery(user.name, ())
        office.known.forget()
        await office.deeds.enter(caller.by, "totp.disabled", user.name)

    async def recovery_codes(self, caller: Caller, password: str, code: str, address: str) -> tuple[str, ...]:
        """Make recovery codes, in place of those that there were; gives them this once.

        Raises:
            LoginRefused: password or code are not right.
            Conflict: no one-time codes are asked for.
        """
        office = self._office
        user = await office.check_password(caller.name, password, address)
        if user.totp is None:
            raise Conflict("no one-time codes are asked for: recovery codes would open nothing")
        await self._check_code(user, code, address)
        made = tuple(new_recovery() for _ in range(_RECOVERY_CODES))
        await office.store.put_recovery(user.name, [hash_of(one) for one in made])
        office.known.forget()
        await office.deeds.enter(caller.by, "recovery.made", user.name)
        return made

    async def seal(self) -> None:
        """Seal the secrets that an earlier version has kept as they are.

        Raises:
            StoreError: they cannot be sealed.
        """
        office = self._office
        for user in await office.store.users():
            if user.totp is not None and office.seal.opened(user.name, user.totp) == user.totp:
                await office.store.put_user(replace(user, totp=office.seal.sealed(user.name, user.totp)))

    async def prove(self, caller: Caller, code: str, address: str) -> None:
        """Give a code, so that live actions may be done at the page for a while.

        Raises:
            LoginRefused: it is not right.
        """
        user = await self._office.store.user(caller.name)
        if user is None or user.totp is None:
            return
        await self._check_code(user, code, address)
        if caller.login:
            await self._office.store.mark_login(caller.login, proved=self._office.now())
            self._office.known.forget()

    async def demand(self, caller: Caller, code: str, address: str) -> None:
        """See that somebody may act live: who has taken one-time codes up has just given one, or gives it now.

        Args:
            caller: who wants to.
            code: that came with the request; may be empty.
            address: from where.

        Raises:
            ProofNeeded: a code is missing.
            LoginRefused: it is not right.
        """
        user = await self._office.store.user(caller.name)
        if user is None or user.totp is None:
            return
        if code:
            await self.prove(caller, code, address)
            return
        login = await self._office.store.login(caller.login) if caller.login else None
        proved = None if login is None else login.proved
        if proved is None or self._office.now() - proved > self._office.terms.proof_s * NS:
            raise ProofNeeded("this moves money: give a one-time code in the header X-TOTP, or prove yourself anew")

    async def _check_code(self, user: User, code: str, address: str) -> None:
        self._office.throttle.attempt(user.name, address)
        if not await self._office.has_code(user, code):
            raise LoginRefused("the code is not right, or has been used")
        self._office.throttle.succeeded(user.name, address)
