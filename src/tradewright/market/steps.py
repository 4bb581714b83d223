"""What closes at one instant: the input of a run whose bars come one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tradewright.domain.errors import DataError

__all__ = ["Bar", "Funding", "Step", "check_step"]


class Bar(NamedTuple):
    """One closed bar: prices in quote per base, volume in base currency."""

    open: float
    high: float
    low: float
    close: float
    volume: float = 0.0


class Funding(NamedTuple):
    """One payment of a perpetual that is due.

    Attributes:
        symbol: of the instrument.
        ts: when, UTC ns.
        rate: fraction of the notional; above 0 longs pay.
        is_assumed: whether the venue's own rate is not known.
    """

    symbol: str
    ts: int
    rate: float
    is_assumed: bool = False


_NO_MARKS: Mapping[str, Bar] = MappingProxyType({})


class Step(NamedTuple):
    """All that has closed between two instants.

    Attributes:
        ts_open: when its bars opened, UTC ns.
        ts_close: when they closed.
        bars: by symbol; instruments that did not trade are left out.
        marks: of the mark price, by symbol; a bar without one takes the prices of its trades.
        funding: payments due since the step before has closed, before this one closes.
    """

    ts_open: int
    ts_close: int
    bars: Mapping[str, Bar]
    marks: Mapping[str, Bar] = _NO_MARKS
    funding: tuple[Funding, ...] = ()


def check_step(step: Step, last_close: int | None) -> None:
    """Hold a step to what a step must be.

    Args:
        step: that has closed.
        last_close: of the step before, UTC ns; None where there was none.

    Raises:
        DataError: it closes before it opens, begins before the last one has ended, or a bar is none.
    """
    if step.ts_close <= step.ts_open:
        raise DataError(f"ts_close: {step.ts_close} (UTC ns); a step closes after its open, {step.ts_open}")
    if last_close is not None and step.ts_open < last_close:
        raise DataError(f"ts_open: {step.ts_open} (UTC ns); a step begins at or after the last close, {last_close}")
    for kind, bars in (("bar", step.bars), ("mark", step.marks)):
        for symbol, bar in bars.items():
            if not _is_bar(bar):
                allowed = "prices above 0, low <= open and close <= high, and a volume of 0 or more"
                raise DataError(f"{kind} of {symbol}: {tuple(bar)}; it needs {allowed}")


def _is_bar(bar: Bar) -> bool:
    # Whatever is no number fails a comparison.
    first, high, low, last, volume = bar
    return 0.0 < low <= first <= high < math.inf and low <= last <= high and 0.0 <= volume < math.inf
