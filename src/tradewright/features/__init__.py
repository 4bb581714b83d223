"""Causal features: row i depends on bars 0 to i alone. Strategies know this package as `ta`.

Every function takes and gives float64 columns of one length, oldest first, NaN in the warm-up. `structure` holds
swings, breaks, gaps, blocks and sweeps, `pivots` the zigzag, `zones` what becomes of gaps, blocks and pools; `stream`
and `structure_stream` the same one bar at a time.
"""

from tradewright.features import pivots, structure, zones
from tradewright.features.crossing import crossed_above, crossed_below, previous
from tradewright.features.momentum import rsi
from tradewright.features.moving import ema, highest, lowest, sma, stdev, wilder
from tradewright.features.stream import Atr, Ema, Sma
from tradewright.features.volatility import atr, true_range

rma = wilder

__all__ = [
    "Atr",
    "Ema",
    "Sma",
    "atr",
    "crossed_above",
    "crossed_below",
    "ema",
    "highest",
    "lowest",
    "pivots",
    "previous",
    "rma",
    "rsi",
    "sma",
    "stdev",
    "structure",
    "true_range",
    "wilder",
    "zones",
]
