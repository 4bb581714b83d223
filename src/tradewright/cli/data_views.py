"""What the data commands show: tables for a person, plain dictionaries for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tradewright.cli.output import Cell, number, print_table, say
from tradewright.domain.times import iso

if TYPE_CHECKING:
    from tradewright.market.quality import QualityReport
    from tradewright.market.repair import Action
    from tradewright.ports.candle_store import CandleKey
    from tradewright.services.candle_import import ImportReport
    from tradewright.services.market_data import StoredSeries
    from tradewright.services.market_upkeep import CheckedSeries, RepairedSeries, SynthReport

__all__ = [
    "show_checked",
    "show_import",
    "show_repaired",
    "show_series",
    "show_synth",
]

_MOST_LINES = 200


def show_import(report: ImportReport) -> None:
    """Say what was read, how, and what came of it."""
    say("columns: " + ", ".join(f"{role} = {name}" for role, name in report.columns.items()))
    if report.stamp:
        say(f"stamps: a row's time is its bar's {report.stamp}")
    for note in report.notes:
        say(f"note: {note}")
    _show_actions(report.actions)
    done = report.outcome
    replaced = f", {number(len(done.conflicts))} replaced" if done.conflicts else ""
    upgraded = f", {number(done.upgraded)} in place of filled ones" if done.upgraded else ""
    say(f"{number(report.rows)} rows: {number(done.added)} new, {number(done.same)} known{upgraded}{replaced}")
    if report.quality:
        _show_gaps(report.quality)


def show_synth(report: SynthReport, key: CandleKey) -> None:
    """Say which market was made up."""
    for note in report.notes:
        say(f"note: {note}")
    state = "stored" if report.outcome.added else "stored already"
    say(f"{key}: {number(report.count)} bars, {iso(report.first)} to {iso(report.last)}, {state}")


def show_series(series: Sequence[StoredSeries]) -> None:
    """Print the inventory."""
    if not series:
        say("nothing is stored yet; see: tradewright data import --help, tradewright data synth --help")
        return
    rows = [
        (line.venue, line.symbol, _series(line), line.count, _day(line.first), _day(line.last), line.missing)
        for line in series
    ]
    print_table(("venue", "instrument", "series", "rows", "first", "last", "missing"), rows)
    for line in series:
        if line.filled:
            say(f"{number(line.filled)} bars of {line.symbol} {line.timeframe} on {line.venue} are filled, not real")


def show_checked(checked: Sequence[CheckedSeries]) -> None:
    """Print each series with its faults and name each missing bar."""
    rows: list[Sequence[Cell]] = [
        (
            series.key.venue,
            series.key.symbol,
            str(series.key.timeframe),
            series.report.count,
            series.report.missing_count,
            len(series.filled),
            sum(len(found.rows) for found in series.report.findings),
        )
        for series in checked
    ]
    print_table(("venue", "instrument", "tf", "bars", "missing", "filled", "at fault"), rows)
    for series in checked:
        lines = [(str(found.fault), iso(ts)) for found in series.report.findings for ts in found.stamps]
        lines += [("missing", iso(ts)) for ts in series.report.missing()]
        lines += [("filled", iso(ts)) for ts in series.filled]
        _show_lines(str(series.key), lines)


def show_repaired(repaired: Sequence[RepairedSeries]) -> None:
    """Print what was done to each series, and what is still missing."""
    for series in repaired:
        deeds = f"{number(len(series.actions))} repairs" if series.actions else "nothing to repair"
        say(f"{series.key}: {deeds}")
        _show_actions(series.actions)
        _show_gaps(series.report)


def _show_actions(actions: Sequence[Action]) -> None:
    _show_lines("repairs", [(f"{action.deed} ({action.reason})", iso(action.ts)) for action in actions])


def _show_gaps(report: QualityReport) -> None:
    if not report.missing_count:
        return
    say(
        f"{number(report.missing_count)} bars are missing in {number(len(report.gaps))} gaps; nothing was invented. "
        "They are named by: tradewright data check"
    )


def _show_lines(title: str, lines: Sequence[tuple[str, str]]) -> None:
    if lines:
        print_table(("what", "bar's open (UTC)"), lines[:_MOST_LINES], title=title)
    if len(lines) > _MOST_LINES:
        say(f"… and {number(len(lines) - _MOST_LINES)} more; --json names them all")


def _series(line: StoredSeries) -> str:
    if line.kind == "funding":
        return "funding"
    return line.timeframe if line.kind == "candles" else f"{line.timeframe} {line.kind}"


def _day(ts: int) -> str:
    return iso(ts)[:10]
