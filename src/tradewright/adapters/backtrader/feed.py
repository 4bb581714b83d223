"""Our bars as a Backtrader data feed."""

from __future__ import annotations

import backtrader as bt

from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars, FloatColumn
from tradewright.market.ticks import prices_of, ticks_of

__all__ = ["BarsFeed", "bars_feed"]

_EPOCH_DAYS = 719_163  # Backtrader counts days from year 1
_DAY_NS = 86_400_000_000_000
_MINUTE_NS = 60_000_000_000


class BarsFeed(bt.feed.DataBase):
    """Closed bars, each stamped with its close in UTC, so that bars of two lengths meet where both are known."""

    params = (("columns", ()),)

    def start(self) -> None:
        """Begin with the first bar."""
        super().start()
        self._rows = zip(*(column.tolist() for column in self.p.columns), strict=True)

    def _load(self) -> bool:
        row = next(self._rows, None)
        if row is None:
            return False
        lines = self.lines
        lines.datetime[0], lines.open[0], lines.high[0], lines.low[0], lines.close[0], lines.volume[0] = row
        lines.openinterest[0] = 0.0
        return True


def bars_feed(bars: Bars, instrument: Instrument, name: str) -> BarsFeed:
    """Make a feed of bars; prices are moved to the instrument's ticks, as our engine does."""

    def on_tick(prices: FloatColumn) -> FloatColumn:
        return prices_of(ticks_of(prices, instrument), instrument)

    prices = [on_tick(column) for column in (bars.open, bars.high, bars.low, bars.close)]
    minutes = int(bars.ts_close[0] - bars.ts_open[0]) // _MINUTE_NS if bars.ts_open.size else 1
    return BarsFeed(
        columns=(_EPOCH_DAYS + bars.ts_close / _DAY_NS, *prices, bars.volume),
        name=name,
        timeframe=bt.TimeFrame.Minutes if minutes else bt.TimeFrame.Seconds,
        compression=minutes or int(bars.ts_close[0] - bars.ts_open[0]) // 1_000_000_000,
    )
