"""Where candles are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.merge import MarkedBars, MergeOutcome

__all__ = ["CandleKey", "CandleStore"]


@dataclass(frozen=True, slots=True, order=True)
class CandleKey:
    """Names one series of candles.

    Args:
        venue: lower-case name of the venue.
        symbol: `BASE/QUOTE` or `BASE/QUOTE:SETTLE`.
        timeframe: length of a bar.

    Raises:
        InvalidValue: venue or symbol is not of its form.
    """

    venue: str
    symbol: str
    timeframe: Timeframe

    def __post_init__(self) -> None:
        Instrument(self.symbol, self.venue)

    def __str__(self) -> str:
        return f"{self.symbol} {self.timeframe} on {self.venue}"


class CandleStore(Protocol):
    """Candles by key. What is written replaces the old as a whole or not at all."""

    def list(self) -> tuple[CandleKey, ...]:
        """Name all series that are stored, sorted."""
        ...

    def load(self, key: CandleKey, start: int | None = None, end: int | None = None) -> MarkedBars:
        """Read a series as it was stored: bars that open at or after `start` and close at or before `end` (UTC ns).

        Raises:
            StoreError: the series is absent or damaged.
        """
        ...

    def save(self, key: CandleKey, marked: MarkedBars) -> None:
        """Put a series in place of what is stored under the key.

        Raises:
            StoreError: another process is writing the series; it is named. The same holds of `merge` and `delete`.
        """
        ...

    def merge(self, key: CandleKey, new: MarkedBars, *, replace: bool = False) -> MergeOutcome:
        """Unite bars with what is stored; the same call twice changes nothing the second time.

        Args:
            key: the series; it need not exist.
            new: sound bars, strictly ascending.
            replace: on a conflict take the new bar.

        Raises:
            DataError: a stored bar differs from the new one and `replace` is not given; nothing is written.
        """
        ...

    def delete(self, key: CandleKey) -> None:
        """Remove a series.

        Raises:
            StoreError: it is not stored.
        """
        ...
