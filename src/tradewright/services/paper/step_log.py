"""When the steps of a session were, and what was paid at them; their bars are with the engine's session."""

from __future__ import annotations

from array import array

from tradewright.market.steps import Funding, Step

__all__ = ["StepLog"]


class StepLog:
    """The steps that a session has played.

    Attributes:
        opens: when each opened, UTC ns.
        closes: when each closed.
        funding: every payment that came with them.
    """

    def __init__(self) -> None:
        self.opens = array("q")
        self.closes = array("q")
        self.funding: list[Funding] = []

    def append(self, step: Step) -> None:
        """Keep one that was played."""
        self.opens.append(step.ts_open)
        self.closes.append(step.ts_close)
        self.funding.extend(step.funding)

    def __len__(self) -> int:
        return len(self.opens)
