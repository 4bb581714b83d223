"""Fills and funding become trades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderRole
from tradewright.domain.trade import ExitReason, Trade
from tradewright.portfolio.analysis.optimism import touched_only
from tradewright.portfolio.excursions import excursions
from tradewright.portfolio.round_trip import OpenTrip, Slice
from tradewright.portfolio.run_log import RunLog

__all__ = ["round_trips"]

_REASONS: dict[int, ExitReason] = {
    OrderRole.ENTRY: "reverse",
    OrderRole.STOP_LOSS: "stop_loss",
    OrderRole.TAKE_PROFIT: "take_profit",
    OrderRole.EXIT: "exit",
    OrderRole.LIQUIDATION: "liquidation",
    OrderRole.PLACED: "exit",
}
# Order of events inside a step: funding at the open, fills, funding inside the bar.
_AT_OPEN, _FILL, _INSIDE = 0, 1, 2


def round_trips(log: RunLog) -> tuple[Trade, ...]:
    """Put the trades of a run together, in order of entry.

    A fill beyond flat ends one trade and begins the next. What is open at the end becomes a trade with exit reason
    `open`, marked at the last close. The sum of all `pnl` and `log.insurance` is final equity less initial balance.
    """
    plans, touched = _plans(log), touched_only(log)
    books = [_Book(log, k, plans, touched[log.fills["instrument"] == k]) for k in range(len(log.instruments))]
    trades = [trade for book in books for trade in book.trades()]
    trades.sort(key=lambda trade: (trade.ts_entry, trade.ts_exit))  # stable: then by row of the account
    return tuple(replace(trade, id=place) for place, trade in enumerate(trades, start=1))


def _plans(log: RunLog) -> dict[int, tuple[int | None, int | None]]:
    # Entry order id to the ticks of (stop, target) planned with it.
    entries = log.orders[log.orders["role"] == OrderRole.ENTRY]
    return {
        int(order["id"]): (
            int(order["stop_ticks"]) if order["has_stop"] else None,
            int(order["target_ticks"]) if order["has_target"] else None,
        )
        for order in entries
    }


class _Book:
    # The trades of one instrument.

    def __init__(
        self, log: RunLog, k: int, plans: dict[int, tuple[int | None, int | None]], touched: NDArray[np.bool_]
    ) -> None:
        self.log, self.k, self.plans, self.touched = log, k, plans, touched
        self.instrument, self.bars = log.instruments[k], log.bars[k]
        self.tick, self.lot = self.instrument.tick, self.instrument.lot

    def price(self, ticks: float) -> float:
        # As the instrument converts, but for means of ticks as well.
        return ticks * self.tick[0] / self.tick[1]

    def quantity(self, lots: int) -> float:
        return lots * self.lot[0] / self.lot[1]

    def trades(self) -> Iterator[Trade]:
        tick, lot = self.price(1), self.quantity(1)
        trip: OpenTrip | None = None
        for event in self._events():
            if isinstance(event, float):
                if trip is not None:
                    trip.funding += event
                continue
            side, closing, opening = event
            if closing is not None and trip is not None:
                trip.leave(closing, tick)
                if trip.held == 0:
                    yield self._trade(trip, _REASONS[trip.reason])
                    trip = None
            if opening is not None:
                trip = trip or OpenTrip(side, opening, lot)
                trip.enter(opening, tick)
        if trip is not None:
            trip.mark(self._last_mark(), tick * lot)
            yield self._trade(trip, "open")

    def _last_mark(self) -> int:
        marks = self.log.marks[0]
        return int(marks[self.k, -1]) if marks.size else self.instrument.to_ticks(float(self.bars.close[-1]))

    def _events(self) -> Iterator[float | tuple[int, Slice | None, Slice | None]]:
        # Funding amounts and split fills of this instrument, in the order in which they were booked.
        log = self.log
        fills = log.fills[log.fills["instrument"] == self.k]
        payments = log.payments[log.payments["instrument"] == self.k]
        steps = np.searchsorted(log.ts_close, payments["ts"], side="right")
        steps = np.minimum(steps, max(log.ts_open.size - 1, 0))
        phases = np.where(payments["ts"] == log.ts_open[steps], _AT_OPEN, _INSIDE)
        step = np.concatenate((fills["step"], steps))
        phase = np.concatenate((np.full(fills.size, _FILL), phases))
        for place in np.lexsort((phase, step)):
            if place < fills.size:
                yield self._split(fills[place], bool(self.touched[place]))
            else:
                yield float(payments[place - fills.size]["amount"])

    def _split(self, fill: Any, touched: bool) -> tuple[int, Slice | None, Slice | None]:
        lots, closed = int(fill["lots"]), int(fill["closed_lots"])
        parts = [self._slice(fill, share, touched) if share else None for share in (closed, lots - closed)]
        if closed and parts[0] is not None:
            parts[0].realised = float(fill["realised"])
        return int(fill["side"]), parts[0], parts[1]

    def _slice(self, fill: Any, lots: int, touched: bool) -> Slice:
        step, share = int(fill["step"]), lots / int(fill["lots"])
        return Slice(
            lots=lots,
            ticks=int(fill["ticks"]),
            price=self.price(int(fill["ticks"])),
            fee=float(fill["fee"]) * share,
            slippage=float(fill["slippage"]) * share,
            realised=0.0,
            role=int(fill["role"]),
            flags=int(fill["flags"]),
            touched=touched,
            ts=int(fill["ts"]),
            bar=int(np.searchsorted(self.bars.ts_close, self.log.ts_close[step])),
            at_open=bool(fill["ts"] == self.log.ts_open[step]),
            group=int(fill["group"]),
            signal=int(fill["signal"]),
        )

    def _trade(self, trip: OpenTrip, reason: ExitReason) -> Trade:
        first, quantity = trip.first, self.quantity(trip.entered)
        entry, leave = self.price(trip.entered_value / trip.entered), self.price(trip.left_value / trip.left)
        pnl = trip.realised - trip.fees + trip.funding
        stop, target = (None if t is None else self.price(t) for t in self.plans.get(first.group, (None, None)))
        risk = abs(entry - stop) * quantity if stop is not None else 0.0
        mae, mfe = excursions(self.bars, trip.stands)
        return Trade(
            id=0,
            symbol=self.instrument.symbol,
            side="long" if trip.side > 0 else "short",
            ts_entry=first.ts,
            ts_exit=int(self.log.ts_close[-1]) if reason == "open" else trip.last.ts,
            entry_price=entry,
            exit_price=leave,
            quantity=quantity,
            gross_pnl=trip.realised + trip.slippage,
            fees=trip.fees,
            funding=trip.funding,
            slippage=trip.slippage,
            pnl=pnl,
            return_fraction=pnl / (entry * quantity),
            r_multiple=pnl / risk if risk > 0.0 else None,
            mae=mae,
            mfe=mfe,
            bars_held=self._bars_held(trip, reason),
            exit_reason=reason,
            stop_loss=stop,
            take_profit=target,
            confidence=self.log.confidence(first.signal),
            metadata=self.log.facts(first.signal),
            ambiguous=trip.ambiguous,
            touched=trip.touched,
            member=self.log.member(self.k),
        )

    def _bars_held(self, trip: OpenTrip, reason: ExitReason) -> int:
        if reason == "open":
            return max(1, len(self.bars.close) - trip.first.bar)
        return max(1, trip.last.bar - trip.first.bar + (0 if trip.last.at_open else 1))
