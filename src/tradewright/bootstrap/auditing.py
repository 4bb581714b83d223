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
    from tradewright.engine.session import Heard
    from tradewright.market.steps import Step
    from tradewright.ports.audit_log import AuditLog
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import Watcher
    from tradewright.services.paper.sessions import PaperSession
    from tradewright.services.paper.trading import Listener

__all__ = ["Auditor", "auditing"]

_AGAIN_S = 0.5
_DEEDS = {
    "sent": "order.sent", "outcome": "order.answered", "hold": "order.held", "confirm": "order.confirmed",
    "reject": "order.rejected", "expire": "order.expired", "deny": "order.denied", "halt": "session.halted",
    "kill": "session.killed", "calm": "session.calmed", "pause": "session.paused", "resume": "session.resumed",
    "flatten": "session.flattened", "swap": "session.swapped", "withdraw": "session.withdrew",
    "stop": "session.stopped",
}  # fmt: skip
_REFUSED = "session.refused"
_LONG = ("order", "result", "amendment")


class Auditor:
    """Takes deeds at once, and writes them as soon as the log lets it.

    Args:
        log: the audit log.
    """

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._deeds: list[Deed] = []
        self._open: list[tuple[str, str]] = []
        self._woken = asyncio.Event()
        self._over = asyncio.Event()

    def watching(self, name: str, told: Watcher) -> Watcher:
        """A watcher of a session at a venue that writes down what it hears, and tells another."""
        return _Watched(self, name, told)

    def hearing(self, name: str, told: Listener) -> Listener:
        """A listener of a session on paper that writes down what is asked of it, and tells another."""
        return _Heard(self, name, told)

    def opened(self, name: str, by: str) -> None:
        """Somebody lets a session trade, a new one or one that goes on, until this auditor is closed."""
        self._open.append((name, by))
        self.note(Deed(now_ns(), by, "session.opened", name, {}, name))

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
        """End what runs, and write what is left; sessions that were opened trade no more.

        Raises:
            StoreError: the log cannot be written.
        """
        for name, by in self._open:
            self.note(Deed(now_ns(), by, "session.closed", name, {}, name))
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
            if (action := _REFUSED if "refusal" in record else _DEEDS.get(str(record["kind"]))) is not None:
                actor = str(record.get("by", self._name))
                subject = str(record.get("client_id", record.get("order_id", self._name)))
                self._auditor.note(Deed(now_ns(), actor, action, subject, _details(record), self._name))
        self._told.happened(live, records)


class _Heard:
    def __init__(self, auditor: Auditor, name: str, told: Listener) -> None:
        self._auditor, self._name, self._told = auditor, name, told

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """See `services.paper.trading.Listener`."""
        self._told.played(own, step, heard)

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""
        kind = str(record.get("kind"))
        actor, subject = str(record.get("by", self._name)), str(record.get("order_id", self._name))
        action, details = _DEEDS.get(kind, f"session.{kind}"), _details(record)
        if refusal:
            action, details = _REFUSED, details | {"asked": kind, "refusal": refusal}
        self._auditor.note(Deed(now_ns(), actor, action, subject, details, self._name))
        self._told.asked(record, refusal)

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""
        self._told.waiting(reason, seconds)


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
