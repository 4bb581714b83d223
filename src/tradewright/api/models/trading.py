"""Portfolios, positions, orders, trades and signals, as answers hold them: money, prices and quantities as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from tradewright.api.models.desk import moment
from tradewright.api.paging import Page
from tradewright.domain.books import EquityPoint, FillEntry, OrderEntry, SignalEntry, TradeEntry
from tradewright.domain.intents import PositionSide
from tradewright.domain.mode import Mode

__all__ = [
    "EquityPage", "EquityView", "FillPage", "FillView", "OpenOrderView", "OrderPage", "OrderView", "PartView",
    "PendingRow", "PendingView", "PerformanceView", "PortfolioView", "PositionView", "SessionStatus", "SignalPage",
    "SignalView", "TradePage", "TradeView", "performance_of",
]  # fmt: skip

_SYMBOL, _NAME = ["BTC/USDT:USDT"], ["trend"]


class _Money(BaseModel):
    balance_at_start: Decimal = Field(examples=["10000"])
    wallet: Decimal = Field(description="Without open profit.", examples=["10120.5"])
    equity: Decimal = Field(description="With open profit.", examples=["10131.25"])
    open_profit: Decimal = Field(examples=["10.75"])
    realised: Decimal = Field(description="Profit of what was closed, before fees.", examples=["150"])
    fees: Decimal = Field(examples=["29.5"])
    funding: Decimal = Field(description="Received; below 0 was paid.", examples=["-0.4"])
    exposure: Decimal = Field(description="Worth of all positions, whichever way.", examples=["5000"])
    day_profit: Decimal = Field(
        Decimal(), description="Since the UTC day began, up to the last close, open profit included.", examples=["25.5"]
    )


class PartView(_Money):
    """What one deployment contributes."""

    deployment: str = Field(examples=_NAME)
    session: str = Field(examples=_NAME)
    state: str = Field(examples=["running"])
    as_of: datetime = Field(description="Close of its last bar.", examples=["2026-11-22T10:00:00Z"])


class PositionView(BaseModel):
    """What is held of an instrument."""

    deployment: str = Field(examples=_NAME)
    instrument: str = Field(examples=_SYMBOL)
    side: Literal["long", "short"] = Field(examples=["long"])
    quantity: Decimal = Field(description="Base; below 0 is short.", examples=["0.25"])
    entry: Decimal = Field(examples=["61250.5"])
    price: Decimal = Field(description="Last.", examples=["61300"])
    profit: Decimal = Field(description="Open, quote.", examples=["12.375"])
    stop: Decimal | None = Field(None, description="Of the order that protects it.", examples=["60900"])
    target: Decimal | None = Field(None, description="Of the nearest order that takes its profit.", examples=["62500"])


class PortfolioView(_Money):
    """Money of several deployments, in quote currency."""

    mode: Mode = Field(examples=["simulation"])
    deployments: list[PartView]
    positions: list[PositionView]


class PerformanceView(BaseModel):
    """Figures of a deployment so far: the names and meanings are those of a backtest's metrics."""

    deployment: str = Field(examples=_NAME)
    session: str = Field(examples=_NAME)
    figures: dict[str, float | int | None] = Field(examples=[{"sharpe": 1.2, "max_drawdown": 0.03, "win_rate": 0.55}])


class Note(BaseModel):
    """Something that a session at a venue has noted."""

    ts: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    text: str = Field(examples=["order tw-1a2b-12-0: no answer came; it is asked for"])


class SessionStatus(BaseModel):
    """What a session is, and how it stands. What only a session at a venue has is null elsewhere."""

    session: str = Field(examples=_NAME)
    strategy: str = Field(examples=["ma_crossover"])
    params: dict[str, Any] = Field(examples=[{"fast": 10, "slow": 30}])
    instruments: list[str] = Field(examples=[_SYMBOL])
    timeframe: str = Field(examples=["1m"])
    venue: str = Field(examples=["practice"])
    matched_by: Literal["engine", "venue"] = Field(examples=["engine"])
    bars: int = Field(description="That it has played.", examples=[120])
    bars_missed: int = Field(description="That the venue could not give.", examples=[0])
    last_close: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    paused: bool = Field(examples=[False])
    equity: Decimal = Field(examples=["10131.25"])
    halted: str | None = Field(None, description="Why nothing may be opened; empty while all is well.", examples=[""])
    synced: bool | None = Field(None, description="Whether it knows how it stands at the venue.", examples=[True])
    orders_unknown: int | None = Field(None, description="Orders of which no answer came.", examples=[0])
    differences: list[str] | None = Field(None, description="Positions that differ at the venue.", examples=[[]])
    foreign_orders: int | None = Field(None, description="Orders there that are not ours.", examples=[0])
    notes: list[Note] | None = Field(None, description="The last.", examples=[[]])


class OpenOrderView(BaseModel):
    """An order that is open."""

    deployment: str = Field(examples=_NAME)
    order: int = Field(description="Its number in the session.", examples=[12])
    instrument: str = Field(examples=_SYMBOL)
    side: Literal["buy", "sell"] = Field(examples=["buy"])
    type: str = Field(examples=["stop market"])
    role: str = Field(description="Why it is there.", examples=["stop loss"])
    quantity: Decimal = Field(examples=["0.25"])
    filled: Decimal = Field(examples=["0"])
    price: Decimal | None = Field(None, description="Limit, or trigger.", examples=["60900"])
    status: str = Field(examples=["open"])
    created: datetime | None = Field(None, examples=["2026-11-22T10:00:00Z"])
    position_side: PositionSide | None = Field(None, description="In a hedge, of which position.", examples=[None])
    at_venue: list[str] = Field(
        default_factory=list, description="Its names at the venue.", examples=[["tw-1a2b-12-0"]]
    )


class PendingView(BaseModel):
    """An order that waits until somebody confirms it."""

    deployment: str = Field(examples=_NAME)
    order: int = Field(examples=[12])
    instrument: str = Field(examples=_SYMBOL)
    side: Literal["buy", "sell"] = Field(examples=["buy"])
    type: str = Field(examples=["market"])
    quantity: Decimal = Field(examples=["0.25"])
    price: Decimal = Field(description="At which it was shown last.", examples=["61300"])
    stop_loss: Decimal | None = Field(None, examples=["60900"])
    take_profit: Decimal | None = Field(None, examples=["62500"])
    at_risk: Decimal | None = Field(
        None, description="Lost where the stop fills at its price, quote.", examples=["100"]
    )
    quotes: int = Field(description="How often it was shown anew.", examples=[0])
    since: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    until: datetime = Field(description="When it is dropped.", examples=["2026-11-22T10:02:00Z"])


class PendingRow(PendingView):
    """An order that waits, as it stands at the moment of the answer."""

    left_s: float = Field(
        description="Seconds until it is dropped, however fast the venue's time passes.", examples=[90]
    )
    whole_s: float = Field(description="How many there were at first.", examples=[120])
    price_now: Decimal | None = Field(description="Last of its instrument.", examples=["61310"])
    share_at_risk: float | None = Field(description="`at_risk`, a fraction of equity.", examples=[0.01])
    tolerance: float = Field(
        description="By which price may move against it before it is shown anew, a fraction.", examples=[0.002]
    )


class OrderView(BaseModel):
    """An order in the books, open or over."""

    session: str = Field(examples=_NAME)
    id: str = Field(examples=["trend-12"])
    instrument: str = Field(examples=_SYMBOL)
    side: str = Field(examples=["buy"])
    type: str = Field(examples=["market"])
    status: str = Field(examples=["filled"])
    quantity: Decimal = Field(examples=["0.25"])
    filled: Decimal = Field(examples=["0.25"])
    price: Decimal | None = Field(examples=[None])
    reason: str = Field(examples=["entry"])
    created: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    updated: datetime = Field(examples=["2026-11-22T10:00:00Z"])

    @classmethod
    def of(cls, one: OrderEntry) -> OrderView:
        """An entry as it is answered."""
        return cls(
            session=one.deployment, id=one.client_id, instrument=one.symbol, side=one.side, type=one.kind,
            status=one.status, quantity=one.quantity, filled=one.filled, price=one.price, reason=one.reason,
            created=moment(one.created), updated=moment(one.updated),
        )  # fmt: skip


class FillView(BaseModel):
    """An execution."""

    session: str = Field(examples=_NAME)
    id: str = Field(examples=["trend-7"])
    order: str = Field(examples=["trend-12"])
    instrument: str = Field(examples=_SYMBOL)
    side: str = Field(examples=["buy"])
    quantity: Decimal = Field(examples=["0.25"])
    price: Decimal = Field(examples=["61300"])
    fee: Decimal = Field(examples=["7.66"])
    fee_asset: str = Field(examples=["USDT"])
    is_maker: bool = Field(examples=[False])
    ts: datetime = Field(examples=["2026-11-22T10:00:00Z"])

    @classmethod
    def of(cls, one: FillEntry) -> FillView:
        """An entry as it is answered."""
        return cls(
            session=one.deployment, id=one.trade_id, order=one.client_id, instrument=one.symbol, side=one.side,
            quantity=one.quantity, price=one.price, fee=one.fee, fee_asset=one.fee_asset, is_maker=one.is_maker,
            ts=moment(one.ts),
        )  # fmt: skip


class TradeView(BaseModel):
    """A round trip."""

    session: str = Field(examples=_NAME)
    number: int = Field(examples=[7])
    instrument: str = Field(examples=_SYMBOL)
    side: str = Field(examples=["long"])
    entered: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    left: datetime | None = Field(description="null while it is open.", examples=["2026-11-22T10:30:00Z"])
    quantity: Decimal = Field(examples=["0.25"])
    entry_price: Decimal = Field(examples=["61250.5"])
    exit_price: Decimal | None = Field(examples=["61400"])
    stop_loss: Decimal | None = Field(examples=["60900"])
    take_profit: Decimal | None = Field(examples=["62500"])
    fees: Decimal = Field(examples=["15.2"])
    funding: Decimal = Field(examples=["0"])
    pnl: Decimal = Field(description="Net, quote.", examples=["22.1"])
    exit_reason: str = Field(examples=["take_profit"])
    metadata: dict[str, Any] = Field(examples=[{}])

    @classmethod
    def of(cls, one: TradeEntry) -> TradeView:
        """An entry as it is answered."""
        return cls(
            session=one.deployment, number=one.number, instrument=one.symbol, side=one.side,
            entered=moment(one.ts_entry), left=None if one.ts_exit is None else moment(one.ts_exit),
            quantity=one.quantity, entry_price=one.entry_price, exit_price=one.exit_price, stop_loss=one.stop_loss,
            take_profit=one.take_profit, fees=one.fees, funding=one.funding, pnl=one.pnl, exit_reason=one.exit_reason,
            metadata=dict(one.metadata),
        )  # fmt: skip


class SignalView(BaseModel):
    """What a strategy said at a close, and why."""

    session: str = Field(examples=_NAME)
    instrument: str = Field(examples=_SYMBOL)
    ts: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    side: str = Field(description="`long`, `short`, or how it leaves.", examples=["long"])
    entry: Decimal | None = Field(description="null is at the market.", examples=["61250.5"])
    stop_loss: Decimal | None = Field(examples=["60900"])
    take_profit: Decimal | None = Field(examples=["62500"])
    confidence: float | None = Field(description="0 to 1.", examples=[0.8])
    reasons: str = Field(examples=["fast 61300, slow 61250"])

    @classmethod
    def of(cls, one: SignalEntry) -> SignalView:
        """An entry as it is answered."""
        return cls(
            session=one.deployment, instrument=one.symbol, ts=moment(one.ts), side=one.side, entry=one.entry,
            stop_loss=one.stop_loss, take_profit=one.take_profit,
            confidence=None if one.confidence is None else float(one.confidence),
            reasons=str(one.metadata.get("reasons", "")),
        )  # fmt: skip


class EquityView(BaseModel):
    """What a deployment was worth at a close."""

    session: str = Field(examples=_NAME)
    ts: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    equity: Decimal = Field(examples=["10131.25"])
    drawdown: float = Field(description="Below the highest so far, a fraction.", examples=[0.01])

    @classmethod
    def of(cls, one: EquityPoint) -> EquityView:
        """An entry as it is answered."""
        return cls(session=one.deployment, ts=moment(one.ts), equity=one.equity, drawdown=float(one.drawdown))


class OrderPage(Page[OrderView]):
    """Orders, newest first."""


class FillPage(Page[FillView]):
    """Fills, newest first."""


class TradePage(Page[TradeView]):
    """Trades, newest first."""


class SignalPage(Page[SignalView]):
    """Signals, newest first."""


class EquityPage(Page[EquityView]):
    """Points of equity, newest first."""


def performance_of(deployment: str, session: str, told: Mapping[str, Any]) -> PerformanceView:
    """Figures as they are answered; what is not a number is left out."""
    figures = {name: value for name, value in told.items() if value is None or isinstance(value, int | float)}
    return PerformanceView(deployment=deployment, session=session, figures=figures)
