"""Who asks: API keys, signatures and receive windows."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError, refuse
from tradewright.adapters.venues.practice.seat import Seat

__all__ = ["check_signature", "check_sorted_signature", "check_time", "seat_of"]

_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SIGNATURE = re.compile(r"(?:^|&)signature=[^&]*")
_WINDOW, _WIDEST, _AHEAD = 5_000, 60_000, 1_000


def seat_of(seats: Mapping[str, Seat], key: str) -> Seat:
    """The account of an API key.

    Raises:
        VenueError: -2014 or -2015.
    """
    if not _KEY.fullmatch(key):
        raise refuse(-2014, status=401)
    seat = seats.get(key)
    if seat is None:
        raise refuse(-2015, status=401)
    return seat


def check_signature(secret: str, query: str, body: str, params: Params) -> None:
    """Hold a request against its signature, over its raw texts as they were sent.

    Raises:
        VenueError: -1102 or -1022.
    """
    given = params.required("signature").lower()
    payload = "".join(_SIGNATURE.sub("", text).removeprefix("&") for text in (query, body))
    wanted = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise refuse(-1022)


def check_sorted_signature(secret: str, params: Params) -> None:
    """Hold a request over a socket against its signature, over its parameters in the order of their names.

    Raises:
        VenueError: -1102 or -1022.
    """
    given = params.required("signature").lower()
    named = sorted((name, value) for name, value in params.values.items() if name != "signature")
    payload = "&".join(f"{name}={value}" for name, value in named)
    wanted = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise refuse(-1022)


def check_time(params: Params, now: int, speed: float = 1.0) -> None:
    """Hold a request's time against the exchange's, UTC ms.

    A window is for the way of a request, and that takes real time however quickly the market is played: at ten times
    real time it is ten times as long.

    Raises:
        VenueError: -1102, -1021 or -1131.
    """
    params.required("timestamp")
    sent, window = params.whole("timestamp") or 0, params.whole("recvWindow")
    window = _WINDOW if window is None else window
    if window > _WIDEST:
        raise VenueError(-1131, f"recvWindow must be less than {_WIDEST}")
    quick = max(speed, 1.0)
    if sent >= now + _AHEAD * quick:
        raise VenueError(-1021, f"Timestamp for this request was {_AHEAD}ms ahead of the server's time.")
    if now - sent > window * quick:
        raise VenueError(-1021, "Timestamp for this request is outside of the recvWindow.")
