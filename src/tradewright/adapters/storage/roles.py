"""Which column plays which part, found by name; what could be two things is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tradewright.domain.errors import DataError, UnknownName
from tradewright.market.stamps import Convention
from tradewright.ports.candle_files import ReadOptions, VolumeUnit

__all__ = ["Columns", "find_columns", "find_rate_columns"]

_OPEN_TIME = ("open_time", "opentime", "ts_open", "time_open", "open_timestamp", "start", "start_time", "bar_start")
_CLOSE_TIME = ("close_time", "closetime", "ts_close", "time_close", "close_timestamp", "end", "end_time", "bar_end")
_SOME_TIME = ("timestamp", "time", "date", "datetime", "date_time", "ts", "t", "dt", "unix", "epoch", "unix_timestamp")
_FUNDING_TIME = ("funding_time", "fundingtime", "calc_time")
_RATE = ("rate", "funding_rate", "fundingrate", "last_funding_rate")
_PRICES = {
    "open": ("open", "o", "open_price", "price_open"),
    "high": ("high", "h", "high_price", "price_high", "max"),
    "low": ("low", "l", "low_price", "price_low", "min"),
    "close": ("close", "c", "close_price", "price_close"),
}
_SPREAD = ("spread", "bid_ask_spread", "quoted_spread")
_BID, _ASK = ("bid", "best_bid", "bid_price", "best_bid_price"), ("ask", "best_ask", "ask_price", "best_ask_price")
_VOLUME = ("volume", "vol", "v")
_BASE_VOLUME = ("base_volume", "volume_base", "base_asset_volume")
_QUOTE_VOLUME = ("quote_volume", "volume_quote", "quote_asset_volume", "turnover")


@dataclass(frozen=True, slots=True)
class Columns:
    """What was found.

    Args:
        by_role: role to column name.
        stamp: what the name of the time column says; None where it says nothing.
        volume_unit: what the name of the volume column says; None where it says nothing.
    """

    by_role: dict[str, str]
    stamp: Convention | None
    volume_unit: VolumeUnit | None


def find_columns(names: Iterable[str], options: ReadOptions) -> Columns:
    """Find time, prices and volume of candles.

    Raises:
        DataError: a role has no column or more than one; names the option that settles it.
        UnknownName: an option names a column that is not there.
    """
    finder = _Finder(list(names), options)
    time, stamp = finder.time()
    if options.is_spread and (prices := finder.spread()):
        return Columns({"time": time} | prices, stamp, None)
    roles = {"time": time} | {role: finder.only(role, known) for role, known in _PRICES.items()}
    if not options.needs_volume:
        return Columns(roles, stamp, None)
    volume, unit = finder.volume()
    return Columns(roles | {"volume": volume}, stamp, unit)


def find_rate_columns(names: Iterable[str], options: ReadOptions) -> Columns:
    """Find time and rate of funding payments; a table in the form of candles has its rate in `open`.

    Raises:
        DataError: a role has no column or more than one.
        UnknownName: an option names a column that is not there.
    """
    finder = _Finder(list(names), options)
    time = finder.first_of("time", _FUNDING_TIME, _SOME_TIME, _OPEN_TIME)
    return Columns({"time": time, "rate": finder.first_of("rate", _RATE, _PRICES["open"])}, None, None)


class _Finder:
    def __init__(self, names: list[str], options: ReadOptions) -> None:
        self._names, self._options = names, options
        for name in options.columns.values():
            if name not in names:
                raise UnknownName("column", name, names)

    def matching(self, known: Iterable[str]) -> list[str]:
        taken = set(self._options.columns.values())
        return [name for name in self._names if name not in taken and _plain(name) in set(known)]

    def only(self, role: str, known: Iterable[str]) -> str:
        if role in self._options.columns:
            return self._options.columns[role]
        found = self.matching(known)
        if len(found) > 1:
            listed = " and ".join(repr(name) for name in found)
            raise DataError(f"columns {listed} could both be the {role}; give --column {role}=NAME")
        if not found:
            raise DataError(f"no column for {role!r} among {', '.join(self._names)}; give --column {role}=NAME")
        return found[0]

    def first_of(self, role: str, *families: Iterable[str]) -> str:
        for known in families:
            if self.matching(known):
                return self.only(role, known)
        return self.only(role, ())

    def time(self) -> tuple[str, Convention | None]:
        said = self._options.stamp
        if chosen := self._options.columns.get("time"):
            return chosen, said or _convention(chosen)
        families = (_CLOSE_TIME, _OPEN_TIME) if said == "close" else (_OPEN_TIME, _CLOSE_TIME)
        name = self.first_of("time", *families, _SOME_TIME)
        meaning = _convention(name)
        if said and meaning and said != meaning:
            raise DataError(f"--stamp {said}, but column {name!r} says {meaning}; give --column time={name} to insist")
        return name, said or meaning

    def spread(self) -> dict[str, str]:
        """Roles of a spread that is one column, or two; none where it has the form of candles."""
        asked = set(self._options.columns)
        if "spread" in asked or self.matching(_SPREAD):
            return {"spread": self.only("spread", _SPREAD)}
        if asked & {"bid", "ask"} or (self.matching(_BID) and self.matching(_ASK)):
            return {"bid": self.only("bid", _BID), "ask": self.only("ask", _ASK)}
        return {}

    def volume(self) -> tuple[str, VolumeUnit | None]:
        base, quote = self._options.base.lower(), self._options.quote.lower()
        if chosen := self._options.columns.get("volume"):
            return chosen, "quote" if _plain(chosen) in _QUOTE_VOLUME else None
        in_base = (*_BASE_VOLUME, f"volume_{base}", f"{base}_volume")
        in_quote = (*_QUOTE_VOLUME, f"volume_{quote}", f"{quote}_volume")
        families: tuple[tuple[tuple[str, ...], VolumeUnit | None], ...]
        families = ((in_base, "base"), (_VOLUME, None), (in_quote, "quote"))
        for known, unit in families:
            if self.matching(known):
                return self.only("volume", known), unit
        raise DataError(
            f"no volume column among {', '.join(self._names)}; "
            "give --column volume=NAME, or --kind mark if these are mark prices"
        )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _convention(name: str) -> Convention | None:
    if _plain(name) in _OPEN_TIME:
        return "open"
    return "close" if _plain(name) in _CLOSE_TIME else None
