"""Smart-money concepts of some bars, all at once: what a strategy asks and what a chart draws.

`structure` and `zones` have each concept by itself, for those who want another measure; the reference page on smart
money has the definitions, and where they differ from those of other libraries.
"""

from __future__ import annotations

from typing import NamedTuple

from tradewright.features import structure, zones
from tradewright.features.ranges import number
from tradewright.features.structure import Structure, Sweeps, Swings, Zones
from tradewright.features.volatility import atr
from tradewright.features.zones import Pools, ZoneLives
from tradewright.market.bars import Bars, FloatColumn

__all__ = ["SmartMoney", "read"]


class SmartMoney(NamedTuple):
    """Each is a list of events that only grows, or columns; what is known at bar t has `event_bar` <= t."""

    structure: Structure
    """Swings, the closes that break them (BOS, CHoCH), and the trend after each bar."""
    gaps: Zones
    """Fair-value gaps."""
    gap_lives: ZoneLives
    """When each was touched, half filled, filled and broken; the nearest open ones at each bar."""
    blocks: Zones
    """Order blocks, one for each break."""
    block_lives: ZoneLives
    """The same of them: touched is mitigated, broken makes a breaker."""
    pools: Pools
    """Equal highs and lows, and how they were taken."""
    sweeps: tuple[Sweeps, Sweeps]
    """Bars that dipped below old lows and closed back; bars that reached above old highs and closed back."""
    place: FloatColumn
    """Where each close stands between the last swing low (0) and high (1): above 0.5 premium, below discount."""


def read(bars: Bars, k: int = 5, near: float = 0.1, least_gap: float = 0.1, n: int = 14) -> SmartMoney:
    """Read these bars as smart-money traders do, causally.

    Args:
        bars: any.
        k: bars that confirm a swing.
        near: swings so near to each other make a pool, average true ranges, 0 to 100.
        least_gap: smallest height of a gap, average true ranges, 0 to 100.
        n: length of the average true range, bars.

    Raises:
        InvalidValue: a parameter is outside its range.
    """
    reach = number("near", near, 0.0, 100.0) * (span := atr(bars, n))
    shape = structure.market_structure(bars, k)
    gaps = structure.fair_value_gaps(bars, number("least_gap", least_gap, 0.0, 100.0) * span)
    blocks = structure.order_blocks(bars, shape.breaks)
    return SmartMoney(
        shape,
        gaps,
        zones.zone_lives(bars, gaps),
        blocks,
        zones.zone_lives(bars, blocks),
        zones.liquidity_pools(bars, shape.swings, reach),
        _sweeps(bars, shape.swings, reach),
        zones.premium_discount(bars, shape.swings),
    )


def _sweeps(bars: Bars, found: Swings, reach: FloatColumn) -> tuple[Sweeps, Sweeps]:
    turned = found._replace(side=-found.side, level=-found.level)
    above = structure.sweeps(structure.mirrored(bars), turned, reach)
    return structure.sweeps(bars, found, reach), above._replace(level=-above.level)
