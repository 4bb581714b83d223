"""A session whose orders a venue matches: the kernels decide and settle, and match nothing.

Signals, sizes, limits, brackets and "one cancels the other" are those of every other run. What differs is who says that
an order was filled, has ended, or was paid for: here the venue does, and is believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tradewright.domain.enums import Arrival, Code, CommandKind, Liquidity, OrderRole, OrderStatus, OrderType, Side
from tradewright.domain.errors import DataError
from tradewright.engine.backtest import Run
from tradewright.engine.order_rows import command_row
from tradewright.engine.session import Heard, Session
from tradewright.engine.world import enlarge, widen
from tradewright.kernels.commanding import change, is_sent_after, judge_change, refuse_command
from tradewright.kernels.execution import follow_up, lots_to_fill
from tradewright.kernels.gate import Verdict
from tradewright.kernels.margin import total_equity
from tradewright.kernels.money import round_cash
from tradewright.kernels.orders import NOWHERE, Draft, close_order, find_order, place
from tradewright.kernels.settlement import Terms, add_cash, settle_fill
from tradewright.market.bars import Bars, joined_bars
from tradewright.market.steps import Step

__all__ = ["Alteration", "Deal", "VenueSession"]


@dataclass(frozen=True, slots=True)
class Deal:
    """An execution as the venue tells of it.

    Args:
        ticks: price.
        lots: quantity, above 0.
        fee: quote; below 0 a rebate.
        is_maker: whether the order rested.
        ts: UTC ns.
    """

    ticks: int
    lots: int
    fee: float
    is_maker: bool
    ts: int


@dataclass(frozen=True, slots=True)
class Alteration:
    """What a strategy wants of an order that is open; all 0: that it ends.

    Args:
        order_id: which order.
        lots: the new quantity, what is filled included; 0 leaves it.
        level_ticks: the new price; 0 leaves it.
        trigger_ticks: of an order of two prices; 0 leaves it.
        row: of the command.
    """

    order_id: int
    lots: int = 0
    level_ticks: int = 0
    trigger_ticks: int = 0
    row: int = -1

    @property
    def is_end(self) -> bool:
        """Whether the order is to be cancelled."""
        return not (self.lots or self.level_ticks or self.trigger_ticks)


class VenueSession(Session):
    """See the module. Steps bring prices alone: funding is paid when the venue says so."""

    _matches = False

    def close(self, step: Step) -> Heard:
        """Take the prices of what has closed, show it to the strategies, and decide on what they wish.

        Raises:
            DataError, InvalidValue, StrategyError: as of `Session.close`.
        """
        return super().close(step._replace(funding=()))

    def check(self, step: Step) -> None:
        """See `Session.check`."""
        super().check(step._replace(funding=()))

    def _play(self, at: int) -> None:
        # Nothing trades in this column as far as the kernels are concerned; what is decided at its close knows better.
        has_bar = self._walk.market.has_bar
        known = has_bar[:, at].copy()
        has_bar[:, at] = False
        super()._play(at)
        has_bar[:, at] = known

    def alterations(self) -> list[Alteration]:
        """What strategies want of orders that are open, since the last call; what the gate refuses is left out."""
        walk = self._walk
        account, wishes = walk.world.account[0], walk.market.commands
        found: list[Alteration] = []
        for row in range(int(account["arrived"]), int(account["command"])):
            kind, k = int(wishes[row]["kind"]), int(wishes[row]["instrument"])
            if kind == CommandKind.CANCEL_ALL:
                open_now = (walk.world.orders[k, slot] for slot in range(int(walk.world.positions[k]["n_orders"])))
                ends = (Alteration(int(one["id"])) for one in open_now if not is_sent_after(walk.market, one, row))
                found.extend(ends)
            elif kind != CommandKind.PLACE and (alteration := self._altered(row, k)) is not None:
                found.append(alteration)
        account["arrived"] = account["command"]
        return found

    def _altered(self, row: int, k: int) -> Alteration | None:
        walk, at = self._walk, self._stand()
        wish = walk.market.commands[row]
        slot = find_order(walk.world, k, int(wish["order_id"]), int(wish["tag"]))
        if slot == NOWHERE:
            self._refuse(row, Code.ORDER_UNKNOWN, (float(wish["order_id"]), float(wish["tag"])))
            return None
        order_id = int(walk.world.orders[k, slot]["id"])
        if wish["kind"] == CommandKind.CANCEL:
            return Alteration(order_id, row=row)
        verdict = judge_change(walk.world, walk.market, walk.rules, slot, wish, at)
        if verdict.code != Code.OK:
            self._refuse(row, Code(verdict.code), (verdict.observed, verdict.limit))
            return None
        return Alteration(order_id, int(wish["lots"]), int(wish["level_ticks"]), int(wish["trigger_ticks"]), row)

    def _refuse(self, row: int, code: Code, numbers: tuple[float, float]) -> None:
        walk, at = self._walk, self._stand()
        self._make_room()
        verdict = Verdict(int(code), *numbers, 0)
        refuse_command(walk.world, row, walk.market.commands[row], verdict, (at, self._now(), 0))

    def altered(self, alteration: Alteration) -> None:
        """The venue has changed an order as it was asked to; an order that has ended meanwhile stays as it is."""
        at, (k, slot) = self._stand(), self._place_of(alteration.order_id)
        if slot == NOWHERE:
            return
        walk = self._walk
        change(walk.world, walk.market, slot, walk.market.commands[alteration.row], at)
        for order in self._open(k):
            if order["id"] == alteration.order_id:
                order["status"] = max(int(order["status"]), OrderStatus.OPEN)

    def accepted(self, order_id: int) -> None:
        """The venue has an order now."""
        k, slot = self._place_of(order_id)
        if slot != NOWHERE and (order := self._walk.world.orders[k, slot])["status"] == OrderStatus.PENDING:
            order["status"] = OrderStatus.OPEN

    def deal(self, order_id: int, deal: Deal) -> None:
        """Book an execution: position, cash, and what follows of it for its bracket and its siblings.

        An order that had ended as far as we knew is open once more for it: the venue was faster than our cancel.

        Raises:
            DataError: there was never such an order.
        """
        at = self._stand()
        self._make_room()
        walk = self._walk
        k, slot = self._place_of(order_id)
        if slot == NOWHERE:
            k, slot = self._revive(order_id, deal.lots)
        order = walk.world.orders[k, slot]
        if order["close_position"]:
            order["lots"] = order["filled"] + max(lots_to_fill(walk.world.positions[k], order), deal.lots)
        liquidity = Liquidity.MAKER if deal.is_maker else Liquidity.TAKER
        for column in (walk.market.open, walk.market.high, walk.market.low, walk.market.close):
            column[k, at] = deal.ticks
        terms = Terms(deal.ticks, deal.ticks, int(liquidity), 0, int(Arrival.AT_OPEN), at, deal.ts)
        against = max(-int(walk.world.positions[k]["lots"]) * int(order["side"]), 0)
        opened = 0 if order["reduce_only"] else max(deal.lots - against, 0)
        settle_fill(walk.world, walk.market, order, deal.lots, terms)
        self._correct_fee(k, deal.fee)
        follow_up(walk.world, walk.market, walk.rules, order, (deal.lots, opened), terms)

    def _correct_fee(self, k: int, fee: float) -> None:
        # What the venue took, in place of what our table foresaw.
        world = self._walk.world
        account = world.account[0]
        line = world.fills[int(account["n_fills"]) - 1]
        more = round_cash(fee - float(line["fee"]))
        line["fee"] = fee
        account["fees"] = round_cash(account["fees"] + more)
        add_cash(account, -more)
        world.positions[k]["earned"] = round_cash(world.positions[k]["earned"] - more)

    def _revive(self, order_id: int, lots: int) -> tuple[int, int]:
        walk = self._walk
        closed = walk.world.closed[: walk.world.account[0]["n_closed"]]
        rows = np.flatnonzero(closed["id"] == order_id)
        if not rows.size:
            raise DataError(f"order {order_id}: none of this session, yet the venue has filled it")
        record = closed[int(rows[-1])].copy()
        k = int(record["instrument"])
        slot = int(walk.world.positions[k]["n_orders"])
        walk.world.orders[k, slot] = record
        order = walk.world.orders[k, slot]
        order["lots"] = order["filled"] + lots
        order["status"], order["code"], order["ts_closed"] = OrderStatus.PARTIALLY_FILLED, 0, 0
        walk.world.positions[k]["n_orders"] += 1
        return k, slot

    def end(self, order_id: int, status: OrderStatus, code: Code, ts: int) -> None:
        """An order has ended at the venue without being filled, or before it was filled whole."""
        k, slot = self._place_of(order_id)
        if slot != NOWHERE:
            self._make_room()
            close_order(self._walk.world, k, slot, int(status), int(code), ts)

    def pay(self, k: int, amount: float, ts: int) -> None:
        """Book funding that the venue has paid (above 0) or taken, quote."""
        self._make_room()
        world = self._walk.world
        account, position = world.account[0], world.positions[k]
        account["funding"] = round_cash(account["funding"] + amount)
        add_cash(account, amount)
        position["earned"] = round_cash(position["earned"] + amount)
        line = world.payments[int(account["n_payments"])]
        account["n_payments"] += 1
        line["ts"], line["instrument"], line["amount"] = ts, k, amount
        line["lots"], line["ticks"] = position["lots"], position["mark_ticks"]

    def adopt(self, k: int, lots: int, deal: Deal) -> int:
        """Take over what the venue holds beyond what we know: an order of no strategy's, filled as the deal says.

        Args:
            k: row of the instrument.
            lots: signed, to be added to the position.
            deal: price, fee and time; its lots are those without their sign.

        Returns:
            The number of the order.
        """
        at = self._stand()
        self._make_room()
        draft = Draft(
            group=0, signal=-1, type=OrderType.MARKET.value, role=OrderRole.PLACED.value,
            side=int(Side.LONG if lots > 0 else Side.SHORT), status=OrderStatus.OPEN.value,
            arrival=Arrival.AT_OPEN.value, reduce_only=False, reverses=False, lots=abs(lots), level_ticks=0,
            valid_steps=0,
        )  # fmt: skip
        order_id = int(place(self._walk.world, k, draft, at, deal.ts)["id"])
        self.deal(order_id, replace(deal, lots=abs(lots)))
        return order_id

    def activation_ticks(self, order: np.void) -> int:
        """Of a trailing stop: the price from which it counts; 0 at once."""
        market = self._walk.market
        if order["command"] >= 0:
            return int(market.commands[int(order["command"])]["level_ticks"])
        signal = market.signals[int(order["signal"])]
        if order["role"] == OrderRole.ENTRY:
            return int(signal["entry_ticks"])
        return int(market.plans[int(signal["plan"]) - 1]["activation_ticks"])

    def trigger(self, order_id: int) -> None:
        """Let an order act at the market: the price is beyond its trigger already."""
        k, slot = self._place_of(order_id)
        if slot != NOWHERE:
            self._walk.world.orders[k, slot]["triggered"] = True

    def leave(self, k: int) -> None:
        """Decide, as of the last close, to close what row `k` holds."""
        lots = self.held_lots(k)
        if lots and self.steps:
            where: dict[str, float] = {"step": self.steps - 1, "instrument": k, "kind": CommandKind.PLACE}
            close = {"type": OrderType.MARKET, "side": -1 if lots > 0 else 1, "lots": abs(lots), "reduce_only": True}
            self._walk.send(command_row(where | close))
            self._walk.advance(self.steps - 1, self.steps)

    def last_ticks(self, k: int) -> int:
        """The last price of row `k` that is known: of a close, or of a deal since then."""
        return int(self._walk.market.close[k, self._stand()])

    @property
    def wallet(self) -> float:
        """Cash without open profit, quote."""
        return float(self._walk.world.account[0]["wallet"])

    def _columns(self) -> int:
        # What was filled since the last close belongs to the run: the bar under way is its last then.
        world, at = self._walk.world, self._stand()
        count = int(world.account[0]["n_fills"])
        if count == 0 or int(world.fills[count - 1]["step"]) < at or at == 0:
            return self.steps
        world.equity[at] = total_equity(world, self._walk.market)
        return at + 1

    @property
    def run(self) -> Run:
        """The run so far; what was filled since the last close stands in a bar of the prices since then."""
        made, at = super().run, self.steps
        if made.market.ts_open.size == at:
            return made
        begin, end = (column[at : at + 1] for column in (made.market.ts_open, made.market.ts_close))
        feeds = []
        for k, feed in enumerate(made.feeds):
            price = np.array([feed.instrument.from_ticks(int(made.market.close[k, at]))])
            last = Bars(begin, end, price, price, price, price, np.zeros(1))
            feeds.append(replace(feed, bars=joined_bars(feed.bars, last)))
        has_bar = made.market.has_bar.copy()
        has_bar[:, at] = True
        return replace(made, feeds=tuple(feeds), market=made.market._replace(has_bar=has_bar))

    def _open(self, k: int) -> Iterator[np.void]:
        world = self._walk.world
        for slot in range(int(world.positions[k]["n_orders"])):
            yield world.orders[k, slot]

    def _place_of(self, order_id: int) -> tuple[int, int]:
        for k in range(self._walk.world.positions.size):
            if (slot := find_order(self._walk.world, k, order_id, 0)) != NOWHERE:
                return k, slot
        return 0, NOWHERE

    def _now(self) -> int:
        return int(self._walk.market.ts_close[self.steps - 1]) if self.steps else 0

    def _stand(self) -> int:
        # The column of the bar that is under way: its prices are the last known, until it is laid.
        at = self.steps
        self._make_room_for(at)
        market = self._walk.market
        if at and market.ts_open[at] == 0:
            market.ts_open[at] = market.ts_close[at - 1]
            market.ts_close[at] = 2 * market.ts_close[at - 1] - market.ts_open[at - 1]
            for kind in ("", "mark_"):
                close = getattr(market, f"{kind}close")
                for name in ("open", "high", "low", "close"):
                    getattr(market, kind + name)[:, at] = close[:, at - 1]
        return at

    def _make_room(self) -> None:
        # Whatever a venue tells adds a few lines to the logs, and to a row of orders a bracket.
        walk = self._walk
        account = walk.world.account[0]
        logs = {name: getattr(walk.world, name).size for name in ("fills", "closed", "payments", "refusals")}
        while any(int(account[f"n_{name}"]) + walk.world.orders.size + _SPARE > size for name, size in logs.items()):
            walk.world = enlarge(walk.world)
            logs = {name: 2 * size for name, size in logs.items()}
        if int(walk.world.positions["n_orders"].max()) + _SPARE > walk.world.orders.shape[1]:
            walk.world = widen(walk.world)


_SPARE = 8
