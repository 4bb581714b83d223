"""What needs more than the bars of one instrument: trades, quotes, other instruments. Rows as in the catalogue."""

from __future__ import annotations

from tradewright.features.parameters import whole
from tradewright.features.row import Row

__all__ = ["BESIDE"]

# fmt: off
BESIDE = {row.name: row for row in (
    Row("order_flow", "What takers bought and sold in each bar; delta, its running sum (CVD), and delta over all that was traded", "bars ts quantity side", (), "bought sold delta cvd imbalance", "base currency; imbalance -1 to 1", "0", "Chordia, Roll & Subrahmanyam (2002), Journal of Financial Economics 65", "out of public trades; the sum begins with the first bar; live: `FlowStream`"),
    Row("quote_flow", "Order flow imbalance of the best quotes in each bar, their mean depth, and the one over the other", "bars ts quotes", (), "flow depth pressure", "base currency; pressure is a ratio", "0", "Cont, Kukanov & Stoikov (2014), Journal of Financial Econometrics 12", "0 in a bar without quotes; live: `QuoteStream`"),
    Row("closes_beside", "The last close of another instrument that was known at each close", "bars other", (), "closes_beside", "price", "0", "joined on the close of both", "NaN before its first close"),
    Row("correlation_with", "Pearson's correlation of the returns of two instruments, such as a coin and bitcoin", "bars other", (whole("n", 30),), "correlation_with", "-1 to 1", "n", "Pearson (1895)", "0 where one does not move; live: `correl_returns.stream(n)`"),
    Row("sector_performance", "Mean return over n bars of a group of instruments; each weighs the same", "bars members", (whole("n", 1, 1),), "sector_performance", "fraction", "n", "mean of close[i] / close[i-n] - 1", "of those whose price was known at both ends; live: `SectorStream`"),
)}
# fmt: on
