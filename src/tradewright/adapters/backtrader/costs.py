"""Our costs as Backtrader sees them: a fee as a fraction of notional, by maker and taker."""

from __future__ import annotations

import backtrader as bt

__all__ = ["MakerTakerFees"]


class MakerTakerFees(bt.CommInfoBase):
    """A commission scheme: fractions of notional, and leverage for long positions.

    The broker sets `is_maker` before it executes an order: Backtrader does not tell a scheme which order it is for.
    """

    params = (
        ("maker_rate", 0.0),
        ("taker_rate", 0.0),
        ("stocklike", True),
        ("commtype", bt.CommInfoBase.COMM_PERC),
        ("percabs", True),
    )
    is_maker = False

    def _getcommission(self, size: float, price: float, pseudoexec: bool) -> float:  # noqa: ARG002 - Backtrader's own
        rate: float = self.p.maker_rate if self.is_maker else self.p.taker_rate
        return abs(size) * price * rate
