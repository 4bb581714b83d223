"""The exchange itself, without a wire: one present, many accounts, and time that is played up to now."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

from tradewright.adapters.venues.practice.books import Books, Quote
from tradewright.adapters.venues.practice.clock import VirtualClock
from tradewright.adapters.venues.practice.course import Course, Leg, Print, legs_of
from tradewright.adapters.venues.practice.funding import FundingRates
from tradewright.adapters.venues.practice.ledger import Ledger
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.minutes import Minutes
from tradewright.adapters.venues.practice.rates import Limits
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.sources import BarSource
from tradewright.domain.enums import CommandKind, Liquidity, OrderType
from tradewright.domain.run import CostSpec, LimitFillName
from tradewright.engine.present import Present, Stretch
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
    """

    spread: int = 1
    course: Course = Course.PATH
    limit_fill: LimitFillName = "through"
    costs: CostSpec = field(default_factory=lambda: CostSpec(slippage="none", spread_bps=0.0))
    leverage: float = 20.0
    limits: Limits = field(default_factory=Limits)


class Listener:
    """What is told as it happens. Nothing listens by itself: override what is of interest."""

    def on_trade(self, k: int, number: int, trade: Print) -> None:
        """A public trade of a symbol, with its number."""

    def on_present(self, now: int) -> None:
        """The present has moved to a time, UTC ns."""

    def on_user(self, seat: Seat, event: dict[str, Any]) -> None:
        """Something happened to an account."""


class Exchange:
    """A venue of several symbols and accounts.

    Args:
        listings: what is traded.
        source: of bars.
        clock: virtual time.
        house: rules of the house.
        rates: of funding.
    """

    def __init__(
        self, listings: Sequence[Listing], source: BarSource, clock: VirtualClock, house: House, rates: FundingRates
    ) -> None:
        self.listings, self.clock, self.house, self.rates = listings, clock, house, rates
        self.rows = {listing.symbol: k for k, listing in enumerate(listings)}
        self.seats: dict[str, Seat] = {}
        self.listener = Listener()
        self.trades: list[deque[tuple[int, Print]]] = [deque(maxlen=_TRADES_KEPT) for _ in listings]
        self.printed = [0] * len(listings)
        self._source, self._index = source, 0
        self._legs: list[tuple[Leg, ...]] = []
        self._leg = 0
        self.minutes = [self._past(k) for k in range(len(listings))]
        specs, tiers = house_terms(
            [one.instrument for one in listings], [one.limits for one in listings], house.costs, house.leverage
        )
        first = [one.instrument.to_ticks(one.price) for one in listings]
        self.present = Present(first, source.start - NS_PER_MS, specs, tiers)
        self._capped = any(one.depth > 0.0 for one in listings)
        self._funded = source.start - 1
        self._alarms: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()
        self.books = Books(self.quote, self.seats, len(listings))
        self.is_over = False
        self.catch_up()

    def _past(self, k: int) -> Minutes:
        past = self._source.history(k)
        if past is None:
            return Minutes(self._source.start // NS_PER_MS // _MINUTE_MS * _MINUTE_MS)
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
        seat = Seat(key, secret, account, ledger)
        self.seats[key] = seat
        return seat

    def quote(self, k: int) -> Quote:
        """Best prices of a symbol now."""
        last = self.present.last(k)
        below = (self.house.spread + 1) // 2
        bid, ask = max(last - below, 1), last + self.house.spread - below
        lots = self.listings[k].shown_lots(last)
        return Quote(bid, lots, ask, lots)

    @property
    def source_start(self) -> int:
        """Open time of the source's first bar, UTC ns."""
        return self._source.start

    @property
    def funded(self) -> int:
        """When funding was looked at last, UTC ns."""
        return self._funded

    @property
    def place(self) -> tuple[int, int, list[tuple[Leg, ...]]]:
        """Where the course stands: the next bar, the next leg of the present one, and its legs."""
        return self._index, self._leg, self._legs

    def go_on(self, index: int, leg: int, legs: list[tuple[Leg, ...]], funded: int) -> None:
        """Let the course go on from a place; the source is led there."""
        for before in range(self._index, index):
            self._source.bars(before)
        self._index, self._leg, self._legs, self._funded = index, leg, legs, funded

    # --- time -------------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Play everything up to now."""
        now = self.clock.now()
        while (until := self.next_event()) is not None and until <= now:
            if self._alarms and self._alarms[0][0] <= until:
                self._ring()
            else:
                self._play_leg(until)
        if self.present.ts < now:
            self._play_part(now)
        for minutes in self.minutes:
            minutes.reach(now // NS_PER_MS)

    def next_event(self) -> int | None:
        """When the course reaches its next point, or an alarm is due, UTC ns; None where neither is to come."""
        found = [self.next_point(), self._alarms[0][0] if self._alarms else None]
        return min((ts for ts in found if ts is not None), default=None)

    def alarm(self, ts: int, act: Callable[[], None]) -> None:
        """Let something be done when the market has been played up to a time, UTC ns."""
        heappush(self._alarms, (ts, next(self._numbers), act))

    def _ring(self) -> None:
        ts, _, act = heappop(self._alarms)
        if self.present.ts < ts:
            self._play_part(ts)
        act()

    def next_point(self) -> int | None:
        """When the course of prices reaches its next point, UTC ns; None after the last bar."""
        if self._leg == (len(self._legs[0]) if self._legs else 0) and not self._next_bar():
            return None
        return self._legs[0][self._leg].until

    def _next_bar(self) -> bool:
        bars = self._source.bars(self._index)
        if bars is None:
            self.is_over = True
            return False
        begin = self._source.start + self._index * self._source.length
        last = [self.present.last(k) for k in range(len(bars))]
        self._legs = [
            legs_of(bar, begin, self._source.length, self.house.course, last[k]) for k, bar in enumerate(bars)
        ]
        self._index += 1
        self._leg = 0
        return True

    def _play_leg(self, until: int) -> None:
        legs = [own[self._leg] for own in self._legs]
        self._begin(until, at_once=legs[0].jumps)
        for k, leg in enumerate(legs):
            begin = leg.stretch.open if leg.jumps else self.present.last(k)
            own = leg.stretch
            stretch = Stretch(begin, max(own.high, begin), min(own.low, begin), own.close, self._shown(k))
            self.present.lay(k, stretch)
        for k, leg in enumerate(legs):
            for ticks, lots, buys in leg.prints:
                self.print_trade(k, Print(until, ticks, lots, buys))
        self._play_all()
        self._leg += 1

    def _play_part(self, now: int) -> None:
        # Between two points the price lies on the straight line; a candle that is played whole does not move.
        self._begin(now, at_once=False)
        whole = self.house.course is Course.CANDLE
        if not self.is_over and not whole and self._leg < len(self._legs[0]):
            for k, own in enumerate(self._legs):
                leg = own[self._leg]
                begin = self.present.last(k)
                if not leg.jumps and leg.until > self.present.ts:
                    share = (now - self.present.ts) / (leg.until - self.present.ts)
                    end = begin + round((leg.stretch.close - begin) * share)
                    self.present.lay(k, Stretch(begin, max(begin, end), min(begin, end), end, self._shown(k)))
        self._play_all()

    def _begin(self, until: int, *, at_once: bool) -> None:
        self.present.begin(until, at_once=at_once)
        due = [self._is_due(listing, until) for listing in self.listings]
        if any(due):
            self.present.fund([self.rates.rate(k, until) if pays else 0.0 for k, pays in enumerate(due)])
            self._funded = until

    def _is_due(self, listing: Listing, until: int) -> bool:
        # A stretch that ends at a funding time is its open point: positions held before it pay.
        length = listing.instrument.funding_hours * _HOUR_NS
        return length > 0 and until // length > self._funded // length and until >= self._source.start

    def _play_all(self) -> None:
        until = int(self.present.market.ts_close[1])
        for seat in self.seats.values():
            self.absorb(seat, seat.account.play(), until)
        self.present.end()
        self.listener.on_present(self.present.ts)

    def _shown(self, k: int) -> int:
        return self.listings[k].shown_lots(self.present.last(k))

    # --- requests ---------------------------------------------------------------------------------------------

    def absorb(self, seat: Seat, happened: Happened, ts: int) -> None:
        """Let a step's outcome be known: to the account, and its fills to everyone; `ts` is UTC ns."""
        for row in happened.fills:
            taker = int(row["side"]) if row["liquidity"] == Liquidity.TAKER else -int(row["side"])
            self.print_trade(int(row["instrument"]), Print(ts, int(row["ticks"]), int(row["lots"]), taker > 0))
        seat.ledger.absorb(happened, ts // NS_PER_MS)

    def send(self, seat: Seat, wish: Wish) -> Happened:
        """Let a wish of an account act on the present; what came of it is still to be absorbed."""
        self.present.begin(self.present.ts)
        if wish.kind in (CommandKind.PLACE, CommandKind.MODIFY):
            k = wish.instrument
            self.present.lay_tick(k, self._seen(wish), self._shown(k))
        return seat.account.send(wish)

    def _seen(self, wish: Wish) -> int:
        quote = self.quote(wish.instrument)
        if wish.type in (OrderType.MARKET, OrderType.LIMIT):
            return quote.ask if wish.side > 0 else quote.bid
        return self.present.last(wish.instrument)

    def print_trade(self, k: int, trade: Print) -> None:
        """Let a trade be public."""
        self.printed[k] += 1
        self.trades[k].append((self.printed[k], trade))
        self.minutes[k].add(trade.ts // NS_PER_MS, trade.ticks, trade.lots, trade.buys)
        self.listener.on_trade(k, self.printed[k], trade)
