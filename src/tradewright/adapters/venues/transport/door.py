"""What users of one address, and of one account, share at a venue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tradewright.adapters.venues.transport.breaker import Breaker
from tradewright.adapters.venues.transport.budget import Budget
from tradewright.adapters.venues.transport.calls import Call, NoAnswer, NotSent, Reply, Verdict, judge
from tradewright.adapters.venues.transport.clock_offset import ClockOffset
from tradewright.adapters.venues.transport.steady_time import SteadyTime

__all__ = ["Address", "Door"]

# Of what the address may ask: bulk leaves a quarter to what is asked now, and that a tenth to orders and cancels.
_BULK_SHARE, _READ_SHARE = 0.75, 0.9
_TOLD_NOTHING_S = 60.0
_BANNED_S = 120.0
_BANNED = 418


@dataclass(slots=True)
class Address:
    """What all requests from one address share.

    Args:
        weights: what the address may ask.
        pools: by name, how many calls of a kind it may make.
        breaker: of the venue.
        offset: of its clock, against our steady time.
        steady: our time, by which its clock is judged.
        line: in which bulk requests stand, one behind the other, so that none starves.
    """

    weights: tuple[Budget, ...] = ()
    pools: Mapping[str, Budget] = field(default_factory=dict)
    breaker: Breaker = field(default_factory=Breaker)
    offset: ClockOffset = field(default_factory=ClockOffset)
    steady: SteadyTime = field(default_factory=SteadyTime)
    line: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True)
class Door:
    """The way to a venue, for one account or for none.

    Args:
        address: shared with all who ask from there.
        orders: what the account may order; shared with all who use its key.
        verdict: what an answer says; by default what its status does.
    """

    address: Address
    orders: tuple[Budget, ...] = ()
    verdict: Callable[[Reply], Verdict] = judge

    def wait(self, call: Call, now: float) -> float:
        """Seconds until a call may go; 0 at once (`now`: monotonic seconds)."""
        share = _BULK_SHARE if call.bulk else _READ_SHARE if call.is_read else 1.0
        waits = [self.address.breaker.wait(now)]
        # What weighs nothing is held back by a ban all the same.
        waits += [budget.wait(max(call.weight, 1), now, share) for budget in self.address.weights]
        waits += [budget.wait(call.orders, now) for budget in self.orders]
        waits += [self.address.pools[call.pool].wait(1, now)] if call.pool in self.address.pools else []
        return max(waits)

    def enter(self, call: Call, now: float) -> None:
        """A call goes."""
        self.address.breaker.enter(now)
        for budget in self.address.weights:
            budget.take(call.weight, now)
        for budget in self.orders:
            budget.take(call.orders, now)
        if call.pool in self.address.pools:
            self.address.pools[call.pool].take(1, now)

    def failed(self, _: NotSent | NoAnswer, now: float) -> None:
        """No answer came."""
        self.address.breaker.failed(now)

    def hear(self, reply: Reply, now: float) -> Verdict:
        """Learn from an answer: counts, bans, and whether the venue works."""
        for budget in (*self.address.weights, *self.orders):
            told = reply.headers.get(budget.header, "")
            if told.isascii() and told.isdigit():
                budget.learn(int(told), now)
        verdict = self.verdict(reply)
        if verdict in (Verdict.BUSY, Verdict.UNKNOWN):
            self.address.breaker.failed(now)
        else:
            self.address.breaker.succeeded()
        limited = {Verdict.LIMITED: self.address.weights, Verdict.ORDERS_LIMITED: self.orders}
        for budget in limited.get(verdict, ()):
            budget.close(now + _quiet(reply, budget))
        return verdict


def _quiet(reply: Reply, budget: Budget) -> float:
    """How long to be quiet: as long as the venue says; until its count begins anew where it does not."""
    told = reply.headers.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return max(float(told), 1.0)
    return _BANNED_S if reply.status == _BANNED else min(budget.span_s, _TOLD_NOTHING_S)
