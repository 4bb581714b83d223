"""What is traded, and the one door between prices and ticks, quantities and lots."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any, Self

from tradewright.domain.errors import InvalidValue

__all__ = ["DEFAULT_TIERS", "Instrument", "MarginTier"]

_SYMBOL = re.compile(r"[A-Z0-9]{1,20}/[A-Z0-9]{1,20}(:[A-Z0-9]{1,20})?")
_VENUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class MarginTier:
    """One row of a venue's margin table.

    Args:
        floor: notional from which the tier applies, quote currency.
        maintenance_rate: maintenance margin as a fraction of notional.
        max_leverage: the highest leverage the venue grants here.
    """

    floor: float
    maintenance_rate: float
    max_leverage: float


# Ours, and deliberately plain: used where a venue's own table is not known. Results say when it was used.
DEFAULT_TIERS = (
    MarginTier(0.0, 0.005, 100.0),
    MarginTier(100_000.0, 0.01, 50.0),
    MarginTier(1_000_000.0, 0.025, 20.0),
    MarginTier(10_000_000.0, 0.05, 10.0),
    MarginTier(50_000_000.0, 0.125, 4.0),
    MarginTier(100_000_000.0, 0.5, 1.0),
)


def _step(name: str, value: str) -> Fraction:
    if not isinstance(value, str):
        raise InvalidValue(name, value, "a decimal number as text, such as '0.01'")
    return _parsed(name, value)


@lru_cache(maxsize=4_096)
def _ratio(name: str, value: str) -> tuple[int, int]:
    return _step(name, value).as_integer_ratio()


@lru_cache(maxsize=4_096)
def _parsed(name: str, value: str) -> Fraction:
    try:
        step = Fraction(Decimal(value))
    except (InvalidOperation, ValueError, OverflowError):
        raise InvalidValue(name, value, "a decimal number as text, such as '0.01'") from None
    if step <= 0:
        raise InvalidValue(name, value, "a number above 0")
    return step


@dataclass(frozen=True, slots=True)
class Instrument:
    """A market on a venue, with the rules that an order must keep.

    Steps are decimal text, so that nothing is lost: a price is always `ticks * num / den` and never `ticks * 0.1`.

    Args:
        symbol: `BASE/QUOTE` for spot, `BASE/QUOTE:SETTLE` for a perpetual.
        venue: lower-case name of the venue.
        tick_size: smallest price step, quote per base.
        lot_size: smallest quantity step, base.
        min_quantity: least quantity of an order, base.
        min_notional: least value of an order, quote.
        maker_fee: fraction of notional paid by a resting order.
        taker_fee: fraction of notional paid by an order that takes.
        liquidation_fee: clearance fee, fraction of the liquidated notional.
        funding_hours: hours between funding payments; 0 where there is none.
        tiers: margin table, floors ascending from 0.

    Example:
        >>> btc = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
        >>> btc.to_ticks(46319.3), btc.from_ticks(463193)
        (463193, 46319.3)
    """

    symbol: str
    venue: str
    tick_size: str = "0.01"
    lot_size: str = "0.00000001"
    min_quantity: float = 0.0
    min_notional: float = 5.0
    maker_fee: float = 0.0002
    taker_fee: float = 0.0005
    liquidation_fee: float = 0.0125
    funding_hours: int = 8
    tiers: tuple[MarginTier, ...] = field(default=DEFAULT_TIERS)

    def __post_init__(self) -> None:
        if not _SYMBOL.fullmatch(self.symbol):
            raise InvalidValue("instrument", self.symbol, "BASE/QUOTE (spot) or BASE/QUOTE:SETTLE (perpetual)")
        if not _VENUE.fullmatch(self.venue):
            raise InvalidValue("venue", self.venue, "a lower-case name of letters, digits, '-' or '_'")
        _step("tick_size", self.tick_size)
        _step("lot_size", self.lot_size)
        for name in ("min_quantity", "min_notional", "liquidation_fee", "funding_hours"):
            self._check(name, low=0.0, allowed="a number of at least 0")
        for name in ("maker_fee", "taker_fee"):
            self._check(name, low=-0.01, high=0.1, allowed="a fraction from -0.01 to 0.1")
        self._check_tiers()

    def _check(self, name: str, *, low: float, allowed: str, high: float = math.inf) -> None:
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise InvalidValue(name, value, allowed)
        if not math.isfinite(value):
            raise InvalidValue(name, value, allowed)

    def _check_tiers(self) -> None:
        floors = [tier.floor for tier in self.tiers]
        if not floors or floors[0] != 0.0 or floors != sorted(set(floors)):
            raise InvalidValue("tiers", floors, "rows with floors that start at 0 and ascend")
        for tier in self.tiers:
            if not (0.0 < tier.maintenance_rate < 1.0 and tier.max_leverage >= 1.0):
                raise InvalidValue("tiers", asdict(tier), "a maintenance rate in (0, 1) and leverage of at least 1")

    @property
    def is_perpetual(self) -> bool:
        """Whether it is a perpetual contract: margin, funding and shorts exist."""
        return ":" in self.symbol

    @property
    def quote(self) -> str:
        """Currency of prices."""
        return self.symbol.partition("/")[2].partition(":")[0]

    @property
    def file_name(self) -> str:
        """The symbol as a folder name on any system.

        Example:
            >>> Instrument("BTC/USDT:USDT", "binance").file_name
            'BTC-USDT-USDT'
        """
        return self.symbol.replace("/", "-").replace(":", "-")

    @property
    def tick(self) -> tuple[int, int]:
        """Price step as (numerator, denominator)."""
        return _ratio("tick_size", self.tick_size)

    @property
    def lot(self) -> tuple[int, int]:
        """Quantity step as (numerator, denominator)."""
        return _ratio("lot_size", self.lot_size)

    def to_ticks(self, price: float) -> int:
        """The nearest tick; ties go to the even tick, as `round` does."""
        num, den = self.tick
        return round(price * den / num)

    def from_ticks(self, ticks: int) -> float:
        """The price of a tick, quote per base."""
        num, den = self.tick
        return ticks * num / den

    def to_lots(self, quantity: float) -> int:
        """Whole lots in a quantity, rounded down towards zero; a hair under a lot (1e-9 of one) counts as the lot."""
        num, den = self.lot
        return int(quantity * den / num + math.copysign(1e-9, quantity))

    def from_lots(self, lots: int) -> float:
        """The quantity of a number of lots, base."""
        num, den = self.lot
        return lots * num / den

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what `as_dict` wrote.

        Raises:
            InvalidValue: a field is unknown, missing or has a value that is not allowed.
        """
        known = {item for item in cls.__dataclass_fields__ if item != "tiers"}
        if unknown := sorted(set(data) - known - {"tiers"}):
            raise InvalidValue("instrument", unknown[0], f"only {', '.join(sorted(known))}, tiers")
        if missing := sorted({"symbol", "venue"} - set(data)):
            raise InvalidValue("instrument", dict(data), f"a value for {missing[0]}")
        try:
            tiers = tuple(MarginTier(**{k: float(v) for k, v in row.items()}) for row in data.get("tiers", ()))
        except (AttributeError, TypeError, ValueError):
            raise InvalidValue("tiers", data["tiers"], "rows of floor, maintenance_rate, max_leverage") from None
        plain = {key: value for key, value in data.items() if key != "tiers"}
        return cls(**plain, tiers=tiers or DEFAULT_TIERS)
