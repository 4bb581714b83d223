"""Stored market data kept in order: checked, repaired, and made up where a market is wanted that never was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.merge import MarkedBars, MergeOutcome, make_marked
from tradewright.market.quality import QualityReport, check
from tradewright.market.repair import Action, repair
from tradewright.market.synthetic import SyntheticMarket, synthesise
from tradewright.ports.candle_store import CandleKey
from tradewright.services.instrument_rules import settle_instrument
from tradewright.services.market_data import Shelves, fingerprint, name_some

__all__ = ["CheckedSeries", "MarketUpkeep", "RepairedSeries", "SynthReport", "SynthRequest"]

_MOST_FILLED = 5_000_000
_MOST_DRAWN = 50_000_000


@dataclass(frozen=True, slots=True)
class CheckedSeries:
    """A series and its report.

    Args:
        key: which.
        report: what was found.
        filled: open times of the invented bars, UTC ns.
    """

    key: CandleKey
    report: QualityReport
    filled: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RepairedSeries:
    """A series and what was done to it.

    Args:
        key: which.
        actions: each thing done.
        report: of the bars as they are now.
    """

    key: CandleKey
    actions: tuple[Action, ...]
    report: QualityReport


@dataclass(frozen=True, slots=True)
class SynthRequest:
    """Which market to make up.

    Args:
        key: where it is stored.
        start: open of the first bar, UTC ns.
        days: length, days of 24 hours.
        seed: same seed, same market.
        market: its character.
        is_replace: take the place of another series under the key.
    """

    key: CandleKey
    start: int
    days: float
    seed: int
    market: SyntheticMarket
    is_replace: bool = False


@dataclass(frozen=True, slots=True)
class SynthReport:
    """The market that was made up.

    Args:
        instrument: its rules.
        outcome: of the merge with what was stored.
        count: bars.
        first: open of the first, UTC ns.
        last: close of the last, UTC ns.
        notes: what was inferred.
    """

    instrument: Instrument
    outcome: MergeOutcome
    count: int
    first: int
    last: int
    notes: tuple[str, ...]


class MarketUpkeep:
    """Looks after the stored candles.

    Args:
        shelves: where market data is kept.
        now_ns: the present, UTC ns.
    """

    def __init__(self, shelves: Shelves, now_ns: Callable[[], int]) -> None:
        self._shelves, self._now_ns = shelves, now_ns

    def chosen(
        self, venue: str | None = None, symbol: str | None = None, timeframe: Timeframe | None = None
    ) -> tuple[CandleKey, ...]:
        """Name the stored candles of that description; None stands for all.

        Raises:
            DataError: nothing of that description is stored.
        """
        stored = self._shelves.candles.list()
        found = tuple(
            key
            for key in stored
            if venue in (None, key.venue) and symbol in (None, key.symbol) and timeframe in (None, key.timeframe)
        )
        if not found:
            wanted = " ".join(str(part) for part in (venue, symbol, timeframe) if part is not None)
            raise DataError(f"no candles of {wanted or 'any market'} are stored; stored: {name_some(stored)}")
        return found

    def check(self, chosen: tuple[CandleKey, ...]) -> tuple[CheckedSeries, ...]:
        """Check stored candles; nothing is changed."""
        return tuple(self._check(key) for key in chosen)

    def repair(self, chosen: tuple[CandleKey, ...], *, fill: bool = False) -> tuple[RepairedSeries, ...]:
        """Repair stored candles; bars are invented only with `fill`, and marked.

        Raises:
            DataError: nothing sound would be left, or the gaps are too long to fill; that series is left as it is.
        """
        return tuple(self._repair(key, fill=fill) for key in chosen)

    def synthesise(self, request: SynthRequest) -> SynthReport:
        """Make up a market and store it. The same request twice changes nothing the second time.

        Raises:
            DataError: other bars are stored under the key, and they are not to be replaced.
            InvalidValue: the request is outside its range, or reaches into the future.
        """
        key = request.key
        count = round(request.days * 86_400 * 10**9 / key.timeframe.ns) if request.days > 0 else 0
        if not 1 <= count <= _MOST_DRAWN:
            raise InvalidValue("--days", request.days, f"a length of 1 to {_MOST_DRAWN:,} bars")
        if key.timeframe.floor(request.start) + count * key.timeframe.ns > self._now_ns():
            raise InvalidValue("--days", request.days, "a market that ends before the present (see --start)")
        self._shelves.instruments.load(key.venue, key.symbol)  # a damaged one is to be known before anything is written
        bars = synthesise(key.timeframe, request.start, count, request.seed, request.market)
        outcome = self._shelve(request, make_marked(bars))
        instrument, notes = settle_instrument(self._shelves.instruments, key.symbol, key.venue, bars)
        return SynthReport(instrument, outcome, count, int(bars.ts_open[0]), int(bars.ts_close[-1]), notes)

    def _check(self, key: CandleKey) -> CheckedSeries:
        stored = self._shelves.candles.load(key)
        filled = tuple(stored.bars.ts_open[stored.filled].tolist())
        return CheckedSeries(key, check(stored.bars, key.timeframe, self._now_ns()), filled)

    def _repair(self, key: CandleKey, *, fill: bool) -> RepairedSeries:
        now = self._now_ns()
        stored = self._shelves.candles.load(key)
        missing = check(stored.bars, key.timeframe, now).missing_count
        if fill and missing > _MOST_FILLED:
            raise DataError(f"{key}: {missing:,} bars are missing; at most {_MOST_FILLED:,} are filled")
        mended, actions = repair(stored, key.timeframe, now, fill=fill)
        if not len(mended.filled):
            raise DataError(f"{key}: no sound bar is left; delete the file and import again")
        if actions:
            self._shelves.candles.save(key, mended)
        return RepairedSeries(key, actions, check(mended.bars, key.timeframe, now))

    def _shelve(self, request: SynthRequest, drawn: MarkedBars) -> MergeOutcome:
        key, store = request.key, self._shelves.candles
        count = len(drawn.filled)
        if key in store.list():
            if fingerprint(store.load(key).bars) == fingerprint(drawn.bars):
                return MergeOutcome(0, count, 0, ())
            if not request.is_replace:
                raise DataError(f"{key}: another series is stored; give --replace to put the new one in its place")
        store.save(key, drawn)
        return MergeOutcome(count, 0, 0, ())
