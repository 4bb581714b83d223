"""What is traded at Binance USDT-M, by our symbols and by the venue's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tradewright.domain.errors import InvalidValue, UnknownName, VenueError
from tradewright.domain.instrument import DEFAULT_TIERS, Instrument, MarginTier

__all__ = ["Listings"]

_NAME = re.compile(r"[A-Z0-9]{1,20}")


class Listings:
    """The perpetual contracts that can be traded.

    Args:
        venue: name that instruments bear.
        info: answer of exchangeInfo.
        brackets: answer of leverageBracket; empty where no key allows to ask: then plain tiers of ours stand.

    Raises:
        VenueError: the answers cannot be read.
    """

    def __init__(self, venue: str, info: Mapping[str, Any], brackets: Sequence[Mapping[str, Any]]) -> None:
        tiers = {row["symbol"]: _tiers(row["brackets"]) for row in brackets}
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.instruments: dict[str, Instrument] = {}
        for row in info["symbols"]:
            # Contracts that end, and names outside of the alphabet, have no symbol of ours.
            if row.get("contractType") != "PERPETUAL" or not _NAME.fullmatch(row["baseAsset"]):
                continue
            instrument = _instrument(venue, row, tiers.get(row["symbol"], DEFAULT_TIERS))
            self._ids[instrument.symbol] = row["symbol"]
            self._names[row["symbol"]] = instrument.symbol
            self.instruments[instrument.symbol] = instrument

    def id(self, instrument: str) -> str:
        """The venue's own symbol.

        Raises:
            UnknownName: it is not traded here.
        """
        if instrument not in self._ids:
            raise UnknownName("instrument", instrument, self._ids)
        return self._ids[instrument]

    def name(self, symbol: str) -> str | None:
        """Our symbol of the venue's; None for what has none."""
        return self._names.get(symbol)


def _tiers(rows: Sequence[Mapping[str, Any]]) -> tuple[MarginTier, ...]:
    tiers = [
        MarginTier(float(row["notionalFloor"]), float(row["maintMarginRatio"]), float(row["initialLeverage"]))
        for row in rows
    ]
    return tuple(sorted(tiers, key=lambda tier: tier.floor))


def _instrument(venue: str, row: Mapping[str, Any], tiers: tuple[MarginTier, ...]) -> Instrument:
    try:
        filters = {one["filterType"]: one for one in row["filters"]}
        return Instrument(
            f"{row['baseAsset']}/{row['quoteAsset']}:{row['marginAsset']}", venue,
            tick_size=_step(filters["PRICE_FILTER"]["tickSize"]), lot_size=_step(filters["LOT_SIZE"]["stepSize"]),
            min_quantity=float(filters["LOT_SIZE"]["minQty"]),
            min_notional=float(filters.get("MIN_NOTIONAL", {}).get("notional", 0.0)),
            liquidation_fee=float(row.get("liquidationFee", 0.0125)), tiers=tiers,
        )  # fmt: skip
    except (KeyError, ValueError, InvalidValue) as error:
        raise VenueError(f"{venue}: the rules of {row.get('symbol')} cannot be read: {error}") from error


def _step(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
