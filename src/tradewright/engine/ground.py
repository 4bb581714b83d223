"""The market of a run whose bars come one by one: columns with room at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.engine.feed import Feed
from tradewright.engine.grid import Grid
from tradewright.engine.marks import mark_ticks
from tradewright.features.ticks import lots_of, ticks_of
from tradewright.kernels.records import FUNDING, Market, World
from tradewright.market.steps import Bar, Funding, Step

__all__ = ["bare_grid", "check_ticks", "lay_step", "trimmed_market", "widened"]

_TRADES = ("open", "high", "low", "close")
_BY_ROW = (*_TRADES, "volume", "has_bar", *(f"mark_{name}" for name in _TRADES), "impact", "spread")


def bare_grid(feeds: Sequence[Feed], room: int) -> Grid:
    """A grid with room for so many steps, and none laid.

    Where no instrument has marks, the mark columns are the arrays of trades themselves.
    """
    shape = (len(feeds), room)
    columns: dict[str, Any] = {name: np.zeros(room, np.int64) for name in ("ts_open", "ts_close")}
    columns |= {name: np.zeros(shape, np.int64) for name in (*_TRADES, "volume")}
    has_marks = any(feed.mark is not None for feed in feeds)
    marks = {f"mark_{name}": np.zeros(shape, np.int64) if has_marks else columns[name] for name in _TRADES}
    return Grid(**columns, **marks, has_bar=np.zeros(shape, np.bool_))


def lay_step(market: Market, at: int, step: Step, instruments: Sequence[Instrument]) -> Market:
    """Write what has closed into column `at`; the market, with payments that are due added."""
    market.ts_open[at], market.ts_close[at] = step.ts_open, step.ts_close
    has_marks = market.mark_close is not market.close
    for k, instrument in enumerate(instruments):
        bar = step.bars.get(instrument.symbol)
        market.has_bar[k, at] = bar is not None
        if bar is None:
            _stand(market, k, at)
            continue
        ticks = ticks_of(np.array(bar[:4]), instrument)
        _write(market, k, at, "", ticks)
        market.volume[k, at] = lots_of(np.array([bar.volume]), instrument)[0]
        if has_marks:
            mark = step.marks.get(instrument.symbol) if market.specs[k]["has_mark"] else None
            _write(market, k, at, "mark_", ticks if mark is None else _mark(instrument, mark))
    return market._replace(funding=np.concatenate((market.funding, _due(step, at, instruments))))


def check_ticks(instrument: Instrument, step: Step) -> None:
    """Hold the prices of an instrument to at least a tick.

    Raises:
        InvalidValue: one rounds to none, or a mark is below one.
    """
    if (bar := step.bars.get(instrument.symbol)) is not None and ticks_of(np.array([bar.low]), instrument)[0] < 1:
        allowed = f"at least a tick ({instrument.tick_size})"
        raise InvalidValue(f"price of {instrument.symbol}", bar.low, allowed)
    if (mark := step.marks.get(instrument.symbol)) is not None:
        _mark(instrument, mark)


def _mark(instrument: Instrument, mark: Bar) -> NDArray[np.int64]:
    return mark_ticks(instrument, np.array(mark[:4]))


def _write(market: Market, k: int, at: int, kind: str, ticks: NDArray[np.int64]) -> None:
    for name, value in zip(_TRADES, ticks, strict=True):
        getattr(market, kind + name)[k, at] = value


def _stand(market: Market, k: int, at: int) -> None:
    # Without a bar the last close stands, and the last mark.
    for kind in ("", "mark_"):
        close = getattr(market, f"{kind}close")
        _write(market, k, at, kind, np.full(4, close[k, at - 1] if at else 0))
    market.volume[k, at] = 0


def _due(step: Step, at: int, instruments: Sequence[Instrument]) -> NDArray[np.void]:
    rows = [(own, k) for own in step.funding for k, one in enumerate(instruments) if one.symbol == own.symbol]
    events = np.zeros(len(rows), FUNDING)
    for event, (own, k) in zip(events, rows, strict=True):
        event["ts"], event["step"], event["instrument"], event["rate"] = own.ts, at, k, own.rate
        event["at_open"] = _is_at_open(own, step)
    return events[np.lexsort((events["instrument"], events["ts"], ~events["at_open"]))]


def _is_at_open(payment: Funding, step: Step) -> bool:
    # Also what fell into a hole before it: the position was held.
    return payment.ts <= step.ts_open


def widened(market: Market, world: World) -> tuple[Market, World]:
    """The same market and world with room for twice as many steps."""

    def doubled(column: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.concatenate((column, np.zeros_like(column)), axis=-1)

    wider: dict[str, Any] = {name: doubled(getattr(market, name)) for name in ("ts_open", "ts_close", *_BY_ROW)}
    for name in _TRADES:
        if getattr(market, f"mark_{name}") is getattr(market, name):
            wider[f"mark_{name}"] = wider[name]
    equity = np.concatenate((world.equity, np.zeros_like(world.equity)))
    shares = np.concatenate((world.shares, np.zeros_like(world.shares)), axis=-1)
    return market._replace(**wider), world._replace(equity=equity, shares=shares)


def trimmed_market(market: Market, size: int) -> Market:
    """The market as a run of so many steps leaves it behind."""
    cut: dict[str, Any] = {
        name: np.ascontiguousarray(getattr(market, name)[..., :size]) for name in ("ts_open", "ts_close", *_BY_ROW)
    }
    for name in _TRADES:
        if getattr(market, f"mark_{name}") is getattr(market, name):
            cut[f"mark_{name}"] = cut[name]
    return market._replace(**cut)
