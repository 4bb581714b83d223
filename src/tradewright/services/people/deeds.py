"""What people do with people and settings, into the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradewright.ports.audit_log import AuditLog, Deed

__all__ = ["Deeds"]


class Deeds:
    """Enters deeds.

    Args:
        log: the audit log.
        now: wall clock, UTC ns.
    """

    def __init__(self, log: AuditLog, now: Callable[[], int]) -> None:
        self.log, self._now = log, now

    async def enter(self, by: str, action: str, subject: str, **details: Any) -> None:
        """Enter a deed.

        Args:
            by: who did it, as `Caller.by`.
            action: what, as `user.added`.
            subject: to what.
            details: plain data without secrets.

        Raises:
            StoreError: it cannot be written.
        """
        await self.log.add([Deed(self._now(), by, action, subject, details)])
