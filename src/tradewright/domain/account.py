"""What an account at a venue has done and holds. Numbers are exact decimals, times UTC ns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tradewright.domain.intents import IntentSide
from tradewright.domain.orders import Leg

__all__ = ["AccountTerms", "Balance", "Fill", "MarginMode", "Position"]

MarginMode = Literal["cross", "isolated"]


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution of an order of ours.

    Args:
        id: of the trade at the venue, unique for an instrument: a fill is applied once by it.
        instrument: symbol.
        order_id: venue id of the order that was executed; of a conditional order, that of the plain one it became.
        client_id: our name of the order; empty where the venue does not say.
        side: `buy` or `sell`.
        price: quote per base.
        quantity: base.
        fee: paid, in `fee_currency`; below 0 a rebate.
        fee_currency: in which the fee is paid.
        is_maker: whether it rested; None where the venue does not say.
        ts: of the execution.
        realised: profit that it closed, before fees; None where the venue does not say.
        leg: of the position in hedge mode.
    """

    id: str
    instrument: str
    order_id: str
    client_id: str
    side: IntentSide
    price: Decimal
    quantity: Decimal
    fee: Decimal
    fee_currency: str
    is_maker: bool | None
    ts: int
    realised: Decimal | None = None
    leg: Leg = ""


@dataclass(frozen=True, slots=True)
class Position:
    """What is held of an instrument. None where a venue does not say.

    Args:
        instrument: symbol.
        quantity: base; below 0 it is short.
        entry_price: average price of what is held; 0 when flat.
        leg: in hedge mode.
        mark_price: at which it is valued.
        unrealised: open profit at the mark, settlement currency.
        liquidation_price: at which the venue closes it.
        leverage: as set for the instrument.
        margin_mode: as set for the instrument.
        margin: set aside for it alone; 0 in cross mode.
        ts: of the last change.
    """

    instrument: str
    quantity: Decimal
    entry_price: Decimal
    leg: Leg = ""
    mark_price: Decimal | None = None
    unrealised: Decimal | None = None
    liquidation_price: Decimal | None = None
    leverage: Decimal | None = None
    margin_mode: MarginMode | None = None
    margin: Decimal | None = None
    ts: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has of a currency. Venues mean different things by "total"; here each has its own name.

    Args:
        currency: such as USDT.
        wallet: deposits, closed profit and fees, without open profit.
        equity: wallet and open profit; None where the venue does not say.
        free: what new orders may use; None where the venue does not say.
    """

    currency: str
    wallet: Decimal
    equity: Decimal | None = None
    free: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """What is set for an instrument.

    Args:
        instrument: symbol.
        leverage: highest that margin is counted with.
        margin_mode: `cross` or `isolated`.
    """

    instrument: str
    leverage: Decimal
    margin_mode: MarginMode
