"""What the venue says that the account holds, beside what our books say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tradewright.domain.account import Balance, Position
from tradewright.domain.orders import Order

__all__ = ["Difference", "Holdings"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the venue holds of an instrument, and what our books say; base, below 0 is short."""

    instrument: str
    venue: Decimal
    ours: Decimal


@dataclass(slots=True)
class Holdings:
    """Of the account, as last told.

    Args:
        now: the venue's time of the last word, UTC ns.
        positions: by instrument, base; flat ones are not there.
        wallets: by currency.
        differences: positions that were not as our books say when they were last compared.
        strays: orders with our mark that our books know nothing of.
        foreign: open orders of others in the same account.
        is_shared: whether an order or a position of others has ever been seen in the account.
        checked_at: when all was last compared, UTC ns.
        whole_at: until when the venue's stream was whole, UTC ns: every fill of before was heard of.
    """

    now: int = 0
    positions: dict[str, Position] = field(default_factory=dict)
    wallets: dict[str, Decimal] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    strays: list[Order] = field(default_factory=list)
    foreign: tuple[Order, ...] = ()
    is_shared: bool = False
    checked_at: int = 0
    whole_at: int = 0

    def take_balances(self, balances: Iterable[Balance]) -> None:
        """Note what changed."""
        self.wallets.update((one.currency, one.wallet) for one in balances)

    def note_stray(self, order: Order) -> None:
        """Note an order with our mark that our books know nothing of; one that has ended is none any more."""
        self.strays = [one for one in self.strays if one.client_id != order.client_id]
        if order.is_open:
            self.strays.append(order)
