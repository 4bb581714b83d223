"""Foreign files into the store: read, check, repair if asked, merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars
from tradewright.market.merge import MarkedBars, MergeOutcome, make_marked
from tradewright.market.quality import QualityReport, check
from tradewright.market.repair import Action, repair
from tradewright.market.stamps import Convention
from tradewright.ports.candle_files import CandleFiles, ReadOptions, TimeUnit, VolumeUnit
from tradewright.ports.candle_store import CandleKey, CandleStore
from tradewright.services.funding_rates import HOUR_NS, merge_rates, one_rate_each, whole_hours
from tradewright.services.instrument_rules import settle_instrument
from tradewright.services.market_data import Kind, Shelves, describe_faults

__all__ = ["CandleImport", "ImportReport", "ImportRequest"]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import, and what the user says of it.

    Args:
        path: CSV or Parquet file.
        venue: where the market is.
        symbol: of the instrument.
        timeframe: of the bars; None only for funding.
        kind: candles, mark, spread or funding.
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
        if self.kind not in (kinds := get_args(Kind)):
            raise InvalidValue("--kind", self.kind, f"one of {', '.join(kinds)}")
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
        store = self._shelf(request.kind)
        outcome = store.merge(key, marked, replace=request.is_replace)
        report = ImportReport(table.columns, table.stamp, table.notes, len(table.bars.ts_open), outcome)
        report = replace(report, quality=check(marked.bars, key.timeframe, self._now_ns()), actions=actions)
        if request.kind != "candles":
            return report
        instrument, notes = settle_instrument(self._shelves.instruments, key.symbol, key.venue, marked.bars)
        return replace(report, notes=(*report.notes, *notes), instrument=instrument)

    def _shelf(self, kind: Kind) -> CandleStore:
        beside = {"mark": self._shelves.marks, "spread": self._shelves.spreads}
        return beside.get(kind, self._shelves.candles)

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
        ts, notes = whole_hours(table.ts)
        new = one_rate_each(ts, table.rate, self._now_ns(), request.path.name)
        place = (plain.venue, plain.symbol)
        outcome = merge_rates(self._shelves.funding, place, new, name=request.path.name, replace=request.is_replace)
        return ImportReport(table.columns, None, (*table.notes, *notes), len(table.ts), outcome)


def _options(request: ImportRequest, plain: Instrument) -> ReadOptions:
    return ReadOptions(
        timeframe=request.timeframe or Timeframe(HOUR_NS),
        base=plain.symbol.partition("/")[0],
        quote=plain.quote,
        stamp=request.stamp,
        volume_unit=request.volume_unit,
        time_unit=request.time_unit,
        columns=request.columns,
        needs_volume=request.kind == "candles",
        is_spread=request.kind == "spread",
    )
