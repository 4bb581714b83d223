"""Requests in the name of an account: what is signed, and how. Secrets stay inside the functions made here."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tradewright.adapters.venues.transport.calls import Call, Signer, Wire
from tradewright.domain.errors import InvalidValue

__all__ = ["LISTEN_KEY", "RECV_WINDOW_MS", "Keys", "signer"]

LISTEN_KEY = "/fapi/v1/listenKey"
RECV_WINDOW_MS = 5_000
"""A request that arrives later than this is refused: so an order that is not found by then was never placed."""
_PEM = "-----BEGIN"
_IN_BODY = ("POST", "PUT")


@dataclass(frozen=True, slots=True)
class Keys:
    """What an account is opened with; nothing of it is ever shown.

    Args:
        key: API key.
        secret: of HMAC, or an Ed25519 private key as PEM text.

    Raises:
        InvalidValue: one of them is empty, or has letters that no header can carry.
    """

    key: str = field(repr=False)
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.key or not self.key.isascii() or not self.key.isprintable():
            raise InvalidValue("key", "(hidden)", "the API key as the venue shows it")
        if not self.secret:
            raise InvalidValue("secret", "(hidden)", "the secret that belongs to the API key")


def signer(keys: Keys, window_ms: int = RECV_WINDOW_MS) -> Signer:
    """Writes calls as the account that keys belong to.

    The parameters of what is placed or changed go into the body, of what is asked or cancelled into the query.

    Raises:
        InvalidValue: the secret looks like a PEM key, and is none.
    """
    sign = _ed25519(keys.secret) if keys.secret.startswith(_PEM) else _hmac(keys.secret)
    headers = {"X-MBX-APIKEY": keys.key}

    def write(call: Call, now_ms: int) -> Wire:
        if call.path == LISTEN_KEY:
            return Wire(call.method, call.path, "", headers)
        text = urlencode({**call.params, "recvWindow": window_ms, "timestamp": now_ms})
        text = f"{text}&signature={sign(text)}"
        if call.method in _IN_BODY:
            return Wire(call.method, call.path, text, headers)
        return Wire(call.method, f"{call.path}?{text}", "", headers)

    return write


def _hmac(secret: str) -> Callable[[str], str]:
    return lambda text: hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _ed25519(secret: str) -> Callable[[str], str]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - heavy, and rare
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - the same

    try:
        key = load_pem_private_key(secret.encode(), None)
    except (ValueError, TypeError):
        raise InvalidValue("secret", "(hidden)", "an Ed25519 private key, PEM without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidValue("secret", "(hidden)", "an Ed25519 private key; others are not taken")
    return lambda text: quote(base64.b64encode(key.sign(text.encode())).decode(), safe="")
