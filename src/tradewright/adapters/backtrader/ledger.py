"""Backtrader's orders and executions, kept in our words."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType
from tradewright.domain.instrument import Instrument
from tradewright.ports.foreign_engine import EngineFill, EngineOrder

__all__ = ["Ledger"]

_TYPES = {
    bt.Order.Market: OrderType.MARKET,
    bt.Order.Close: OrderType.MARKET,
    bt.Order.Historical: OrderType.MARKET,
    bt.Order.Limit: OrderType.LIMIT,
    bt.Order.StopLimit: OrderType.LIMIT,
    bt.Order.StopTrailLimit: OrderType.LIMIT,
    bt.Order.Stop: OrderType.STOP_MARKET,
    bt.Order.StopTrail: OrderType.STOP_MARKET,
}
_EXITS = {
    OrderType.MARKET: OrderRole.EXIT,
    OrderType.LIMIT: OrderRole.TAKE_PROFIT,
    OrderType.STOP_MARKET: OrderRole.STOP_LOSS,
}
_STATUS = {
    bt.Order.Completed: (OrderStatus.FILLED, Code.OK),
    bt.Order.Canceled: (OrderStatus.CANCELED, Code.OK),
    bt.Order.Expired: (OrderStatus.CANCELED, Code.OK),
    bt.Order.Margin: (OrderStatus.REJECTED, Code.MARGIN_INSUFFICIENT),
    bt.Order.Rejected: (OrderStatus.REJECTED, Code.QUANTITY_BELOW_MINIMUM),
}


class Ledger:
    """Writes down what the broker does.

    An exit is told by what it does: a child of a bracket, or an order that only reduces, is a stop-loss or a
    take-profit by its type; every other order is an entry.

    Args:
        instrument: in whose ticks and lots it writes.
    """

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._numbers: dict[int, int] = {}
        self._created: dict[int, int] = {}
        self._levels: dict[int, dict[OrderType, int]] = {}
        self._exits: set[int] = set()
        self.fills: list[EngineFill] = []
        self.orders: list[EngineOrder] = []

    def lots(self, size: float) -> int:
        """The nearest whole number of lots: sizes are sums of floats."""
        num, den = self._instrument.lot
        return round(size * den / num)

    def submit(self, order: Any) -> None:
        """Note a new order; those of a bracket lend their levels to its entry."""
        number = self._numbers.setdefault(order.ref, len(self._numbers) + 1)
        self._created[number] = len(order.data) - 1
        if order.parent is not None:
            level = self._instrument.to_ticks(order.created.price)
            self._exits.add(number)
            self._levels.setdefault(order.parent.ref, {})[_TYPES[order.exectype]] = level

    def fill(self, order: Any, bit: Any, reference: float, *, is_maker: bool) -> None:
        """Note an execution: Backtrader's own price, size, commission and profit."""
        instrument, data = self._instrument, order.data
        number, lots, opened = self._numbers[order.ref], self.lots(abs(bit.size)), self.lots(abs(bit.opened))
        if lots == 0:
            return  # a rest of floats
        if is_exit := opened == 0:
            self._exits.add(number)
        self.fills.append(
            EngineFill(
                bar=len(data) - 1,
                at_open=order.exectype != bt.Order.Close and reference == data.open[0],
                order=number,
                group=self._group(order),
                signal=order.info.get("signal", -1),
                side=1 if bit.size > 0 else -1,
                role=_EXITS[_TYPES[order.exectype]] if is_exit else OrderRole.ENTRY,
                is_maker=is_maker,
                ticks=instrument.to_ticks(bit.price),
                reference_ticks=instrument.to_ticks(reference),
                lots=lots,
                closed_lots=lots - opened,
                fee=bit.closedcomm + bit.openedcomm,
                realised=bit.pnl,
                held_lots=self.lots(bit.psize),
                entry_ticks=bit.pprice * instrument.tick[1] / instrument.tick[0],
            )
        )

    def close(self, order: Any) -> None:
        """Note an order that is no longer open."""
        number, kind = self._numbers[order.ref], _TYPES[order.exectype]
        levels = self._levels.get(order.ref, {})
        status, code = _STATUS[order.status]
        self.orders.append(
            EngineOrder(
                id=number,
                group=self._group(order),
                signal=order.info.get("signal", -1),
                type=kind,
                role=_EXITS[kind] if number in self._exits else OrderRole.ENTRY,
                status=status,
                code=code,
                side=1 if order.isbuy() else -1,
                lots=self.lots(abs(order.created.size)),
                level_ticks=0 if kind == OrderType.MARKET else self._instrument.to_ticks(order.created.price),
                stop_ticks=levels.get(OrderType.STOP_MARKET, 0),
                target_ticks=levels.get(OrderType.LIMIT, 0),
                bar_created=self._created[number],
                bar_closed=max(len(order.data) - 1, 0),
            )
        )

    def _group(self, order: Any) -> int:
        return self._numbers[(order if order.parent is None else order.parent).ref]
