"""Causal features: row i depends on bars 0 to i alone. Strategies know this package as `ta`.

Every function takes bars or a column, oldest first, and gives float64 columns of that length, NaN in the warm-up.
`CATALOG` lists every indicator, and each is called by its name: `ta.rsi(bars, 14)`, `ta.macd(bars).signal`; `BESIDE`
lists those that need trades, quotes or other instruments as well. `structure` holds swings, breaks, gaps, blocks and
sweeps, `zones` what becomes of gaps, blocks and pools, `pivots` the zigzag, `smart_money` all of these;
`chart_patterns` tops, triangles and flags, `levels` support and resistance, `drawings` what a chart shows of them;
`stream` and `structure_stream` the same one bar at a time.
"""

from tradewright.features import chart_patterns, drawings, levels, pivots, smart_money, structure, zones
from tradewright.features.catalog import BESIDE, CATALOG
from tradewright.features.crossing import crossed_above, crossed_below, previous
from tradewright.features.groups import SectorStream, closes_beside, correlation_with, sector_performance
from tradewright.features.indicator import Indicator
from tradewright.features.order_flow import FlowStream, OrderFlow, order_flow
from tradewright.features.quote_flow import QuoteFlow, QuoteStream, quote_flow
from tradewright.features.stream import Atr, Ema, Sma

__all__ = [
    "BESIDE",
    "CATALOG",
    "Atr",
    "Ema",
    "FlowStream",
    "Indicator",
    "OrderFlow",
    "QuoteFlow",
    "QuoteStream",
    "SectorStream",
    "Sma",
    "chart_patterns",
    "closes_beside",
    "correlation_with",
    "crossed_above",
    "crossed_below",
    "drawings",
    "levels",
    "order_flow",
    "pivots",
    "previous",
    "quote_flow",
    "sector_performance",
    "smart_money",
    "structure",
    "zones",
]

# Other names in use for rows of the catalogue.
ALIASES = {
    "bollinger": "bbands",
    "heikin_ashi": "ha",
    "highest": "max",
    "keltner": "kc",
    "lowest": "min",
    "parabolic_sar": "sar",
    "stdev": "stddev",
    "true_range": "trange",
    "wilder": "rma",
    "williams_r": "willr",
}


def __getattr__(name: str) -> Indicator:
    known = ALIASES.get(name, name)
    if known not in CATALOG:
        raise AttributeError(f"there is no indicator {name!r}; ta.CATALOG lists all")
    found = globals()[name] = Indicator(CATALOG[known])
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *CATALOG, *ALIASES})
