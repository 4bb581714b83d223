"""One of our strategies as a Backtrader strategy."""

from __future__ import annotations

from typing import Any, NamedTuple

import backtrader as bt

from tradewright.domain.enums import OrderType
from tradewright.ports.foreign_engine import OrderPlan

__all__ = ["Bridge"]

_KINDS = {OrderType.MARKET: bt.Order.Market, OrderType.LIMIT: bt.Order.Limit, OrderType.STOP_MARKET: bt.Order.Stop}


class _Sent(NamedTuple):
    # An entry on its way, with the exits that wait for it.
    entry: Any
    exits: list[Any]
    plan: OrderPlan
    bar: int


class Bridge(bt.Strategy):
    """Shows each closed bar to a `Trader` and sends what it plans, as a bracket.

    Backtrader looks at older orders first, over the whole bar. So exits are cancelled before a market order is sent,
    which fills at the open; and an entry that waits against a position is tied to its exits: the first to fill cancels
    the others, and an entry that was cancelled so is sent again at the size that is then right.
    """

    params = (("trader", None),)

    def __init__(self) -> None:
        self._told = 0
        self._exits: list[Any] = []
        self._sent: _Sent | None = None

    def next(self) -> None:
        """See `Trader`: fills first, then the close."""
        fills = self.broker.ledger.fills
        for fill in fills[self._told :]:
            self.p.trader.on_fill(fill)
        self._told = len(fills)
        bar = len(self.data) - 1
        self._look_after(bar)
        plan = self.p.trader.on_close(bar, self.broker.getvalue())
        if plan is not None:
            self._follow(plan, bar)

    def _look_after(self, bar: int) -> None:
        sent = self._sent
        if sent is None:
            return
        if sent.entry.status == bt.Order.Completed:
            self._call_back(self._exits)
            self._exits, self._sent = sent.exits, None
        elif sent.plan.valid_bars and bar >= sent.bar + sent.plan.valid_bars:
            self._forget_entry()
        elif not sent.entry.alive():
            self._forget_entry()
            if sent.entry.status == bt.Order.Canceled:
                self._send(sent.plan, sent.bar)

    def _follow(self, plan: OrderPlan, bar: int) -> None:
        self._forget_entry()
        if plan.lots == 0 or plan.order_type == OrderType.MARKET:
            self._call_back(self._exits)
            self._exits = []
        if plan.lots > 0:
            self._send(plan, bar)
        elif self.position.size:
            self.close(signal=plan.signal)

    def _send(self, plan: OrderPlan, bar: int) -> None:
        held = self.broker.ledger.lots(self.position.size)
        trade = self.buy if plan.side > 0 else self.sell
        entry = trade(
            size=self._size(plan.lots + max(-held * plan.side, 0)),
            exectype=_KINDS[plan.order_type],
            price=self._price(plan.level_ticks),
            oco=next((order for order in self._exits if order.alive()), None),
            transmit=not (plan.stop_ticks or plan.target_ticks),
            signal=plan.signal,
        )
        self._sent = _Sent(entry, self._bracket(plan, entry), plan, bar)

    def _bracket(self, plan: OrderPlan, entry: Any) -> list[Any]:
        exits: list[Any] = []
        leave = self.sell if plan.side > 0 else self.buy
        terms = {"size": self._size(plan.lots), "parent": entry, "signal": plan.signal}
        if plan.stop_ticks:
            price, is_last = self._price(plan.stop_ticks), not plan.target_ticks
            exits.append(leave(exectype=bt.Order.Stop, price=price, transmit=is_last, **terms))
        if plan.target_ticks:
            terms |= {"takes": plan.target_takes, "oco": exits[0] if exits else None}
            exits.append(leave(exectype=bt.Order.Limit, price=self._price(plan.target_ticks), **terms))
        return exits

    def _forget_entry(self) -> None:
        if self._sent is not None:
            self._call_back([self._sent.entry, *self._sent.exits])
            self._sent = None

    def _call_back(self, orders: list[Any]) -> None:
        for order in orders:
            if order.alive():
                self.cancel(order)

    def _size(self, lots: int) -> float:
        size: float = self.broker.p.instrument.from_lots(lots)
        return size

    def _price(self, ticks: int) -> float | None:
        return self.broker.p.instrument.from_ticks(ticks) if ticks else None
