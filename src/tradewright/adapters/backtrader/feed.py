"""Our bars as a Backtrader data feed."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars, FloatColumn

__all__ = ["BarsFeed", "bars_feed", "feed_terms", "rows_of"]

_EPOCH_DAYS = 719_163  # Backtrader counts days from year 1
_DAY_NS = 86_400_000_000_000
_MINUTE_NS = 60_000_000_000
_SECOND_NS = 1_000_000_000


Row = tuple[float, ...]


class BarsFeed(bt.feed.DataBase):
    """Closed bars, each stamped with its close in UTC, so that bars of two lengths meet where both are known."""

    params: tuple[tuple[str, Any], ...] = (("rows", ()), ("length_days", 0.0))

    def start(self) -> None:
        """Begin with the first bar."""
        super().start()
        self._rows = iter(self.p.rows)

    def _load(self) -> bool | None:
        row = next(self._rows, None)
        if row is None:
            return False
        self._put_row(row)
        return True

    def _put_row(self, row: Row) -> None:
        lines = self.lines
        lines.datetime[0], lines.open[0], lines.high[0], lines.low[0], lines.close[0], lines.volume[0] = row
        lines.openinterest[0] = 0.0


def rows_of(bars: Bars, instrument: Instrument) -> list[Row]:
    """Close time in Backtrader's days, open, high, low, close and volume of each bar.

    Prices are moved to the instrument's ticks, as our engine does.
    """

    def on_tick(prices: FloatColumn) -> list[float]:
        return [instrument.from_ticks(instrument.to_ticks(price)) for price in prices.tolist()]

    prices = [on_tick(column) for column in (bars.open, bars.high, bars.low, bars.close)]
    return list(zip((_EPOCH_DAYS + bars.ts_close / _DAY_NS).tolist(), *prices, bars.volume.tolist(), strict=True))


def feed_terms(bars: Bars, instrument: Instrument, name: str) -> dict[str, Any]:
    """What Backtrader is told of a feed that begins with these bars."""
    length = int(bars.ts_close[0] - bars.ts_open[0]) if bars.ts_open.size else _MINUTE_NS
    minutes = length // _MINUTE_NS
    return {
        "rows": rows_of(bars, instrument),
        "length_days": length / _DAY_NS,
        "name": name,
        "timeframe": bt.TimeFrame.Minutes if minutes else bt.TimeFrame.Seconds,
        "compression": minutes or length // _SECOND_NS,
    }


def bars_feed(bars: Bars, instrument: Instrument, name: str) -> BarsFeed:
    """Make a feed of bars."""
    return BarsFeed(**feed_terms(bars, instrument, name))
