"""Order sizes for Backtrader strategies that name none."""

from __future__ import annotations

from typing import Any

import backtrader as bt

__all__ = ["RiskSizer"]


class RiskSizer(bt.Sizer):
    """Sizes an order by the run's risk settings.

    Rules: `fixed_quantity` (base), `fixed_notional` (quote) and `equity_fraction` (of equity, as notional); those of
    quote are counted at the last close.
    """

    params = (("rule", "fixed_quantity"), ("amount", 1.0))

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> float:  # noqa: ARG002 - Backtrader's own
        amount: float = self.p.amount
        if self.p.rule == "fixed_quantity":
            return amount
        if self.p.rule == "equity_fraction":
            amount *= self.broker.getvalue()
        return amount / float(data.close[0])
