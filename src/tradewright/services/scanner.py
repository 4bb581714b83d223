"""The scanner: which instruments pass the filters, and in which of them a strategy gives a signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradewright.domain.enums import SignalKind
from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.universe import FilterSpec, MarketFigures, Verdict, reasons
from tradewright.market.bars import Bars
from tradewright.market.resample import floor_stamps
from tradewright.ports.bulletin import Bulletin
from tradewright.ports.coin_facts import CoinFacts, CoinSource
from tradewright.ports.history import BestPrices, History, Quotes
from tradewright.ports.session_store import SimSessionStore
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.playback import play
from tradewright.strategy.strategy import Strategy

__all__ = ["MANAGE", "ScanWish", "Scanner"]

MANAGE = "manage"
"""Name by which the position manager gives its signs of life."""

_HOUR, _DAY = Timeframe.parse("1h"), Timeframe.parse("1d")
_LEAST_BARS = 400


@dataclass(frozen=True, slots=True)
class ScanWish:
    """What is scanned.

    Args:
        filters: that an instrument must pass.
        instruments: symbols; none takes all that the venue lists.
        timeframe: of the bars that the strategy is shown.
        strategy: whose signals are sought.

    Raises:
        InvalidValue: the strategy needs a higher timeframe.
    """

    filters: FilterSpec
    instruments: tuple[str, ...]
    timeframe: Timeframe
    strategy: Strategy

    def __post_init__(self) -> None:
        if self.strategy.htf is not None:
            raise InvalidValue("scanner.strategy", self.strategy.name, "one without a higher timeframe")


class Scanner:
    """Looks at a venue, puts down what it finds, and tells the paper session where it may open positions.

    Args:
        history: of the venue.
        bulletin: where findings are put down.
        sessions: through which the position manager's session is told.
        quotes: asks for best prices; None where the venue does not tell them.
        coins: knows capitalisations and listings; None where nobody does.
    """

    def __init__(
        self, history: History, bulletin: Bulletin, sessions: SimSessionStore, quotes: Quotes | None = None,
        coins: CoinSource | None = None,
    ) -> None:  # fmt: skip
        self._history, self._bulletin, self._sessions, self._quotes = history, bulletin, sessions, quotes
        self._coins = coins
        self._days: dict[str, tuple[int, MarketFigures]] = {}
        self._told: tuple[str, list[str]] | None = None

    async def scan(self, wish: ScanWish) -> tuple[Verdict, ...]:
        """Scan once.

        Raises:
            UnknownName: the venue does not trade an instrument.
            VenueError: it cannot be asked now.
            StoreError: the database cannot be used now.
            StrategyError: the strategy fails.
        """
        now, traded = await self._history.now(), await self._history.instruments()
        if strange := [symbol for symbol in wish.instruments if symbol not in traded]:
            raise UnknownName("instrument", strange[0], traded)
        found = []
        for one in await self._first_look([traded[one] for one in wish.instruments or sorted(traded)], wish.filters):
            symbol, figures = one.symbol, one.figures
            why = reasons(wish.filters.without_bars, figures)
            if not why:
                # Bars are asked for only where they can still decide.
                figures = await self._figures(traded[symbol], now, wish.filters, figures)
                why = reasons(wish.filters, figures)
            verdict = Verdict(symbol, now, why, figures)
            found.append(
                replace(verdict, signal=await self._signal(symbol, now, wish)) if verdict.is_admitted else verdict
            )
        await self._bulletin.judge(self._history.venue, found)
        await self._tell([one.symbol for one in found if one.is_admitted])
        return tuple(found)

    async def _first_look(self, wanted: Sequence[Instrument], filters: FilterSpec) -> list[Verdict]:
        # What is known of each without its bars. Coins are asked after only as far as everything else lets them pass.
        quotes = await self._quotes.quotes() if self._quotes and filters.max_spread_percentage is not None else {}
        found = {
            one.symbol: MarketFigures(
                one.quote, spread=_spread(quotes.get(one.symbol)), base=one.symbol.partition("/")[0],
                is_perpetual=one.is_perpetual,
            )
            for one in wanted
        }  # fmt: skip
        plain = replace(filters, min_market_cap=None, min_exchange_listings=None).without_bars
        known = await self._of_coins([one.base for one in found.values() if not reasons(plain, one)], filters)
        for symbol, one in found.items():
            coin = known.get(one.base, CoinFacts())
            found[symbol] = replace(one, market_cap=coin.market_cap, listings=coin.listings)
        return [Verdict(symbol, 0, (), one) for symbol, one in found.items()]

    async def _of_coins(self, bases: Sequence[str], filters: FilterSpec) -> Mapping[str, CoinFacts]:
        wants_cap, wants_listings = filters.min_market_cap is not None, filters.min_exchange_listings is not None
        if self._coins is None or not (wants_cap or wants_listings):
            return {}
        every = tuple(dict.fromkeys(bases))
        known = await self._coins.coins(every, with_listings=False)
        if not wants_listings:
            return known
        least = filters.min_market_cap or 0.0
        large = [base for base in every if base in known and (known[base].market_cap or 0.0) >= least]
        return {**known, **await self._coins.coins(large, with_listings=True)}

    @property
    def trouble(self) -> str:
        """Why nothing new is known of coins, in words; empty where something is."""
        return self._coins.trouble if self._coins is not None else ""

    async def _figures(
        self, instrument: Instrument, now: int, filters: FilterSpec, first: MarketFigures
    ) -> MarketFigures:
        # Those of a day change little from scan to scan: they are asked for once an hour.
        end = _last_close(now, _HOUR)
        symbol = instrument.symbol
        if (kept := self._days.get(symbol)) is None or kept[0] != end:
            bars = await self._history.bars("candles", symbol, _HOUR, end - _DAY.ns, end)
            self._days[symbol] = kept = (end, _of_a_day(instrument, bars))
        found = replace(first, turnover=kept[1].turnover, volatility=kept[1].volatility)
        if filters.min_history_days is None:
            return found
        return replace(found, history_days=await self._history_days(symbol, now, filters.min_history_days))

    async def _history_days(self, symbol: str, now: int, wanted: float) -> float:
        end = _last_close(now, _DAY)
        bars = await self._history.bars("candles", symbol, _DAY, end - (int(wanted) + 1) * _DAY.ns, end)
        return (end - int(bars.ts_open[0])) / _DAY.ns if bars.ts_open.size else 0.0

    async def _signal(self, symbol: str, now: int, wish: ScanWish) -> str | None:
        end = _last_close(now, wish.timeframe)
        count = max(_LEAST_BARS, wish.strategy.warmup + 1)
        bars = await self._history.bars("candles", symbol, wish.timeframe, end - count * wish.timeframe.ns, end)
        if not bars.ts_close.size or int(bars.ts_close[-1]) != end:
            return None
        given = play(wish.strategy, ClosedBars(bars)).signals
        kinds = given.kind[given.bar == bars.ts_close.size - 1]
        return {SignalKind.LONG: "long", SignalKind.SHORT: "short"}.get(SignalKind(kinds[0])) if kinds.size else None

    async def _tell(self, symbols: list[str]) -> None:
        beat = (await self._bulletin.beats()).get(MANAGE)
        session = beat.state.get("session") if beat is not None else None
        if isinstance(session, str) and self._told != (session, symbols):
            await self._sessions.ask(session, {"kind": "admit", "symbols": symbols})
            self._told = (session, symbols)


def _spread(prices: BestPrices | None) -> float | None:
    return None if prices is None else prices.spread


def _last_close(now: int, timeframe: Timeframe) -> int:
    return int(floor_stamps(np.array([now]), timeframe)[0])


def _of_a_day(instrument: Instrument, bars: Bars) -> MarketFigures:
    if not bars.ts_open.size:
        return MarketFigures(instrument.quote)
    volatility = 100.0 * (float(bars.high.max()) / float(bars.low.min()) - 1.0)
    return MarketFigures(instrument.quote, float((bars.close * bars.volume).sum()), volatility)
