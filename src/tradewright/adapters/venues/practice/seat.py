"""An account at the exchange: its key, and what the venue has set for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradewright.adapters.venues.practice.conduct import Conduct
from tradewright.adapters.venues.practice.ledger import Ledger
from tradewright.engine.venue_account import VenueAccount

__all__ = ["Seat"]


@dataclass(slots=True)
class Seat:
    """An account.

    Args:
        key: the API key.
        secret: by which requests are signed.
        account: its state.
        ledger: what the wire shows of it.
        conduct: what it has asked for, by the quantitative rules.
        listen_key: of its user stream; empty for none.
        listen_until: when that ends, UTC ms.
        multi_assets: whether the account is in the mode in which all its assets stand for all its positions.
        transfers: of margin to isolated positions and back: UTC ms, row, leg, amount.
        cooling_until: until when it opens nothing, because its owner wants to cool off, UTC ms.
        liquidated_until: until when the venue takes nothing from it, because it closes a position of it, UTC ms.
        countdowns: for rows of symbols, when their orders are cancelled unless it is put off, UTC ms.
    """

    key: str
    secret: str
    account: VenueAccount
    ledger: Ledger
    conduct: Conduct
    listen_key: str = ""
    listen_until: int = 0
    multi_assets: bool = False
    transfers: list[tuple[int, int, int, float]] = field(default_factory=list)
    countdowns: dict[int, int] = field(default_factory=dict)
    cooling_until: int = 0
    liquidated_until: int = 0

    @property
    def in_legs(self) -> bool:
        """Whether symbols are held long and short side by side."""
        return len(self.account.legs) > 1
