"""Passwords sealed by Argon2id, as PHC strings that hold their own parameters."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

__all__ = ["Argon2Passwords"]

_SALT, _LENGTH = 16, 32


class Argon2Passwords:
    """See `ports.people.Passwords`. The defaults are the second choice of RFC 9106.

    Args:
        memory_kib: that each takes.
        iterations: over that memory.
        lanes: threads.
    """

    def __init__(self, memory_kib: int = 65_536, iterations: int = 3, lanes: int = 4) -> None:
        self._memory, self._iterations, self._lanes = memory_kib, iterations, lanes

    def sealed(self, password: str) -> str:
        """See `Passwords`."""
        made = Argon2id(
            salt=os.urandom(_SALT), length=_LENGTH, iterations=self._iterations, lanes=self._lanes,
            memory_cost=self._memory,
        )  # fmt: skip
        return made.derive_phc_encoded(password.encode())

    def fits(self, password: str, sealed: str) -> bool:
        """See `Passwords`."""
        try:
            Argon2id.verify_phc_encoded(password.encode(), sealed)
        except (InvalidKey, ValueError):
            return False
        return True
