"""A request and its answer, and what may be said of an answer that did not come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

__all__ = ["Call", "NoAnswer", "NotSent", "Reply", "Sender", "Signer", "Verdict", "Wire", "judge", "unsigned"]

_READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a venue.

    Args:
        method: of HTTP, in capitals.
        path: from the root, `/fapi/v1/klines`.
        params: by name, in the order in which they are sent.
        weight: that the venue counts for it.
        orders: that the venue counts for it.
        signed: whether it is sent in the name of an account.
        bulk: whether it may wait behind others, and leaves a part of the budget to them.
        pool: name of a budget that some calls of an address have for themselves; empty for none.
    """

    method: str
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    weight: int = 1
    orders: int = 0
    signed: bool = False
    bulk: bool = False
    pool: str = ""

    @property
    def is_read(self) -> bool:
        """Whether asking twice changes no more than asking once."""
        return self.method in _READS


class Wire(NamedTuple):
    """A call as it is sent: what was signed must not be written anew."""

    method: str
    target: str  # path and query
    body: str = ""
    headers: Mapping[str, str] = {}


Signer = Callable[[Call, int], Wire]
"""Writes a signed call, given the time at the venue, UTC ms. It is called for each attempt anew, because a signature
holds the time. It chooses query or body, puts its signature last and the key into a header; nothing changes them
after it."""


def unsigned(call: Call) -> Wire:
    """Write a call that needs no signature, its parameters in the query."""
    query = urlencode(call.params)
    return Wire(call.method, f"{call.path}?{query}" if query else call.path)


class Reply(NamedTuple):
    """An answer.

    Attributes:
        status: of HTTP.
        body: parsed JSON; the text itself where it is none.
        headers: names in small letters.
        sent_ns: our time when it was asked, UTC ns.
        received_ns: our time when the answer was there, UTC ns.
    """

    status: int
    body: Any
    headers: Mapping[str, str]
    sent_ns: int
    received_ns: int


class NotSent(Exception):
    """No connection came about: the venue has surely not seen the request."""


class NoAnswer(Exception):
    """The request may have been seen and done; no whole answer came."""


class Verdict(Enum):
    """What an answer says of the request."""

    DONE = "done"
    REFUSED = "refused"
    """Understood, and not done; asking again gives the same."""
    BUSY = "busy"
    """Not done, because the venue could not just now."""
    LIMITED = "limited"
    """Not done: this address asks too much."""
    ORDERS_LIMITED = "orders limited"
    """Not done: this account orders too much."""
    UNKNOWN = "unknown"
    """Done or not; the venue does not know itself."""


def judge(reply: Reply) -> Verdict:
    """What statuses of HTTP say by themselves; a venue's adapter knows more of its own.

    A server's error is unknown, for behind a gateway that gives up the request may still be done.
    """
    if reply.status in (418, 429):
        return Verdict.LIMITED
    if reply.status == 408 or reply.status >= 500:  # noqa: PLR2004 - of HTTP
        return Verdict.UNKNOWN
    return Verdict.DONE if 200 <= reply.status < 300 else Verdict.REFUSED  # noqa: PLR2004 - of HTTP


class Sender(Protocol):
    """Sends a request once."""

    async def send(self, wire: Wire) -> Reply:
        """Send it, and never a second time.

        Raises:
            NotSent: no connection came about.
            NoAnswer: it was sent, or may have been, and no answer came in time.
        """
        ...
