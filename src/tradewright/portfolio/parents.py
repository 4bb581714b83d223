"""What became of orders that were worked by children, and what working them cost against two prices.

Implementation shortfall is counted against the arrival price, the last close when the parent began (Perold, The
implementation shortfall, Journal of Portfolio Management 14, 1988), and against the mean price of the market over the
window, weighed by volume. Above 0 is worse for us.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.times import iso
from tradewright.portfolio.run_log import ParentOrder, RunLog

__all__ = ["ParentOutcome", "Table", "parent_outcomes", "parents_head", "parents_table"]

Table = dict[str, NDArray[Any] | list[str]]
"""Column name to values of one length. A float that is not defined is NaN; text is a list."""

_BPS = 1e4


@dataclass(frozen=True, slots=True)
class ParentOutcome:
    """One parent in market units; NaN where nothing was filled or traded.

    Args:
        tag: its name.
        symbol: of its instrument.
        algorithm: `twap`, `vwap` or `iceberg`.
        side: `buy` or `sell`.
        status: `filled`, `expired` with its window, `canceled`, `liquidated` or `working`.
        ts_begun: UTC ns.
        ts_ended: UTC ns; 0 where it is at work still.
        children: how many orders it sent.
        asked: base.
        filled: base, of all children.
        average_price: of the fills, quote per base.
        arrival_price: last close when it began.
        market_price: mean of all bars of its window up to its end, (high + low + close) / 3 weighed by volume.
        shortfall_bps: average against arrival, basis points; above 0 is a cost.
        market_bps: average against the market's mean.
        fees: of its fills, quote.
    """

    tag: str
    symbol: str
    algorithm: str
    side: str
    status: str
    ts_begun: int
    ts_ended: int
    children: int
    asked: float
    filled: float
    average_price: float
    arrival_price: float
    market_price: float
    shortfall_bps: float
    market_bps: float
    fees: float


def parent_outcomes(log: RunLog) -> Iterator[ParentOutcome]:
    """Every parent of a run, in the order in which they began."""
    for parent in log.parents:
        yield _outcome(log, parent)


def _outcome(log: RunLog, parent: ParentOrder) -> ParentOutcome:
    instrument = log.instruments[parent.instrument]
    children = log.orders["id"][log.orders["parent"] == parent.tag]
    fills = log.fills[np.isin(log.fills["order_id"], children)]
    lots = int(fills["lots"].sum())
    average = float((fills["ticks"] * fills["lots"]).sum() / lots) if lots else math.nan
    average *= instrument.tick[0] / instrument.tick[1]
    arrival, market = _market_prices(log, parent)
    return ParentOutcome(
        tag=log.tag_text(parent.tag),
        symbol=instrument.symbol,
        algorithm=parent.algorithm,
        side="buy" if parent.side > 0 else "sell",
        status=parent.status,
        ts_begun=int(log.ts_close[parent.first]),
        ts_ended=int(log.ts_close[parent.ended]) if parent.ended >= 0 else 0,
        children=int(children.size),
        asked=instrument.from_lots(parent.lots),
        filled=instrument.from_lots(lots),
        average_price=average,
        arrival_price=arrival,
        market_price=market,
        shortfall_bps=parent.side * (average / arrival - 1.0) * _BPS,
        market_bps=parent.side * (average / market - 1.0) * _BPS,
        fees=float(fills["fee"].sum()),
    )


def _market_prices(log: RunLog, parent: ParentOrder) -> tuple[float, float]:
    # Arrival, and the volume-weighted mean of the bars after it, those of the parent's end included.
    bars = log.bars[parent.instrument]
    end = log.ts_close[parent.ended] if parent.ended >= 0 else log.ts_close[-1]
    begin, stop = np.searchsorted(bars.ts_close, (log.ts_close[parent.first], end), side="right")
    window = slice(int(begin), int(stop))
    typical = (bars.high[window] + bars.low[window] + bars.close[window]) / 3.0
    volume = float(bars.volume[window].sum())
    mean = float((typical * bars.volume[window]).sum() / volume) if volume > 0.0 else math.nan
    return float(bars.close[begin - 1]), mean


def parents_table(log: RunLog) -> Table:
    """Every parent as a row."""
    rows = [asdict(outcome) for outcome in parent_outcomes(log)]
    table: Table = {}
    for name, kind in ParentOutcome.__annotations__.items():
        values = [row[name] for row in rows]
        table[name] = values if kind == "str" else np.array(values, np.int64 if kind == "int" else np.float64)
    return table


def parents_head(log: RunLog) -> list[dict[str, Any]]:
    """Every parent as plain data for the head of a result; None where a figure is not defined, times ISO 8601."""
    rows = []
    for outcome in parent_outcomes(log):
        row = {name: _plain(value) for name, value in asdict(outcome).items()}
        row["ts_begun"] = iso(outcome.ts_begun)
        row["ts_ended"] = iso(outcome.ts_ended) if outcome.ts_ended else None
        rows.append(row)
    return rows


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
