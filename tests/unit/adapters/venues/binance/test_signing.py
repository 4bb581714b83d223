"""What is signed is what is sent, and secrets are never shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tradewright.adapters.venues.binance.signing import Keys, signer
from tradewright.adapters.venues.transport.calls import Call
from tradewright.domain.errors import InvalidValue

EXAMPLE = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
ORDER = Call("POST", "/fapi/v1/order", {"symbol": "BTCUSDT", "clientOrderId": "a/b"}, signed=True)


def test_what_is_sent_is_signed_to_the_letter() -> None:
    """The signature is that of the text as it is sent, and stands last: in the body of a POST, the query of a GET."""
    sign = signer(Keys("my-key", EXAMPLE), 5_000)
    body = sign(ORDER, 1_591_702_613_943)
    text, _, signature = body.body.rpartition("&signature=")
    assert "symbol=BTCUSDT&clientOrderId=a%2Fb&recvWindow=5000&timestamp=1591702613943" == text
    assert hmac.new(EXAMPLE.encode(), text.encode(), hashlib.sha256).hexdigest() == signature
    assert ("/fapi/v1/order", {"X-MBX-APIKEY": "my-key"}) == (body.target, body.headers)
    query = sign(Call("DELETE", "/fapi/v1/order", {"orderId": 1}, signed=True), 5)
    assert query.body == ""
    assert query.target.startswith("/fapi/v1/order?orderId=1&recvWindow=5000&timestamp=5&signature=")


def test_listen_keys_are_asked_for_by_the_key_alone() -> None:
    """The user stream needs no signature."""
    wire = signer(Keys("my-key", EXAMPLE))(Call("PUT", "/fapi/v1/listenKey", signed=True), 5)
    assert ("/fapi/v1/listenKey", "") == (wire.target, wire.body)


def test_ed25519_keys_sign_as_well() -> None:
    """A private key as PEM text signs; its public half confirms it."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    text, _, signature = signer(Keys("k", pem))(ORDER, 7).body.rpartition("&signature=")
    private.public_key().verify(base64.b64decode(unquote(signature)), text.encode())


def test_other_keys_are_refused_without_being_shown() -> None:
    """What is no Ed25519 key, or empty, is refused by field; neither errors nor representations show a secret."""
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for key, secret in (
        ("k", other),
        ("k", "-----BEGIN PRIVATE KEY-----\nabcdef"),
        ("", EXAMPLE),
        ("k\n", EXAMPLE),
        ("k", ""),
    ):
        with pytest.raises(InvalidValue) as refused:
            signer(Keys(key, secret))
        assert "abcdef" not in str(refused.value)
        assert EXAMPLE not in str(refused.value)
    keys = Keys("my-key", EXAMPLE)
    assert "Keys()" == repr(keys)
    assert EXAMPLE not in repr(signer(keys))
