"""Every indicator by name: one row each says what goes in, what comes out, in which unit, and from which row on."""

from tradewright.features.catalog.beside import BESIDE
from tradewright.features.catalog.candles import CANDLES
from tradewright.features.catalog.mathematics import MATHEMATICS
from tradewright.features.catalog.momentum import MOMENTUM
from tradewright.features.catalog.overlap import OVERLAP
from tradewright.features.catalog.own import OWN
from tradewright.features.catalog.price import PRICE
from tradewright.features.catalog.trading import TRADING

__all__ = ["BESIDE", "CATALOG", "FAMILIES"]

FAMILIES = {
    "Averages and bands": OVERLAP,
    "Momentum and trend": MOMENTUM,
    "Range and volume": TRADING,
    "Prices and statistics": PRICE,
    "Sessions, levels and profiles": OWN,
    "Cycles and arithmetic": MATHEMATICS,
    "Candlestick patterns": CANDLES,
}
CATALOG = {row.name: row for rows in FAMILIES.values() for row in rows}
