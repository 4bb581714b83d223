"""Causal features: row i depends on bars 0 to i alone. Strategies know this package as `ta`.

Every function takes bars or a column, oldest first, and gives float64 columns of that length, NaN in the warm-up.
`CATALOG` lists every indicator, and each is called by its name: `ta.rsi(bars, 14)`, `ta.macd(bars).signal`. `structure`
holds swings, breaks, gaps, blocks and sweeps, `zones` what becomes of gaps, blocks and pools, `pivots` the zigzag,
`smart_money` all of these; `chart_patterns` tops, triangles and flags, `levels` support and resistance, `drawings` what
a chart shows of them; `stream` and `structure_stream` the same one bar at a time.
"""

from tradewright.features import chart_patterns, drawings, levels, pivots, smart_money, structure, zones
from tradewright.features.catalog import CATALOG
from tradewright.features.crossing import crossed_above, crossed_below, previous
from tradewright.features.indicator import Indicator
from tradewright.features.momentum import rsi
from tradewright.features.moving import ema, highest, lowest, sma, stdev, wilder
from tradewright.features.stream import Atr, Ema, Sma
from tradewright.features.volatility import atr, true_range

rma = wilder

__all__ = [
    "CATALOG",
    "Atr",
    "Ema",
    "Indicator",
    "Sma",
    "atr",
    "chart_patterns",
    "crossed_above",
    "crossed_below",
    "drawings",
    "ema",
    "highest",
    "levels",
    "lowest",
    "pivots",
    "previous",
    "rma",
    "rsi",
    "sma",
    "smart_money",
    "stdev",
    "structure",
    "true_range",
    "wilder",
    "zones",
]


def __getattr__(name: str) -> Indicator:
    if name not in CATALOG:
        raise AttributeError(f"there is no indicator {name!r}; ta.CATALOG lists all")
    found = globals()[name] = Indicator(CATALOG[name])
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *CATALOG})
