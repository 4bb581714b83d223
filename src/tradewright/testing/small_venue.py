"""A venue in memory and in simulated time, with the truth beside what it says, which fails as it is told to.

What is sent is carried out by the venue's own tasks: it does not matter to them whether the sender still lives.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.domain.account import AccountTerms, Balance, Fill, MarginMode, Position
from tradewright.domain.enums import Code
from tradewright.domain.errors import VenueUnavailable
from tradewright.domain.instrument import Instrument
from tradewright.domain.orders import (
    Amendment,
    Done,
    NewOrder,
    Order,
    OrderRef,
    Outcome,
    Rejected,
    Unknown,
)
from tradewright.domain.timeframe import SECOND_NS
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    FundingPaid,
    Gap,
    OrderChanged,
    PositionsChanged,
    Synced,
    UserEvent,
)
from tradewright.ports.clock import Clock
from tradewright.ports.venue import Setting
from tradewright.testing.small_exchange import SmallExchange
from tradewright.testing.small_market import SMALL, SmallMarket

__all__ = ["Chances", "SmallVenue"]

_LIFE_S, _PATIENCE_S, _AUDIT_S = 6.0, 0.5, 20.0
T = TypeVar("T")


@dataclass(slots=True)
class Chances:
    """How often a venue fails, from 0 to 1.

    Args:
        lost: a request never comes.
        silent: it is done, and nobody says so.
        late: it is done long after whoever sent it has given up.
        busy: it is refused unread.
        deaf: a question has no answer.
        unheard: an event is lost, which shows at the next audit.
        double: an event comes twice.
        slow: an event comes after later ones.
        part: an order is filled in part only, the rest later.
        foreign: somebody else cancels one of our orders, at each price.
        funding: funding is paid, at each price; no fault, but it must not be lost.
    """

    lost: float = 0.0
    silent: float = 0.0
    late: float = 0.0
    busy: float = 0.0
    deaf: float = 0.0
    unheard: float = 0.0
    double: float = 0.0
    slow: float = 0.0
    part: float = 0.0
    foreign: float = 0.0
    funding: float = 0.0


@dataclass(slots=True)
class _Ear:
    """Somebody who listens: what waits for him, and what he knows to be open."""

    since: int
    queue: asyncio.Queue[UserEvent] = field(default_factory=asyncio.Queue)
    is_deaf: bool = False
    whole_at: int = 0
    named: set[str] = field(default_factory=set)


class SmallVenue:
    """See `ports.venue.Venue`.

    Args:
        market: whose prices it trades at.
        clock: its time.
        chance: draws delays and faults.
        chances: of faults.

    Attributes:
        exchange: the truth.
        terms_now: what the account is set to.
    """

    abilities = PRACTICE

    def __init__(self, market: SmallMarket, clock: Clock, chance: random.Random, chances: Chances) -> None:
        self._clock, self._chance = clock, chance
        self.exchange = SmallExchange(market, clock, chance, self._tell)
        self.chances = chances
        self.terms_now = AccountTerms(SMALL.symbol, Decimal(1), "cross")
        self._ears: list[_Ear] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def chances(self) -> Chances:
        """Of faults."""
        return self._chances

    @chances.setter
    def chances(self, chances: Chances) -> None:
        self._chances = chances
        self.exchange.part, self.exchange.foreign = chances.part, chances.foreign
        self.exchange.funding = chances.funding

    # -- what is told ---------------------------------------------------------------------------------------

    def _tell(self, event: UserEvent) -> None:
        for ear in self._ears:
            if self._draw(self.chances.unheard):
                ear.is_deaf = True
                continue
            copies = 2 if self._draw(self.chances.double) else 1
            for _ in range(copies):
                delay = self._chance.uniform(0.5, 3.0) if self._draw(self.chances.slow) else 0.02
                self._do(self._hand(ear, event, delay))

    async def _hand(self, ear: _Ear, event: UserEvent, delay: float) -> None:
        await self._clock.sleep(delay)
        ear.queue.put_nowait(event)

    async def events(self) -> AsyncIterator[UserEvent]:
        """See `ports.venue.AccountReader`."""
        ear = _Ear(self._clock.now_ns())
        self._ears.append(ear)
        try:
            for event in self._everything(ear):
                yield event
            while True:
                if (heard := await _next(ear)) is not None:
                    yield heard
                elif ear.is_deaf:
                    ear.is_deaf = False
                    yield Gap(ear.whole_at, "not everything was told")
                    await self._clock.sleep(self._chance.uniform(0.1, 10.0))
                    for one in self._everything(ear):
                        yield one
                else:
                    ear.whole_at = self._clock.now_ns() - 4 * SECOND_NS
        finally:
            self._ears.remove(ear)

    def _everything(self, ear: _Ear) -> list[UserEvent]:
        now = self._clock.now_ns()
        shown = [one for name, one in self.exchange.orders.items() if one.is_open or name in ear.named]
        ear.named = {one.client_id for one in shown if one.is_open}
        ear.whole_at = now - SECOND_NS
        fills = [Filled(one, now) for one in self.exchange.trades if one.ts >= ear.since]
        paid = [one for one in self.exchange.payments if one.ts >= ear.since]
        told: list[UserEvent] = [*(OrderChanged(one, now) for one in shown), *paid]
        positions = (Position(SMALL.symbol, self.exchange.held, self.exchange.entry),)
        balances = (Balance("USDT", self.exchange.wallet),)
        return [*told, *fills, PositionsChanged(positions, now), BalancesChanged(balances, "", now), Synced(now)]

    # -- what is asked --------------------------------------------------------------------------------------

    async def instruments(self) -> tuple[Instrument, ...]:
        """See `ports.venue.AccountReader`."""
        return (SMALL,)

    async def find(self, ref: OrderRef) -> Order | None:
        """See `ports.venue.AccountReader`."""
        return await self._read(lambda: self.exchange.orders.get(ref.client_id))

    async def open_orders(self, instrument: str | None = None) -> tuple[Order, ...]:
        """See `ports.venue.AccountReader`."""
        del instrument
        return await self._read(lambda: tuple(one for one in self.exchange.orders.values() if one.is_open))

    async def fills(self, instrument: str, since: int) -> tuple[Fill, ...]:
        """See `ports.venue.AccountReader`."""
        del instrument
        return await self._read(lambda: tuple(one for one in self.exchange.trades if one.ts >= since))

    async def payments(self, since: int) -> tuple[FundingPaid, ...]:
        """See `ports.venue.AccountReader`."""
        return await self._read(lambda: tuple(one for one in self.exchange.payments if one.ts >= since))

    async def positions(self) -> tuple[Position, ...]:
        """See `ports.venue.AccountReader`."""
        return await self._read(
            lambda: (Position(SMALL.symbol, self.exchange.held, self.exchange.entry),) if self.exchange.held else ()
        )

    async def balances(self) -> tuple[Balance, ...]:
        """See `ports.venue.AccountReader`."""
        return await self._read(lambda: (Balance("USDT", self.exchange.wallet),))

    async def terms(self, *instruments: str) -> tuple[AccountTerms, ...]:
        """See `ports.venue.AccountReader`."""
        return await self._read(lambda: (self.terms_now,) * len(instruments))

    async def is_hedged(self) -> bool:
        """See `ports.venue.AccountReader`."""
        return await self._read(lambda: False)

    async def now(self) -> int:
        """See `ports.venue.AccountReader`."""
        return await self._read(self._clock.now_ns)

    async def _read(self, look: Callable[[], T]) -> T:
        await self._clock.sleep(self._chance.uniform(0.005, 0.1))
        found = look()
        await self._clock.sleep(self._chance.uniform(0.005, 0.1))
        if self._draw(self.chances.deaf):
            raise VenueUnavailable("small: no answer")
        return found

    # -- what is sent ---------------------------------------------------------------------------------------

    async def place(self, order: NewOrder) -> Outcome:
        """See `ports.venue.OrderDesk`."""
        return await self._send(lambda: self.exchange.take(order))

    async def modify(self, ref: OrderRef, amendment: Amendment) -> Outcome:
        """See `ports.venue.OrderDesk`."""
        return await self._send(lambda: self.exchange.amend(ref.client_id, amendment))

    async def cancel(self, ref: OrderRef) -> Outcome:
        """See `ports.venue.OrderDesk`."""
        return await self._send(lambda: self.exchange.end(ref.client_id))

    async def place_all(self, orders: Sequence[NewOrder]) -> tuple[Outcome, ...]:
        """See `ports.venue.OrderDesk`."""
        return tuple([await self.place(one) for one in orders])

    async def cancel_all(self, instrument: str) -> Setting:
        """See `ports.venue.OrderDesk`."""
        del instrument
        for name in list(self.exchange.orders):
            self.exchange.end(name)
        return Done()

    async def set_leverage(self, instrument: str, leverage: int) -> Setting:
        """See `ports.venue.OrderDesk`."""
        del instrument
        self.terms_now = replace(self.terms_now, leverage=Decimal(leverage))
        return Done()

    async def set_margin_mode(self, instrument: str, mode: MarginMode) -> Setting:
        """See `ports.venue.OrderDesk`."""
        del instrument
        self.terms_now = replace(self.terms_now, margin_mode=mode)
        return Done()

    async def set_hedged(self, *, hedged: bool) -> Setting:
        """See `ports.venue.OrderDesk`."""
        del hedged
        return Done()

    async def count_down(self, instrument: str, seconds: float) -> Setting:
        """See `ports.venue.OrderDesk`."""
        del instrument, seconds
        return Done()

    async def _send(self, act: Callable[[], Outcome]) -> Outcome:
        chances, final = self.chances, self._clock.now_ns() + round(_LIFE_S * SECOND_NS)
        if self._draw(chances.busy):
            return Rejected("busy", Code.VENUE_BUSY, was_sent=False)
        unknown = Unknown("no answer", final if self._draw(0.5) else 0)
        if self._draw(chances.lost):
            await self._clock.sleep(_PATIENCE_S)
            return unknown
        is_late = self._draw(chances.late)
        done = self._do(self._carry_out(act, self._chance.uniform(_PATIENCE_S, 5.0) if is_late else 0.05))
        if is_late or self._draw(chances.silent):
            await self._clock.sleep(_PATIENCE_S)
            return unknown
        outcome: Outcome = await asyncio.shield(done)
        await self._clock.sleep(self._chance.uniform(0.0, 0.1))
        return outcome

    async def _carry_out(self, act: Callable[[], Outcome], delay: float) -> Outcome:
        await self._clock.sleep(delay)
        return act()

    def _do(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _draw(self, chance: float) -> bool:
        return self._chance.random() < chance


async def _next(ear: _Ear) -> UserEvent | None:
    try:
        async with asyncio.timeout(_AUDIT_S):
            return await ear.queue.get()
    except TimeoutError:
        return None
