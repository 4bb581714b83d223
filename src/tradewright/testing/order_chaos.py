"""Orders in a storm: random wishes and faults, each from its seed; in the end our books and the exchange's agree."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.adapters.venues.binance.house_rules import verdict
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.adapters.venues.binance.user_stream import StreamTerms
from tradewright.adapters.venues.transport.breaker import Breaker
from tradewright.adapters.venues.transport.client import Patience
from tradewright.adapters.venues.transport.door import Address, Door
from tradewright.domain.errors import VenueError
from tradewright.domain.orders import Accepted, Amendment, NewOrder, Order, OrderRef, Outcome, Rejected, Unknown
from tradewright.ports.venue import Venue
from tradewright.testing.practice import KEY, SECRET, START
from tradewright.testing.venue_contract import OpenRig, an_order, run_rig
from tradewright.testing.venue_stream_contract import listening
from tradewright.testing.venues import BTC, Booked, Rig, WallClock, practice_rig

__all__ = ["Journal", "hasty_rig", "play_scenario"]

_WISHES = 30
_LATE_S, _PATIENCE_S = 0.12, 0.06
_ON_REQUESTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop"},
    {"kind": "execute_then_drop"},
    {"kind": "delay", "delay": _LATE_S},
    {"kind": "status", "status": 503, "code": -1000, "text": "Unknown error."},
    {"kind": "status", "status": 503, "code": -1001, "text": "Internal error."},
    {"kind": "status", "status": 408, "code": -1007, "text": "Timeout."},
    {"kind": "status", "status": 502, "code": -1, "text": "Bad gateway"},
)
_ON_STREAMS: tuple[dict[str, Any], ...] = (
    {"kind": "user_lost"},
    {"kind": "user_duplicate"},
    {"kind": "user_reorder"},
    {"kind": "ws_abort", "chance": 0.02},
    {"kind": "ws_close", "chance": 0.02},
    {"kind": "listen_key_expire", "chance": 0.01},
    {"kind": "skew", "delay": 30.0, "count": 1},
)
_METHODS = ("", "POST", "DELETE", "PUT", "GET")


@asynccontextmanager
async def _hasty(rest: str, streams: str) -> AsyncIterator[Venue]:
    door = Door(Address(breaker=Breaker(5, 0.05, 0.3)), verdict=verdict)
    opening = Opening(
        Keys(KEY, SECRET), WallClock(), Addresses(rest, streams), PRACTICE, door, timeout_s=_PATIENCE_S,
        patience=Patience(reads_s=2.0, writes_s=1.0, first_s=0.01, most_s=0.05),
        watch=StreamTerms(audit_s=0.3, grace_s=0.05, extend_s=2.0, heartbeat_s=1.0),
    )  # fmt: skip
    async with opening.venue() as venue:
        yield venue


def hasty_rig(**changes: Any) -> Any:
    """A rig whose client waits for hardly anything, so that late answers cost little time."""
    return practice_rig(_hasty, **changes)


@dataclass(slots=True)
class Journal:
    """What a client knows of its own orders; it never sends a name twice.

    Args:
        orders: each as it was known last; None of one that was never placed.
        unknown: how many outcomes had to be asked for.
        rejected: how many were refused.
    """

    orders: dict[str, Order | None] = field(default_factory=dict)
    unknown: int = 0
    rejected: int = 0

    def open(self) -> list[Order]:
        """Orders that may still fill, as far as is known."""
        return [order for order in self.orders.values() if order is not None and order.is_open]


def play_scenario(seed: int, open_rig: OpenRig = hasty_rig) -> Journal:
    """Play one storm, and hold what we know against the exchange's books.

    Args:
        seed: of wishes, faults and market.
        open_rig: whose venue is tried.

    Raises:
        AssertionError: an order was lost or doubled, a fill told twice or never, or a position is wrong.
    """
    journal, chance = Journal(), random.Random(seed)  # noqa: S311 - no secret

    async def act(rig: Rig) -> None:
        await _until_answered(rig.venue.instruments)
        async with listening(rig) as ear:
            _wish_faults(rig, chance)
            for n in range(_WISHES):
                await _wish(rig, journal, chance, f"tw-{seed}-{n}")
            rig.calm()
            await ear.until(ear.knows_all)
            await _compare(rig, journal)

    run_rig(open_rig, act)
    return journal


def _wish_faults(rig: Rig, chance: random.Random) -> None:
    for fault in chance.sample(_ON_REQUESTS, chance.randint(1, 3)):
        method = chance.choice(_METHODS)
        rig.strike(**{"chance": chance.uniform(0.05, 0.3), "count": 0, "method": method, **fault})
    for fault in chance.sample(_ON_STREAMS, chance.randint(0, 3)):
        rig.strike(**{"chance": chance.uniform(0.05, 0.3), "count": 0, **fault})


async def _until_answered(ask: Callable[[], Any]) -> Any:
    while True:
        try:
            return await ask()
        except VenueError:
            continue


async def _wish(rig: Rig, journal: Journal, chance: random.Random, name: str) -> None:
    draw = chance.random()
    known = journal.open()
    if draw < 0.55 or not known:  # noqa: PLR2004 - a share
        await _place(rig, journal, [_order(rig, chance, name)])
    elif draw < 0.62:  # noqa: PLR2004 - a share
        await _place(rig, journal, [_order(rig, chance, f"{name}-{leg}") for leg in range(3)])
    elif draw < 0.8:  # noqa: PLR2004 - a share
        order = chance.choice(known)
        await _settle(rig, journal, order.ref, await rig.venue.cancel(order.ref))
    elif draw < 0.92:  # noqa: PLR2004 - a share
        order = chance.choice(known)
        price = _price(rig, chance, "0.97", "0.99") if order.side == "buy" else _price(rig, chance, "1.01", "1.03")
        await _settle(rig, journal, order.ref, await rig.venue.modify(order.ref, Amendment(price=price)))
    else:
        await rig.wait(chance.uniform(1.0, 120.0))


async def _place(rig: Rig, journal: Journal, orders: list[NewOrder]) -> None:
    outcomes = [await rig.venue.place(orders[0])] if len(orders) == 1 else await rig.venue.place_all(orders)
    for order, outcome in zip(orders, outcomes, strict=True):
        assert order.client_id not in journal.orders
        journal.orders[order.client_id] = None
        await _settle(rig, journal, order.ref, outcome)


async def _settle(rig: Rig, journal: Journal, ref: OrderRef, outcome: Outcome) -> None:
    """Learn what became of a request; what is unknown is asked for, and never sent again."""
    if isinstance(outcome, Accepted):
        journal.orders[ref.client_id] = outcome.order
        return
    journal.rejected += isinstance(outcome, Rejected)
    if isinstance(outcome, Rejected) and outcome.order is None and journal.orders.get(ref.client_id) is None:
        return  # never placed
    journal.unknown += isinstance(outcome, Unknown)
    while True:
        found = await _until_answered(lambda: rig.venue.find(ref))
        if found is not None:
            journal.orders[ref.client_id] = found
            return
        if not isinstance(outcome, Unknown) or await _until_answered(rig.venue.now) > outcome.final_at:
            return
        await rig.wait(1.0)


def _price(rig: Rig, chance: random.Random, low: str, high: str) -> Decimal:
    factor = Decimal(low) + Decimal(chance.randint(0, 1_000)) / 1_000 * (Decimal(high) - Decimal(low))
    return (rig.last() * factor).quantize(Decimal("0.1"))


def _order(rig: Rig, chance: random.Random, name: str) -> NewOrder:
    side = chance.choice(("buy", "sell"))
    below = ("0.97", "1.002") if side == "buy" else ("0.998", "1.03")
    kind = chance.choice(("market", "limit", "limit", "gtx", "stop", "take_profit", "stop_limit", "trailing_stop"))
    quantity = Decimal(chance.randint(1, 5)) / 100
    more: dict[str, Any] = {"side": side, "quantity": quantity, "kind": "limit" if kind == "gtx" else kind}
    if kind in ("limit", "gtx", "stop_limit"):
        more["price"] = _price(rig, chance, *below)
    if kind == "gtx":
        more["time_in_force"] = "gtx"
    if kind in ("stop", "stop_limit"):
        more["trigger"] = _price(rig, chance, *(("1.0", "1.01") if side == "buy" else ("0.99", "1.0")))
    if kind == "take_profit":
        more["trigger"] = _price(rig, chance, *(("0.99", "1.0") if side == "buy" else ("1.0", "1.01")))
    if kind == "trailing_stop":
        more["callback"] = Decimal(chance.randint(1, 10)) / 1_000
    return an_order(name, **more)


async def _meanwhile_still(rig: Rig, ask: Callable[[], Any]) -> tuple[Any, dict[str, Booked]]:
    # What was answered, and the exchange's own books, which did not change while it was asked: its market goes on.
    while True:
        before = rig.booked()
        answer = await _until_answered(ask)
        if rig.booked() == before:
            return answer, before


async def _compare(rig: Rig, journal: Journal) -> None:
    booked = rig.booked()
    placed = {name for name, order in journal.orders.items() if order is not None}
    assert placed == set(booked), placed ^ set(booked)
    orders, booked = await _meanwhile_still(rig, rig.venue.open_orders)
    assert {order.client_id for order in orders} == {name for name, order in booked.items() if order.is_open}
    for name, order in journal.orders.items():
        if order is not None:
            found, booked = await _meanwhile_still(rig, partial(rig.venue.find, order.ref))
            shown = booked[name]
            assert (found.is_open, found.filled) == (shown.is_open, shown.filled), (found, shown)
    fills, _ = await _meanwhile_still(rig, lambda: rig.venue.fills(BTC, START))
    executions = rig.executions()
    assert executions == {fill.id: fill.quantity if fill.side == "buy" else -fill.quantity for fill in fills}
    held, _ = await _meanwhile_still(rig, rig.venue.positions)
    assert sum(rig.executions().values()) == sum(one.quantity for one in held)
