"""One account on the wire: what the kernels told of each step, kept as orders, trades and income, and told on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.user_events import FillNote, account_update, algo_update, order_update
from tradewright.domain.enums import Code, Liquidity, OrderRole, OrderStatus, OrderType
from tradewright.engine.venue_account import Happened, VenueAccount

__all__ = ["Income", "Ledger"]

_NS_PER_MS = 1_000_000
_BY_REDUCE, _BY_LIQUIDATION = 2, 5


class Income(NamedTuple):
    """Cash that came or went."""

    id: int
    k: int
    kind: str
    amount: float
    ts: int  # UTC ms
    trade: str


class Ledger:
    """Follows one account step by step.

    Args:
        number: of the account, from 1.
        account: whose steps are followed.
        listings: of the exchange.
        tell: takes each event of the user stream.
    """

    def __init__(
        self, number: int, account: VenueAccount, listings: Sequence[Listing], tell: Callable[[dict[str, Any]], None]
    ) -> None:
        self.number, self.account, self.listings, self._tell = number, account, listings, tell
        self.orders: dict[int, WireOrder] = {}
        self.by_client: dict[str, WireOrder] = {}
        self.open: dict[int, WireOrder] = {}
        self.leaving: set[int] = set()
        """Orders whose cancel is on its way: what else is cancelled has expired."""
        self.fills: list[FillNote] = []
        self.incomes: list[Income] = []
        # By leg: held as one, long, and (the last, which -1 finds) short.
        self.earned = [[0.0, 0.0, 0.0] for _ in listings]
        self.changed = [0] * len(listings)  # UTC ms

    def add(self, order: WireOrder) -> None:
        """Take in an order that the kernels have given an id."""
        self.orders[order.id] = order
        self.by_client[order.client_id] = order
        self.open[order.id] = order

    def announce(self, order: WireOrder, what: str, now: int) -> None:
        """Tell of an order that has come, or was changed."""
        if order.waits:
            self._tell(algo_update(order, self.listings[order.k], now))
        else:
            self._tell(order_update(order, self.listings[order.k], what, None, now))

    def absorb(self, happened: Happened, now: int) -> None:
        """Take in what a step brought; `now` is UTC ms."""
        if happened.fills.size:
            if (happened.fills["role"] == OrderRole.LIQUIDATION).any():
                self._clear_for_liquidation(happened, now)
            self._take_fills(happened, now)
        if self.open:
            self._wake(now)
        for row in happened.closed:
            if int(row["id"]) in self.open:
                self._close(row, now)
        if happened.payments.size:
            self._take_payments(happened.payments)

    def _clear_for_liquidation(self, happened: Happened, now: int) -> None:
        # The venue takes a symbol's orders away before it closes the position.
        filled = set(happened.fills["order_id"].tolist())
        for row in happened.closed:
            order = self.open.get(int(row["id"]))
            if order is not None and row["status"] == OrderStatus.CANCELED and order.id not in filled:
                order.reason = _BY_LIQUIDATION
                self._close(row, now)

    def _take_fills(self, happened: Happened, now: int) -> None:
        ended = {int(row["id"]) for row in happened.closed if row["status"] == OrderStatus.FILLED}
        last = {int(row["order_id"]): n for n, row in enumerate(happened.fills)}
        touched: dict[tuple[int, int], None] = {}
        for n, row in enumerate(happened.fills):
            order = self.orders.get(int(row["order_id"])) or self._forced(row)
            fill = self._note(row, order)
            touched[order.k, order.leg] = None
            self._trigger(order, now)
            order.filled += fill.lots
            order.value += fill.ticks * fill.lots
            if order.close_position:
                order.lots = max(order.lots, order.filled)
            is_whole = order.id in ended and last[order.id] == n and order.filled >= order.lots
            order.status, order.updated = ("FILLED" if is_whole else "PARTIALLY_FILLED"), fill.ts
            what = "CALCULATED" if row["role"] == OrderRole.LIQUIDATION else "TRADE"
            self._tell(order_update(order, self.listings[order.k], what, fill, fill.ts))
        self.tell_account("ORDER", list(touched), now)

    def _forced(self, row: np.void) -> WireOrder:
        # The venue's own order, by which it closes a position: nobody sent it.
        ts = int(row["ts"]) // _NS_PER_MS
        order = WireOrder(
            self.number, int(row["order_id"]), int(row["instrument"]), f"autoclose-{ts}{int(row['order_id']):03d}",
            int(row["side"]), "LIMIT", "IOC", int(row["lots"]), int(row["ticks"]), created=ts, updated=ts,
            leg=-int(row["side"]) if len(self.account.legs) > 1 else 0,
        )  # fmt: skip
        self.add(order)
        return order

    def _note(self, row: np.void, order: WireOrder) -> FillNote:
        ts = int(row["ts"]) // _NS_PER_MS
        number = self.number * 1_000_000_000 + len(self.fills) + 1
        maker = row["liquidity"] == Liquidity.MAKER
        fill = FillNote(
            number,
            order,
            ts,
            int(row["ticks"]),
            int(row["lots"]),
            float(row["fee"]),
            float(row["realised"]),
            bool(maker),
        )
        self.fills.append(fill)
        self.earned[order.k][order.leg] += fill.realised
        self.changed[order.k] = ts
        if fill.realised:
            self.note_income(order.k, "REALIZED_PNL", fill.realised, ts, str(fill.id))
        self.note_income(order.k, "COMMISSION", -fill.fee, ts, str(fill.id))
        return fill

    def note_income(self, k: int, kind: str, amount: float, ts: int, trade: str) -> None:
        """Note cash that came or went, UTC ms."""
        number = self.number * 1_000_000_000 + len(self.incomes) + 1
        self.incomes.append(Income(number, k, kind, amount, ts, trade))

    def _wake(self, now: int) -> None:
        # Conditional orders that were triggered and have not filled: a limit that rests now, or a stop short of volume.
        waiting = [order for order in self.open.values() if order.waits]
        for order in waiting:
            for row in self.account.open_orders(order.k):
                if row["id"] == order.id and (row["triggered"] or row["type"] == OrderType.LIMIT):
                    self._trigger(order, now)
                    self._tell(order_update(order, self.listings[order.k], "NEW", None, now))

    def _trigger(self, order: WireOrder, now: int) -> None:
        if order.waits:
            order.triggered = order.updated = now
            for status in ("TRIGGERING", "TRIGGERED"):
                order.algo_status = status
                self._tell(algo_update(order, self.listings[order.k], now))
            if order.close_position:
                order.lots = abs(self.account.held(order.k, order.leg))

    def stick(self, order: WireOrder, now: int) -> None:
        """Let a conditional order be triggering for ever: it protects nothing, and cannot be cancelled."""
        order.triggered = order.updated = now
        order.algo_status = order.status = "TRIGGERING"
        del self.open[order.id]
        self._tell(algo_update(order, self.listings[order.k], now))

    def _close(self, row: np.void, now: int) -> None:
        order = self.orders.get(int(row["id"]))
        if order is None:
            return
        self.open.pop(order.id, None)
        order.updated = now
        if row["status"] == OrderStatus.FILLED:
            self._finish(order, now)
        elif row["status"] == OrderStatus.REJECTED:
            self._reject(order, int(row["code"]), now)
        else:
            self._cancel(order, int(row["code"]), now)

    def _finish(self, order: WireOrder, now: int) -> None:
        if order.filled < order.lots:
            # It only reduced, and nothing is left to reduce.
            order.status, order.reason = "EXPIRED", _BY_REDUCE
            self._tell(order_update(order, self.listings[order.k], "EXPIRED", None, now))
        else:
            order.status = "FILLED"
        self._finish_algo(order, now)

    def _finish_algo(self, order: WireOrder, now: int) -> None:
        if order.is_algo:
            order.algo_status = "FINISHED"
            self._tell(algo_update(order, self.listings[order.k], now))

    def _reject(self, order: WireOrder, code: int, now: int) -> None:
        order.status = "EXPIRED"
        if order.is_algo:
            order.algo_status, order.remark = "REJECTED", Code(code).name.lower().replace("_", " ")
            self._tell(algo_update(order, self.listings[order.k], now))

    def _cancel(self, order: WireOrder, code: int, now: int) -> None:
        asked = code == Code.OK and order.id in self.leaving
        if order.waits:
            order.status = order.algo_status = "CANCELED" if asked else "EXPIRED"
            self._tell(algo_update(order, self.listings[order.k], now))
            return
        order.status = "CANCELED" if asked or code == Code.QUANTITY_DONE else "EXPIRED"
        self._tell(order_update(order, self.listings[order.k], order.status, None, now))
        self._finish_algo(order, now)

    def _take_payments(self, rows: NDArray[np.void]) -> None:
        for row in rows:
            ts, k = int(row["ts"]) // _NS_PER_MS, int(row["instrument"])
            self.note_income(k, "FUNDING_FEE", float(row["amount"]), ts, "")
            isolated = [(k, one.leg) for one in self.account.holdings(k) if one.is_isolated and one.lots]
            self.tell_account("FUNDING_FEE", isolated, ts)

    def tell_account(self, reason: str, rows: Sequence[tuple[int, int]], now: int) -> None:
        """Tell what the account holds after a change, of symbols and legs."""
        wallet = float(self.account.world.account[0]["wallet"])
        free = wallet - self.account.set_apart
        held = [(self.listings[k], self.account.holding(k, leg), self.earned[k][leg]) for k, leg in rows]
        self._tell(account_update(reason, wallet, free, held, now))
