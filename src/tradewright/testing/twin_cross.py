"""The slow twin of the venue: our own orders on both sides of one instrument."""

from __future__ import annotations

from tradewright.domain.enums import Code, OrderStatus, OrderType, SelfTrade, TimeInForce
from tradewright.testing.twin_order import TwinOrder
from tradewright.testing.twin_venue import Venue

__all__ = ["Crossing"]


class Crossing(Venue):
    """A venue that does not let an account trade with itself."""

    def has_way(self, order: TwinOrder, price: int, ts: int) -> bool:
        """Expire what an order would meet of ours while the market is at a price; returns whether it is still there.

        Post-only never trades with ours: it is refused instead.
        """
        mode = self.books.specs[order.instrument].self_trade
        while mode != SelfTrade.NONE and (own := self.own_counterparts(order, price)):
            if order.time_in_force == TimeInForce.GTX:
                self.books.close(order, OrderStatus.REJECTED.value, Code.POST_ONLY_WOULD_TAKE.value, ts)
                return False
            if mode in {SelfTrade.EXPIRE_MAKER, SelfTrade.EXPIRE_BOTH}:
                self.books.close(own[0], OrderStatus.CANCELED.value, Code.SELF_TRADE.value, ts)
            if mode in {SelfTrade.EXPIRE_TAKER, SelfTrade.EXPIRE_BOTH}:
                self.books.close(order, OrderStatus.CANCELED.value, Code.SELF_TRADE.value, ts)
                return False
        return True

    def own_counterparts(self, order: TwinOrder, price: int) -> list[TwinOrder]:
        """Limits of ours that rest on the other side of the instrument, and that the order would reach."""
        k = order.instrument
        rows = sorted([k, *self.team.beside(k)])
        resting = [o for row in rows for o in self.books.holdings[row].orders if o.type == OrderType.LIMIT]
        resting = [o for o in resting if o.status != OrderStatus.PENDING and o.side == -order.side]
        if order.type == OrderType.LIMIT:
            resting = [o for o in resting if order.would_take(o.level_ticks)]
        if order.type == OrderType.LIMIT and not order.would_take(price):
            return resting
        # Who stands between the market and ours trades first: with all of the bar that is to be had.
        got, wanted, _ = self.lots_for(order)
        return [o for o in resting if got < wanted or not self.is_dearer(order, o.level_ticks, price)]

    def is_dearer(self, order: TwinOrder, ticks: int, price: int) -> bool:
        """Whether a price is worse for an order than the market's."""
        return ticks > price if order.side > 0 else ticks < price
