"""What everything that has to do with people works with."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass, field

from tradewright.domain.errors import LoginRefused
from tradewright.domain.people import Caller
from tradewright.ports.people import Codes, Login, PeopleStore, Seal, Token, User
from tradewright.services.moment import Moment
from tradewright.services.people.credentials import PasswordDesk
from tradewright.services.people.deeds import Deeds
from tradewright.services.people.throttle import Throttle

__all__ = ["NS", "Known", "Office", "Terms", "hash_of", "is_of", "new_recovery", "new_secret", "recovery_of"]

NS = 1_000_000_000
_RECOVERY_BYTES, _GROUP = 10, 4
_SURE_S = 2.0
_RECOVERY = re.compile(r"[A-Z2-7]{16}")


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things last.

    Args:
        idle_s: a page session ends that was not used for so long.
        longest_s: and in any case after so long.
        proof_s: for so long a one-time code lets live actions be done.
    """

    idle_s: int = 8 * 3_600
    longest_s: int = 7 * 24 * 3_600
    proof_s: int = 600


@dataclass(frozen=True, slots=True)
class Known:
    """Who has been let in.

    Args:
        caller: as routes know them.
        user: as they are kept.
        login: page session; None for a program.
        token: of a program; None at the page.
    """

    caller: Caller
    user: User
    login: Login | None = None
    token: Token | None = None


@dataclass(slots=True)
class Office:
    """What it works with.

    Args:
        store: of people.
        desk: for passwords.
        codes: one-time codes.
        seal: for their secrets.
        deeds: into the audit log.
        now: wall clock, UTC ns.
        terms: how long things last.
        throttle: of attempts.
        known: who was let in a moment ago, by what they showed.
    """

    store: PeopleStore
    desk: PasswordDesk
    codes: Codes
    seal: Seal
    deeds: Deeds
    now: Callable[[], int]
    terms: Terms = field(default_factory=Terms)
    throttle: Throttle = field(init=False)
    known: Moment[Known | None] = field(init=False)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.now)
        self.known = Moment(_SURE_S, lambda: self.now() / NS)

    async def has_code(self, user: User, code: str) -> bool:
        """Whether a one-time code, or a recovery code in its place, is right; it is used up then.

        Raises:
            StoreError: what is kept of the user's codes cannot be opened.
        """
        if user.totp is None:
            return False
        if (plain := recovery_of(code)) is not None:
            if not await self.store.use_recovery(user.name, hash_of(plain)):
                return False
            await self.deeds.enter(user.name, "recovery.used", user.name)
            return True
        step = self.codes.step(self.seal.opened(user.name, user.totp), code, self.now())
        return step is not None and await self.store.use_step(user.name, step)

    async def check_password(self, name: str, password: str, address: str) -> User:
        """See that somebody knows their password.

        Raises:
            LoginRefused: they do not.
            TooManyAttempts: it is not looked at now.
        """
        self.throttle.attempt(name, address)
        user = await self.store.user(name)
        fits = await self.desk.fits(user, password)
        if user is None or not fits or user.disabled is not None:
            raise LoginRefused("name, password or code are not right")
        self.throttle.succeeded(name, address)
        return user


def new_recovery() -> str:
    """A recovery code: 80 bits that nobody guesses, in groups that somebody can type."""
    text = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def recovery_of(text: str) -> str | None:
    """What somebody typed as a recovery code, as it was made; None where it is of another form.

    Example:
        >>> recovery_of("abcd efgh-ijklmnop"), recovery_of("123456")
        ('ABCD-EFGH-IJKL-MNOP', None)
    """
    plain = "".join(text.split()).replace("-", "").upper()
    if not _RECOVERY.fullmatch(plain):
        return None
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))


def new_secret() -> str:
    """Text that nobody guesses."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a secret that we made; it is too long to be guessed, so a quick hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_of(secret: str, kept: str) -> bool:
    """Whether a hash is that of a secret."""
    return hmac.compare_digest(hash_of(secret), kept)
