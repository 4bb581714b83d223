"""Secrets in one encrypted file: Argon2id makes a key of a passphrase, AES-256-GCM seals them with it.

The file is JSON: a header with the version, the parameters of Argon2id, its salt and a check of the passphrase; a
nonce; the sealed names and secrets. The header is authenticated beside them. Salt and nonce are new at each writing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tradewright.adapters.storage.atomic import replacing
from tradewright.domain.errors import InvalidValue, StoreError

__all__ = ["KeyFile"]

_VERSION, _KDF = 1, "argon2id"
_MEMORY_KIB, _ITERATIONS, _LANES = 65_536, 3, 4  # the second choice of RFC 9106, for machines without 2 GiB to spare
_MOST = {"memory_kib": 1_048_576, "iterations": 20, "lanes": 16}
_SALT, _NONCE, _KEY = 16, 12, 32


class KeyFile:
    """Names and secrets under a passphrase.

    Args:
        path: of the file; only its owner may read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def is_there(self) -> bool:
        """Whether anything has been kept."""
        return self.path.exists()

    def read(self, passphrase: str) -> dict[str, str]:
        """Open the file.

        Raises:
            InvalidValue: the passphrase is not that of the file.
            StoreError: the file cannot be read, is damaged, or was written by a later version.
        """
        header, nonce, sealed = self._parts()
        key, check = self._derived(passphrase, header)
        if not hmac.compare_digest(check, str(header.get("check"))):
            raise InvalidValue("passphrase", "**********", f"the passphrase of {self.path}")
        try:
            data = json.loads(AESGCM(key).decrypt(nonce, sealed, _bytes(header)))
            return {str(name): str(secret) for name, secret in data.items()}
        except (InvalidTag, ValueError, AttributeError):
            raise self._damaged() from None

    def write(self, passphrase: str, secrets: Mapping[str, str]) -> None:
        """Replace the file by one with these names and secrets.

        Raises:
            StoreError: it cannot be written; the file is as it was.
        """
        header: dict[str, Any] = {
            "version": _VERSION, "kdf": _KDF, "memory_kib": _MEMORY_KIB, "iterations": _ITERATIONS, "lanes": _LANES,
            "salt": _text(os.urandom(_SALT)),
        }  # fmt: skip
        key, header["check"] = self._derived(passphrase, header)
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(key).encrypt(nonce, json.dumps(dict(secrets)).encode(), _bytes(header))
        content = {"header": header, "nonce": _text(nonce), "sealed": _text(sealed)}
        with replacing(self.path) as draft:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(content, stream, indent=2)

    def _parts(self) -> tuple[dict[str, Any], bytes, bytes]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            header, nonce = content["header"], b64decode(content["nonce"], validate=True)
            sealed, version = b64decode(content["sealed"], validate=True), header["version"]
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be read ({error.strerror or error})") from error
        except (ValueError, KeyError, TypeError):
            raise self._damaged() from None
        if version != _VERSION:
            raise StoreError(f"{self.path}: is of version {version!r}, and this program knows version {_VERSION}")
        return header, nonce, sealed

    def _derived(self, passphrase: str, header: Mapping[str, Any]) -> tuple[bytes, str]:
        # The key, and what tells a wrong passphrase from a damaged file.
        memory, iterations, lanes = (_number(header.get(name), most) for name, most in _MOST.items())
        if header.get("kdf") != _KDF or not memory or not iterations or not lanes:
            raise self._damaged()
        try:
            salt = b64decode(str(header["salt"]), validate=True)
            made = Argon2id(salt=salt, length=2 * _KEY, iterations=iterations, lanes=lanes, memory_cost=memory)
            whole = made.derive(passphrase.encode())
        except (ValueError, KeyError):
            raise self._damaged() from None
        return whole[:_KEY], hashlib.sha256(whole[_KEY:]).hexdigest()

    def _damaged(self) -> StoreError:
        return StoreError(f"{self.path}: is damaged; restore it from a copy, or remove it and set the keys again")


def _number(value: object, most: int) -> int:
    # 0 where it is none: what a file asks for must not take the machine.
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most else 0


def _bytes(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _text(data: bytes) -> str:
    return b64encode(data).decode()
