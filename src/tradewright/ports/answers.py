"""Where answers to requests with an idempotency key are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Answers", "Asked", "KeptAnswer"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is to be done once.

    Args:
        caller: name of who asks.
        key: that they chose.
        request: digest of all that it says.
        run: id of the process that does it.
        ts: when, UTC ns.
    """

    caller: str
    key: str
    request: str
    run: str
    ts: int


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is known of a request that came before.

    Args:
        asked: the request.
        status: of the answer; None while it is being done.
        headers: of the answer.
        body: of the answer; None where it is not kept.
    """

    asked: Asked
    status: int | None
    headers: Mapping[str, str]
    body: str | None


class Answers(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def begin(self, asked: Asked, lasts: int) -> KeptAnswer | None:
        """Put down that a request is being done; gives what is known where one with this key came before.

        Args:
            asked: the request.
            lasts: so long is any kept, ns.
        """
        ...

    async def end(self, asked: Asked, status: int, headers: Mapping[str, str], body: str | None) -> None:
        """Put down its answer."""
        ...

    async def forget(self, asked: Asked) -> None:
        """Forget it: nothing was done, and the key may be used again."""
        ...
