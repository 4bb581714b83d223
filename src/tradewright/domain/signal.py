"""A strategy's wish, before risk and sizing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from tradewright.domain.errors import InvalidValue

__all__ = ["EntryKind", "Signal", "SignalSide"]

SignalSide = Literal["long", "short", "exit"]
EntryKind = Literal["market", "limit", "stop"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Signal:
    """What a strategy wishes at a bar's close; it can act at the next open at the earliest.

    Args:
        side: `long`, `short`, or `exit` to leave the open position (prices are then not needed).
        entry: the price counted on, quote per base: for `market` the last close, else the order's own price.
        stop_loss: where the idea is wrong; None only where the risk policy allows it.
        take_profit: where the idea has paid; None only where the risk policy allows it.
        confidence: 0 to 1.
        metadata: facts behind the wish, shown with the trade.
        kind: how to enter: `market` at the next open, `limit` at or better than entry, `stop` through entry.
        valid_bars: for limit and stop: how many bars the order waits; 0 means until it is replaced.

    Raises:
        InvalidValue: a price is not a positive finite number, or confidence is outside 0 to 1.
    """

    side: SignalSide
    entry: float = 0.0
    stop_loss: float | None = None
    take_profit: float | None = None
    confidence: float = 1.0
    metadata: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    kind: EntryKind = "market"
    valid_bars: int = 0

    def __post_init__(self) -> None:
        if self.side not in ("long", "short", "exit"):
            raise InvalidValue("side", self.side, "'long', 'short' or 'exit'")
        if self.kind not in ("market", "limit", "stop"):
            raise InvalidValue("kind", self.kind, "'market', 'limit' or 'stop'")
        if not 0.0 <= self.confidence <= 1.0:
            raise InvalidValue("confidence", self.confidence, "a number from 0 to 1")
        if self.valid_bars < 0:
            raise InvalidValue("valid_bars", self.valid_bars, "0 (until replaced) or more")
        if self.side != "exit":
            self._check_prices()

    def _check_prices(self) -> None:
        for name in ("entry", "stop_loss", "take_profit"):
            price = getattr(self, name)
            if price is None and name != "entry":
                continue
            if price is None or not (math.isfinite(price) and price > 0.0):
                raise InvalidValue(name, price, "a price above 0")
