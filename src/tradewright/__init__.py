"""Tradewright: a trading platform whose backtest, paper and live results come out of the same engine.

A strategy needs four names::

    from tradewright import Param, Signals, Strategy, ta

One that gives orders of its own takes them from here as well: `OrderIntent`, `Change`, `Cancel`, `CancelAll`, and the
parents `Twap`, `Vwap` and `Iceberg`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright import features as ta
    from tradewright.domain.intents import Cancel, CancelAll, Change, Iceberg, OrderIntent, Twap, Vwap
    from tradewright.domain.signal import Signal
    from tradewright.strategy.param import Param
    from tradewright.strategy.signals import Signals
    from tradewright.strategy.strategy import Strategy

__all__ = [
    "Cancel",
    "CancelAll",
    "Change",
    "Iceberg",
    "OrderIntent",
    "Param",
    "Signal",
    "Signals",
    "Strategy",
    "Twap",
    "Vwap",
    "__version__",
    "ta",
]

__version__ = "0.1.0"

_INTENTS = "tradewright.domain.intents"
_HOME = {
    **dict.fromkeys(("Cancel", "CancelAll", "Change", "Iceberg", "OrderIntent", "Twap", "Vwap"), _INTENTS),
    "Signal": "tradewright.domain.signal",
    "Param": "tradewright.strategy.param",
    "Signals": "tradewright.strategy.signals",
    "Strategy": "tradewright.strategy.strategy",
    "ta": "tradewright.features",
}


def __getattr__(name: str) -> object:
    # Loaded at first use, so that `import tradewright` and the command line start at once.
    if name not in _HOME:
        raise AttributeError(f"module 'tradewright' has no attribute {name!r}")
    module = import_module(_HOME[name])
    return module if name == "ta" else getattr(module, name)
