"""What a venue's market tells while it happens. Times are UTC ns; prices quote per base, quantities base.

`ts_seen` is our time when it became known here: nothing may be acted upon before. A bar is told once it has closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe

__all__ = [
    "Bar",
    "BookLevel",
    "BookUpdate",
    "Channel",
    "FeedState",
    "Mark",
    "MarketEvent",
    "Quote",
    "StateChanged",
    "Subscription",
    "Tick",
]


class Channel(Enum):
    """What may be listened to."""

    BARS = "bars"
    TICKS = "ticks"
    QUOTES = "quotes"
    BOOK = "book"
    MARKS = "marks"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is listened to.

    Args:
        channel: the kind of events.
        symbol: `BTC/USDT:USDT`.
        timeframe: of bars; None for all else.

    Raises:
        InvalidValue: bars without a timeframe, or another channel with one.
    """

    channel: Channel
    symbol: str
    timeframe: Timeframe | None = None

    def __post_init__(self) -> None:
        if (self.channel is Channel.BARS) != (self.timeframe is not None):
            raise InvalidValue("timeframe", self.timeframe, "the length of bars, and none for other channels")

    def __str__(self) -> str:
        return f"{self.channel.value} of {self.symbol}" + (f" {self.timeframe}" if self.timeframe else "")


class Bar(NamedTuple):
    """A closed bar; `was_asked` where the stream did not tell it and the venue was asked."""

    symbol: str
    timeframe: Timeframe
    ts_open: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    ts_seen: int
    was_asked: bool = False

    @property
    def ts_close(self) -> int:
        """The bar covers `[ts_open, ts_close)`."""
        return self.ts_open + self.timeframe.ns


class Tick(NamedTuple):
    """A public print; `buys` where its taker bought."""

    symbol: str
    ts: int
    id: int
    price: float
    quantity: float
    buys: bool
    ts_seen: int
    was_asked: bool = False


class Quote(NamedTuple):
    """Best bid and ask."""

    symbol: str
    ts: int
    sequence: int
    bid: float
    bid_size: float
    ask: float
    ask_size: float
    ts_seen: int


class BookLevel(NamedTuple):
    """The quantity at a price; 0 removes it."""

    price: float
    quantity: float


class BookUpdate(NamedTuple):
    """Levels of a book: all of them where it is a snapshot, else those that changed, each as it is now."""

    symbol: str
    ts: int
    last_id: int
    bids: tuple[BookLevel, ...]
    asks: tuple[BookLevel, ...]
    is_snapshot: bool
    ts_seen: int


class Mark(NamedTuple):
    """Mark and index price, and the funding that is due next."""

    symbol: str
    ts: int
    price: float
    index_price: float
    funding_rate: float
    funding_at: int
    ts_seen: int


class FeedState(Enum):
    """How much what was listened to may be believed."""

    LIVE = "live"
    """It is told as it happens."""
    STALE = "stale"
    """It has been silent for longer than it should be."""
    RESYNCHRONISING = "resynchronising"
    """Something was lost; it is being asked for, and what comes meanwhile is held back."""
    FILLED = "filled"
    """What was lost has been asked for and told, in its place."""
    LOST = "lost"
    """The venue does not have what was lost: there is a hole."""


class StateChanged(NamedTuple):
    """What may be believed has changed; `age_ns` is how long nothing was told."""

    subscriptions: tuple[Subscription, ...]
    state: FeedState
    ts_seen: int
    age_ns: int
    words: str


MarketEvent = Bar | Tick | Quote | BookUpdate | Mark | StateChanged
