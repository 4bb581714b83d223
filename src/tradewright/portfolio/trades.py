"""Fills and funding become trades."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
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

__all__ = ["RoundTrips", "round_trips"]

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
    return RoundTrips().of(log)


class RoundTrips:
    """The trades of a run that grows: what has come to its end is put together once.

    What happened in the last step may not be all of it: it is gone through anew each time, until another step is there.
    """

    def __init__(self) -> None:
        self._trips: list[OpenTrip | None] = []
        self._fills = self._payments = 0
        self._upto = 0
        self._settled: list[Trade] = []
        self._loose: list[tuple[int, Trade]] = []

    def of(self, log: RunLog) -> tuple[Trade, ...]:
        """See `round_trips`.

        Args:
            log: of the run as it stands; each call is given all of it, and more than the call before.
        """
        fills, payments, steps = self._news(log)
        plans, last = _Plans(log), log.ts_close.size - 1
        whole, paid = _before(fills["step"], last), _before(steps, last)
        self._loose += _played(log, plans, self._trips, (fills[:whole], payments[:paid]))
        self._fills, self._payments, self._upto = self._fills + whole, self._payments + paid, max(last, 0)
        trips = copy.deepcopy(self._trips)
        tail = _played(log, plans, trips, (fills[whole:], payments[paid:]))
        tail += [(k, _Book(log, k, plans, trip).open_trade(trip)) for k, trip in enumerate(trips) if trip is not None]
        rest = sorted((*self._loose, *tail), key=lambda one: (one[1].ts_entry, one[1].ts_exit, one[0]))
        final = self._settle(log, rest, {id(trade) for _, trade in tail})
        first = len(self._settled) + 1
        numbered = (replace(trade, id=place) for place, (_, trade) in enumerate(rest[final:], start=first))
        return (*self._settled, *numbered)

    def _news(self, log: RunLog) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.int64]]:
        # What has come since; where something belongs to a step that is behind us, everything.
        if len(self._trips) != len(log.instruments):
            self._trips = [None] * len(log.instruments)
        fills, payments = log.fills[self._fills :], log.payments[self._payments :]
        steps = _steps_of(log, payments["ts"])
        is_late = bool((fills["step"] < self._upto).any() or (steps < self._upto).any())
        if is_late or log.fills.size < self._fills or log.payments.size < self._payments:
            self.__init__()  # type: ignore[misc]  # as at the beginning
            return self._news(log)
        return fills, payments, steps

    def _settle(self, log: RunLog, rest: Sequence[tuple[int, Trade]], tail: set[int]) -> int:
        # Whatever comes, nothing is put before these; how many of the rest they are.
        final = 0
        for _, trade in rest:
            if id(trade) in tail or trade.ts_entry >= log.ts_open[self._upto]:
                break
            final += 1
        begun = len(self._settled) + 1
        self._settled += [replace(trade, id=place) for place, (_, trade) in enumerate(rest[:final], start=begun)]
        self._loose = [one for one in rest[final:] if id(one[1]) not in tail]
        return final


def _before(steps: NDArray[np.int64], last: int) -> int:
    # How many of them, from the first on, are of steps that are over; none where they do not stand in order.
    is_sorted = bool((np.diff(steps) >= 0).all())
    return int(np.searchsorted(steps, last)) if is_sorted else 0


def _steps_of(log: RunLog, ts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.minimum(np.searchsorted(log.ts_close, ts, side="right"), max(log.ts_open.size - 1, 0))


def _played(
    log: RunLog, plans: _Plans, trips: list[OpenTrip | None], news: tuple[NDArray[np.void], NDArray[np.void]]
) -> list[tuple[int, Trade]]:
    # The trades that come to their end, with the place of their instrument; what is open stands in `trips` afterwards.
    found: list[tuple[int, Trade]] = []
    part = replace(log, fills=news[0], payments=news[1])
    touched = touched_only(part) if news[0].size else np.empty(0, np.bool_)
    for k in set(news[0]["instrument"].tolist()) | set(news[1]["instrument"].tolist()):
        book = _Book(part, k, plans, trips[k])
        found += [(k, trade) for trade in book.trades(touched)]
        trips[k] = book.trip
    return found


class _Plans:
    # Entry order id to the ticks of (stop, target) planned with it.

    def __init__(self, log: RunLog) -> None:
        self._orders = log.orders
        entries = np.flatnonzero(log.orders["role"] == OrderRole.ENTRY)
        ids = log.orders["id"][entries]
        order = np.argsort(ids, kind="stable")
        self._ids, self._places = ids[order], entries[order]

    def of(self, order_id: int) -> tuple[int | None, int | None]:
        place = int(np.searchsorted(self._ids, order_id, side="right")) - 1
        if place < 0 or self._ids[place] != order_id:
            return None, None
        order = self._orders[self._places[place]]
        return (
            int(order["stop_ticks"]) if order["has_stop"] else None,
            int(order["target_ticks"]) if order["has_target"] else None,
        )


class _Book:
    # The trades of one instrument.

    def __init__(self, log: RunLog, k: int, plans: _Plans, trip: OpenTrip | None) -> None:
        self.log, self.k, self.plans, self.trip = log, k, plans, trip
        self.instrument, self.bars = log.instruments[k], log.bars[k]
        self.tick, self.lot = self.instrument.tick, self.instrument.lot

    def price(self, ticks: float) -> float:
        # As the instrument converts, but for means of ticks as well.
        return ticks * self.tick[0] / self.tick[1]

    def quantity(self, lots: int) -> float:
        return lots * self.lot[0] / self.lot[1]

    def trades(self, touched: NDArray[np.bool_]) -> Iterator[Trade]:
        """Go on through what has come; gives each trade that comes to its end."""
        tick, lot = self.price(1), self.quantity(1)
        for event in self._events(touched):
            if isinstance(event, float):
                if self.trip is not None:
                    self.trip.funding += event
                continue
            side, closing, opening = event
            if closing is not None and self.trip is not None:
                self.trip.leave(closing, tick)
                if self.trip.held == 0:
                    yield self._trade(self.trip, _REASONS[self.trip.reason])
                    self.trip = None
            if opening is not None:
                self.trip = self.trip or OpenTrip(side, opening, lot)
                self.trip.enter(opening, tick)

    def open_trade(self, trip: OpenTrip) -> Trade:
        """What is still held, as if it were left at the last close; the trip counts it as left."""
        trip.mark(self._last_mark(), self.price(1) * self.quantity(1))
        return self._trade(trip, "open")

    def _last_mark(self) -> int:
        marks = self.log.marks
        return int(marks[self.k].close[-1]) if marks else self.instrument.to_ticks(float(self.bars.close[-1]))

    def _events(self, touched: NDArray[np.bool_]) -> Iterator[float | tuple[int, Slice | None, Slice | None]]:
        # Funding amounts and split fills of this instrument, in the order in which they were booked.
        log = self.log
        mine = np.flatnonzero(log.fills["instrument"] == self.k)
        fills = log.fills[mine]
        payments = log.payments[log.payments["instrument"] == self.k]
        steps = _steps_of(log, payments["ts"])
        phases = np.where(payments["ts"] == log.ts_open[steps], _AT_OPEN, _INSIDE)
        step = np.concatenate((fills["step"], steps))
        phase = np.concatenate((np.full(fills.size, _FILL), phases))
        for place in np.lexsort((phase, step)):
            if place < fills.size:
                yield self._split(fills[place], bool(touched[mine[place]]))
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
        stop, target = (None if t is None else self.price(t) for t in self.plans.of(first.group))
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
