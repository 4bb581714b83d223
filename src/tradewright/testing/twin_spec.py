"""The slow twin of the engine: what the rules of one instrument come to in money, in plain Python."""

from __future__ import annotations

import math

from tradewright.domain.enums import Slippage
from tradewright.kernels.records import Market

__all__ = ["Spec"]


class Spec:
    """What the rules of one instrument come to in money; fields as in `records.SPEC`."""

    tick_value: float
    maker_rate: float
    has_fee_tiers: bool
    taker_rate: float
    liquidation_rate: float
    cost_rate: float
    spread_rate: float
    has_spread: bool
    by_book: bool
    take_bound: float
    slippage: int
    slippage_size: float
    min_notional: float
    min_lots: int
    lots_per_unit: float
    min_ticks: int
    max_ticks: int
    max_lots: int
    market_min_lots: int
    market_max_lots: int
    market_step_lots: int
    price_up: float
    price_down: float
    max_orders: int
    max_conditionals: int
    trigger_protect: float
    leverage: float
    is_perpetual: bool
    is_isolated: bool
    tier_start: int
    tier_stop: int
    member: int
    underlying: int
    side: int
    self_trade: int

    def __init__(self, market: Market, k: int) -> None:
        row = market.specs[k]
        for name in row.dtype.names:
            setattr(self, name, row[name].item())
        self.tiers: list[tuple[float, ...]] = [
            tuple(map(float, tier)) for tier in market.tiers[self.tier_start : self.tier_stop]
        ]

    def value(self, lots: int, ticks: float) -> float:
        """Notional, quote."""
        return abs(lots) * ticks * self.tick_value

    def maintenance(self, value: float) -> float:
        """Maintenance margin: each slice of the notional at the rate of the tier in which the slice lies."""
        if not self.is_perpetual:
            return 0.0
        tops = [tier[0] for tier in self.tiers[1:]] + [math.inf]
        slices = [
            (min(value, top) - tier[0]) * tier[1] for tier, top in zip(self.tiers, tops, strict=True) if value > tier[0]
        ]
        return math.fsum(slices)

    def max_leverage(self, value: float) -> float:
        """Leverage that the venue grants for a notional."""
        return [tier[3] for tier in self.tiers if tier[0] <= value][-1]

    def dearer(self, ticks: int) -> float:
        """By what fraction of a price a taker pays more, as far as that is known before the quantity is."""
        return self.cost_rate + (self.slippage_size / max(ticks, 1) if self.slippage == Slippage.TICKS else 0.0)
