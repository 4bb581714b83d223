"""What the page is drawn from, as plain data; long columns as base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.trade import Trade
from tradewright.market.bars import Bars, FloatColumn, IntColumn
from tradewright.market.resample import floor_stamps
from tradewright.portfolio.drawdown import drawdown_curve
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.tables import facts_text
from tradewright.research.report.thinning import join_bars, keep_extremes, length_that_fits

__all__ = ["curves", "markets", "months", "trade_columns"]

MS = 1_000_000
MOST_BARS = 50_000
BUCKETS = 2_000
_DAY = Timeframe.parse("1d")
_REASONS = ("take_profit", "stop_loss", "exit", "reverse", "liquidation", "open")
_MOST_FACTS = 5_000

Plain = dict[str, Any]


def column(values: Sequence[float | None] | NDArray[Any]) -> Plain:
    """Pack numbers: 32-bit integers where they are whole and fit, else doubles; None becomes NaN."""
    array = np.asarray(values)
    small = array.dtype.kind == "i" and (not array.size or np.abs(array).max() < 2**31)
    packed = array.astype("<i4" if small else "<f8")
    return {"type": "i4" if small else "f8", "bytes": base64.b64encode(packed.tobytes()).decode()}


def curves(log: RunLog) -> Plain:
    """Equity and drawdown at each close, thinned without losing an extreme."""
    falls = drawdown_curve(np.concatenate(([log.initial_balance], log.equity)))[1:]
    rows = keep_extremes(log.equity, BUCKETS)
    return {
        "steps": int(log.equity.size),
        "thinned": bool(rows.size < log.equity.size),
        "equity": _curve(log.ts_close, log.equity, rows),
        "drawdown": _curve(log.ts_close, falls, keep_extremes(falls, BUCKETS)),
    }


def _curve(ts: IntColumn, values: FloatColumn, rows: IntColumn) -> Plain:
    return {"x": column(ts[rows] / MS), "y": column(values[rows])}


def markets(log: RunLog, length: Timeframe) -> list[Plain]:
    """Bars of each instrument in ticks; joined where they are too many to carry along."""
    # Bars may be loaded when asked for: one instrument's at a time.
    own = {instrument.symbol: k for k, instrument in enumerate(log.instruments)}
    most = MOST_BARS // max(len(own), 1)
    return [_market(log.bars[k], log.instruments[k], length, most) for k in own.values()]


def _market(bars: Bars, instrument: Instrument, length: Timeframe, most: int) -> Plain:
    shown = length_that_fits(bars, length, most) if bars.ts_open.size else length
    joined = join_bars(bars, shown) if shown != length else bars
    num, den = instrument.tick
    start = int(joined.ts_open[0]) if joined.ts_open.size else 0
    prices = {name: np.rint(getattr(joined, name) * den / num).astype(np.int64) for name in _PRICES}
    return {
        "symbol": instrument.symbol,
        "quote": instrument.quote,
        "tick": [num, den],
        "start": start / MS,
        "length": shown.ns / MS,
        "place": column((joined.ts_open - start) // shown.ns),
        **{name: column(values) for name, values in prices.items()},
    }


_PRICES = ("open", "high", "low", "close")


def trade_columns(log: RunLog, trades: Sequence[Trade]) -> Plain:
    """Trades as columns; times in ms."""
    symbols = dict.fromkeys(instrument.symbol for instrument in log.instruments)
    rows = {symbol: place for place, symbol in enumerate(symbols)}
    named: dict[str, list[Any]] = {
        "id": [trade.id for trade in trades],
        "instrument": [rows[trade.symbol] for trade in trades],
        "side": [1 if trade.side == "long" else -1 for trade in trades],
        "entryTime": [trade.ts_entry / MS for trade in trades],
        "exitTime": [trade.ts_exit / MS for trade in trades],
        "reason": [_REASONS.index(trade.exit_reason) for trade in trades],
        "ambiguous": [int(trade.ambiguous) for trade in trades],
        "touched": [int(trade.touched) for trade in trades],
    }
    fields = {name: [getattr(trade, field) for trade in trades] for name, field in _FIELDS.items()}
    packed = {name: column(np.array(values, np.float64)) for name, values in (named | fields).items()}
    facts = [facts_text(trade.metadata) if trade.metadata else "" for trade in trades[:_MOST_FACTS]]
    return {"count": len(trades), "reasons": list(_REASONS), "columns": packed, "facts": facts}


_FIELDS = {
    "entry": "entry_price",
    "exit": "exit_price",
    "quantity": "quantity",
    "pnl": "pnl",
    "r": "r_multiple",
    "fraction": "return_fraction",
    "fees": "fees",
    "slippage": "slippage",
    "funding": "funding",
    "mae": "mae",
    "mfe": "mfe",
    "bars": "bars_held",
    "stop": "stop_loss",
    "target": "take_profit",
    "confidence": "confidence",
}


def months(ts_close: IntColumn, equity: FloatColumn, initial: float) -> list[Plain]:
    """Return of each calendar month (UTC), by year; a midnight close belongs to the day before it.

    Args:
        ts_close: of each bar, UTC ns.
        equity: at each close.
        initial: equity before the first.
    """
    if not ts_close.size:
        return []
    days = floor_stamps(ts_close - 1, _DAY) // _DAY.ns
    dates = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)  # months since 1970
    ends = np.flatnonzero(np.append(dates[1:] != dates[:-1], True))
    levels = np.concatenate(([initial], equity[ends]))
    years: dict[int, Plain] = {}
    for place, end in enumerate(ends):
        since, month = divmod(int(dates[end]), 12)
        year = years.setdefault(since, {"year": 1970 + since, "months": [None] * 12, "from": levels[place]})
        year["months"][month] = _change(levels[place], levels[place + 1])
        year["total"] = _change(year["from"], levels[place + 1])
    return [{name: value for name, value in year.items() if name != "from"} for year in years.values()]


def _change(start: float, end: float) -> float | None:
    return float(end / start - 1.0) if start > 0.0 else None
