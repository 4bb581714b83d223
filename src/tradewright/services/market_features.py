"""Indicators, smart-money zones, patterns and levels over a stretch of a market, for charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tradewright import features as ta
from tradewright.domain.errors import DataError, InvalidValue, UnknownName
from tradewright.domain.timeframe import Timeframe
from tradewright.features import ALIASES
from tradewright.features.catalog import FAMILIES
from tradewright.features.drawings import Drawing
from tradewright.features.parameters import Parameter
from tradewright.market.bars import Bars, FloatColumn, slice_bars
from tradewright.market.merge import take
from tradewright.services.heard_markets import with_later
from tradewright.services.market_data import MarketData

__all__ = ["DRAWN", "FeatureWish", "MarketFeatures", "indicator_cards"]

_BEFORE = 600
_MS = 1_000_000
_SWING = 5
_OF_BARS = (("bars",), ("x",))  # for x, the close is taken


def _money(bars: Bars) -> list[Drawing]:
    return ta.drawings.smart_money(bars, ta.smart_money.read(bars))


def _patterns(bars: Bars) -> list[Drawing]:
    return ta.drawings.patterns(bars, ta.chart_patterns.find(bars, ta.structure.swings(bars, _SWING)))


def _levels(bars: Bars) -> list[Drawing]:
    return ta.drawings.levels(bars, ta.levels.find(bars, ta.structure.swings(bars, _SWING)))


DRAWN: Mapping[str, Callable[[Bars], list[Drawing]]] = {
    "smart_money": _money,
    "patterns": _patterns,
    "levels": _levels,
}


@dataclass(frozen=True, slots=True)
class FeatureWish:
    """What is wanted.

    Args:
        venue: where the market is.
        symbol: of the instrument.
        timeframe: of the bars.
        start: UTC ns; None counts `most` bars back from the end.
        end: UTC ns; None to the last stored.
        most: bars; the last ones are told.
        indicators: name and parameters of each.
        drawn: some of `DRAWN`.
        heard: bars that are not stored yet, as columns in the order of `Bars`; they stand where both are.
    """

    venue: str
    symbol: str
    timeframe: str
    start: int | None
    end: int | None
    most: int
    indicators: Sequence[Mapping[str, Any]] = field(default_factory=list)
    drawn: Sequence[str] = ()
    heard: Sequence[Sequence[float]] = ()


class MarketFeatures:
    """Reckons features.

    Args:
        market_data: where bars come from.
    """

    def __init__(self, market_data: MarketData) -> None:
        self._market_data = market_data

    def read(self, wish: FeatureWish) -> dict[str, Any]:
        """Reckon what is wanted, as plain data: columns, and drawings that reach into the stretch.

        Raises:
            UnknownName: there is no such indicator, or nothing of that kind is drawn.
            InvalidValue: a parameter is not allowed.
            DataError: no bars are stored.
        """
        length = Timeframe.parse(wish.timeframe)
        early = None if wish.start is None else max(wish.start - _BEFORE * length.ns, 0)
        bars = self._bars(wish, length, early)
        size = bars.ts_open.size
        shown = size if wish.start is None else int(np.count_nonzero(bars.ts_open >= wish.start))
        first = size - min(shown, wish.most)
        # Bars before the stretch warm the indicators up; those long before it would change nothing that is seen.
        begin = max(first - _BEFORE, 0)
        bars, first = slice_bars(bars, begin, size), first - begin
        columns = {_label(one): _indicator(bars, one, first) for one in wish.indicators}
        since = int(bars.ts_open[first]) if first < bars.ts_open.size else 0
        drawings = [_plain(one) for name in wish.drawn for one in _drawn(name, bars) if _reaches(one, since)]
        return {"time": (bars.ts_open[first:] // _MS).tolist(), "indicators": columns, "drawings": drawings}

    def _bars(self, wish: FeatureWish, length: Timeframe, early: int | None) -> Bars:
        if not wish.heard:
            return self._market_data.load(wish.venue, wish.symbol, length, early, wish.end).bars
        ts_open, ts_close, *prices = wish.heard
        columns = (np.array(column, np.float64) for column in prices)
        heard = Bars(np.array(ts_open, np.int64), np.array(ts_close, np.int64), *columns)
        bars = heard
        with suppress(DataError):  # nothing is stored: what was heard is all there is
            bars = with_later(self._market_data.load(wish.venue, wish.symbol, length, early, wish.end).bars, heard)
        end = np.iinfo(np.int64).max if wish.end is None else wish.end
        return take(bars, (bars.ts_open >= (early or 0)) & (bars.ts_close <= end))


def indicator_cards() -> list[dict[str, Any]]:
    """Every indicator that can be asked for, as plain data."""
    families = {row.name: family for family, rows in FAMILIES.items() for row in rows}
    return [
        {"name": row.name, "title": row.title, "family": families.get(row.name, ""), "unit": row.unit,
         "outputs": list(row.results), "parameters": [_parameter(one) for one in row.parameters]}
        for row in ta.CATALOG.values() if getattr(ta, row.name).handed in _OF_BARS
    ]  # fmt: skip


def _parameter(one: Parameter) -> dict[str, Any]:
    bounds = {name: value for name, value in (("least", one.least), ("most", one.most)) if np.isfinite(value)}
    return {"name": one.name, "default": one.default, "allowed": one.allowed} | bounds


def _label(wish: Mapping[str, Any]) -> str:
    values = ",".join(f"{name}={value}" for name, value in sorted(wish["params"].items()))
    return f"{wish['name']}({values})" if values else str(wish["name"])


def _indicator(bars: Bars, wish: Mapping[str, Any], first: int) -> dict[str, list[float | None]]:
    name = ALIASES.get(wish["name"], wish["name"])
    if name not in ta.CATALOG:
        raise UnknownName("indicator", wish["name"], ta.CATALOG)
    indicator = getattr(ta, name)
    if indicator.handed not in _OF_BARS:
        raise InvalidValue("indicators", wish["name"], "one that is made of bars alone")
    known = {parameter.name for parameter in indicator.row.parameters}
    if odd := sorted(set(wish["params"]) - known):
        raise InvalidValue(f"indicators.{name}.{odd[0]}", wish["params"][odd[0]], f"one of {', '.join(sorted(known))}")
    found = indicator(bars, **wish["params"])
    outputs: dict[str, FloatColumn] = {"value": found} if isinstance(found, np.ndarray) else found._asdict()
    return {output: _numbers(values[first:]) for output, values in outputs.items()}


def _numbers(values: FloatColumn) -> list[float | None]:
    return [
        value if known else None for value, known in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)
    ]


def _drawn(name: str, bars: Bars) -> list[Drawing]:
    if name not in DRAWN:
        raise UnknownName("drawing", name, DRAWN)
    return DRAWN[name](bars)


def _reaches(one: Drawing, since: int) -> bool:
    return any(ts >= since for ts, _ in one.points)


def _plain(one: Drawing) -> dict[str, Any]:
    points = [{"time": ts // _MS, "price": price} for ts, price in one.points]
    return {"kind": one.kind, "side": one.side, "shape": str(one.shape), "points": points,
            "known": one.known_ns // _MS, "state": one.state}  # fmt: skip
