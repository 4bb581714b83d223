"""A trade: from entry to flat, for statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["ExitReason", "Trade", "TradeSide"]

TradeSide = Literal["long", "short"]
ExitReason = Literal["take_profit", "stop_loss", "exit", "reverse", "liquidation", "open"]


@dataclass(frozen=True, slots=True)
class Trade:
    """A round trip of one instrument.

    Money is quote currency, quantities are base, times UTC ns. `pnl == gross_pnl - slippage - fees + funding`.

    Args:
        id: 1, 2, 3 … in order of entry.
        symbol: of the instrument.
        side: direction of the position.
        ts_entry: first fill.
        ts_exit: last fill; for an open trade the last close of the run.
        entry_price: mean of the entry fills, weighted by quantity.
        exit_price: mean of the exit fills; what is still open counts at the last close.
        quantity: bought (sold, for a short) in all.
        gross_pnl: profit at the prices before spread and slippage, before fees and funding.
        fees: paid, < 0 for a rebate.
        funding: received, < 0 where it was paid.
        slippage: cost of spread and slippage, >= 0; it is inside the fill prices.
        pnl: net profit.
        return_fraction: pnl / (entry_price * quantity).
        r_multiple: pnl / planned risk, where that is |entry - stop| * quantity; None without a stop.
        mae: worst open profit, <= 0; see `portfolio.excursions`.
        mfe: best open profit, >= 0.
        bars_held: bars in which the position was open, >= 1.
        exit_reason: why it ended; `open` where it did not.
        stop_loss: planned with the entry, or None.
        take_profit: planned with the entry, or None.
        confidence: of the signal, 0 to 1.
        metadata: facts behind the signal.
        ambiguous: a bar allowed another outcome of one of its fills.
        touched: one of its fills was that of a limit which the price reached and did not go through.
        member: of a team, whose it is; else empty.
    """

    id: int
    symbol: str
    side: TradeSide
    ts_entry: int
    ts_exit: int
    entry_price: float
    exit_price: float
    quantity: float
    gross_pnl: float
    fees: float
    funding: float
    slippage: float
    pnl: float
    return_fraction: float
    r_multiple: float | None
    mae: float
    mfe: float
    bars_held: int
    exit_reason: ExitReason
    stop_loss: float | None
    take_profit: float | None
    confidence: float
    metadata: Mapping[str, Any] = field(default_factory=dict)
    ambiguous: bool = False
    touched: bool = False
    member: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the position was still open when the run ended."""
        return self.exit_reason == "open"

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if self.member or name != "member"}
        return plain | {"metadata": dict(self.metadata)}
