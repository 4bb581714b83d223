"""Where the rules of instruments are kept."""

from __future__ import annotations

from typing import Protocol

from tradewright.domain.instrument import Instrument

__all__ = ["InstrumentStore"]


class InstrumentStore(Protocol):
    """Instruments by venue and symbol; files that a user may edit."""

    def load(self, venue: str, symbol: str) -> Instrument | None:
        """Read an instrument; None where nothing is stored.

        Raises:
            StoreError: what is stored is damaged; names the place and the field.
        """
        ...

    def save(self, instrument: Instrument) -> None:
        """Write an instrument in place of the stored one."""
        ...
