"""What a venue tells an account while it trades. Times are UTC ns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tradewright.domain.account import Balance, Fill, MarginMode, Position
from tradewright.domain.orders import Order

__all__ = [
    "BalancesChanged",
    "Filled",
    "FundingPaid",
    "Gap",
    "MarginCalled",
    "OrderChanged",
    "PositionsChanged",
    "Synced",
    "TermsChanged",
    "UserEvent",
]


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order came, changed, or went; `is_ours` is False of one that the venue itself sent, as in a liquidation."""

    order: Order
    ts: int
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class Filled:
    """An order of the account was executed; each fill is told once, gaps or not."""

    fill: Fill
    ts: int


@dataclass(frozen=True, slots=True)
class BalancesChanged:
    """Balances after a change, and the venue's word for what changed them."""

    balances: tuple[Balance, ...]
    reason: str
    ts: int


@dataclass(frozen=True, slots=True)
class PositionsChanged:
    """Positions after a change; only those that changed, except between `Gap` and `Synced`, where all are told."""

    positions: tuple[Position, ...]
    ts: int


@dataclass(frozen=True, slots=True)
class FundingPaid:
    """Funding was settled; the balance that follows from it is told beside it.

    Args:
        id: of the payment at the venue.
        amount: settlement currency; below 0 it was paid.
        currency: settlement currency.
        instrument: symbol; empty where the venue does not say for what.
        ts: of the settlement.
    """

    id: str
    amount: Decimal
    currency: str
    instrument: str
    ts: int


@dataclass(frozen=True, slots=True)
class MarginCalled:
    """The venue warns that positions are near their liquidation."""

    positions: tuple[Position, ...]
    ts: int


@dataclass(frozen=True, slots=True)
class TermsChanged:
    """Leverage or margin mode of an instrument was changed; None is what was not."""

    instrument: str
    ts: int
    leverage: Decimal | None = None
    margin_mode: MarginMode | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """The stream broke off or fell silent: what happened since then was not heard.

    The adapter asks for everything by itself; until `Synced` follows, what is known may be old.

    Args:
        since: time of the last event that was surely heard.
        text: what happened.
    """

    since: int
    text: str


@dataclass(frozen=True, slots=True)
class Synced:
    """All open orders, fills since the gap, positions and balances have just been told anew; nothing is missing.

    Only an order that came and went within the gap, and filled nothing, may never be told of.
    """

    ts: int


UserEvent = (
    OrderChanged
    | Filled
    | BalancesChanged
    | PositionsChanged
    | FundingPaid
    | MarginCalled
    | TermsChanged
    | Gap
    | Synced
)
