"""The slow twin of the engine: the market that a run is played against, and what taking from it costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tradewright.domain.enums import Slippage
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.testing.twin_account import Books
from tradewright.testing.twin_gate import Gate
from tradewright.testing.twin_limits import Past
from tradewright.testing.twin_order import Bar, TwinOrder
from tradewright.testing.twin_team import Team
from tradewright.testing.worlds import NO_FINER, FinerBars

__all__ = ["Ground", "Part"]


@dataclass(frozen=True)
class Part:
    """A finer bar: a part of the bar of one instrument."""

    bar: Bar
    volume: int
    ts_open: int
    ts_close: int


class Ground:
    """The market as it stands, the account that trades in it, and what taking costs."""

    def __init__(
        self, market: Market, rules: Rules, balance: float, *, room: int = 8, finer: FinerBars = NO_FINER
    ) -> None:
        self.market = market
        self.rules = rules
        self.finer = finer
        self.part: Part | None = None
        self.team = Team(market, rules, balance)
        self.books = Books(market, self.team)
        self.curves: list[list[float]] = [[] for _ in self.team.rules]
        self.equity = self.curves[0]
        self.pasts = [Past(market, self.books, who, curve) for who, curve in enumerate(self.curves)]
        # Where commands are given, rows of orders grow as they are filled.
        self.gates = [Gate(self.books, who, 0 if len(market.commands) else room, self.pasts) for who in self.members()]
        self.ambiguous_bars = 0
        self.liquidations = 0
        self.orders_made = 0
        self.travelling: list[int] = []
        self.step: Any = 0  # while a bar is drilled, a fraction
        # The bar in which an entry opened the present position: its worst mark may be older than the position.
        self.entered_in_doubt: dict[int, Any] = {}

    # -- the team -----------------------------------------------------------------------------------------------------

    def members(self) -> range:
        """The account and its members."""
        return range(len(self.team.rules))

    def gate(self, k: int) -> Gate:
        """Who judges what is wished of a row."""
        return self.gates[self.team.of_row[k]]

    def own_rules(self, k: int) -> Rules:
        """By which a row is traded."""
        return self.team.rules[self.team.of_row[k]]

    # -- the market ---------------------------------------------------------------------------------------------------

    def present(self) -> list[int]:
        """Instruments that have a bar now."""
        return [k for k in range(len(self.books.specs)) if self.market.has_bar[k, int(self.step)]]

    def bar(self, k: int) -> Bar:
        """The bar of an instrument now."""
        if self.part is not None:
            return self.part.bar
        market, at = self.market, (k, self.step)
        return Bar(int(market.open[at]), int(market.high[at]), int(market.low[at]), int(market.close[at]))

    def mark(self, k: int) -> Bar:
        """The bar of an instrument's mark price now."""
        market, at = self.market, (k, int(self.step))
        columns = (market.mark_open, market.mark_high, market.mark_low, market.mark_close)
        whole = Bar(*(int(column[at]) for column in columns))
        if self.part is None:
            return whole
        # A mark of its own has no finer bars: it may be anywhere where it was in the whole bar.
        trades = Bar(*(int(column[at]) for column in (market.open, market.high, market.low, market.close)))
        return self.part.bar if whole == trades else whole

    def seen(self, order: TwinOrder) -> Bar:
        """The bar of the price that an order watches."""
        return self.mark(order.instrument) if order.watches_mark else self.bar(order.instrument)

    def is_apart(self, k: int) -> bool:
        """Whether the mark goes its own way in this bar."""
        return self.mark(k) != self.bar(k)

    def other_price(self, k: int, ticks: int, *, of_mark: bool) -> int:
        """The mark when trades are at a price, or the other way: as far off as at the open, within its extremes."""
        mark, bar = self.mark(k), self.bar(k)
        own, other = (bar, mark) if of_mark else (mark, bar)
        return sorted((other.low, ticks + other.open - own.open, other.high))[1]

    def is_held_back(self, order: TwinOrder, mark: int, last: int) -> bool:
        """Price protection: too far apart, they trigger nothing."""
        most = self.books.specs[order.instrument].trigger_protect
        return bool(order.protected and order.is_conditional and most and abs(mark - last) > most * mark)

    def trigger_by(self, signal: int, k: int) -> int:
        """What watches the triggers of a signal: what it says, or else what the rules of its row say."""
        asked = int(self.market.signals[signal]["trigger_by"]) if signal >= 0 else 0
        return asked - 1 if asked else self.own_rules(k).trigger_by

    @property
    def ts_open(self) -> int:
        """When the step begins."""
        if self.part is not None:
            return self.part.ts_open
        return int(self.market.ts_open[self.step])

    @property
    def ts_close(self) -> int:
        """When the step ends."""
        if self.part is not None:
            return self.part.ts_close
        return int(self.market.ts_close[self.step])

    # -- taking -------------------------------------------------------------------------------------------------------

    def taken(self, k: int, side: int, lots: int, ticks: int) -> int:
        """The price that a taker of so many lots gets: spread and slippage against him, in whole ticks."""
        spec, at = self.books.specs[k], (k, int(self.step))
        volume = int(self.market.volume[at]) if self.part is None else self.part.volume
        cost = ticks * spec.cost_rate
        if spec.has_spread:
            # What was recorded takes the place of what would be assumed.
            cost += float(self.market.spread[at]) - ticks * spec.spread_rate
        if spec.slippage == Slippage.TICKS:
            cost += spec.slippage_size
        if spec.slippage == Slippage.VOLUME_SHARE:
            share = 1.0 if lots >= volume else lots / volume
            cost += ticks * spec.slippage_size * (share * share)
        if spec.slippage == Slippage.SQUARE_ROOT:
            cost += ticks * spec.slippage_size * (float(self.market.impact[at]) * math.sqrt(lots))
        return max(ticks + side * math.ceil(cost - 1e-9), 1)

    def farthest(self, k: int, side: int, ticks: int) -> float:
        """The worst price that a taker accepts while trades are at one: so far from the mark, which moves with them."""
        most = self.books.specs[k].take_bound
        mark = ticks + self.mark(k).open - self.bar(k).open
        if not most or mark <= 0:
            return math.inf * side if side > 0 else 0
        far = mark * (1 + side * most)
        return math.floor(far + 1e-9) if side > 0 else max(math.ceil(far - 1e-9), 1)

    def is_barred(self, k: int, side: int, ticks: int) -> bool:
        """Whether the market is further from the mark than a taker goes."""
        far = self.farthest(k, side, ticks)
        return ticks > far if side > 0 else ticks < far

    def held_to_bound(self, k: int, side: int, price: int, ticks: int) -> int:
        """A taker's price, cut at the bound, but never to a better one than the market's."""
        far = self.farthest(k, side, ticks)
        return int(min(price, max(far, ticks)) if side > 0 else max(price, min(far, ticks)))
