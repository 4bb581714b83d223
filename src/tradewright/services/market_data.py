"""What the rest of the program asks of market data: bars, funding, and what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tradewright.domain.errors import Absent, DataError, StoreError
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.features.ticks import prices_of, ticks_of
from tradewright.market.bars import Bars, IntColumn, empty_bars
from tradewright.market.coverage_map import CoverageMap, coverage_map
from tradewright.market.merge import BoolColumn, MarkedBars, take
from tradewright.market.quality import check, missing_between
from tradewright.market.resample import floor_stamps, resample
from tradewright.ports.candle_store import CandleKey, CandleStore
from tradewright.ports.funding_store import FundingStore, Rates
from tradewright.ports.instrument_store import InstrumentStore
from tradewright.services.finer_bars import StoredFinerBars

__all__ = ["Kind", "LoadedBars", "MarketData", "Shelves", "StoredSeries", "describe_faults", "fingerprint", "name_some"]

Kind = Literal["candles", "mark", "spread", "funding"]


@dataclass(frozen=True, slots=True)
class Shelves:
    """The stores that market data is kept in.

    Args:
        candles: bars of trades.
        marks: bars of mark prices.
        spreads: bars of the bid-ask spread, quote currency.
        funding: funding rates.
        instruments: rules of what is traded.
    """

    candles: CandleStore
    marks: CandleStore
    spreads: CandleStore
    funding: FundingStore
    instruments: InstrumentStore


@dataclass(frozen=True, slots=True)
class LoadedBars:
    """Bars for a run, and what is to be known of them.

    Args:
        bars: prices are on the instrument's tick.
        instrument: whose bars they are.
        timeframe: of the bars.
        source_timeframe: of the stored bars that they were made of.
        missing: open times of the stored bars that are missing in between, at `source_timeframe`, UTC ns.
        filled: how many of the bars rest on an invented one.
        fingerprint: SHA-256 of the columns' bytes, hexadecimal.
    """

    bars: Bars
    instrument: Instrument
    timeframe: Timeframe
    source_timeframe: Timeframe
    missing: tuple[int, ...]
    filled: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """One line of the inventory.

    Args:
        kind: candles, mark, spread or funding.
        venue: where it is from.
        symbol: of the instrument.
        timeframe: of the bars; empty for funding.
        count: rows.
        first: UTC ns of the first row.
        last: UTC ns of the last row.
        missing: bars missing in between.
        filled: invented bars.
    """

    kind: Kind
    venue: str
    symbol: str
    timeframe: str
    count: int
    first: int
    last: int
    missing: int = 0
    filled: int = 0


class MarketData:
    """Reads market data; changes nothing.

    Args:
        shelves: where it is kept.
        now_ns: the present, UTC ns.
    """

    def __init__(self, shelves: Shelves, now_ns: Callable[[], int]) -> None:
        self._shelves, self._now_ns = shelves, now_ns

    def load(
        self, venue: str, symbol: str, timeframe: Timeframe, start: int | None = None, end: int | None = None
    ) -> LoadedBars:
        """Load bars that open at or after `start` and close at or before `end` (UTC ns, None: no limit).

        Where the timeframe itself is not stored, the bars are made of the longest stored ones that divide it.

        Raises:
            DataError: nothing fitting is stored, the range is empty, or the stored bars are damaged.
            StoreError: a file cannot be read.
        """
        key = self._source(CandleKey(venue, symbol, timeframe))
        instrument = self._instrument(key)
        limits = (start, end) if key.timeframe == timeframe else (None, None)
        source = self._shelves.candles.load(key, *limits)
        self._check(key, source.bars)
        bars = _between(resample(source.bars, key.timeframe, timeframe), start, end)
        if not len(bars.ts_open):
            raise DataError(self._nothing_between(key, timeframe, start, end))
        bars = _on_tick(bars, instrument)
        inside = (source.bars.ts_open >= bars.ts_open[0]) & (source.bars.ts_close <= bars.ts_close[-1])
        gaps = missing_between(source.bars.ts_open[inside], key.timeframe)
        missing = tuple(gap.first + i * key.timeframe.ns for gap in gaps for i in range(gap.count))
        filled = _count_filled(source, inside, timeframe)
        return LoadedBars(bars, instrument, timeframe, key.timeframe, missing, filled, fingerprint(bars))

    def finer(self, venue: str, symbol: str, timeframe: Timeframe) -> StoredFinerBars | None:
        """Open the shortest stored bars that a timeframe is made of; None where none are shorter.

        Nothing is read yet; what is read is checked, and damaged bars are a DataError then.
        """
        shorter = [
            key
            for key in self._shelves.candles.list()
            if (key.venue, key.symbol) == (venue, symbol)
            and key.timeframe < timeframe
            and key.timeframe.divides(timeframe)
        ]
        if not shorter:
            return None
        key = min(shorter)

        def load(start: int, end: int) -> Bars:
            bars = self._shelves.candles.load(key, start, end).bars
            self._check(key, bars)
            return bars

        return StoredFinerBars(key.timeframe, load)

    def _check(self, key: CandleKey, bars: Bars) -> None:
        if not check(bars, key.timeframe, self._now_ns()).is_sound:
            raise DataError(f"{key}: {describe_faults(bars, key.timeframe, self._now_ns())}; run data repair")

    def funding(self, venue: str, symbol: str, start: int | None = None, end: int | None = None) -> Rates | None:
        """Load funding rates paid at or after `start` and at or before `end`; None where none are stored."""
        found = self._shelves.funding.load(venue, symbol)
        if found is None:
            return None
        ts, rate = found
        first = 0 if start is None else int(np.searchsorted(ts, start, side="left"))
        stop = len(ts) if end is None else int(np.searchsorted(ts, end, side="right"))
        return ts[first:stop], rate[first:stop]

    def marks(
        self, venue: str, symbol: str, timeframe: Timeframe, start: int | None = None, end: int | None = None
    ) -> Bars | None:
        """Load bars of mark prices that open at or after `start` and close at or before `end` (UTC ns).

        Where the timeframe itself is not stored they are made of the longest stored ones that divide it. None where
        none are stored, or only longer ones: a mark cannot be made finer.

        Raises:
            DataError: the stored marks are damaged.
            StoreError: a file cannot be read.
        """
        return self._beside("marks", self._shelves.marks, CandleKey(venue, symbol, timeframe), start, end)

    def spreads(
        self, venue: str, symbol: str, timeframe: Timeframe, start: int | None = None, end: int | None = None
    ) -> Bars | None:
        """Load bars of the bid-ask spread, quote currency, as `marks` does.

        Raises:
            DataError: the stored spreads are damaged.
            StoreError: a file cannot be read.
        """
        return self._beside("spreads", self._shelves.spreads, CandleKey(venue, symbol, timeframe), start, end)

    def stretches(self, kind: Kind, place: CandleKey, given: Bars) -> Callable[[int, int], Bars]:
        """Open bars that `load`, `marks` or `spreads` gave, to load parts of them again.

        Args:
            kind: candles, mark or spread.
            place: whose bars, of the timeframe that was asked for.
            given: at least one; they are not kept.

        Returns:
            From start and end (UTC ns, those of bars) to the bars in between that were given, maybe none; no more than
            these are read.
        """
        store = {"candles": self._shelves.candles, "mark": self._shelves.marks, "spread": self._shelves.spreads}[kind]
        key = _longest(store, place)
        if key is None:
            raise StoreError(f"the {kind} of {place} are not stored any more")
        first, last = int(given.ts_open[0]), int(given.ts_close[-1])
        instrument = self._instrument(place) if kind == "candles" else None

        def load(start: int, end: int) -> Bars:
            covered = max(first, start), min(last, end)
            if covered[0] >= covered[1]:
                return empty_bars()
            # Every longer bar of the span is whole, whichever shorter ones it lacks at its ends.
            bars = resample(store.load(key, *covered).bars, key.timeframe, place.timeframe, covered)
            return _on_tick(bars, instrument) if instrument and bars.ts_open.size else bars

        return load

    def _instrument(self, place: CandleKey) -> Instrument:
        instrument = self._shelves.instruments.load(place.venue, place.symbol)
        if instrument is None:
            raise StoreError(f"the rules of {place.symbol} on {place.venue} are not stored; import its candles again")
        return instrument

    def _beside(
        self, name: str, store: CandleStore, wanted: CandleKey, start: int | None, end: int | None
    ) -> Bars | None:
        timeframe = wanted.timeframe
        key = _longest(store, wanted)
        if key is None:
            return None
        source = store.load(key).bars
        if not check(source, key.timeframe, self._now_ns()).is_sound:
            faults = describe_faults(source, key.timeframe, self._now_ns())
            raise DataError(f"{name} of {key}: {faults}; import them again with --repair")
        bars = _between(resample(source, key.timeframe, timeframe), start, end)
        return bars if len(bars.ts_open) else None

    def keys(self) -> tuple[CandleKey, ...]:
        """Name the candles that are stored."""
        return self._shelves.candles.list()

    def list(self) -> tuple[StoredSeries, ...]:
        """Describe every series that is stored."""
        return self._described(None)

    def series(self, venue: str, symbol: str) -> tuple[StoredSeries, ...]:
        """Describe every stored series of an instrument."""
        return self._described((venue, symbol))

    def coverage(self, key: CandleKey) -> CoverageMap:
        """Draw up where in time the stored candles of a series are.

        Raises:
            Absent: it is not stored.
            StoreError: its file cannot be read.
        """
        if key not in self._shelves.candles.list():
            raise Absent(f"no candles for {key} are stored; stored: {name_some(self.keys())}")
        return coverage_map(self._shelves.candles.load(key), key.timeframe)

    def _described(self, place: tuple[str, str] | None) -> tuple[StoredSeries, ...]:
        shelves: tuple[tuple[Kind, CandleStore], ...]
        shelves = (
            ("candles", self._shelves.candles),
            ("mark", self._shelves.marks),
            ("spread", self._shelves.spreads),
        )
        rows = [
            _describe(kind, key, store.load(key))
            for kind, store in shelves
            for key in store.list()
            if place in (None, (key.venue, key.symbol))
        ]
        for venue, symbol in self._shelves.funding.list() if place is None else (place,):
            if (rates := self._shelves.funding.load(venue, symbol)) and len(ts := rates[0]):
                rows.append(StoredSeries("funding", venue, symbol, "", len(ts), int(ts[0]), int(ts[-1])))
        return tuple(rows)

    def _source(self, wanted: CandleKey) -> CandleKey:
        if (key := _longest(self._shelves.candles, wanted)) is not None:
            return key
        stored = self._shelves.candles.list()
        raise DataError(
            f"no candles for {wanted} are stored, nor shorter ones to make them of; stored: {name_some(stored)}; "
            f"import some: tradewright data import FILE --venue {wanted.venue} --instrument {wanted.symbol} "
            f"--timeframe {wanted.timeframe}"
        )

    def _nothing_between(self, key: CandleKey, timeframe: Timeframe, start: int | None, end: int | None) -> str:
        stored = self._shelves.candles.load(key).bars
        if not len(stored.ts_open):
            return f"{key}: the stored series is empty"
        return (
            f"{key}: no whole {timeframe} bar from {iso(start) if start is not None else 'the first'} "
            f"to {iso(end) if end is not None else 'the last'}; "
            f"stored: {iso(int(stored.ts_open[0]))} to {iso(int(stored.ts_close[-1]))}"
        )


def _longest(store: CandleStore, wanted: CandleKey) -> CandleKey | None:
    # The longest stored bars that those wanted are made of: the wanted ones, where they are stored.
    fitting = [
        key
        for key in store.list()
        if (key.venue, key.symbol) == (wanted.venue, wanted.symbol) and key.timeframe.divides(wanted.timeframe)
    ]
    return max(fitting, default=None)


def name_some(keys: Sequence[CandleKey]) -> str:
    """Name up to five series in one line."""
    return "; ".join(str(key) for key in keys[:5]) + (" …" if keys[5:] else "") or "nothing"


def fingerprint(bars: Bars) -> str:
    """SHA-256 of the bytes of all columns, in their order, hexadecimal."""
    digest = hashlib.sha256()
    for column in bars:
        digest.update(column.tobytes())
    return digest.hexdigest()


def describe_faults(bars: Bars, timeframe: Timeframe, now_ns: int) -> str:
    """Say in one line which faults rows have, how many, and where the first of each is."""
    report = check(bars, timeframe, now_ns)
    parts = [
        f"{len(found.rows):,} {found.fault} (first: row {found.rows[0] + 1:,}, {iso(found.stamps[0])})"
        for found in report.findings
    ]
    return f"of {report.count:,} rows: {'; '.join(parts)}"


def _between(bars: Bars, start: int | None, end: int | None) -> Bars:
    inside: BoolColumn = np.ones(len(bars.ts_open), np.bool_)
    if start is not None:
        inside &= bars.ts_open >= start
    if end is not None:
        inside &= bars.ts_close <= end
    return bars if inside.all() else take(bars, inside)


def _on_tick(bars: Bars, instrument: Instrument) -> Bars:
    raw = (bars.open, bars.high, bars.low, bars.close)
    o, high, low, close = (prices_of(ticks_of(column, instrument), instrument) for column in raw)
    return Bars(bars.ts_open, bars.ts_close, o, high, low, close, bars.volume)


def _count_filled(source: MarkedBars, inside: BoolColumn, timeframe: Timeframe) -> int:
    stamps: IntColumn = source.bars.ts_open[inside & source.filled]
    return len(np.unique(floor_stamps(stamps, timeframe)))


def _describe(kind: Kind, key: CandleKey, marked: MarkedBars) -> StoredSeries:
    ts = marked.bars.ts_open
    missing = sum(gap.count for gap in missing_between(np.unique(ts), key.timeframe))
    first, last = (int(ts.min()), int(ts.max())) if len(ts) else (0, 0)
    place = (key.venue, key.symbol, str(key.timeframe))
    return StoredSeries(kind, *place, len(ts), first, last, missing, int(marked.filled.sum()))
