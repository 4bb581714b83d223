"""Channels by which people are told, and where what is to be told is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from tradewright.domain.notices import AlertRule, Language, Sending, Wish

__all__ = ["Channel", "Outbox"]


class Channel(Protocol):
    """A way to tell somebody."""

    @property
    def name(self) -> str:
        """By which it is spoken of."""
        ...

    @property
    def language(self) -> Language:
        """In which it is told."""
        ...

    async def send(self, title: str, text: str) -> None:
        """Send a message.

        Raises:
            VenueUnavailable: it could not be handed over; the reason holds no address and no secret.
        """
        ...


class Outbox(Protocol):
    """What is to be told, what was, and the user's wishes. Each method may raise `StoreError`."""

    async def put(self, sendings: Sequence[Sending]) -> None:
        """Write messages; those of the same id are replaced."""
        ...

    async def waiting(self) -> Sequence[Sending]:
        """Those that are not sent yet, oldest first."""
        ...

    async def latest(self, most: int) -> Sequence[Sending]:
        """The newest, newest first."""
        ...

    async def wishes(self) -> Mapping[tuple[str, str], bool]:
        """The cells of the matrix that somebody has set, by kind and channel."""
        ...

    async def wish(self, wishes: Sequence[Wish]) -> None:
        """Set cells of the matrix."""
        ...

    async def rules(self) -> Sequence[AlertRule]:
        """The user's rules, by name."""
        ...

    async def heard(self) -> int | None:
        """Number of the last event that was looked at; None before the first."""
        ...

    async def mark_heard(self, number: int) -> None:
        """Put down the number of the last event that was looked at."""
        ...

    async def put_rule(self, rule: AlertRule) -> None:
        """Add a rule, or change the one of its id."""
        ...

    async def drop_rule(self, own: str) -> bool:
        """Take a rule away; whether there was one."""
        ...
