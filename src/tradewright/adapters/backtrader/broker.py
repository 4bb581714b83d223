"""Backtrader's own broker with our ticks, lots, fees and slippage."""

from __future__ import annotations

import itertools
import math
from typing import Any

import backtrader as bt

from tradewright.adapters.backtrader.ledger import Ledger
from tradewright.domain.instrument import Instrument

__all__ = ["TickBroker"]

_LIMITS = (bt.Order.Limit, bt.Order.StopLimit, bt.Order.StopTrailLimit)


class TickBroker(bt.brokers.BackBroker):
    """Matches as Backtrader does; prices stand on ticks, sizes on lots, and takers pay slippage.

    Slippage is adverse, rounded up to a tick, bounded by the bar inside it and by nothing at its open, and never takes
    a limit beyond its price: as in our engine.
    """

    params = (("instrument", None), ("cost_rate", 0.0))

    def init(self) -> None:
        """Begin a run with empty books."""
        super().init()
        self.ledger = Ledger(self.p.instrument)
        self._open = self._reference = math.nan
        self._arrives = self._is_maker = False

    def buy(self, owner: Any, data: Any, size: float, price: float | None = None, **terms: Any) -> Any:
        """Send an order to buy; size and prices are moved to lots and ticks."""
        return super().buy(owner, data, self._whole(size), price=self._on_tick(price), **self._moved(terms))

    def sell(self, owner: Any, data: Any, size: float, price: float | None = None, **terms: Any) -> Any:
        """Send an order to sell; size and prices are moved to lots and ticks."""
        return super().sell(owner, data, self._whole(size), price=self._on_tick(price), **self._moved(terms))

    def submit(self, order: Any, check: bool = True) -> Any:
        """Take an order, or reject one that is below the venue's least quantity."""
        self.ledger.submit(order)
        size = abs(order.created.size)
        if size == 0.0 or size < self._terms.min_quantity:
            order.reject(self)
            self.notify(order)
            return order
        return super().submit(order, check=check)

    def notify(self, order: Any) -> None:
        """Tell the strategy, and write down what was executed and which orders are no longer open."""
        done = order.executed
        for bit in itertools.islice(done.exbits, done.p2, None):  # Backtrader's mark of what it has told
            self.ledger.fill(order, bit, self._reference, is_maker=self._is_maker)
        if not order.alive():
            self.ledger.close(order)
        super().notify(order)

    @property
    def _terms(self) -> Instrument:
        terms: Instrument = self.p.instrument
        return terms

    def _whole(self, size: float) -> float:
        return self._terms.from_lots(self._terms.to_lots(abs(size)))

    def _on_tick(self, price: float | None) -> float | None:
        return None if price is None else self._terms.from_ticks(self._terms.to_ticks(price))

    def _moved(self, terms: dict[str, Any]) -> dict[str, Any]:
        return terms | {"plimit": self._on_tick(terms.get("plimit"))}

    def _try_exec(self, order: Any) -> None:
        self._open, self._reference = order.data.open[0], math.nan
        self._arrives = order.created.dt >= order.data.datetime[-1]
        super()._try_exec(order)

    def _execute(self, order: Any, ago: int | None = None, price: float | None = None, **rest: Any) -> Any:
        fees = self.getcommissioninfo(order.data)
        rests = order.exectype in _LIMITS and not order.info.get("takes", False)
        if ago is None or price is None:
            fees.is_maker = rests
            return super()._execute(order, ago=ago, price=price, **rest)
        if math.isnan(self._reference):
            self._reference = price
        is_at_open = self._reference == self._open
        fees.is_maker = self._is_maker = rests and not (is_at_open and self._arrives)
        if order.exectype in _LIMITS and not rests:
            price = self._slipped(order, price, is_bounded=not is_at_open)
        super()._execute(order, ago=ago, price=price, **rest)
        held = self.positions[order.data]
        held.size = self._nearest_whole(held.size)
        return None

    def _nearest_whole(self, size: float) -> float:
        # Sums of floats drift off the lots; a rest of 1e-17 would be a position.
        return self._terms.from_lots(self.ledger.lots(size))

    def _slipped(self, order: Any, price: float, *, is_bounded: bool) -> float:
        side = 1 if order.isbuy() else -1
        slipped = self._worse(price, side)
        if not is_bounded:
            return slipped
        extreme: float = order.data.high[0] if side > 0 else order.data.low[0]
        return min(slipped, extreme) if side > 0 else max(slipped, extreme)

    def _worse(self, price: float, side: int) -> float:
        ticks = self._terms.to_ticks(price)
        cost: float = ticks * self.p.cost_rate
        return self._terms.from_ticks(max(ticks + side * math.ceil(cost - 1e-9), 1))

    def _slip_up(self, pmax: float, price: float, doslip: bool = True, lim: bool = False) -> float:  # noqa: ARG002
        return self._slip(price, 1, bound=pmax, is_limit=lim)

    def _slip_down(self, pmin: float, price: float, doslip: bool = True, lim: bool = False) -> float:  # noqa: ARG002
        return self._slip(price, -1, bound=pmin, is_limit=lim)

    def _slip(self, price: float, side: int, *, bound: float, is_limit: bool) -> float:
        self._reference = price
        if is_limit and not self._arrives:
            return price  # a resting limit is a maker
        slipped = self._worse(price, side)
        if price == self._open and not is_limit:
            return slipped
        return min(slipped, bound) if side > 0 else max(slipped, bound)
