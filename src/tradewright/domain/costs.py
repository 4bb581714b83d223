"""What trading costs in a run, beyond what instruments say themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from tradewright.domain.errors import InvalidValue
from tradewright.domain.fees import FEE_TABLES

__all__ = ["CostSpec", "SlippageName", "SpreadName", "check_number"]

SlippageName = Literal["none", "ticks", "bps", "volume_share", "square_root"]
SpreadName = Literal["auto", "assumed", "recorded"]


def check_number(field_name: str, value: float, low: float, high: float, allowed: str) -> None:
    """Refuse a number that is none, or outside its range; `allowed` says in words what is.

    Raises:
        InvalidValue: it is.
    """
    if not (math.isfinite(value) and low <= value <= high):
        raise InvalidValue(field_name, value, allowed)


@dataclass(frozen=True, slots=True)
class CostSpec:
    """What trading costs, beyond the instrument's own fees.

    Args:
        slippage: model of a taker's adverse price change, on top of half the spread: `none`; `ticks` (slippage_ticks);
            `bps` (slippage_bps); `volume_share` (impact * (quantity / volume of the bar) ** 2, as a fraction of price);
            `square_root` (impact * daily volatility * sqrt(quantity / daily volume), both known before the bar).
        slippage_bps: of `bps`, basis points of price.
        spread_bps: full bid-ask spread, basis points; a taker pays half.
        maker_fee: fraction of notional; None takes the instrument's.
        taker_fee: fraction of notional; None takes the instrument's.
        funding_rate: fraction per payment assumed for a perpetual without recorded rates.
        slippage_ticks: of `ticks`.
        slippage_impact: factor of `volume_share` (None: 0.1) and of `square_root` (None: 1).
        fee_tiers: table by which fees of perpetuals fall with the turnover of thirty days: `binance_usdm`, or `none`.
        fee_discount: fraction off every fee; Binance gives 0.1 on USDT-M where fees are paid in BNB.
        spread: `assumed` is spread_bps; `recorded` is the stored one of each bar, of which none may be missing; `auto`
            the stored one where there is any, else the assumed.
        take_bound: how far from the mark a taker without a limit may go, fraction of it; 0 knows no bound. Binance
            states it for each symbol (marketTakeBound, 0.05 for the largest).
    """

    slippage_bps: float = 1.0
    spread_bps: float = 1.0
    maker_fee: float | None = None
    taker_fee: float | None = None
    funding_rate: float = 0.0001
    slippage: SlippageName = "bps"
    slippage_ticks: float = 1.0
    slippage_impact: float | None = None
    fee_tiers: str = "none"
    fee_discount: float = 0.0
    spread: SpreadName = "auto"
    take_bound: float = 0.0

    def __post_init__(self) -> None:
        if self.spread not in (ways := get_args(SpreadName)):
            raise InvalidValue("spread", self.spread, f"one of {', '.join(ways)}")
        check_number("take_bound", self.take_bound, 0.0, 0.99, "a fraction from 0 (no bound) to 0.99")
        check_number("slippage_bps", self.slippage_bps, 0.0, 1_000.0, "basis points from 0 to 1000")
        check_number("spread_bps", self.spread_bps, 0.0, 1_000.0, "basis points from 0 to 1000")
        check_number("funding_rate", self.funding_rate, -0.03, 0.03, "a fraction from -0.03 to 0.03")
        for name in ("maker_fee", "taker_fee"):
            if (value := getattr(self, name)) is not None:
                check_number(name, value, -0.01, 0.1, "a fraction from -0.01 to 0.1")
        self._check_slippage()
        self._check_tiers()

    def _check_slippage(self) -> None:
        if self.slippage not in (models := get_args(SlippageName)):
            hint = " (bars show no depth; walking a book needs a book)" if str(self.slippage).startswith("book") else ""
            raise InvalidValue("slippage", self.slippage, f"one of {', '.join(models)}{hint}")
        check_number("slippage_ticks", self.slippage_ticks, 0.0, 1e6, "ticks from 0 to 1000000")
        if self.slippage_impact is not None:
            check_number("slippage_impact", self.slippage_impact, 0.0, 100.0, "a factor from 0 to 100")

    def _check_tiers(self) -> None:
        if self.fee_tiers not in FEE_TABLES:
            raise InvalidValue("fee_tiers", self.fee_tiers, f"one of {', '.join(FEE_TABLES)}")
        if self.fee_tiers != "none" and (self.maker_fee, self.taker_fee) != (None, None):
            raise InvalidValue("fee_tiers", self.fee_tiers, "none beside --maker-fee or --taker-fee: a table says both")
        check_number("fee_discount", self.fee_discount, 0.0, 1.0, "a fraction from 0 to 1")

    @property
    def impact(self) -> float:
        """Factor of the slippage that grows with the quantity."""
        default = 0.1 if self.slippage == "volume_share" else 1.0
        return default if self.slippage_impact is None else self.slippage_impact

    @property
    def has_taker_cost(self) -> bool:
        """Whether a taker pays anything besides the fee."""
        sizes = {"none": 0.0, "bps": self.slippage_bps, "ticks": self.slippage_ticks}
        return self.spread_bps > 0.0 or sizes.get(self.slippage, self.impact) > 0.0
