"""Every kind of event, and what it tells: the union that the schema holds."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from tradewright.api.models.job_news import HeadwayData, JobData, ResultData, ResultIdData, ResultIdsData
from tradewright.api.models.trading import PendingView, PositionView
from tradewright.domain.deployment import DeploymentState
from tradewright.domain.mode import Mode

__all__ = ["KINDS", "AnyEvent"]


class _Whose(BaseModel):
    deployment: str = Field(examples=["simulation"])
    session: str = Field(examples=["simulation"])
    mode: Mode = Field(examples=["simulation"])


class SignalData(_Whose):
    """What a strategy said at a close."""

    number: int = Field(examples=[7])
    ts: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    signal: str = Field(examples=["long"])
    instrument: str = Field(examples=["BTC/USDT:USDT"])
    price: Decimal
    entry: Decimal | None
    stop_loss: Decimal | None
    take_profit: Decimal | None
    confidence: float
    reasons: str


class FillData(_Whose):
    """An execution."""

    fill: int = Field(description="Its number in the session.", examples=[3])
    order: int
    instrument: str
    side: Literal["buy", "sell"]
    role: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    ts: datetime


class OrderData(_Whose):
    """An order as it stands now; one that has come to its end says when and why."""

    order: int
    instrument: str
    side: Literal["buy", "sell"]
    type: str
    role: str
    quantity: Decimal
    filled: Decimal
    price: Decimal | None
    status: str
    ts: datetime | None = None
    reason: str = ""


class PendingData(_Whose):
    """An order that waits, or what became of it."""

    order: int
    state: Literal["waiting", "confirmed", "rejected", "expired", "replaced"]
    price: Decimal
    quotes: int
    by: str = ""
    instrument: str | None = None
    side: Literal["buy", "sell"] | None = None
    quantity: Decimal | None = None
    until: datetime | None = None


class SessionData(_Whose):
    """A deployment began, ended or failed."""

    state: DeploymentState
    detail: str


class AskedData(BaseModel):
    """Something was asked of a session, and done, or refused for a reason."""

    session: str
    asked: str = Field(examples=["pause"])
    refusal: str = Field(description="Empty where it was done.", examples=[""])


class WaitingData(BaseModel):
    """A session's venue cannot be asked now."""

    session: str
    reason: str
    seconds: float


class SnapshotData(_Whose):
    """How a session stands. It is not kept: another comes, or is read."""

    status: dict[str, Any]
    portfolio: dict[str, Any]
    positions: list[PositionView]
    pending: list[PendingView]
    prices: dict[str, Decimal]


class PairData(BaseModel):
    """A pair was added, changed or taken away."""

    symbol: str
    is_active: bool


class _Event(BaseModel):
    ts: int = Field(description="UTC ns.", examples=[1_700_000_000_000_000_000])


class SignalEvent(_Event):
    """See its data."""

    type: Literal["signal"]
    data: SignalData


class FillEvent(_Event):
    """See its data."""

    type: Literal["fill"]
    data: FillData


class OrderEvent(_Event):
    """See its data."""

    type: Literal["order.changed"]
    data: OrderData


class PendingEvent(_Event):
    """See its data."""

    type: Literal["pending.changed"]
    data: PendingData


class SessionEvent(_Event):
    """See its data."""

    type: Literal["session.changed"]
    data: SessionData


class AskedEvent(_Event):
    """See its data."""

    type: Literal["session.asked"]
    data: AskedData


class WaitingEvent(_Event):
    """See its data."""

    type: Literal["session.waiting"]
    data: WaitingData


class SnapshotEvent(_Event):
    """See its data."""

    type: Literal["snapshot"]
    data: SnapshotData


class PairEvent(_Event):
    """See its data."""

    type: Literal["pairs.changed"]
    data: PairData


class JobEvent(_Event):
    """See its data."""

    type: Literal["job.changed"]
    data: JobData


class JobProgressEvent(_Event):
    """See its data."""

    type: Literal["job.progress"]
    data: HeadwayData


class BacktestEvent(_Event):
    """See its data."""

    type: Literal["backtest.finished"]
    data: ResultData


class BacktestMarkEvent(_Event):
    """See its data."""

    type: Literal["backtest.marked"]
    data: ResultIdData


class BacktestsEvent(_Event):
    """See its data."""

    type: Literal["backtest.deleted", "backtest.restored"]
    data: ResultIdsData


class OtherEvent(_Event):
    """What other resources tell; see there."""

    type: Literal[
        "settings.changed",
        "health.changed",
    ]
    data: dict[str, Any]


class ResyncEvent(_Event):
    """More was missed than is kept, or the listener was too slow: read everything anew, and go on from this event."""

    type: Literal["snapshot_required"]
    data: dict[str, Any]


AnyEvent = Annotated[
    SignalEvent | FillEvent | OrderEvent | PendingEvent | SessionEvent | AskedEvent | WaitingEvent | SnapshotEvent
    | PairEvent | JobEvent | JobProgressEvent | BacktestEvent | BacktestMarkEvent | BacktestsEvent | OtherEvent
    | ResyncEvent,
    Field(discriminator="type"),
]  # fmt: skip
KINDS: frozenset[str] = frozenset(
    kind
    for one in (SignalEvent, FillEvent, OrderEvent, PendingEvent, SessionEvent, AskedEvent, WaitingEvent, SnapshotEvent,
                PairEvent, JobEvent, JobProgressEvent, BacktestEvent, BacktestMarkEvent, BacktestsEvent, OtherEvent,
                ResyncEvent)
    for kind in one.model_fields["type"].annotation.__args__  # type: ignore[union-attr]  # a Literal
)  # fmt: skip
"""Every kind of event."""
