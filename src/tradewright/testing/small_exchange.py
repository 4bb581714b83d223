"""The truth behind a small venue: its orders, its matching and its money, without a fault."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tradewright.domain.account import Fill
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.orders import Accepted, Amendment, NewOrder, Order, Outcome, Rejected, exact
from tradewright.domain.user_events import Filled, FundingPaid, OrderChanged, UserEvent
from tradewright.ports.clock import Clock
from tradewright.testing.small_market import PACE_S, SMALL, SmallMarket

__all__ = ["SmallExchange"]

_TAKER, _MAKER = Decimal("0.0005"), Decimal("0.0002")
_CALLBACK, _RATE, _CENT = Decimal("0.002"), Decimal("0.0001"), Decimal("0.01")
_NONE = Decimal(0)


class SmallExchange:
    """One account and one instrument.

    Args:
        market: whose prices it trades at.
        clock: its time.
        chance: draws what is filled in part.
        tell: is told what happens.

    Attributes:
        orders: every order that ever came, by our name.
        trades: every execution.
        payments: all funding.
        held: base, signed.
        wallet: quote.
        wrongs: what no client may do.
        part: chance that an order is filled in part only, the rest later.
        foreign: chance that somebody else cancels an order, at each price.
        funding: chance that funding is paid, at each price.
    """

    def __init__(
        self, market: SmallMarket, clock: Clock, chance: random.Random, tell: Callable[[UserEvent], None]
    ) -> None:
        self._market, self._clock, self._chance, self._tell = market, clock, chance, tell
        self.orders: dict[str, Order] = {}
        self.trades: list[Fill] = []
        self.payments: list[FundingPaid] = []
        self.held = self.entry = _NONE
        self.wallet = Decimal(10_000)
        self.wrongs: list[str] = []
        self.part = self.foreign = self.funding = 0.0
        self._best: dict[str, Decimal] = {}

    @property
    def price(self) -> Decimal:
        """The last."""
        return exact(self._market.ticks, SMALL.tick)

    async def trade(self) -> None:
        """Match what lies here at each new price; it does not end."""
        while True:
            await self._clock.sleep(PACE_S)
            if self._draw(self.funding) and self.held:
                self._pay()
            for name, order in list(self.orders.items()):
                if order.is_open:
                    self._look(name)
                if self._draw(self.foreign) and self.orders[name].is_open:
                    self._change(name, status=OrderStatus.CANCELED)

    def _pay(self) -> None:
        amount = (-self.held * self.price * _RATE).quantize(_CENT)
        self.wallet += amount
        paid = FundingPaid(f"p{len(self.payments)}", amount, "USDT", SMALL.symbol, self._clock.now_ns())
        self.payments.append(paid)
        self._tell(paid)

    def _look(self, name: str) -> None:
        order, price = self.orders[name], self.price
        sign = 1 if order.side == "buy" else -1
        if order.is_conditional and not order.triggered_id:
            if not self._is_triggered(order, price, sign):
                return
            self._change(name, triggered_id=f"p{order.venue_id}")
            order = self.orders[name]
        is_limit = order.price is not None
        if is_limit and (price - (order.price or price)) * sign > 0:
            if order.time_in_force in ("ioc", "fok"):
                self._change(name, status=OrderStatus.CANCELED)
            return
        self._execute(name, (order.price or price) if is_limit else price, is_maker=is_limit)

    def _is_triggered(self, order: Order, price: Decimal, sign: int) -> bool:
        if order.kind == "trailing_stop":
            best = self._best[order.client_id]
            best = min(best, price) if sign > 0 else max(best, price)
            self._best[order.client_id] = best
            return (price - best) * sign >= best * _CALLBACK
        assert order.trigger is not None
        away = 1 if order.kind.startswith("stop") else -1
        return (price - order.trigger) * sign * away >= 0

    def _execute(self, name: str, price: Decimal, *, is_maker: bool) -> None:
        order = self.orders[name]
        sign = 1 if order.side == "buy" else -1
        left = order.quantity - order.filled
        if order.reduce_only:
            left = min(left, max(-self.held * sign, _NONE))
        if left <= 0:
            self._change(name, status=OrderStatus.CANCELED)
            return
        lot = exact(1, SMALL.lot)
        if left > lot and order.time_in_force not in ("ioc", "fok") and self._draw(self.part):
            left = (left / 2 // lot) * lot or lot
        self._book(name, price, left, is_maker=is_maker)
        filled = order.filled + left
        done = filled >= order.quantity
        self._change(name, filled=filled, status=OrderStatus.FILLED if done else OrderStatus.PARTIALLY_FILLED)

    def _book(self, name: str, price: Decimal, quantity: Decimal, *, is_maker: bool) -> None:
        order = self.orders[name]
        sign = 1 if order.side == "buy" else -1
        closed = min(max(-self.held * sign, _NONE), quantity)
        realised = closed * (self.entry - price) * sign
        opened, before = quantity - closed, self.held
        self.held += sign * quantity
        if opened:
            base = _NONE if closed else abs(before)
            self.entry = (self.entry * base + price * opened) / (base + opened)
        fee = price * quantity * (_MAKER if is_maker else _TAKER)
        self.wallet += realised - fee
        fill = Fill(
            f"t{len(self.trades)}", SMALL.symbol, order.triggered_id or order.venue_id, order.client_id, order.side,
            price, quantity, fee, "USDT", is_maker, self._clock.now_ns(), realised,
        )  # fmt: skip
        self.trades.append(fill)
        self._tell(Filled(fill, fill.ts))

    def _change(self, name: str, **changes: Any) -> None:
        self.orders[name] = replace(self.orders[name], updated=self._clock.now_ns(), **changes)
        self._tell(OrderChanged(self.orders[name], self._clock.now_ns()))

    def take(self, order: NewOrder) -> Outcome:
        """Take an order in."""
        name, now, price = order.client_id, self._clock.now_ns(), self.price
        if name in self.orders:
            self.wrongs.append(f"{name} was sent twice")
        sign = 1 if order.side == "buy" else -1
        lying = Order(
            SMALL.symbol, name, f"v{len(self.orders)}", order.side, order.kind, order.quantity, OrderStatus.OPEN,
            price=order.price, trigger=order.trigger, time_in_force=order.time_in_force,
            reduce_only=order.reduce_only, created=now, updated=now,
        )  # fmt: skip
        self._best[name] = price
        if order.reduce_only and not order.is_conditional and self.held * sign >= 0:
            return Rejected("nothing to reduce", Code.NOTHING_TO_REDUCE, "-2022")
        if order.trigger is not None and self._is_triggered(lying, price, sign):
            return Rejected("would trigger at once", Code.WOULD_TRIGGER_AT_ONCE, "-2021")
        takes = order.kind == "limit" and order.price is not None and (order.price - price) * sign >= 0
        if order.time_in_force == "gtx" and takes:
            return Rejected("would take", None, "-5022")
        self.orders[name] = lying
        self._tell(OrderChanged(lying, now))
        if not order.is_conditional:
            self._look(name)
        return Accepted(self.orders[name])

    def amend(self, name: str, amendment: Amendment) -> Outcome:
        """Change an open order."""
        order = self.orders.get(name)
        if order is None or not order.is_open:
            return Rejected("it is not open", Code.ORDER_UNKNOWN, order=order)
        price, quantity = amendment.price or order.price, amendment.quantity or order.quantity
        if (price, quantity) == (order.price, order.quantity):
            return Rejected("nothing to change", None, "-5027", order=order)
        if quantity <= order.filled:
            self._change(name, status=OrderStatus.CANCELED)
            return Accepted(self.orders[name])
        self._change(name, price=price, quantity=quantity)
        self._look(name)
        return Accepted(self.orders[name])

    def end(self, name: str) -> Outcome:
        """Cancel an order."""
        order = self.orders.get(name)
        if order is not None and order.is_open:
            self._change(name, status=OrderStatus.CANCELED)
            return Accepted(self.orders[name])
        if order is not None and order.status == OrderStatus.CANCELED:
            return Accepted(order)
        return Rejected("it is not open", Code.ORDER_UNKNOWN, order=order)

    def _draw(self, chance: float) -> bool:
        return self._chance.random() < chance
