"""The exchange itself, without a wire: one present, many accounts, and time that is played up to now."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

from tradewright.adapters.venues.practice.basis import Basis
from tradewright.adapters.venues.practice.books import Books
from tradewright.adapters.venues.practice.clock import VirtualClock
from tradewright.adapters.venues.practice.conduct import Conduct, QuantRules
from tradewright.adapters.venues.practice.course import Course, Print
from tradewright.adapters.venues.practice.depths import Depths, Taken
from tradewright.adapters.venues.practice.funding import FundingRates
from tradewright.adapters.venues.practice.ledger import Ledger
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.minutes import Minutes
from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.rates import Limits
from tradewright.adapters.venues.practice.script import Level, Levels, PublicBook, Script
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.sticking import play_unless_stuck
from tradewright.adapters.venues.practice.taking import send, sweep
from tradewright.adapters.venues.practice.waiting import pass_by
from tradewright.domain.enums import Liquidity, OrderRole
from tradewright.domain.run import CostSpec, LimitFillName
from tradewright.engine.present import Present
from tradewright.engine.venue_account import Happened, VenueAccount, Wish, house_rules, house_terms

__all__ = ["NS_PER_MS", "Exchange", "House", "Listener"]

NS_PER_MS = 1_000_000
_MINUTE_MS = 60_000
_TRADES_KEPT = 2_000
_HOUR_NS = 3_600_000_000_000


@dataclass(frozen=True, slots=True)
class House:
    """The rules of the house.

    Args:
        spread: between bid and ask, ticks.
        course: how the inside of a bar is played.
        limit_fill: when a resting limit fills, as in a backtest.
        costs: what takers pay beside the spread; fees are the instruments' own.
        leverage: with which accounts begin.
        limits: of clients.
        levels: of a side of a drawn book; 1 shows the best price alone.
        recovery: after so many seconds what orders took from a deep book is there again.
        queues: whether a resting limit is filled by trades at its price too, once nobody stands before it.
        seed: of drawn books, and of the basis.
        basis: how far contracts of drawn markets are from their index at most, basis points.
        variants: what it does otherwise, names of `VARIANTS`.
        quant: what is asked of the conduct of accounts.
        liquidation_ms: for how long after it has closed a position the venue takes nothing from the account.
    """

    spread: int = 1
    course: Course = Course.PATH
    limit_fill: LimitFillName = "through"
    costs: CostSpec = field(default_factory=lambda: CostSpec(slippage="none", spread_bps=0.0))
    leverage: float = 20.0
    limits: Limits = field(default_factory=Limits)
    levels: int = 1
    recovery: float = 5.0
    queues: bool = False
    seed: int = 1
    basis: float = 0.0
    variants: frozenset[str] = frozenset()
    quant: QuantRules = field(default_factory=QuantRules)
    liquidation_ms: int = 1_000


class Listener:
    """What is told as it happens. Nothing listens by itself: override what is of interest."""

    def on_trade(self, k: int, number: int, trade: Print) -> None:
        """A public trade of a symbol, with its number."""

    def on_raw(self, k: int, what: str, text: str, ts: int) -> None:
        """A recorded message of a symbol comes again: of which stream, its text, and when, UTC ns."""

    def on_forced(self, order: WireOrder) -> None:
        """The venue has closed a position by an order of its own."""

    def on_present(self, now: int) -> None:
        """The present has moved to a time, UTC ns."""

    def on_user(self, seat: Seat, event: dict[str, Any]) -> None:
        """Something happened to an account."""

    def may_stick(self) -> bool:
        """Whether a conditional order may be kept from acting when its trigger is reached."""
        return False

    def sticks(self) -> bool:
        """Whether the one whose trigger has just been reached is."""
        return False


class Exchange:
    """A venue of several symbols and accounts.

    Args:
        listings: what is traded.
        script: what the market does.
        clock: virtual time.
        house: rules of the house.
        rates: of funding.
    """

    def __init__(
        self, listings: Sequence[Listing], script: Script, clock: VirtualClock, house: House, rates: FundingRates
    ) -> None:
        self.listings, self.clock, self.house, self.rates, self.script = listings, clock, house, rates, script
        self.rows = {listing.symbol: k for k, listing in enumerate(listings)}
        self.seats: dict[str, Seat] = {}
        self.listener = Listener()
        self.trades: list[deque[tuple[int, Print]]] = [deque(maxlen=_TRADES_KEPT) for _ in listings]
        self.printed = [0] * len(listings)
        self.minutes = [self._past(k) for k in range(len(listings))]
        specs, tiers = house_terms(
            [one.instrument for one in listings], [one.limits for one in listings], house.costs, house.leverage
        )
        first = [one.instrument.to_ticks(one.price) for one in listings]
        self.present = Present(first, script.start - NS_PER_MS, specs, tiers)
        self._capped = any(one.depth > 0.0 for one in listings)
        self.funded = script.start - 1
        """When funding was looked at last, UTC ns."""
        self._alarms: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()
        self.books = Books(self, len(listings))
        self.taken = Taken(house.recovery)
        self._basis = Basis(house.seed, house.basis)
        self._depths = Depths(tuple(listings), house.seed, house.levels)
        self._passing: list[tuple[int, Print]] = []
        script.enter(self)
        self.catch_up()

    def _past(self, k: int) -> Minutes:
        past = self.script.history(k)
        if past is None:
            return Minutes(self.script.start // NS_PER_MS // _MINUTE_MS * _MINUTE_MS)
        return Minutes(past[0] // NS_PER_MS, past[1])

    @property
    def now(self) -> int:
        """The exchange's time, UTC ms."""
        return self.clock.now() // NS_PER_MS

    def open_account(self, key: str, secret: str, balance: float) -> Seat:
        """Make an account for an API key."""
        account = VenueAccount(
            self.present, house_rules(len(self.listings), self.house.limit_fill, self._capped), balance
        )
        ledger = Ledger(len(self.seats) + 1, account, self.listings, lambda event: self.listener.on_user(seat, event))
        seat = Seat(key, secret, account, ledger, Conduct(self.house.quant, self.listings))
        self.seats[key] = seat
        return seat

    def best_levels(self, k: int) -> tuple[Level, Level]:
        """The best bid and the best ask of others."""
        if self.script.traded_book(k) is None:
            bid, ask, now = *self._best(k), self.now
            if not self._is_deep(k):
                lots = self.listings[k].shown_lots(self.present.last(k))
                return (bid, lots), (ask, lots)
            if self.taken.is_whole(k):
                return (bid, self._depths.best_lots(k, bid, -1, now)), (ask, self._depths.best_lots(k, ask, 1, now))
        bids, asks = self.market_levels(k)
        return bids[0], asks[0]

    def _best(self, k: int) -> tuple[int, int]:
        last = self.present.last(k)
        below = (self.house.spread + 1) // 2
        return max(last - below, 1), last + self.house.spread - below

    def _is_deep(self, k: int) -> bool:
        return self.house.levels > 1 and self.listings[k].depth > 0.0

    def market_levels(self, k: int) -> tuple[Levels, Levels]:
        """Bids and asks of others that an order meets, less what was taken lately: recorded, or drawn around last."""
        found = self.script.traded_book(k)
        if found is None:
            if not self._is_deep(k):
                bid, ask = self.best_levels(k)
                return [bid], [ask]
            found = self._depths.levels(k, self._best(k), self.now)
        return self.taken.left(k, 1, found[0], self.now), self.taken.left(k, -1, found[1], self.now)

    def mark_of(self, k: int, ticks: int, ts: int) -> int:
        """The mark while the last price is so many ticks, at a time, UTC ns: half the way from it to the index."""
        return max(round(ticks * (1.0 - self._basis.share(k, ts) / 2.0)), 1)

    def index_of(self, k: int, ticks: int, ts: int) -> int:
        """The index while the last price is so many ticks, at a time, UTC ns."""
        return max(round(ticks * (1.0 - self._basis.share(k, ts))), 1)

    def recorded_book(self, k: int) -> PublicBook | None:
        """The book that recorded messages add up to; None where there is none."""
        return self.script.public_book(k)

    # --- time -------------------------------------------------------------------------------------------------

    def catch_up(self, most: int | None = None) -> bool:
        """Play everything up to now, or so many events; then time that runs ahead of real time waits for the market.

        Returns:
            Whether there is more to be played before now.
        """
        now, events = self.clock.now(), 0
        while (until := self.next_event()) is not None and until <= now:
            if events == most and self.clock.speed > 1.0:
                self.clock.hold(max(self.present.ts, until - 1))
                return True
            events += 1
            if self._alarms and self._alarms[0][0] <= until:
                self._ring()
            else:
                self.script.play()
        if self.present.ts < now:
            self._play_part(now)
        for minutes in self.minutes:
            minutes.reach(now // NS_PER_MS)
        return False

    def next_event(self) -> int | None:
        """When the course reaches its next point, or an alarm is due, UTC ns; None where neither is to come."""
        found = [self.script.next_point(), self._alarms[0][0] if self._alarms else None]
        return min((ts for ts in found if ts is not None), default=None)

    def alarm(self, ts: int, act: Callable[[], None]) -> None:
        """Let something be done when the market has been played up to a time, UTC ns."""
        heappush(self._alarms, (ts, next(self._numbers), act))

    def _ring(self) -> None:
        ts, _, act = heappop(self._alarms)
        if self.present.ts < ts:
            self._play_part(ts)
        act()

    def _play_part(self, now: int) -> None:
        self.begin(now)
        self.script.lay_part(now)
        self.play_all()

    def begin(self, until: int, *, at_once: bool = False) -> None:
        """Begin a step from now to a time, UTC ns, and let funding that is due by then be paid in it."""
        self.present.begin(until, at_once=at_once)
        due = [self._is_due(listing, until) for listing in self.listings]
        if any(due):
            self.present.fund([self.rates.rate(k, until) if pays else 0.0 for k, pays in enumerate(due)])
            self.funded = until

    def _is_due(self, listing: Listing, until: int) -> bool:
        # A stretch that ends at a funding time is its open point: positions held before it pay.
        length = listing.instrument.funding_hours * _HOUR_NS
        return length > 0 and until // length > self.funded // length and until >= self.script.start

    def play_all(self) -> None:
        """Let all accounts play the step that has begun."""
        until = int(self.present.market.ts_close[1])
        for seat in self.seats.values():
            self.absorb(seat, play_unless_stuck(self.listener, seat, until // NS_PER_MS), until)
        self.present.end()
        for seat in self.seats.values():
            if (happened := sweep(self, seat)) is not None:
                self.absorb(seat, happened, until)
        trades, self._passing = self._passing, []
        pass_by(self, trades)
        self.listener.on_present(self.present.ts)

    def shown(self, k: int) -> int:
        """Lots that may be traded in a step on each side."""
        return self.listings[k].shown_lots(self.present.last(k))

    # --- requests ---------------------------------------------------------------------------------------------

    def absorb(self, seat: Seat, happened: Happened, ts: int) -> None:
        """Let a step's outcome be known: to the account, and its fills to everyone; `ts` is UTC ns."""
        for row in happened.fills:
            takes, k = row["liquidity"] == Liquidity.TAKER, int(row["instrument"])
            taker, ticks, lots = int(row["side"]) if takes else -int(row["side"]), int(row["ticks"]), int(row["lots"])
            if takes and (self._is_deep(k) or self.script.traded_book(k) is not None):
                self.taken.take(k, -taker, (ticks, lots), ts // NS_PER_MS)
            self._print(k, Print(ts, ticks, lots, taker > 0))
        seat.ledger.absorb(happened, ts // NS_PER_MS)
        for row in happened.fills:
            if row["role"] == OrderRole.LIQUIDATION:
                seat.liquidated_until = ts // NS_PER_MS + self.house.liquidation_ms
                self.listener.on_forced(seat.ledger.orders[int(row["order_id"])])

    def send(self, seat: Seat, wish: Wish) -> Happened:
        """Let a wish of an account act on the present; what came of it is still to be absorbed."""
        return send(self, seat, wish)

    def print_trade(self, k: int, trade: Print) -> None:
        """Let a trade of others be public; what of ours rests at its price may be filled by it."""
        self._print(k, trade)
        if self.house.queues:
            self._passing.append((k, trade))

    def _print(self, k: int, trade: Print) -> None:
        self.printed[k] += 1
        self.trades[k].append((self.printed[k], trade))
        self.minutes[k].add(trade.ts // NS_PER_MS, trade.ticks, trade.lots, trade.buys)
        self.listener.on_trade(k, self.printed[k], trade)

    def tell_raw(self, k: int, what: str, text: str, ts: int) -> None:
        """Let a recorded message be sent again."""
        self.listener.on_raw(k, what, text, ts)
