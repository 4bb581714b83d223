"""How bad a bad span is, by historical simulation: no distribution is assumed.

Losses are positive. quantstats' `value_at_risk` assumes a normal distribution and is another figure.
"""

from __future__ import annotations

import numpy as np

from tradewright.market.bars import FloatColumn

__all__ = ["conditional_value_at_risk", "value_at_risk"]

_SHARE = 0.05


def value_at_risk(returns: FloatColumn) -> float | None:
    """95 % value at risk of one span: minus the 5th percentile of returns, interpolated. None without returns.

    Source: Jorion, Value at Risk, 2006, ch. 10 (historical simulation); empyrical `value_at_risk` (negated).
    """
    return 0.0 - float(np.percentile(returns, 100.0 * _SHARE)) if returns.size else None


def conditional_value_at_risk(returns: FloatColumn) -> float | None:
    """Mean loss of the worst 5 % of spans (the worst floor(0.05 (n - 1)) + 1). None without returns.

    Source: Rockafellar & Uryasev, J. of Risk 2, 2000; empyrical `conditional_value_at_risk` (negated).
    """
    if not returns.size:
        return None
    count = int((returns.size - 1) * _SHARE) + 1
    return 0.0 - float(np.mean(np.partition(returns, count - 1)[:count]))
