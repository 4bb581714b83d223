"""Foreign files into the store: read, check, repair if asked, merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.domain.times import iso
from tradewright.market.bars import Bars, FloatColumn, IntColumn
from tradewright.market.merge import MarkedBars, MergeOutcome, make_marked
from tradewright.market.quality import QualityReport, check
from tradewright.market.repair import Action, repair
from tradewright.market.stamps import Convention
from tradewright.ports.candle_files import CandleFiles, ReadOptions, TimeUnit, VolumeUnit
from tradewright.ports.candle_store import CandleKey
from tradewright.services.instrument_rules import settle_instrument
from tradewright.services.market_data import Kind, Shelves, describe_faults

__all__ = ["CandleImport", "ImportReport", "ImportRequest"]

_HOUR_NS = 3_600 * SECOND_NS
_MOST_LATE_NS = 60 * SECOND_NS


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import, and what the user says of it.

    Args:
        path: CSV or Parquet file.
        venue: where the market is.
        symbol: of the instrument.
        timeframe: of the bars; None only for funding.
        kind: candles, mark or funding.
        stamp: whether time stamps are a bar's open or close; None: as the column's name says.
        volume_unit: currency of the volume; None: as the column's name says, else base.
        time_unit: of whole-number stamps; None: by magnitude.
        columns: role to column name.
        is_repair: mend or drop rows that are at fault, instead of refusing the file.
        is_replace: on a conflict with a stored bar take the new one.
    """

    path: Path
    venue: str
    symbol: str
    timeframe: Timeframe | None
    kind: Kind = "candles"
    stamp: Convention | None = None
    volume_unit: VolumeUnit | None = None
    time_unit: TimeUnit | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    is_repair: bool = False
    is_replace: bool = False

    def __post_init__(self) -> None:
        if self.kind not in ("candles", "mark", "funding"):
            raise InvalidValue("--kind", self.kind, "one of candles, mark, funding")
        if self.kind != "funding" and self.timeframe is None:
            raise InvalidValue("--timeframe", None, "the length of the bars, such as 1m")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import found and did.

    Args:
        columns: role to the column it was read from.
        stamp: the convention that was used; None for funding.
        notes: what was found out, assumed or inferred, in plain words.
        rows: in the file.
        outcome: of the merge.
        quality: of the bars that were merged; None for funding.
        actions: repairs.
        instrument: as it is stored now; None where no candles were imported.
    """

    columns: dict[str, str]
    stamp: Convention | None
    notes: tuple[str, ...]
    rows: int
    outcome: MergeOutcome
    quality: QualityReport | None = None
    actions: tuple[Action, ...] = ()
    instrument: Instrument | None = None


class CandleImport:
    """Imports files. Everything is checked before anything is written.

    Args:
        shelves: where market data is kept.
        files: reader of foreign files.
        now_ns: the present, UTC ns.
    """

    def __init__(self, shelves: Shelves, files: CandleFiles, now_ns: Callable[[], int]) -> None:
        self._shelves, self._files, self._now_ns = shelves, files, now_ns

    def run(self, request: ImportRequest) -> ImportReport:
        """Import a file; doing it again changes nothing.

        Raises:
            DataError: the file cannot be read, is ambiguous or at fault, or contradicts what is stored.
            InvalidValue: the request is not of its form.
        """
        plain = Instrument(request.symbol, request.venue)
        if request.kind == "funding":
            return self._funding(request, plain)
        return self._candles(request, _options(request, plain))

    def _candles(self, request: ImportRequest, options: ReadOptions) -> ImportReport:
        key = CandleKey(request.venue, request.symbol, options.timeframe)
        self._shelves.instruments.load(key.venue, key.symbol)  # a damaged one is to be known before anything is written
        table = self._files.candles(request.path, options)
        marked, actions = self._made_sound(table.bars, request, key.timeframe)
        store = self._shelves.marks if request.kind == "mark" else self._shelves.candles
        outcome = store.merge(key, marked, replace=request.is_replace)
        report = ImportReport(table.columns, table.stamp, table.notes, len(table.bars.ts_open), outcome)
        report = replace(report, quality=check(marked.bars, key.timeframe, self._now_ns()), actions=actions)
        if request.kind == "mark":
            return report
        instrument, notes = settle_instrument(self._shelves.instruments, key.symbol, key.venue, marked.bars)
        return replace(report, notes=(*report.notes, *notes), instrument=instrument)

    def _made_sound(
        self, bars: Bars, request: ImportRequest, timeframe: Timeframe
    ) -> tuple[MarkedBars, tuple[Action, ...]]:
        marked, now = make_marked(bars), self._now_ns()
        if check(bars, timeframe, now).is_sound:
            return marked, ()
        if not request.is_repair:
            faults = describe_faults(bars, timeframe, now)
            raise DataError(f"{request.path.name}: {faults}; give --repair to mend or drop them")
        mended, actions = repair(marked, timeframe, now)
        if not len(mended.filled):
            raise DataError(f"{request.path.name}: no sound row is left")
        return mended, actions

    def _funding(self, request: ImportRequest, plain: Instrument) -> ImportReport:
        if not plain.is_perpetual:
            raise InvalidValue("--instrument", request.symbol, "a perpetual, BASE/QUOTE:SETTLE; spot has no funding")
        table = self._files.rates(request.path, _options(request, plain))
        ts, notes = _whole_hours(table.ts)
        new = _one_rate_each(ts, table.rate, self._now_ns(), request.path.name)
        stored = self._shelves.funding.load(plain.venue, plain.symbol)
        old = dict(zip(stored[0].tolist(), stored[1].tolist(), strict=True)) if stored else {}
        outcome = _compare(old, new)
        if outcome.conflicts and not request.is_replace:
            raise DataError(
                f"{request.path.name}: {len(outcome.conflicts):,} stored rates differ from the new ones, the first at "
                f"{iso(outcome.conflicts[0])}; give --replace-conflicts to take the new ones"
            )
        united = dict(sorted((old | new).items()))
        if united != old:
            stamps, rates = np.array(list(united), np.int64), np.array(list(united.values()), np.float64)
            self._shelves.funding.save(plain.venue, plain.symbol, stamps, rates)
        return ImportReport(table.columns, None, (*table.notes, *notes), len(table.ts), outcome)


def _compare(old: Mapping[int, float], new: Mapping[int, float]) -> MergeOutcome:
    shared = sorted(old.keys() & new.keys())
    conflicts = tuple(stamp for stamp in shared if old[stamp] != new[stamp])
    return MergeOutcome(len(new) - len(shared), len(shared) - len(conflicts), 0, conflicts)


def _options(request: ImportRequest, plain: Instrument) -> ReadOptions:
    return ReadOptions(
        timeframe=request.timeframe or Timeframe(_HOUR_NS),
        base=plain.symbol.partition("/")[0],
        quote=plain.quote,
        stamp=request.stamp,
        volume_unit=request.volume_unit,
        time_unit=request.time_unit,
        columns=request.columns,
        needs_volume=request.kind == "candles",
    )


def _whole_hours(ts: IntColumn) -> tuple[IntColumn, tuple[str, ...]]:
    # Rates are stamped when they are computed, some milliseconds after the hour at which they are due.
    hours = (ts + _HOUR_NS // 2) // _HOUR_NS * _HOUR_NS
    late = np.abs(ts - hours)
    if (late > _MOST_LATE_NS).any():
        row = int(np.argmax(late > _MOST_LATE_NS))
        raise DataError(f"row {row + 1}: {iso(int(ts[row]))} is no whole hour, as a funding time should be")
    moved = int((late > 0).sum())
    furthest = int(late.max()) / 1e6
    return hours, (
        f"{moved:,} stamps stood up to {furthest:g} ms beside the hour and were moved onto it",
    ) if moved else ()


def _one_rate_each(ts: IntColumn, rate: FloatColumn, now_ns: int, name: str) -> dict[int, float]:
    rates: dict[int, float] = {}
    for row, (stamp, value) in enumerate(zip(ts.tolist(), rate.tolist(), strict=True), start=1):
        if not abs(value) <= 1.0:
            raise DataError(f"{name}: row {row}: rate {value} is no fraction from -1 to 1")
        if stamp > now_ns:
            raise DataError(f"{name}: row {row}: {iso(stamp)} lies in the future")
        if rates.setdefault(stamp, value) != value:
            raise DataError(f"{name}: row {row}: {iso(stamp)} has two different rates")
    return rates
