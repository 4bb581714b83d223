"""Engines of others that run over our bars and answer in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec
from tradewright.market.bars import Bars, FloatColumn

__all__ = [
    "EngineFill",
    "EngineJob",
    "EngineLog",
    "EngineOrder",
    "ForeignEngine",
    "ForeignStrategy",
    "OrderPlan",
    "Trader",
]


@dataclass(frozen=True, slots=True, eq=False)
class EngineJob:
    """What a foreign engine runs over, and what trading costs there.

    Args:
        instrument: what is traded; prices stand on its ticks, quantities on its lots.
        bars: closed bars of the traded timeframe.
        htf: closed bars of a higher timeframe, known at their closes; or None.
        balance: quote.
        maker_rate: fraction of notional.
        taker_rate: fraction of notional.
        cost_rate: adverse price change of a taker, fraction of price.
        leverage: of a long position; 1 for spot.
    """

    instrument: Instrument
    bars: Bars
    htf: Bars | None
    balance: float
    maker_rate: float
    taker_rate: float
    cost_rate: float
    leverage: float


class EngineFill(NamedTuple):
    """One execution, as the engine reported it."""

    bar: int
    """Row of the bar in which it happened."""
    at_open: bool
    order: int
    group: int
    signal: int
    side: int
    """+1 bought, -1 sold."""
    role: OrderRole
    is_maker: bool
    ticks: int
    reference_ticks: int
    """The price without spread and slippage."""
    lots: int
    closed_lots: int
    """How many of them reduced a position."""
    fee: float
    """Quote, > 0 is paid."""
    realised: float
    """Quote, profit of the closed part before fees."""
    held_lots: int
    """Signed position after it."""
    entry_ticks: float
    """Its average entry."""


class EngineOrder(NamedTuple):
    """An order that is no longer open."""

    id: int
    group: int
    signal: int
    type: OrderType
    role: OrderRole
    status: OrderStatus
    code: Code
    """Why it was rejected; OK where it was not."""
    side: int
    lots: int
    level_ticks: int
    """Limit price or trigger; 0 for a market order."""
    stop_ticks: int
    """Of the exits attached to an entry; 0 where there is none."""
    target_ticks: int
    bar_created: int
    """Row of the bar at whose close it was sent."""
    bar_closed: int


class EngineLog(NamedTuple):
    """What came out of a run: executions and orders in their order, and equity at each bar's close, quote."""

    fills: tuple[EngineFill, ...]
    orders: tuple[EngineOrder, ...]
    equity: FloatColumn


class OrderPlan(NamedTuple):
    """What one of our strategies sends at a bar's close, for the next bar; it replaces an entry that still waits."""

    signal: int
    side: int
    lots: int
    """To hold after it has filled, whatever was held against it; 0 leaves the market at the next open."""
    order_type: OrderType
    """Of the entry: MARKET, LIMIT or STOP_MARKET."""
    level_ticks: int
    """Limit price or trigger; 0 for MARKET."""
    valid_bars: int
    """How many bars a LIMIT or STOP_MARKET waits; 0 until it is replaced."""
    stop_ticks: int
    """0: no stop-loss."""
    target_ticks: int
    """0: no take-profit."""
    target_takes: bool
    """Whether the take-profit pays a taker's fee and slippage."""


class Trader(Protocol):
    """One of our strategies with its risk gate, as a foreign engine calls it."""

    def on_fill(self, fill: EngineFill) -> None:
        """Learn of an execution; all of a bar come before its close."""
        ...

    def on_close(self, bar: int, equity: float) -> OrderPlan | None:
        """See the close of a bar; what to send for the next open, or None."""
        ...


@dataclass(frozen=True, slots=True)
class ForeignStrategy:
    """A strategy written for the foreign engine.

    Args:
        name: from its class, in our spelling.
        version: its own; `0` where it states none.
        params: (name, value) of every parameter, sorted by name.
        file: where its code stands.
        source: of its file, as it was loaded.
        made: what the engine makes it from.
    """

    name: str
    version: str
    params: tuple[tuple[str, Any], ...]
    file: str
    source: str
    made: Any


class ForeignEngine(Protocol):
    """Runs our strategies, or those written for it, over our bars."""

    @property
    def name(self) -> str:
        """Name and version, as results carry it."""
        ...

    def read(self, path: Path, class_name: str | None, params: Mapping[str, Any]) -> ForeignStrategy:
        """Load a strategy from a user's file.

        Args:
            path: of the file.
            class_name: which of its strategies; None where there is only one.
            params: values by name, text as from a command line.

        Raises:
            StrategyError: the file cannot be used.
            UnknownName: there is no such class or parameter.
            InvalidValue: a value does not have the type of the parameter's default.
        """
        ...

    def run_trader(self, job: EngineJob, trader: Trader) -> EngineLog:
        """Let one of our strategies trade."""
        ...

    def run_foreign(self, job: EngineJob, strategy: ForeignStrategy, risk: RiskSpec) -> EngineLog:
        """Let a strategy of the engine's own kind trade; `risk` sizes the orders for which it names no size.

        Raises:
            StrategyError: it failed; the message names file and line.
        """
        ...
