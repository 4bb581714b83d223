"""One instrument's bars as a venue closes them, for an engine that is not ours."""

from __future__ import annotations

from collections.abc import Callable

from tradewright.domain.errors import VenueUnavailable
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.market.bars import Bars, slice_bars
from tradewright.ports.clock import Clock
from tradewright.ports.history import History
from tradewright.services.paper.venue_steps import VenueSteps

__all__ = ["BarFollowing"]

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 15.0


class BarFollowing:
    """Asks for what has closed as a session on paper does: at each close, so that no bar is lost.

    Args:
        history: of the venue.
        clock: to wait by.
        symbol: of the instrument.
        timeframe: of the bars.
    """

    def __init__(self, history: History, clock: Clock, symbol: str, timeframe: Timeframe) -> None:
        spec = RunSpec("bars", "", (), history.venue, (symbol,), str(timeframe))
        self._steps, self._clock = VenueSteps(history, spec, clock), clock
        self._symbol, self._frame = symbol, timeframe

    async def beginning(self, count: int) -> Feed:
        """The instrument, with its last bars that have closed, at least one, as context.

        Raises:
            UnknownName: the venue does not trade it.
            DataError: it has no bars.
            VenueError: the venue cannot be asked now.
        """
        return (await self._steps.beginning(count))[0]

    async def follow(self, last_close: int, told: Callable[[Bars], None], most: int | None = None) -> None:
        """Hand on every bar that closes; a venue that cannot be reached is asked again, and nothing is left out.

        Args:
            last_close: of the bar that is known already, UTC ns.
            told: called with one bar or more, oldest first.
            most: bars after which it ends; None follows until the task is cancelled.

        Raises:
            DataError: an answer of the venue makes no sense.
            VenueRefusal: the venue will not tell.
        """
        wait = _FIRST_WAIT_S
        rest = most
        while rest is None or rest > 0:
            try:
                now = await self._steps.until(last_close + self._frame.ns)
                close = now - (now - self._frame.anchor_ns) % self._frame.ns
                bars = await self._steps.bars("candles", self._symbol, (last_close, close))
            except VenueUnavailable:
                await self._clock.sleep(wait)
                wait = min(2.0 * wait, _LONGEST_WAIT_S)
                continue
            wait, last_close = _FIRST_WAIT_S, close
            if rest is not None and bars.ts_open.size > rest:
                bars = slice_bars(bars, 0, rest)
            if bars.ts_open.size:
                told(bars)
                rest = None if rest is None else rest - int(bars.ts_open.size)
