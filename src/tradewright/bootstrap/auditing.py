"""What sessions at a venue do and decide, line by line into the audit log, beside trading and never in its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.database import opened
from tradewright.bootstrap.wiring import now_ns
from tradewright.domain.errors import StoreError
from tradewright.ports.audit_log import Deed

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.audit_log import AuditLog
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import Watcher

__all__ = ["Auditor", "auditing"]

_AGAIN_S = 0.5
_DEEDS = {
    "sent": "order.sent", "outcome": "order.answered", "hold": "order.held", "confirm": "order.confirmed",
    "reject": "order.rejected", "expire": "order.expired", "deny": "order.denied", "halt": "session.halted",
    "kill": "session.killed", "calm": "session.calmed", "pause": "session.paused", "resume": "session.resumed",
    "flatten": "session.flattened", "swap": "session.swapped", "withdraw": "session.withdrew",
}  # fmt: skip
_LONG = ("order", "result", "amendment")


class Auditor:
    """Takes deeds at once, and writes them as soon as the log lets it.

    Args:
        log: the audit log.
    """

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._deeds: list[Deed] = []
        self._woken = asyncio.Event()
        self._over = asyncio.Event()

    def watching(self, name: str, told: Watcher) -> Watcher:
        """A watcher of a session that writes down what it hears, and tells another."""
        return _Watched(self, name, told)

    def note(self, deed: Deed) -> None:
        """Take a deed."""
        self._deeds.append(deed)
        self._woken.set()

    async def run(self) -> None:
        """Write whenever something has been taken, until it is closed; what cannot be written is tried again."""
        while not self._over.is_set():
            await self._woken.wait()
            self._woken.clear()
            try:
                await self._write()
            except StoreError:  # the journal has it all the same
                with suppress(TimeoutError):
                    async with asyncio.timeout(_AGAIN_S):
                        await self._over.wait()
                self._woken.set()

    async def close(self, running: asyncio.Task[None]) -> None:
        """End what runs, and write what is left.

        Raises:
            StoreError: the log cannot be written.
        """
        self._over.set()
        self._woken.set()
        await running
        await self._write()

    async def _write(self) -> None:
        taken = list(self._deeds)
        if taken:
            await self._log.add(taken)
            del self._deeds[: len(taken)]


class _Watched:
    def __init__(self, auditor: Auditor, name: str, told: Watcher) -> None:
        self._auditor, self._name, self._told = auditor, name, told

    def happened(self, live: LiveSession, records: Sequence[Mapping[str, Any]]) -> None:
        """See `services.live.terms.Watcher`."""
        for record in records:
            if (action := _DEEDS.get(str(record["kind"]))) is not None:
                actor = str(record.get("by", self._name))
                subject = str(record.get("client_id", record.get("order_id", self._name)))
                self._auditor.note(Deed(now_ns(), actor, action, subject, _details(record), self._name))
        self._told.happened(live, records)


def _details(record: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in record.items() if name not in ("kind", "by", *_LONG)}
    for name in _LONG:
        if isinstance(found := record.get(name), Mapping):
            plain[name] = {key: value for key, value in found.items() if value not in (None, "", False)}
    return plain


@asynccontextmanager
async def auditing(settings: Settings) -> AsyncIterator[Auditor]:
    """The auditor of this process; what it has taken is written when the block ends.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.audit import SqlAudit

    async with opened(settings) as database:
        auditor = Auditor(SqlAudit(database))
        running = asyncio.create_task(auditor.run())
        try:
            yield auditor
        finally:
            await auditor.close(running)
