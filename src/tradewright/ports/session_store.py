"""Where sessions are kept: everything that they were told, in order, before they act on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

__all__ = ["SessionJournal", "SessionStore"]


class SessionJournal(Protocol):
    """The records of one session, open for more. What `append` has returned from survives the loss of the process."""

    @property
    def records(self) -> tuple[Mapping[str, Any], ...]:
        """All that were there when it was opened, oldest first."""
        ...

    def append(self, record: Mapping[str, Any]) -> None:
        """Add a record: plain data for JSON.

        Raises:
            StoreError: it cannot be written; then it is not there.
        """
        ...


class SessionStore(Protocol):
    """Journals by name. Only one process at a time writes a journal."""

    def begin(self, name: str) -> AbstractContextManager[SessionJournal]:
        """A new one.

        Raises:
            StoreError: there is one of that name.
        """
        ...

    def open(self, name: str) -> AbstractContextManager[SessionJournal]:
        """One that is there, to be gone on with.

        Raises:
            StoreError: there is none, it is damaged, or another process writes it.
        """
        ...

    def read(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The records of one, oldest first, whoever may be writing it.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        ...

    def ask(self, name: str, record: Mapping[str, Any]) -> None:
        """Leave a wish for whoever writes a journal, now or later.

        Raises:
            StoreError: there is no such session, or the wish cannot be written.
        """
        ...

    def asked(self, name: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """The wishes that wait, oldest first, each with its number."""
        ...

    def answered(self, name: str, number: str) -> None:
        """A wish has been dealt with."""
        ...

    def names(self) -> tuple[str, ...]:
        """All that are there, oldest first."""
        ...
