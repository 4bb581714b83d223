"""What is told of stored market data, and of what was done to it, as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tradewright.domain.times import iso
from tradewright.market.quality import QualityReport
from tradewright.market.repair import Action
from tradewright.ports.candle_store import CandleKey
from tradewright.services.candle_import import ImportReport
from tradewright.services.market_data import StoredSeries
from tradewright.services.market_upkeep import CheckedSeries, RepairedSeries, SynthReport

__all__ = ["checked_as_dict", "import_as_dict", "repaired_as_dict", "series_as_dict", "synth_as_dict"]


def import_as_dict(report: ImportReport) -> dict[str, Any]:
    """Plain data of an import."""
    done = report.outcome
    return {
        "columns": report.columns,
        "stamp": report.stamp,
        "notes": list(report.notes),
        "rows": report.rows,
        "added": done.added,
        "same": done.same,
        "upgraded": done.upgraded,
        "replaced": [iso(ts) for ts in done.conflicts],
        "actions": _actions(report.actions),
        "quality": _quality(report.quality) if report.quality else None,
        "instrument": report.instrument.as_dict() if report.instrument else None,
    }


def synth_as_dict(report: SynthReport) -> dict[str, Any]:
    """Plain data of a made-up market."""
    return {
        "instrument": report.instrument.as_dict(),
        "bars": report.count,
        "added": report.outcome.added,
        "first_open": iso(report.first),
        "last_close": iso(report.last),
        "notes": list(report.notes),
    }


def series_as_dict(line: StoredSeries) -> dict[str, Any]:
    """Plain data of one line of the inventory."""
    return {
        "kind": line.kind,
        "venue": line.venue,
        "instrument": line.symbol,
        "timeframe": line.timeframe or None,
        "rows": line.count,
        "first": iso(line.first),
        "last": iso(line.last),
        "missing": line.missing,
        "filled": line.filled,
    }


def checked_as_dict(series: CheckedSeries) -> dict[str, Any]:
    """Plain data of a check."""
    return _key(series.key) | _quality(series.report) | {"filled": [iso(ts) for ts in series.filled]}


def repaired_as_dict(series: RepairedSeries) -> dict[str, Any]:
    """Plain data of a repair."""
    return _key(series.key) | {"actions": _actions(series.actions)} | _quality(series.report)


def _key(key: CandleKey) -> dict[str, Any]:
    return {"venue": key.venue, "instrument": key.symbol, "timeframe": str(key.timeframe)}


def _quality(report: QualityReport) -> dict[str, Any]:
    return {
        "rows": report.count,
        "first": iso(report.first) if report.first is not None else None,
        "last": iso(report.last) if report.last is not None else None,
        "faults": {
            str(found.fault): [
                {"row": row + 1, "ts_open": iso(ts)} for row, ts in zip(found.rows, found.stamps, strict=True)
            ]
            for found in report.findings
        },
        "missing": [iso(ts) for ts in report.missing()],
    }


def _actions(actions: Iterable[Action]) -> list[dict[str, str]]:
    return [{"done": str(action.deed), "ts_open": iso(action.ts), "reason": action.reason} for action in actions]
