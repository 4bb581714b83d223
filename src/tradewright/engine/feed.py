"""What one instrument brings to a run."""

from __future__ import annotations

from dataclasses import dataclass

from tradewright.domain.instrument import Instrument
from tradewright.market.bars import Bars, FloatColumn, IntColumn, joined_bars
from tradewright.ports.finer_bars import FinerBars
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["Feed"]


@dataclass(frozen=True, slots=True)
class Feed:
    """Closed bars of one instrument, with what is known about them.

    Args:
        instrument: what is traded.
        bars: the traded timeframe (LTF).
        htf: the higher timeframe, or None. It may begin before `bars`, so that context is there from the start.
        funding: recorded (times UTC ns, rates), or None where there is no record.
        mark: mark prices of the same bars, or None where there are none. A bar without one takes the last price.
        spread: bars of the bid-ask spread, quote currency, or None where none is recorded.
        missing: open times of bars that the data lack between first and last, UTC ns.
        filled: how many bars were invented on request to close gaps.
        source: where the bars come from, in words (`resampled from 1m`).
        fingerprint: SHA-256 of the columns.
        finer: the bars that `bars` are made of, for those that leave a doubt; None where there are none.
        context: bars before `bars`: the strategy is shown them, and nothing it wishes there is heard.
    """

    instrument: Instrument
    bars: Bars
    htf: Bars | None = None
    funding: tuple[IntColumn, FloatColumn] | None = None
    mark: Bars | None = None
    spread: Bars | None = None
    missing: tuple[int, ...] = ()
    filled: int = 0
    source: str = ""
    fingerprint: str = ""
    finer: FinerBars | None = None
    context: Bars | None = None

    @property
    def before(self) -> int:
        """How many bars a strategy is shown before the first that is traded."""
        return 0 if self.context is None else int(self.context.ts_open.size)

    @property
    def whole(self) -> Bars:
        """Context and bars."""
        return self.bars if self.context is None else joined_bars(self.context, self.bars)

    @property
    def closed(self) -> ClosedBars:
        """The bars as a strategy sees them."""
        return ClosedBars(self.whole, self.htf)
