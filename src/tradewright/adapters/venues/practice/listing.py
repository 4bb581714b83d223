"""What is listed, and the door between the wire's decimal texts and the kernels' ticks and lots."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from tradewright.adapters.venues.practice.refusal import VenueError, refuse
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.engine.venue_account import VenueLimits

__all__ = ["KNOWN", "Listing", "cash", "listing_of", "plain"]

_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_SYMBOL = re.compile(r"([A-Z0-9]{2,16})(USDT)")
_CENT = Decimal("0.00000001")


def plain(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cash(amount: float) -> str:
    """Quote currency with eight places, as the venue writes it."""
    # Adding zero turns a minus zero into a plain one.
    return f"{Decimal(repr(float(amount))).quantize(_CENT, ROUND_HALF_UP) + 0:f}"


@dataclass(frozen=True)
class Listing:
    """A perpetual contract on the practice exchange.

    Args:
        symbol: as the venue writes it, `BTCUSDT`.
        instrument: its steps, minimums, fees and tiers.
        price: with which a synthetic market begins, quote.
        volatility: of that market, yearly.
        turnover: of that market, quote a day.
        depth: what the book shows at the best price of each side, quote; 0 shows plenty, and knows no limit.
        max_quantity: of one order with a limit price, base.
        market_max_quantity: of one order at the market, base.
        band_up: a buyer's limit is at most mark times this.
        band_down: a seller's limit is at least mark times this.
        max_orders: open orders of one account.
        max_conditionals: open conditional orders of one account.
    """

    symbol: str
    instrument: Instrument
    price: float = 100.0
    volatility: float = 0.8
    turnover: float = 200_000_000.0
    depth: float = 250_000.0
    max_quantity: float = 1_000_000.0
    market_max_quantity: float = 200_000.0
    band_up: float = 1.1
    band_down: float = 0.9
    max_orders: int = 200
    max_conditionals: int = 100

    @property
    def base(self) -> str:
        """Currency that is bought."""
        return self.symbol.removesuffix("USDT")

    @cached_property
    def tick(self) -> Decimal:
        """Step of price."""
        return Decimal(self.instrument.tick_size)

    @cached_property
    def lot(self) -> Decimal:
        """Step of quantity."""
        return Decimal(self.instrument.lot_size)

    @cached_property
    def value(self) -> Decimal:
        """Quote for one tick and one lot."""
        return self.tick * self.lot

    @cached_property
    def price_places(self) -> int:
        """Decimal places of a price."""
        return max(-int(self.tick.as_tuple().exponent), 0)

    @cached_property
    def quantity_places(self) -> int:
        """Decimal places of a quantity."""
        return max(-int(self.lot.as_tuple().exponent), 0)

    @cached_property
    def limits(self) -> VenueLimits:
        """The filters as kernels know them."""
        lots = self.instrument.to_lots
        return VenueLimits(
            min_ticks=1,
            max_ticks=self.instrument.to_ticks(self.price * 100.0),
            max_lots=lots(self.max_quantity),
            market_max_lots=lots(self.market_max_quantity),
            price_up=self.band_up,
            price_down=self.band_down,
            max_orders=self.max_orders,
            max_conditionals=self.max_conditionals,
            trigger_protect=0.05,
        )

    def price_text(self, ticks: int) -> str:
        """A price as it is written; none is a plain 0."""
        return f"{ticks * self.tick:f}" if ticks else "0"

    def average_text(self, ticks: float) -> str:
        """An average price, to one place more than prices have."""
        exact = Decimal(repr(float(ticks))) * self.tick
        return f"{exact.quantize(Decimal(1).scaleb(-self.price_places - 4), ROUND_HALF_UP):f}"

    def quantity_text(self, lots: int) -> str:
        """A quantity as it is written."""
        return f"{lots * self.lot:f}"

    def value_text(self, tick_lots: int) -> str:
        """Quote currency from ticks times lots."""
        return f"{tick_lots * self.value:f}"

    def ticks_of(self, text: str, name: str = "price") -> int:
        """Ticks of a price.

        Raises:
            VenueError: it is no number, is finer than the venue writes prices, or off the tick.
        """
        number = self._number(text, name)
        if -int(number.normalize().as_tuple().exponent) > self.price_places:
            raise refuse(-1111)
        ticks = Fraction(number) / Fraction(self.tick)
        if ticks.denominator != 1:
            raise refuse(-4014)
        return int(ticks)

    def lots_of(self, text: str, name: str = "quantity") -> int:
        """Lots of a quantity.

        Raises:
            VenueError: it is no number, is nothing, is finer than the venue writes quantities, or off the step.
        """
        number = self._number(text, name)
        if number <= 0:
            raise refuse(-4003)
        if -int(number.normalize().as_tuple().exponent) > self.quantity_places:
            raise refuse(-1111)
        lots = Fraction(number) / Fraction(self.lot)
        if lots.denominator != 1:
            raise refuse(-4023)
        return int(lots)

    def shown_lots(self, ticks: int) -> int:
        """Lots that the book shows at the best price of a side."""
        if self.depth <= 0.0:
            return 10 * self.limits.max_lots
        return max(int(self.depth / float(self.value) / max(ticks, 1)), 1)

    @staticmethod
    def _number(text: str, name: str) -> Decimal:
        if not _NUMBER.fullmatch(text):
            legal = "^([0-9]{1,20})(\\.[0-9]{1,20})?$"
            raise VenueError(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")
        return Decimal(text)


def _known(base: str, price: float, tick: str, lot: str, least: float, turnover: float) -> Listing:
    instrument = Instrument(
        f"{base}/USDT:USDT", "practice", tick_size=tick, lot_size=lot, min_quantity=float(lot), min_notional=least
    )
    most, most_at_market = (float(Decimal(value / price) // Decimal(lot) * Decimal(lot)) for value in (5e7, 1e7))
    return Listing(
        f"{base}USDT",
        instrument,
        price=price,
        turnover=turnover,
        max_quantity=most,
        market_max_quantity=most_at_market,
    )


KNOWN = {
    one.symbol: one
    for one in (
        _known("BTC", 60_000.0, "0.1", "0.001", 100.0, 12e9),
        _known("ETH", 3_000.0, "0.01", "0.001", 20.0, 8e9),
        _known("SOL", 150.0, "0.01", "1", 5.0, 2e9),
        _known("XRP", 0.6, "0.0001", "0.1", 5.0, 8e8),
        _known("DOGE", 0.12, "0.00001", "1", 5.0, 6e8),
        _known("BNB", 600.0, "0.01", "0.01", 5.0, 7e8),
        _known("ADA", 0.45, "0.0001", "1", 5.0, 3e8),
        _known("AVAX", 28.0, "0.001", "1", 5.0, 2.5e8),
        _known("LINK", 14.0, "0.001", "0.01", 20.0, 2.5e8),
        _known("LTC", 85.0, "0.01", "0.001", 20.0, 2e8),
        _known("TRX", 0.13, "0.00001", "1", 5.0, 1.5e8),
        _known("DOT", 6.5, "0.001", "0.1", 5.0, 1.5e8),
        _known("BCH", 450.0, "0.01", "0.001", 20.0, 2e8),
    )
}


def listing_of(symbol: str, **changes: float) -> Listing:
    """A contract by its symbol; what is not known gets ordinary terms.

    Args:
        symbol: `BTCUSDT`.
        **changes: fields of the listing to be set.

    Raises:
        InvalidValue: the symbol is not of that form.
    """
    found = _SYMBOL.fullmatch(symbol)
    if not found:
        raise InvalidValue("--symbols", symbol, "symbols such as BTCUSDT, in capitals")
    listing = KNOWN.get(symbol) or _known(found[1], 100.0, "0.01", "0.01", 5.0, 2e8)
    return replace(listing, **changes)  # type: ignore[arg-type]  # every field that may be changed is a number
