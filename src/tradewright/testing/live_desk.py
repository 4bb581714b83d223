"""A live session without a driver and without time: records go in by hand, and what it asks for next comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.domain.account import Balance, Fill, Position
from tradewright.domain.enums import OrderStatus
from tradewright.domain.instrument import Instrument
from tradewright.domain.limits import LimitSpec
from tradewright.domain.orders import Accepted, NewOrder, Order, Rejected, Unknown
from tradewright.domain.run import CostSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.domain.user_events import Filled, OrderChanged, Synced
from tradewright.engine.feed import Feed
from tradewright.market.bars import empty_bars
from tradewright.market.steps import Bar, Step
from tradewright.services.live.errands import name_of, sent_record
from tradewright.services.live.fold import live_session_of, play
from tradewright.services.live.plain import as_plain
from tradewright.services.live.planning import requests
from tradewright.services.live.requests import Amend, Cancel, Deny, Hold, Place, Request
from tradewright.services.live.session import LiveSession
from tradewright.services.paper.records import Beginning, beginning_record, step_record
from tradewright.services.pending import Confirming
from tradewright.strategy.plugin import Plugin
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView
from tradewright.testing.bars import closes

__all__ = ["SYMBOL", "LiveDesk"]

SYMBOL = "BTC/USDT:USDT"
_MINUTE = 60 * SECOND_NS
_CONTEXT = 10
_UNIT = Instrument(SYMBOL, "desk", tick_size="0.1", lot_size="0.01", min_notional=0.0, funding_hours=0)


class LiveDesk:
    """See the module. A bar closes each minute; a price is 1,000 until bars say otherwise.

    Args:
        wishes: what the strategy answers at a bar, by the bar's number from 0.
        confirming: how orders are confirmed.
        **risk: fields of `RiskSpec`, and `costs` and `limits` of the run.

    Attributes:
        live: the session.
        records: its journal.
        now: UTC ns.
    """

    def __init__(self, wishes: Mapping[int, Any], confirming: Confirming = Confirming(), **risk: Any) -> None:  # noqa: B008 - frozen
        self.registry = _registry(wishes)
        costs, limits = risk.pop("costs", CostSpec()), risk.pop("limits", LimitSpec())
        given: dict[str, Any] = {
            "min_reward_risk": 0.0,
            "require_target": False,
            "sizing": "fixed_quantity",
            "size": 1.0,
        }
        spec = RunSpec(
            "scripted",
            "1",
            (),
            "desk",
            (SYMBOL,),
            "1m",
            costs=costs,
            risk=RiskSpec(**given | risk),
            limits=limits,
            start=_CONTEXT * _MINUTE,
        )
        feed = Feed(_UNIT, empty_bars(), context=closes([1_000.0] * _CONTEXT, "1m"))
        first = {**beginning_record(Beginning(spec, (feed,), "code")), "confirming": asdict(confirming)}
        self.records: list[dict[str, Any]] = [first]
        self.live: LiveSession = live_session_of("desk", self.records, self.registry)
        self.now, self._trades, self._bars = _CONTEXT * _MINUTE, 0, 0
        self.tell(Synced(self.now))

    def play(self, kind: str, **fields: Any) -> None:
        """Write a record down and play it, as it comes back from a disk."""
        record = json.loads(json.dumps({"kind": kind, "ts": self.now, **fields}))
        self.records.append(record)
        play(self.live, record)

    def again(self) -> LiveSession:
        """The session made again from its records."""
        return live_session_of("desk", self.records, self.registry)

    def bar(self, price: float = 1_000.0, *, is_missed: bool = False) -> list[Request]:
        """Close a bar at a price; what is asked for then.

        Args:
            price: of its open and its close; it reaches half a unit further, both ways.
            is_missed: it was heard of too late to decide on.
        """
        at = (_CONTEXT + self._bars) * _MINUTE
        self._bars += 1
        bar = Bar(price, price + 0.5, price - 0.5, price, 1e6)
        self.now = at + Timeframe.parse("1m").ns
        record = step_record(Step(at, self.now, {SYMBOL: bar}, {}, ()), is_missed=is_missed)
        self.play(record.pop("kind"), **record)
        return self.wishes()

    def wishes(self) -> list[Request]:
        """What is asked for now; nothing of it is sent."""
        return requests(self.live, PRACTICE, self.now, _MINUTE)

    def send(self) -> list[Request]:
        """Note everything that is asked for as sent, or as decided."""
        found = self.wishes()
        for one in found:
            if isinstance(one, Hold):
                self.play("hold", order_id=one.order_id, price=one.price)
            elif isinstance(one, Deny):
                self.play("deny", order_id=one.order_id, text=one.text)
            else:
                record = sent_record(one, self.now)
                self.play(record.pop("kind"), **record)
        return found

    def go(self) -> list[Request]:
        """Send everything, and let the venue take all of it, until nothing more is asked for."""
        found: list[Request] = []
        while more := self.send():
            found += more
            for one in more:
                if isinstance(one, Place):
                    self.accept(name_of(one))
                elif isinstance(one, Cancel):
                    self.end(name_of(one), what="cancel")
                elif isinstance(one, Amend):
                    self.accept(name_of(one), what="amend", price=one.amendment.price, quantity=one.amendment.quantity)
        return found

    def accept(self, name: str, what: str = "place", **changes: Any) -> None:
        """The venue has done what was asked."""
        self._answer(name, what, Accepted(self.order(name, **changes)))

    def end(self, name: str, what: str = "cancel") -> None:
        """The venue has cancelled an order as it was asked to."""
        self._answer(name, what, Accepted(self.order(name, status=OrderStatus.CANCELED)))

    def refuse(self, name: str, rejected: Rejected, what: str = "place") -> None:
        """The venue has refused."""
        self._answer(name, what, rejected)

    def lose(self, name: str, final_at: int = 0, what: str = "place") -> None:
        """No answer came."""
        self._answer(name, what, Unknown("no answer", final_at))

    def _answer(self, name: str, what: str, result: Any) -> None:
        self.play("outcome", what=what, client_id=name, result=as_plain(result))

    def tell(self, event: Any) -> None:
        """The venue's stream tells of something."""
        self.play("told", event=as_plain(event))

    def change(self, name: str, **changes: Any) -> None:
        """The stream tells how an order stands."""
        self.tell(OrderChanged(self.order(name, **changes), self.now))

    def fill(self, name: str, quantity: str, price: str, **changes: Any) -> None:
        """The stream tells of an execution."""
        sent = self.sent(name)
        fields: dict[str, Any] = {"id": f"t{self._trades}", "client_id": name} | changes
        self._trades += 1
        fee = Decimal(price) * Decimal(quantity) * Decimal("0.0005")
        fill = Fill(
            instrument=SYMBOL, order_id=f"v-{name}", side=sent.side, price=Decimal(price), quantity=Decimal(quantity),
            fee=fee, fee_currency="USDT", is_maker=False, ts=self.now, **fields,
        )  # fmt: skip
        self.tell(Filled(fill, self.now))

    def check(self, *orders: Order, held: str = "0", policy: str = "halt") -> None:
        """The venue was asked for everything."""
        positions = [as_plain(Position(SYMBOL, Decimal(held), Decimal(1_000)))] if Decimal(held) else []
        balances = [as_plain(Balance("USDT", Decimal(10_000)))]
        shown = [as_plain(one) for one in orders]
        self.play("checked", orders=shown, positions=positions, balances=balances, policy=policy)

    def sent(self, name: str) -> NewOrder:
        """An order as it was sent."""
        return self.live.tickets.by_name[name].order

    def order(self, name: str, **changes: Any) -> Order:
        """An order as the venue would show it, open unless the changes say otherwise."""
        sent = self.sent(name)
        fields: dict[str, Any] = {
            "quantity": sent.quantity, "status": OrderStatus.OPEN, "price": sent.price, "trigger": sent.trigger,
            "filled": self.live.tickets.by_name[name].filled, "updated": self.now,
        }  # fmt: skip
        fields |= {name: value for name, value in changes.items() if value is not None}
        return Order(SYMBOL, name, f"v-{name}", sent.side, sent.kind, reduce_only=sent.reduce_only, **fields)

    @property
    def held(self) -> int:
        """Lots, signed: hundredths."""
        return self.live.session.held_lots(0)


def _registry(wishes: Mapping[int, Any]) -> Registry:
    class Scripted(Strategy):
        """Answer as it is written."""

        version = "1"

        def on_bar(self, view: BarView) -> Any:
            return wishes.get(view.ts_open // _MINUTE - _CONTEXT)

    return Registry([Plugin(Scripted, __file__, 1, "")])
