"""Who stands before an order at its price, at a venue of ours: the queue of the kernels of tapes, order by order."""

from __future__ import annotations

from dataclasses import dataclass

from tradewright.domain.enums import QueueModel
from tradewright.kernels.queueing import ahead_after_change, pass_trade

__all__ = ["QueuePlace"]


@dataclass(slots=True)
class QueuePlace:
    """A place in a queue, lots.

    Args:
        ahead: of others before the order; below 0 while nobody has looked.
        level: of others at the price, when it was looked at last.
    """

    ahead: float = -1.0
    level: int = 0

    def look(self, level: int) -> None:
        """See how many lots of others stand at the price now: who is new stands behind, who left stood behind."""
        if self.ahead < 0.0:
            self.ahead = float(level)
        else:
            ticket = {"ahead": self.ahead, "traded": 0.0}
            self.ahead = ahead_after_change(QueueModel.RISK_AVERSE.value, 0.0, ticket, self.level, level)
        self.level = level

    def pass_by(self, lots: int, rest: int) -> int:
        """Let a trade at the price go by; returns how many of the `rest` of the order it fills."""
        ticket = {"ahead": self.ahead, "traded": 0.0}
        filled = pass_trade(ticket, lots, lots, rest)
        self.ahead, self.level = ticket["ahead"], max(self.level - lots, 0)
        return filled
