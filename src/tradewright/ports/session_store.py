"""Where sessions are kept: everything that they were told, in order, before they act on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from tradewright.domain.mode import Live, Mode, Simulation

__all__ = ["LiveJournal", "LiveSessionStore", "SessionJournal", "SessionStore", "SimJournal", "SimSessionStore"]

ModeT_co = TypeVar("ModeT_co", bound=Mode, covariant=True)


class SessionJournal(Protocol[ModeT_co]):
    """The records of one session, open for more. What `append` has returned from survives the loss of the process.

    Where an append fails or is cancelled in the middle, nobody knows what is in the journal: it takes nothing more, and
    the session is made again from what is there.
    """

    @property
    def mode(self) -> ModeT_co:
        """Of the session: a journal of one mode does not pass for one of the other."""
        ...

    @property
    def records(self) -> Sequence[Mapping[str, Any]]:
        """All that were there when it was opened, oldest first; the first that is added takes their place in memory.

        Raises:
            StoreError: something has been added since.
        """
        ...

    async def append(self, record: Mapping[str, Any], *, answers: int | None = None) -> None:
        """Add a record: plain data for JSON.

        Args:
            record: to add.
            answers: number of the wish (`SessionStore.asked`) that it does; it is dealt with in the same moment, so
                that none is done twice.

        Raises:
            StoreError: it cannot be written; then it is not there, or the journal takes nothing more.
        """
        ...

    async def append_all(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add several in their order, all or none.

        Raises:
            StoreError: they cannot be written; as with `append`.
        """
        ...


class SessionStore(Protocol[ModeT_co]):
    """Journals by name, of one mode. Only one process at a time writes a journal."""

    @property
    def mode(self) -> ModeT_co:
        """Of every session in it."""
        ...

    def begin(self, name: str) -> AbstractAsyncContextManager[SessionJournal[ModeT_co]]:
        """A new one.

        Raises:
            StoreError: there is one of that name.
        """
        ...

    def open(self, name: str) -> AbstractAsyncContextManager[SessionJournal[ModeT_co]]:
        """One that is there, to be gone on with.

        Raises:
            StoreError: there is none, it is damaged, or another process writes it.
        """
        ...

    async def read(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The records of one, oldest first, whoever may be writing it.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        ...

    async def newest(self, name: str, after: int, most: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """The newest records of one with their numbers, oldest first, to be looked at: they are not checked.

        Args:
            name: of the session.
            after: number of the last record that is known; 0 where none is: the session's first record then stands
                before them, also where there are too many in between.
            most: so many at most, besides the first.

        Raises:
            StoreError: there is none of that name.
        """
        ...

    async def mark(self, name: str) -> str:
        """A digest of all the records of one: it changes with each that comes, and is empty while there is none.

        Raises:
            StoreError: there is none of that name.
        """
        ...

    async def ask(self, name: str, record: Mapping[str, Any]) -> int:
        """Leave a wish for whoever writes a journal, now or later; gives its number, which no other ever has.

        Raises:
            StoreError: there is no such session, or the wish cannot be written.
        """
        ...

    async def asked(self, name: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """The wishes that wait, oldest first, each with its number."""
        ...

    async def answered(self, name: str, number: int, refusal: str = "") -> None:
        """A wish has been dealt with: it is done, or refused for a reason."""
        ...

    async def answer(self, name: str, number: int) -> str | None:
        """What became of a wish: empty where it is done, else why it was refused; None while it waits.

        Answers are kept for a while: of one that nobody remembers it is only known that it does not wait.
        """
        ...

    async def is_at_work(self, name: str) -> bool:
        """Whether a process writes its journal now."""
        ...

    def alone_with(self, account: str, instruments: Sequence[str]) -> AbstractAsyncContextManager[None]:
        """Be the only session that trades some instruments in an account, over all processes, while the block lasts.

        Raises:
            StoreError: another does.
        """
        ...

    async def names(self) -> Sequence[str]:
        """All that are there, oldest first."""
        ...


SimJournal = SessionJournal[Simulation]
LiveJournal = SessionJournal[Live]
SimSessionStore = SessionStore[Simulation]
LiveSessionStore = SessionStore[Live]
