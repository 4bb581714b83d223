"""Strategies that look into the future, each in its own way: what a leak test must catch.

Planted on purpose; never trade them. `CLEAN` holds their honest twins, which it must let pass.
"""

from __future__ import annotations

import numpy as np

from tradewright import Param, Signals, Strategy, ta
from tradewright.domain.intents import Ask, Cancel, OrderIntent, Twap
from tradewright.domain.signal import Signal
from tradewright.market.bars import FloatColumn
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Mask
from tradewright.strategy.view import BarView

__all__ = ["CLEAN", "LEAKY"]


class _Trial(Strategy):
    """Shared plumbing: long where `longs` says so, with a stop of two average true ranges."""

    version = "1.0.0"

    def longs(self, bars: ClosedBars) -> Mask:
        """Where to buy."""
        raise NotImplementedError

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        return Signals.with_risk(bars, long=self.longs(bars), risk=2.0 * ta.atr(bars, 14))


def _rises(x: FloatColumn) -> Mask:
    return ta.crossed_above(x, ta.previous(x, 3))


class PeekOneBar(_Trial):
    """Buys when the next bar closes higher."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Shift by -1."""
        following = np.append(bars.close[1:], np.nan)
        return following > bars.close * 1.001


class RarePeek(_Trial):
    """Honest but for one bar in five hundred, where it waits for the next close to be higher."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Shift by -1, seldom."""
        following = np.append(bars.close[1:], np.nan)
        is_rare = (bars.ts_close // (bars.ts_close - bars.ts_open)) % 500 == 0
        return np.where(is_rare, following > bars.close, _rises(ta.sma(bars.close, 200)))


class HtfOnOpen(_Trial):
    """Sees a higher-timeframe bar from its open on, as a join on the open time does."""

    htf = "4h"

    def longs(self, bars: ClosedBars) -> Mask:
        """Joined on the open."""
        htf = bars.htf
        if not htf.close.size:
            return np.zeros(len(bars), dtype=np.bool_)
        place = np.searchsorted(htf.ts_open, bars.ts_open, side="right") - 1
        trend = np.where(place >= 0, (htf.close - htf.open)[place], np.nan)
        return ta.crossed_above(trend, np.zeros(len(bars)))


class CentredWindow(_Trial):
    """Smooths with as many bars after as before."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Shift by -10 of a mean of 21."""
        smooth = ta.sma(bars.close, 21)
        return _rises(np.append(smooth[10:], np.full(min(10, smooth.size), np.nan))[: smooth.size])


class FutureMaximum(_Trial):
    """Buys far below the highest price of all the data, which lies partly ahead."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Maximum over every bar."""
        top = bars.high.max(initial=0.0)
        return ta.crossed_below(bars.close, np.full(len(bars), 0.97 * top))


class FullSampleScale(_Trial):
    """Normalises by the mean and deviation of the whole sample."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Z-score over every bar."""
        score = (bars.close - bars.close.mean()) / (bars.close.std() + 1e-12) if len(bars) else bars.close
        return ta.crossed_below(score, np.full(len(bars), -0.5))


class BackFill(_Trial):
    """Fills gaps in a sparse feature with the next value instead of the last."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Back-fill over up to 20 bars."""
        index = np.arange(len(bars))
        nearest = np.minimum(-(-index // 20) * 20, max(len(bars) - 1, 0))
        return _rises(bars.close[nearest])


class Breakout(_Trial):
    """Buys a close above the highest high of the bars before."""

    length: int = Param(48, low=2, high=500, doc="bars of the channel")

    def longs(self, bars: ClosedBars) -> Mask:
        """Past bars alone."""
        return ta.crossed_above(bars.close, ta.previous(ta.highest(bars.high, self.length)))


class HtfOnClose(_Trial):
    """Buys when the last closed higher-timeframe bar has turned up."""

    htf = "4h"

    def longs(self, bars: ClosedBars) -> Mask:
        """Joined on the close."""
        return ta.crossed_above(bars.on_close(bars.htf.close - bars.htf.open), np.zeros(len(bars)))


class ExpandingScale(_Trial):
    """Normalises by the mean and deviation of the bars so far."""

    def longs(self, bars: ClosedBars) -> Mask:
        """Cumulative sums."""
        count = np.arange(1, len(bars) + 1)
        scaled = bars.close / bars.close[:1] if len(bars) else bars.close
        mean = np.cumsum(scaled) / count
        spread = np.sqrt(np.maximum(np.cumsum(scaled**2) / count - mean**2, 0.0)) + 1e-12
        return ta.crossed_below((scaled - mean) / spread, np.full(len(bars), -0.5))


class ForwardFill(_Trial):
    """Holds the last known value of a sparse feature."""

    def longs(self, bars: ClosedBars) -> Mask:
        """The last multiple of 20 bars."""
        return _rises(bars.close[np.arange(len(bars)) // 20 * 20])


class LastCross(Strategy):
    """Keeps state from bar to bar: buys each third rise of the average true range."""

    version = "1.0.0"

    def on_start(self) -> None:
        """Forget."""
        self._average, self._before, self._rises = ta.Atr(14), np.inf, 0

    def on_bar(self, view: BarView) -> Signal | None:
        """Past bars alone."""
        now = self._average.update(view.high, view.low, view.close)
        self._rises += now > self._before
        self._before = now
        return view.with_risk("long", 2.0 * now) if self._rises % 30 == 0 else None


class StolenFuture(LastCross):
    """Reaches through numpy to the rows that a view hides."""

    def on_bar(self, view: BarView) -> Signal | None:
        """The array behind the slice."""
        hidden = view.bars.close.base
        if hidden is None or view.index + 1 >= hidden.size or hidden[view.index + 1] <= view.close * 1.001:
            return None
        return view.with_risk("long", 0.01 * view.close)


def next_close(view: BarView) -> float:
    """The array behind the slice."""
    hidden = view.bars.close.base
    return view.close if hidden is None or view.index + 1 >= hidden.size else float(hidden[view.index + 1])


class RestingOrders(Strategy):
    """Rests a bid under each tenth close, and works into what has fallen."""

    version = "1.0.0"

    def on_bar(self, view: BarView) -> list[Ask]:
        """Orders alone, from this bar."""
        if view.index % 10:
            return []
        bid = OrderIntent("buy", 0.01, "limit", price=0.99 * self.price(view), tag="bid")
        return [Cancel("bid"), bid, *([Twap("buy", 0.1, bars=5)] if view.close < view.open else [])]

    def price(self, view: BarView) -> float:
        """What the bid is counted from."""
        return view.close


class StolenBid(RestingOrders):
    """Rests its bid where the next bar will close."""

    def price(self, view: BarView) -> float:
        """See the class."""
        return next_close(view)


class StolenExit(RestingOrders):
    """Knows only when to leave: before the next bar falls."""

    def on_bar(self, view: BarView) -> list[Ask]:
        """While nothing is held it is as honest as any."""
        if not view.position.quantity:
            return super().on_bar(view)
        falls = view.close > next_close(view)
        return [OrderIntent("sell", view.position.quantity, reduce_only=True)] if falls else []


LEAKY: dict[type[Strategy], str] = {
    PeekOneBar: "next bar",
    RarePeek: "next bar",
    HtfOnOpen: "higher timeframe",
    CentredWindow: "centred window",
    FutureMaximum: "whole sample",
    FullSampleScale: "whole sample",
    BackFill: "back-fill",
    StolenFuture: "next bar",
    StolenBid: "next bar",
}
"""Each leaky strategy, and the words that its suspected cause contains."""

CLEAN: tuple[type[Strategy], ...] = (Breakout, HtfOnClose, ExpandingScale, ForwardFill, LastCross, RestingOrders)
"""Honest strategies that look much like them."""
