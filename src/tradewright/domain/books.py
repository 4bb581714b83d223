"""What is written in the books of a deployment: one entry a row, in exact numbers.

Prices are quote per base, quantities base, money quote, times UTC ns. Each kind says by which fields an entry is named:
writing one of the same name again replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

__all__ = [
    "EquityPoint",
    "ExitEntry",
    "FillEntry",
    "Find",
    "MarketSnapshot",
    "OrderEntry",
    "PendingOrder",
    "PendingStatus",
    "Performance",
    "PositionEntry",
    "SignalEntry",
    "TradeEntry",
    "TradeNote",
]

PendingStatus = Literal["waiting", "confirmed", "rejected", "expired", "replaced"]
"""`waiting` for a person; `confirmed` and on its way; `replaced` where the strategy wants something else by now."""


@dataclass(frozen=True, slots=True)
class Find:
    """Which entries are wanted; None is any.

    Args:
        deployment: whose.
        symbol: of the instrument.
        status: of orders, pending ones included.
        since: not before, UTC ns.
        until: before, UTC ns.
        limit: how many at most.
        newest_first: else oldest first.
    """

    deployment: str | None = None
    symbol: str | None = None
    status: str | None = None
    since: int | None = None
    until: int | None = None
    limit: int = 1_000
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class SignalEntry:
    """A signal, named by deployment, symbol and time.

    Args:
        deployment: whose.
        symbol: of the instrument.
        ts: when it was given.
        side: `long`, `short`, or how it leaves.
        entry: wanted price; None at the market.
        stop_loss: planned.
        take_profit: planned.
        confidence: 0 to 1.
        metadata: facts behind it.
    """

    deployment: str
    symbol: str
    ts: int
    side: str
    entry: Decimal | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    confidence: Decimal | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order as it stands, named by deployment and client id.

    Args:
        deployment: whose.
        client_id: our name for it.
        symbol: of the instrument.
        venue_id: the venue's; empty before it is known.
        side: `buy` or `sell`.
        kind: as in `OrderIntent`.
        status: where it stands: the name of an `OrderStatus` in small letters.
        quantity: ordered.
        filled: so far.
        price: limit.
        trigger: that sets it off.
        average: of what is filled.
        reason: why it is there, or was refused.
        created: when it was written down.
        updated: of its last change.
    """

    deployment: str
    client_id: str
    symbol: str
    venue_id: str
    side: str
    kind: str
    status: str
    quantity: Decimal
    filled: Decimal
    created: int
    updated: int
    price: Decimal | None = None
    trigger: Decimal | None = None
    average: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FillEntry:
    """A fill, named by venue, symbol and the venue's trade id: told of twice it is one.

    Args:
        venue: where.
        symbol: of the instrument.
        trade_id: the venue's.
        deployment: whose.
        client_id: of the order.
        side: `buy` or `sell`.
        quantity: base.
        price: quote per base.
        fee: paid, below 0 for a rebate.
        fee_asset: in what.
        is_maker: it rested in the book.
        ts: when.
    """

    venue: str
    symbol: str
    trade_id: str
    deployment: str
    client_id: str
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_asset: str
    is_maker: bool
    ts: int


@dataclass(frozen=True, slots=True)
class PositionEntry:
    """A position as it stands, named by deployment, symbol and leg.

    Args:
        deployment: whose.
        symbol: of the instrument.
        leg: `long` or `short` in hedge mode, else empty.
        quantity: below 0 for a short; 0 is flat.
        updated: of its last change.
        entry: mean price.
        mark: last known.
        liquidation: price.
        stop_loss: that protects it.
        take_profit: that waits.
        realised: profit so far.
    """

    deployment: str
    symbol: str
    leg: str
    quantity: Decimal
    updated: int
    entry: Decimal | None = None
    mark: Decimal | None = None
    liquidation: Decimal | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    realised: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TradeEntry:
    """A round trip, named by deployment and number.

    Args:
        deployment: whose.
        number: 1, 2, 3 … in order of entry.
        symbol: of the instrument.
        side: `long` or `short`.
        ts_entry: first fill.
        quantity: in all.
        entry_price: mean.
        ts_exit: last fill; None while it is open.
        exit_price: mean.
        stop_loss: planned.
        take_profit: planned.
        fees: paid.
        funding: received.
        pnl: net.
        exit_reason: why it ended; `open` where it did not.
        metadata: facts behind it.
    """

    deployment: str
    number: int
    symbol: str
    side: str
    ts_entry: int
    quantity: Decimal
    entry_price: Decimal
    ts_exit: int | None = None
    exit_price: Decimal | None = None
    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    fees: Decimal = Decimal(0)
    funding: Decimal = Decimal(0)
    pnl: Decimal = Decimal(0)
    exit_reason: str = "open"
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExitEntry:
    """A part of a trade that was taken out, named by deployment, trade and number.

    Args:
        deployment: whose.
        trade: its number.
        number: 1, 2, 3 … of the parts.
        ts: when.
        quantity: taken out.
        price: at which.
        pnl: of the part, less the fee of its exit and its share of those of the entries; funding is the trade's.
        reason: why.
    """

    deployment: str
    trade: int
    number: int
    ts: int
    quantity: Decimal
    price: Decimal
    pnl: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class TradeNote:
    """What somebody wrote about a trade; a second one stands beside the first.

    Args:
        deployment: whose trade.
        trade: its number.
        ts: when it was written.
        author: by whom.
        text: what.
    """

    deployment: str
    trade: int
    ts: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """What a deployment is worth, named by deployment and time.

    Args:
        deployment: whose.
        ts: when.
        equity: balance and open profit.
        drawdown: below the highest equity so far, as a fraction, 0 to 1.
        balance: without open profit, where it is known.
        unrealised: open profit, where it is known.
    """

    deployment: str
    ts: int
    equity: Decimal
    drawdown: Decimal
    balance: Decimal | None = None
    unrealised: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Performance:
    """Metrics of a deployment, named by deployment and time.

    Args:
        deployment: whose.
        ts: when they were taken.
        metrics: by name.
    """

    deployment: str
    ts: int
    metrics: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """A market at a time, named by venue, symbol and time.

    Args:
        venue: where.
        symbol: of the instrument.
        ts: when.
        price: last.
        bid: best.
        ask: best.
        volume: of the day, quote.
        change: of the day, as a fraction.
        funding_rate: of the next payment.
        facts: what else was known.
    """

    venue: str
    symbol: str
    ts: int
    price: Decimal
    bid: Decimal | None = None
    ask: Decimal | None = None
    volume: Decimal | None = None
    change: Decimal | None = None
    funding_rate: Decimal | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PendingOrder:
    """An order that waits for a person, named by its id.

    Args:
        id: of it.
        deployment: whose.
        symbol: of the instrument.
        intent: what is to be ordered, plain data.
        price: of the market when it was asked for.
        created: when that was.
        expires: from when on it may not be confirmed.
        status: where it stands.
        decided_by: who decided.
        decided: when.
        reason: why, in words.
    """

    id: str
    deployment: str
    symbol: str
    intent: Mapping[str, Any]
    price: Decimal
    created: int
    expires: int
    status: PendingStatus = "waiting"
    decided_by: str = ""
    decided: int | None = None
    reason: str = ""
