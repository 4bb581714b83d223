"""Run logs built by hand: a small market and the fills that a test wants, booked as the engine books them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Liquidity, OrderRole, OrderStatus
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.execution.venue_terms import venue_terms
from tradewright.features.ticks import ticks_of
from tradewright.kernels.records import FILL, ORDER, PAYMENT, REFUSAL
from tradewright.market.bars import Bars, FloatColumn, make_bars
from tradewright.portfolio.run_log import NO_SIGNALS, MarkRow, RunLog

__all__ = ["BTC", "Deal", "Funding", "a_run", "bars_of"]

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
_START = 1_640_995_200_000_000_000  # 2022-01-01


class Deal(NamedTuple):
    """A fill that a test wants.

    Attributes:
        step: bar of the fill.
        side: +1 buys, -1 sells.
        price: quote per base.
        quantity: base, > 0.
        role: OrderRole.
        inside: inside the bar instead of at its open.
        fee: quote.
        slippage: quote.
        stop: stop-loss planned with an entry.
        target: take-profit planned with an entry.
        flags: FillFlag bits.
        instrument: row.
        liquidity: Liquidity.
    """

    step: int
    side: int
    price: float
    quantity: float
    role: int = OrderRole.ENTRY
    inside: bool = False
    fee: float = 0.0
    slippage: float = 0.0
    stop: float | None = None
    target: float | None = None
    flags: int = 0
    instrument: int = 0
    liquidity: int = Liquidity.TAKER


class Funding(NamedTuple):
    """A funding payment that a test wants: at the open of a bar, or inside it."""

    step: int
    amount: float
    inside: bool = False
    instrument: int = 0


def bars_of(closes: Sequence[float], timeframe: str = "1h", reach: float = 0.0) -> Bars:
    """Build bars that open at the last close and reach beyond open and close by `reach`; from 2022-01-01 UTC."""
    length = Timeframe.parse(timeframe)
    close = np.asarray(closes, np.float64)
    start = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(start, close) + reach, np.minimum(start, close) - reach
    stamps = _START + length.ns * np.arange(close.size, dtype=np.int64)
    return make_bars(stamps, (start, high, low, close), np.ones(close.size), length)


def a_run(
    bars: Bars | tuple[Bars, ...],
    deals: Sequence[Deal] = (),
    funding: Sequence[Funding] = (),
    *,
    instruments: tuple[Instrument, ...] = (BTC,),
    balance: float = 10_000.0,
    **fields: Any,
) -> RunLog:
    """Book deals (in order of time) and funding into a run log, with equity marked at each close.

    Args:
        bars: of each instrument, all on one time grid.
        deals: what is filled.
        funding: what is paid.
        instruments: as many as there are bars.
        balance: at the start, quote.
        fields: anything else of `RunLog`.
    """
    columns = (bars,) if isinstance(bars, Bars) else bars
    fills, orders = _book(columns, deals, instruments)
    payments = _payments(columns[0], funding)
    specs, tiers = venue_terms(instruments, CostSpec(), RiskSpec())
    plain: dict[str, Any] = {
        "instruments": instruments,
        "bars": columns,
        "ts_open": columns[0].ts_open,
        "ts_close": columns[0].ts_close,
        "equity": balance + _profit(columns, fills, payments, instruments),
        "initial_balance": balance,
        "fills": fills,
        "orders": orders,
        "payments": payments,
        "refusals": np.empty(0, REFUSAL),
        "signals": NO_SIGNALS,
        "specs": specs,
        "tiers": tiers,
        "marks": tuple(map(MarkRow, *(_on_grid(columns, instruments, name) for name in ("close", "low", "high")))),
    }
    return RunLog(**plain | fields)


def _book(
    bars: tuple[Bars, ...], deals: Sequence[Deal], instruments: tuple[Instrument, ...]
) -> tuple[NDArray[np.void], NDArray[np.void]]:
    fills, orders = np.zeros(len(deals), FILL), np.zeros(len(deals), ORDER)
    held, entry = [0] * len(instruments), [0.0] * len(instruments)
    group = 0
    for row, deal in enumerate(deals):
        k, instrument = deal.instrument, instruments[deal.instrument]
        ticks, lots = instrument.to_ticks(deal.price), instrument.to_lots(deal.quantity)
        group = row + 1 if deal.role == OrderRole.ENTRY else group
        closed = min(abs(held[k]), lots) if held[k] * deal.side < 0 else 0
        value = instrument.from_ticks(1) * instrument.from_lots(1)
        realised = closed * (entry[k] - ticks) * deal.side * value
        opened, before = lots - closed, 0 if closed else abs(held[k])
        if opened:
            entry[k] = (entry[k] * before + ticks * opened) / (before + opened)
        held[k] += deal.side * lots
        stamp = (bars[0].ts_close if deal.inside else bars[0].ts_open)[deal.step]
        head = (stamp, deal.step, k, row + 1, group, -1, deal.side, deal.role, deal.liquidity, deal.flags)
        fills[row] = (*head, ticks, lots, closed, deal.fee, deal.slippage, realised)
        _order(orders[row : row + 1], deal, fills[row], instrument)
    return fills, orders


def _on_grid(bars: tuple[Bars, ...], instruments: tuple[Instrument, ...], name: str) -> NDArray[np.int64]:
    rows = [ticks_of(getattr(column, name), inst) for column, inst in zip(bars, instruments, strict=True)]
    return np.array(rows, np.int64)


def _order(order: NDArray[np.void], deal: Deal, fill: Any, instrument: Instrument) -> None:
    for name in ("instrument", "group", "side", "role", "lots", "step"):
        order[name] = fill[name]
    order["id"], order["signal"], order["status"] = fill["order_id"], -1, OrderStatus.FILLED
    order["has_stop"], order["has_target"] = deal.stop is not None, deal.target is not None
    order["stop_ticks"] = instrument.to_ticks(deal.stop or 0.0)
    order["target_ticks"] = instrument.to_ticks(deal.target or 0.0)
    order["ts_created"] = order["ts_closed"] = fill["ts"]


def _payments(bars: Bars, funding: Sequence[Funding]) -> NDArray[np.void]:
    payments = np.zeros(len(funding), PAYMENT)
    for row, paid in enumerate(funding):
        payments[row]["ts"] = bars.ts_open[paid.step] + (1 if paid.inside else 0)
        payments[row]["instrument"], payments[row]["amount"] = paid.instrument, paid.amount
    return payments


def _profit(
    bars: tuple[Bars, ...], fills: NDArray[np.void], payments: NDArray[np.void], instruments: tuple[Instrument, ...]
) -> FloatColumn:
    # Cash flows, and what is held at the close: independent of any average entry.
    steps = bars[0].ts_close.size
    cash, value = np.zeros(steps), np.zeros(steps)
    for k, instrument in enumerate(instruments):
        mine = fills[fills["instrument"] == k]
        unit = instrument.from_ticks(1) * instrument.from_lots(1)
        flow = -mine["side"] * mine["lots"] * mine["ticks"] * unit - mine["fee"]
        np.add.at(cash, mine["step"], flow)
        change = np.zeros(steps, np.int64)
        np.add.at(change, mine["step"], mine["side"] * mine["lots"])
        ticks = np.array([instrument.to_ticks(price) for price in bars[k].close])
        value += np.cumsum(change) * ticks * unit
    paid = np.searchsorted(bars[0].ts_close, payments["ts"], side="right")
    np.add.at(cash, paid, payments["amount"])
    return np.asarray(np.cumsum(cash) + value, np.float64)
