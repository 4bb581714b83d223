"""The moment at which a venue of ours stands: what its market did last, and what it does next, for any account.

A market of two columns: 0 is over, 1 is played next. A tick is a bar whose four prices coincide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.commands import no_commands
from tradewright.engine.impact import not_known
from tradewright.kernels.params import TEAM
from tradewright.kernels.records import FUNDING, PLAN, SIGNAL, Market

__all__ = ["Present", "Stretch"]

_BEYOND = 2
_TRADED = ("open", "high", "low", "close")
_MARKS = ("mark_open", "mark_high", "mark_low", "mark_close")
_PRICES = (*_TRADED, *_MARKS)
_COLUMNS = (*_PRICES, "volume", "has_bar")


class Stretch(NamedTuple):
    """What one instrument does in a step, ticks; `lots` is what may be traded in it on each side."""

    open: int
    high: int
    low: int
    close: int
    lots: int


class Present:
    """The columns that all accounts of a venue share.

    Args:
        prices: last price of each instrument, ticks.
        ts: now, UTC ns.
        tiers: margin tables, as in `kernels.records.Market`.
        specs: SPEC, one for each instrument; accounts take copies.
    """

    def __init__(self, prices: Sequence[int], ts: int, specs: NDArray[np.void], tiers: NDArray[np.float64]) -> None:
        count = len(prices)
        columns: dict[str, Any] = {name: np.zeros((count, 2), np.int64) for name in _PRICES}
        for column in columns.values():
            column[:] = np.array(prices, np.int64)[:, None]
        funding = np.zeros(count, FUNDING)
        funding["step"], funding["instrument"], funding["at_open"] = _BEYOND, range(count), True
        self.market = Market(
            ts_open=np.full(2, ts, np.int64),
            ts_close=np.full(2, ts, np.int64),
            **columns,
            volume=np.zeros((count, 2), np.int64),
            has_bar=np.zeros((count, 2), np.bool_),
            impact=not_known(count),
            spread=not_known(count),
            signals=np.zeros(0, SIGNAL),
            plans=np.zeros(0, PLAN),
            commands=no_commands(1, _BEYOND),
            funding=funding,
            specs=specs,
            tiers=tiers,
            fees=np.zeros((0, 3)),
            team=np.zeros(0, TEAM),
        )

    @property
    def ts(self) -> int:
        """Now, UTC ns."""
        return int(self.market.ts_close[0])

    def last(self, k: int) -> int:
        """Last price of an instrument, ticks."""
        return int(self.market.close[k, 0])

    def mark(self, k: int) -> int:
        """Mark price of an instrument, ticks."""
        return int(self.market.mark_close[k, 0])

    def in_legs(self) -> Market:
        """A market with two rows for each instrument, its long leg and its short one, that `show` keeps up to date."""
        shared = self.market
        count = len(shared.specs)
        specs = np.repeat(shared.specs, 2)
        specs["underlying"] = np.repeat(1 + 2 * np.arange(count), 2)
        specs["side"] = np.tile((1, -1), count)
        funding = np.repeat(shared.funding, 2)
        funding["instrument"] = range(2 * count)
        columns: dict[str, Any] = {name: np.repeat(getattr(shared, name), 2, axis=0) for name in _COLUMNS}
        none = not_known(2 * count)
        return shared._replace(**columns, specs=specs, funding=funding, impact=none, spread=none)

    def show(self, market: Market) -> None:
        """Let a market in legs be what this one is now."""
        shared = self.market
        for name in _COLUMNS:
            column, own = getattr(shared, name), getattr(market, name)
            own[0::2] = own[1::2] = column
        for name in ("step", "ts", "rate"):
            market.funding[name] = np.repeat(shared.funding[name], 2)

    def begin(self, until: int, *, at_once: bool = False) -> None:
        """Begin a step from now to a time, or all of it `at_once` at that time; no instrument trades in it yet."""
        market = self.market
        market.ts_open[1], market.ts_close[1] = until if at_once else market.ts_close[0], until
        market.has_bar[:, 1] = False
        market.funding["step"] = _BEYOND
        for names, close in ((_TRADED, market.close), (_MARKS, market.mark_close)):
            for name in names:
                getattr(market, name)[:, 1] = close[:, 0]

    def lay(self, k: int, stretch: Stretch, marks: tuple[int, int, int, int] | None = None) -> None:
        """Let an instrument trade in the step; its marks are open, high, low and close, or those of its trades."""
        market = self.market
        market.has_bar[k, 1] = True
        for name, ticks in zip(_PRICES, (*stretch[:4], *(marks or stretch[:4])), strict=True):
            getattr(market, name)[k, 1] = ticks
        market.volume[k, 1] = stretch.lots

    def lay_tick(self, k: int, ticks: int, lots: int) -> None:
        """Let an instrument show one price, while the mark stays where it is."""
        market = self.market
        market.has_bar[k, 1] = True
        for name in _TRADED:
            getattr(market, name)[k, 1] = ticks
        market.volume[k, 1] = lots

    def fund(self, rates: Sequence[float]) -> None:
        """Let funding that is due at the end of the step be paid at its open; a rate for each instrument."""
        funding = self.market.funding
        funding["step"], funding["ts"], funding["rate"] = 1, self.market.ts_close[1], rates

    def end(self) -> None:
        """The step is over: its closes are the present. A tick leaves no trace: without this it is as if none was."""
        market = self.market
        market.ts_open[0], market.ts_close[0] = market.ts_close[1], market.ts_close[1]
        for names, close in ((_TRADED, market.close), (_MARKS, market.mark_close)):
            for name in names:
                getattr(market, name)[:, 0] = close[:, 1]
