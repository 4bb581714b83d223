"""Single secrets, sealed with a key that lies in a file of its own: who reads the database alone reads none of them.

AES-256-GCM; each sealing has a nonce of its own, and is bound to the name of what it belongs to.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradewright.domain.errors import StoreError

__all__ = ["FileSeal"]

_PREFIX = "gcm1:"
_KEY, _NONCE = 32, 12


class FileSeal:
    """See `ports.people.Seal`.

    Args:
        path: of the key; it is made when something is sealed first, and only its owner may read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def sealed(self, name: str, secret: str) -> str:
        """See `Seal`."""
        nonce = os.urandom(_NONCE)
        made = AESGCM(self._key(makes=True)).encrypt(nonce, secret.encode(), name.encode())
        return _PREFIX + b64encode(nonce + made).decode()

    def opened(self, name: str, text: str) -> str:
        """See `Seal`."""
        if not text.startswith(_PREFIX):
            return text  # of a version that sealed nothing
        try:
            whole = b64decode(text.removeprefix(_PREFIX), validate=True)
            return AESGCM(self._key(makes=False)).decrypt(whole[:_NONCE], whole[_NONCE:], name.encode()).decode()
        except (InvalidTag, ValueError):
            raise StoreError(f"{self._path}: is not the key with which the secret of {name} was sealed") from None

    def _key(self, *, makes: bool) -> bytes:
        try:
            if makes and not self._path.exists():
                self._make()
            key = self._path.read_bytes()
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be read ({error.strerror or error})") from error
        if len(key) != _KEY:
            raise StoreError(f"{self._path}: is damaged; restore it from a copy")
        return key

    def _make(self) -> None:
        # Whole or not at all, and never over one that somebody else makes at once.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}.tmp")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(_KEY))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
