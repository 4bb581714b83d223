"""A result in detail: its trades, curves and bars, in as many points as somebody can see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import RunResult
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, FloatColumn, IntColumn
from tradewright.ports.result_store import ResultStore
from tradewright.research.report.payload import months
from tradewright.research.report.thinning import join_bars, keep_extremes, length_that_fits
from tradewright.services.market_data import MarketData

__all__ = ["ChartOfRun", "Curve", "Measured", "ResultDetails", "Row", "Spread", "Stretch", "TradeWish"]

Columns = dict[str, NDArray[Any] | list[str]]
Row = dict[str, Any]
Measured = Literal["pnl", "r_multiple", "return_fraction", "bars_held", "mae", "mfe"]


@dataclass(frozen=True, slots=True)
class TradeWish:
    """Which trades, and in what order; None stands for any.

    Args:
        sort: name of a column.
        is_falling: the greatest first.
        side: `long` or `short`.
        symbol: of the instrument.
        reason: why they ended.
        skip: so many before.
        most: no more than that.
    """

    sort: str = "id"
    is_falling: bool = False
    side: str | None = None
    symbol: str | None = None
    reason: str | None = None
    skip: int = 0
    most: int = 100


@dataclass(frozen=True, slots=True)
class Curve:
    """Equity and its falls; columns of the same length.

    Args:
        steps: closes of the run.
        ts: UTC ns.
        equity: quote currency.
        drawdown: fall from the highest so far, fraction >= 0.
        members: of a team, equity of each.
    """

    steps: int
    ts: IntColumn
    equity: FloatColumn
    drawdown: FloatColumn
    members: dict[str, FloatColumn]


@dataclass(frozen=True, slots=True)
class Spread:
    """How often a figure of trades lies where.

    Args:
        edges: of the bins, one more than there are bins.
        counts: trades in each.
        mean: None without trades.
        median: None without trades.
        deviation: of the sample; None for fewer than two.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    mean: float | None
    median: float | None
    deviation: float | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a market.

    Args:
        symbol: of the instrument; None for the run's first.
        start: UTC ns, None from the run's first bar.
        end: UTC ns, None to its last.
        most: bars; more are joined into longer ones.
    """

    symbol: str | None
    start: int | None
    end: int | None
    most: int


@dataclass(frozen=True, slots=True)
class ChartOfRun:
    """A market with what a run did in it.

    Args:
        symbol: of the instrument.
        timeframe: of the bars that are shown.
        bars: of the stretch.
        fills: entries and exits in it, oldest first: `ts, price, quantity, side, role, trade`.
        levels: stops and targets as they stood: `ts_from, ts_to, price, leg`.
    """

    symbol: str
    timeframe: Timeframe
    bars: Bars
    fills: list[Row]
    levels: list[Row]


class ResultDetails:
    """Reads results in detail.

    Args:
        results: where they are kept.
        market_data: bars that they were made on.
    """

    def __init__(self, results: ResultStore, market_data: MarketData) -> None:
        self.results, self._market_data = results, market_data

    def trades(self, result_id: str, wish: TradeWish) -> tuple[int, list[Row]]:
        """How many trades fit, and a page of them."""
        table = self.results.load_table(result_id, "trades")
        size = len(table["id"])
        fits = np.ones(size, np.bool_)
        for name, wanted in (("side", wish.side), ("symbol", wish.symbol), ("exit_reason", wish.reason)):
            if wanted is not None:
                fits &= np.array([value == wanted for value in table[name]], np.bool_).reshape(size)
        places = np.flatnonzero(fits)
        order = places[_order(table[wish.sort], places)]
        chosen = (order[::-1] if wish.is_falling else order)[wish.skip : wish.skip + wish.most]
        return int(places.size), [_row(table, place) for place in chosen.tolist()]

    def curve(self, result_id: str, points: int) -> Curve:
        """Equity and drawdown in about so many points; the extremes of both stay."""
        table = self.results.load_table(result_id, "equity")
        equity, falls = np.asarray(table["equity"]), np.asarray(table["drawdown"])
        buckets = max(points // 4, 1)
        rows = np.union1d(keep_extremes(equity, buckets), keep_extremes(falls, buckets))
        members = {name.removeprefix("equity_"): np.asarray(values)[rows] for name, values in table.items()
                   if name.startswith("equity_")}  # fmt: skip
        return Curve(equity.size, np.asarray(table["ts_close"])[rows], equity[rows], falls[rows], members)

    def months(self, result_id: str) -> list[Row]:
        """Returns of calendar months, by year."""
        table, result = self.results.load_table(result_id, "equity"), self.results.load(result_id)
        return months(np.asarray(table["ts_close"]), np.asarray(table["equity"]), result.initial_balance)

    def measured(self, result_id: str, names: tuple[str, ...], most: int) -> dict[str, list[Any]]:
        """Columns of the trades, of every n-th where there are more than `most`."""
        table = self.results.load_table(result_id, "trades")
        step = max(-(-len(table["id"]) // most), 1)
        return {name: [_plain(value) for value in list(table[name])[::step]] for name in names}

    def spread(self, result_id: str, of: Measured, bins: int) -> Spread:
        """How often a figure of the trades lies where; open trades are left out."""
        table = self.results.load_table(result_id, "trades")
        closed = np.array([reason != "open" for reason in table["exit_reason"]], np.bool_)
        values = np.asarray(table[of], np.float64)[closed]
        values = values[np.isfinite(values)]
        if not values.size:
            return Spread((), (), None, None, None)
        counts, edges = np.histogram(values, bins)
        deviation = float(values.std(ddof=1)) if values.size > 1 else None
        return Spread(tuple(edges.tolist()), tuple(counts.tolist()), float(values.mean()), float(np.median(values)),
                      deviation)  # fmt: skip

    def chart(self, result_id: str, stretch: Stretch) -> ChartOfRun:
        """A stretch of a market, with the fills of the run in it, and its stops and targets.

        Raises:
            InvalidValue: the run knows no such instrument.
            DataError: the bars are not stored any more.
        """
        result = self.results.load(result_id)
        symbol = _symbol(result, stretch.symbol)
        length = Timeframe.parse(result.spec["timeframe"])
        limits = [_inner(max, stretch.start, result.spec["start"]), _inner(min, stretch.end, result.spec["end"])]
        bars = self._market_data.load(result.spec["venue"], symbol, length, *limits).bars
        shown = length_that_fits(bars, length, stretch.most)
        bars = join_bars(bars, shown) if shown != length else bars
        first, last = int(bars.ts_open[0]), int(bars.ts_close[-1])
        fills = _inside(self.results.load_table(result_id, "fills"), symbol, "ts", "ts", first, last)
        orders = _inside(self.results.load_table(result_id, "orders"), symbol, "ts_created", "ts_closed", first, last)
        levels = [one for row in orders if (one := _level(row, last)) is not None]
        return ChartOfRun(symbol, shown, bars, [_mark(row) for row in fills], levels)


def _symbol(result: RunResult, wanted: str | None) -> str:
    known = result.spec["instruments"]
    if wanted is None:
        return str(known[0])
    if wanted not in known:
        raise InvalidValue("symbol", wanted, f"one of {', '.join(known)}")
    return wanted


def _inner(pick: Callable[[int, int], int], wanted: int | None, limit: int | None) -> int | None:
    return limit if wanted is None else wanted if limit is None else pick(wanted, limit)


def _inside(table: Columns, symbol: str, start: str, end: str, first: int, last: int) -> list[Row]:
    begun, ended = np.asarray(table[start], np.int64), np.asarray(table[end], np.int64)
    own = np.array([name == symbol for name in table["symbol"]], np.bool_).reshape(begun.size)
    # What has not ended has no time of its end.
    reaches = own & (begun <= last) & ((ended >= first) | (ended <= 0))
    return [_row(table, place) for place in np.flatnonzero(reaches).tolist()]


def _mark(fill: Row) -> Row:
    return {name: fill[name] for name in ("ts", "price", "quantity", "side", "role", "group")}


def _level(order: Row, last: int) -> Row | None:
    if not order["leg"]:
        return None
    price = order["trigger"] if order["trigger"] is not None else order["level"]
    if price is None:
        return None
    until = order["ts_closed"] if order["ts_closed"] > 0 else last
    return {
        "ts_from": order["ts_created"],
        "ts_to": until,
        "price": price,
        "leg": order["leg"],
        "group": order["group"],
    }


def _order(values: NDArray[Any] | list[str], places: IntColumn) -> IntColumn:
    if isinstance(values, list):
        own = [values[place] for place in places.tolist()]
        return np.array(sorted(range(len(own)), key=own.__getitem__), np.int64)
    own_values = values[places].astype(np.float64)
    # What is not defined stands below all numbers.
    return np.argsort(np.where(np.isnan(own_values), -np.inf, own_values), kind="stable")


def _row(table: Columns, place: int) -> Row:
    return {name: _plain(values[place]) for name, values in table.items()}


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not np.isfinite(value) else value
