"""An instrument's rules and a run's costs, as the records that the kernels work with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import SelfTrade, Slippage
from tradewright.domain.fees import FEE_TABLES
from tradewright.domain.instrument import Instrument, MarginTier
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.kernels.records import SPEC

__all__ = ["fee_rows", "tier_rows", "venue_terms"]

_BPS = 1e-4


def tier_rows(tiers: Sequence[MarginTier]) -> NDArray[np.float64]:
    """Rows of (floor, maintenance rate, cum, max leverage).

    The maintenance amount `cum` makes the margin continuous from tier to tier:
    `cum_k = cum_(k-1) + floor_k * (rate_k - rate_(k-1))`, as Binance publishes it.
    """
    rows = np.zeros((len(tiers), 4))
    cum, rate = 0.0, tiers[0].maintenance_rate
    for row, tier in zip(rows, tiers, strict=True):
        cum += tier.floor * (tier.maintenance_rate - rate)
        rate = tier.maintenance_rate
        row[:] = tier.floor, rate, cum, tier.max_leverage
    return rows


def fee_rows(costs: CostSpec) -> NDArray[np.float64]:
    """Rows of (least turnover of thirty days, maker rate, taker rate), discounted; none where there are no tiers."""
    tiers = FEE_TABLES[costs.fee_tiers]
    rows = [(tier.volume, _after(tier.maker, costs), _after(tier.taker, costs)) for tier in tiers]
    return np.array(rows, np.float64).reshape(-1, 3)


def _after(rate: float, costs: CostSpec) -> float:
    # A rebate is not discounted.
    return rate * (1.0 - costs.fee_discount) if rate > 0.0 else rate


def venue_terms(
    instruments: Sequence[Instrument], costs: CostSpec, risk: RiskSpec
) -> tuple[NDArray[np.void], NDArray[np.float64]]:
    """Build the SPEC records and the tier table of a run's instruments.

    Returns:
        SPEC (K,) and tiers (T, 4).
    """
    specs = np.zeros(len(instruments), SPEC)
    tables: list[NDArray[np.float64]] = []
    start = 0
    for spec, instrument in zip(specs, instruments, strict=True):
        _fill_spec(spec, instrument, costs, risk)
        tables.append(tier_rows(instrument.tiers))
        spec["tier_start"], spec["tier_stop"] = start, start + len(instrument.tiers)
        start = int(spec["tier_stop"])
    return specs, np.concatenate(tables)


def _slippage(costs: CostSpec) -> tuple[int, float]:
    if costs.slippage == "ticks":
        return Slippage.TICKS.value, costs.slippage_ticks
    if costs.slippage == "volume_share":
        return Slippage.VOLUME_SHARE.value, costs.impact
    if costs.slippage == "square_root":
        return Slippage.SQUARE_ROOT.value, costs.impact
    return Slippage.RATE.value, 0.0


def _fill_spec(spec: np.void, instrument: Instrument, costs: CostSpec, risk: RiskSpec) -> None:
    (tick_num, tick_den), (lot_num, lot_den) = instrument.tick, instrument.lot
    spec["tick_value"] = tick_num * lot_num / (tick_den * lot_den)
    maker = instrument.maker_fee if costs.maker_fee is None else costs.maker_fee
    taker = instrument.taker_fee if costs.taker_fee is None else costs.taker_fee
    spec["has_fee_tiers"] = instrument.is_perpetual and costs.fee_tiers != "none"
    if spec["has_fee_tiers"]:
        maker, taker = FEE_TABLES[costs.fee_tiers][0].maker, FEE_TABLES[costs.fee_tiers][0].taker
    spec["maker_rate"], spec["taker_rate"] = _after(maker, costs), _after(taker, costs)
    spec["liquidation_rate"] = instrument.liquidation_fee
    bps = costs.slippage_bps if costs.slippage == "bps" else 0.0
    spec["cost_rate"] = (bps + costs.spread_bps / 2.0) * _BPS
    spec["spread_rate"] = costs.spread_bps / 2.0 * _BPS
    spec["by_book"] = risk.market_price == "book"
    spec["take_bound"] = costs.take_bound
    spec["slippage"], spec["slippage_size"] = _slippage(costs)
    spec["min_notional"] = instrument.min_notional
    spec["min_lots"] = -(-instrument.min_quantity * lot_den // lot_num)
    spec["lots_per_unit"] = lot_den / lot_num
    spec["trigger_protect"] = risk.price_protect if instrument.is_perpetual else 0.0
    spec["leverage"] = risk.leverage if instrument.is_perpetual else 1.0
    spec["is_perpetual"] = instrument.is_perpetual
    spec["self_trade"] = SelfTrade[risk.self_trade.upper()].value
    spec["is_isolated"] = instrument.is_perpetual and risk.margin_mode == "isolated"
