"""One-time codes of authenticator programs (RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

import pyotp

__all__ = ["TotpCodes"]

_STEP_S, _NS = 30, 1_000_000_000


class TotpCodes:
    """See `ports.people.Codes`: six digits, half a minute each; the one before and the one after are taken too."""

    def secret(self) -> str:
        """See `Codes`."""
        return pyotp.random_base32()

    def address(self, secret: str, name: str) -> str:
        """See `Codes`."""
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Tradewright")

    def step(self, secret: str, code: str, at: int) -> int | None:
        """See `Codes`."""
        own, now = pyotp.TOTP(secret, interval=_STEP_S), at // _NS // _STEP_S
        found = None
        for step in (now - 1, now, now + 1):
            right = own.at(datetime.fromtimestamp(step * _STEP_S, UTC))
            if hmac.compare_digest(right.encode(), code.encode()):
                found = step
        return found
