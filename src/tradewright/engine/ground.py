"""The market of a run whose bars come one by one: columns with room at their ends.

A session may go on for months. Steps keep their numbers, and their prices leave memory: of the columns that have a line
for each instrument, only as much is carried over into wider ones as any rule may look back at. Before that they hold
zeros, of which the system keeps nothing. Who wants the whole market lays it anew, from the bars that strategies see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.engine.feed import Feed
from tradewright.engine.grid import Grid
from tradewright.engine.marks import cut_ticks, ticks_per_unit
from tradewright.engine.room import room_for
from tradewright.features.ticks import lay_lots
from tradewright.kernels.records import FUNDING, Market, World
from tradewright.market.steps import Bar, Funding, Step

__all__ = ["StepTicks", "bare_grid", "lay_step", "step_ticks", "trimmed_market", "widened"]

_TRADES = ("open", "high", "low", "close")
_MARKS = ("mark_open", "mark_high", "mark_low", "mark_close")
_BY_ROW = (*_TRADES, "volume", "has_bar", *_MARKS)
_WIDER_BY = 256


def bare_grid(feeds: Sequence[Feed], room: int) -> Grid:
    """A grid with room for so many steps, and none laid.

    Where no instrument has marks, the mark columns are the arrays of trades themselves.
    """
    has_marks = any(feed.mark is not None for feed in feeds)
    times: dict[str, Any] = {name: np.zeros(room, np.int64) for name in ("ts_open", "ts_close")}
    return Grid(**times, **_bare_rows(len(feeds), room, has_marks=has_marks))


def _bare_rows(count: int, room: int, *, has_marks: bool) -> dict[str, Any]:
    names = (*_TRADES, "volume", *(_MARKS if has_marks else ()))
    block = room_for((len(names), count, room), np.int64)
    columns: dict[str, Any] = dict(zip(names, block, strict=True))
    if not has_marks:
        columns |= {mark: columns[name] for mark, name in zip(_MARKS, _TRADES, strict=True)}
    return columns | {"has_bar": room_for((count, room), np.bool_)}


class StepTicks(NamedTuple):
    """The bars of a step in ticks and lots: open, high, low and close of K rows; zeros where there is none.

    Attributes:
        has_bar: (K,), which rows have one.
        has_mark: (K,), which have marks.
        trades: (4, K), ticks.
        marks: (4, K), ticks.
        volume: (K,), lots.
    """

    has_bar: NDArray[np.bool_]
    has_mark: NDArray[np.bool_]
    trades: NDArray[np.int64]
    marks: NDArray[np.int64]
    volume: NDArray[np.int64]


def step_ticks(instruments: Sequence[Instrument], step: Step) -> StepTicks:
    """The bars of a step in ticks and lots.

    Raises:
        InvalidValue: a price rounds to no tick, or a mark is below one.
    """
    count = len(instruments)
    made = StepTicks(
        np.zeros(count, np.bool_), np.zeros(count, np.bool_), np.zeros((4, count), np.int64),
        np.zeros((4, count), np.int64), np.zeros(count, np.int64),
    )  # fmt: skip
    for k, instrument in enumerate(instruments):
        if (bar := step.bars.get(instrument.symbol)) is not None:
            made.has_bar[k] = True
            made.trades[:, k] = _bar_ticks(instrument, bar)
            lay_lots(np.array([bar.volume]), instrument, made.volume[k : k + 1])
    if step.marks:
        _lay_marks(made, instruments, step)
    return made


def _lay_marks(made: StepTicks, instruments: Sequence[Instrument], step: Step) -> None:
    rows = [(k, mark) for k, one in enumerate(instruments) if (mark := step.marks.get(one.symbol)) is not None]
    places = [k for k, _ in rows]
    per_unit = np.array([ticks_per_unit(instruments[k]) for k in places])
    ticks = cut_ticks(np.array([mark[:4] for _, mark in rows]).T, per_unit)
    for k, mark, least in zip(places, (mark for _, mark in rows), ticks.min(axis=0).tolist(), strict=True):
        if least < 1:
            raise InvalidValue(f"mark of {instruments[k].symbol}", mark.low, f"at least {instruments[k].tick_size}")
    made.has_mark[places], made.marks[:, places] = True, ticks


def _bar_ticks(instrument: Instrument, bar: Bar) -> tuple[int, ...]:
    ticks = tuple(map(instrument.to_ticks, bar[:4]))
    if min(ticks) < 1:
        allowed = f"at least a tick ({instrument.tick_size})"
        raise InvalidValue(f"price of {instrument.symbol}", bar.low, allowed)
    return ticks


def lay_step(market: Market, at: int, step: Step, ticks: StepTicks, instruments: Sequence[Instrument]) -> Market:
    """Write what has closed into column `at`; the market, with payments that are due added.

    Args:
        market: of the run.
        at: number of the step.
        step: what has closed.
        ticks: the same in ticks and lots.
        instruments: of each row.
    """
    market.ts_open[at], market.ts_close[at] = step.ts_open, step.ts_close
    market.has_bar[:, at], market.volume[:, at] = ticks.has_bar, ticks.volume
    _write(market, at, "", ticks.trades, ticks.has_bar)
    if market.mark_close is not market.close:
        has_mark = ticks.has_mark & market.specs["has_mark"]
        _write(market, at, "mark_", np.where(has_mark, ticks.marks, ticks.trades), ticks.has_bar)
    return market._replace(funding=np.concatenate((market.funding, _due(step, at, instruments))))


def _write(market: Market, at: int, kind: str, ticks: NDArray[np.int64], has_bar: NDArray[np.bool_]) -> None:
    # Without a bar the last close stands, and the last mark.
    close = getattr(market, f"{kind}close")
    before = close[:, at - 1] if at else np.zeros(has_bar.size, np.int64)
    for name, column in zip(_TRADES, ticks, strict=True):
        getattr(market, kind + name)[:, at] = np.where(has_bar, column, before)


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


def widened(market: Market, world: World, reach: int) -> tuple[Market, World]:
    """The same market and world with room for more steps.

    Args:
        market: its columns are full.
        world: of the run.
        reach: of so many steps prices and volumes stay; what was before is 0.
    """
    count, size = market.open.shape
    room = size + _WIDER_BY
    wider = _bare_rows(count, room, has_marks=market.mark_open is not market.open)
    for name in _BY_ROW:
        wider[name][:, max(size - reach, 0) : size] = getattr(market, name)[:, max(size - reach, 0) :]

    def longer(column: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((column, np.zeros((*column.shape[:-1], _WIDER_BY), column.dtype)), axis=-1)

    wider |= {name: longer(getattr(market, name)) for name in ("ts_open", "ts_close")}
    return market._replace(**wider), world._replace(equity=longer(world.equity), shares=longer(world.shares))


def trimmed_market(market: Market, size: int, early: Grid | None, begin: int) -> Market:
    """The market as a run of so many steps leaves it behind.

    Args:
        market: of the run.
        size: how many steps.
        early: all of its steps that have closed, laid anew; None where `begin` is 0.
        begin: the first step of which the market's own columns have the prices.
    """
    cut: dict[str, Any] = {name: getattr(market, name)[:size].copy() for name in ("ts_open", "ts_close")}
    for name in _BY_ROW:
        late = getattr(market, name)[:, begin:size]
        cut[name] = late.copy() if early is None else np.concatenate((getattr(early, name)[:, :begin], late), axis=1)
    if market.mark_open is market.open:
        cut |= {mark: cut[name] for mark, name in zip(_MARKS, _TRADES, strict=True)}
    return market._replace(**cut)
