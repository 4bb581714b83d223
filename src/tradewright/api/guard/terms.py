"""What the server puts up with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.bootstrap.config.tree import Server

__all__ = ["GuardTerms"]

_MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class GuardTerms:
    """What the server puts up with.

    Args:
        names: by which it may be called beside `localhost` and an address; None takes every name.
        body_bytes: of a request at most.
        reads: of one client in a minute.
        writes: of one client in a minute.
        logins: of one client in a minute, among them everything that takes a password or a code.
    """

    names: tuple[str, ...] | None = None
    body_bytes: int = 10 * _MIB
    reads: int = 20_000
    writes: int = 6_000
    logins: int = 60

    @classmethod
    def of(cls, server: Server, host: str) -> GuardTerms:
        """As configured, for a server that listens at `host`."""
        return cls(
            tuple(name.lower() for name in (*server.names, host)), server.max_body_mb * _MIB, server.reads_per_minute,
            server.writes_per_minute, server.logins_per_minute,
        )  # fmt: skip
