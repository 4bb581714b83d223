"""The slow twin's book: two dictionaries, and how a queue shortens."""

from __future__ import annotations

import math
from typing import Any

from tradewright.domain.enums import EventKind, QueueModel

__all__ = ["TwinBook", "behind"]


class TwinBook:
    """Lots by ticks, bids under +1 and asks under -1."""

    def __init__(self) -> None:
        self.levels: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self.updated = 0
        self.quoted = 0
        self.quote: dict[int, tuple[int, int]] = {}

    def best(self, side: int) -> int | None:
        """The best price of a side."""
        prices = self.levels[side]
        if not prices:
            return None
        return max(prices) if side > 0 else min(prices)

    def set(self, side: int, ticks: int, lots: int) -> None:
        """Let so many lots stand at a price."""
        self.levels[side].pop(ticks, None)
        if lots:
            self.levels[side][ticks] = lots

    def improve(self, side: int, ticks: int, lots: int) -> None:
        """A quote: nothing on its side is better."""
        for other in [other for other in self.levels[side] if (other - ticks) * side > 0]:
            del self.levels[side][other]
        self.set(side, ticks, lots)

    def apply(self, event: Any) -> None:
        """One row of depth, of a quote, or of the end of what was known; older news gives way to newer."""
        side, ticks, lots, number = (int(event[name]) for name in ("side", "ticks", "lots", "sequence"))
        if event["kind"] == EventKind.CLEAR:
            self.levels = {1: {}, -1: {}}
            self.updated = self.quoted = 0
        elif event["kind"] == EventKind.QUOTE:
            if number >= self.updated:
                self.improve(side, ticks, lots)
                self.quoted = number
                self.quote[side] = (ticks, lots)
        else:
            self.set(side, ticks, lots)
            self.updated = number
            if event["last"] and number < self.quoted:
                for quoted_side in (1, -1):
                    self.improve(quoted_side, *self.quote[quoted_side])


def behind(model: QueueModel, power: float, ahead: float, before: int, after: int) -> float:
    """Lots ahead of us after a level went from `before` (trades taken off already) to `after`."""
    gone, others = before - after, max(before - ahead, 0.0)
    if gone > 0:
        share = 1.0
        if others == 0.0:
            share = 0.0
        elif ahead > 0.0:
            part = others / (ahead + others)
            share = {
                QueueModel.RISK_AVERSE: 1.0,
                QueueModel.POWER: others**power / (others**power + ahead**power),
                QueueModel.POWER2: part**power,
                QueueModel.POWER3: 1.0 - (1.0 - part) ** power,
                QueueModel.LOG: math.log1p(others) / (math.log1p(others) + math.log1p(ahead)),
                QueueModel.LOG2: math.log1p(others) / math.log1p(ahead + others),
            }[model]
        # Those said to have left from behind, but more than stood there, must have stood ahead.
        left_behind = min(share * gone, others)
        ahead -= gone - left_behind
    return max(min(ahead, float(after)), 0.0)
