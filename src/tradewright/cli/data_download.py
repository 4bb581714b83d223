"""`tradewright data download`: a venue's history into the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from tradewright.services.download_bars import Downloaded

__all__ = ["download", "listed"]

_SOME_FAILED = 2
_GAPS_SHOWN = 20


def download(
    instrument: Annotated[str, typer.Option(help="Symbols with commas between: BTC/USDT:USDT,ETH/USDT:USDT.")],
    start: Annotated[str, typer.Option("--from", help="Open of the first bar, ISO time in UTC.")],
    end: Annotated[str | None, typer.Option("--to", help="Close of the last bar; the present.")] = None,
    timeframe: Annotated[str, typer.Option(help="Lengths of bars with commas between.")] = "1m",
    kind: Annotated[str, typer.Option(help="candles, mark, funding, with commas between.")] = "candles",
    exchange: Annotated[
        str,
        typer.Option(help="binance (USDT-M), practice (tradewright exchange), or one of CCXT, e.g. kraken."),
    ] = "binance",
    url: Annotated[str | None, typer.Option(help="Address instead of the venue's own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Download candles, mark prices and funding rates that are not stored yet; ask again to go on after a break.

    Bars are stored as they come and only once they have closed. What the venue does not have is asked for twice, and
    named. Data of the practice exchange are stored under the venue `practice`.
    """
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.venues import download as run
    from tradewright.cli.output import print_json, progress_bar
    from tradewright.domain.timeframe import Timeframe
    from tradewright.domain.times import parse_time
    from tradewright.services.downloads import DownloadRequest

    request = DownloadRequest(
        symbols=listed(instrument),
        timeframes=tuple(Timeframe.parse(text, "--timeframe") for text in listed(timeframe)),
        start=parse_time(start, "--from"),
        end=parse_time(end, "--to") if end else None,
        kinds=cast("Any", listed(kind)),
    )
    with progress_bar(f"downloading from {exchange}", quiet=as_json) as told:
        settings = read_settings()
        reports = run(settings, settings.reach.at(exchange, url), request, told)
    if as_json:
        print_json([_as_dict(report) for report in reports])
    else:
        _show(reports)
    if any(report.error for report in reports):
        raise typer.Exit(_SOME_FAILED)


def listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def _as_dict(report: Downloaded) -> dict[str, Any]:
    from tradewright.domain.times import iso

    return {
        "kind": report.kind, "instrument": report.symbol, "timeframe": report.timeframe or None,
        "pages": report.pages, "added": report.added, "known": report.known,
        "missing": [{"first_open": iso(gap.first), "bars": gap.count} for gap in report.missing],
        "error": report.error or None, "notes": list(report.notes),
    }  # fmt: skip


def _show(reports: Sequence[Downloaded]) -> None:
    from tradewright.cli.output import number, print_table, say
    from tradewright.domain.times import iso

    rows = [
        (report.symbol, f"{report.kind} {report.timeframe}".strip(), report.added, report.known,
         sum(gap.count for gap in report.missing), report.pages)
        for report in reports
    ]  # fmt: skip
    print_table(("instrument", "series", "new", "known", "missing", "pages"), rows)
    gaps = [(report, gap) for report in reports for gap in report.missing]
    for report, gap in gaps[:_GAPS_SHOWN]:
        bars = "bar" if gap.count == 1 else "bars"
        say(f"{report.symbol} {report.timeframe}: the venue has no {number(gap.count)} {bars} from {iso(gap.first)}")
    if len(gaps) > _GAPS_SHOWN:
        say(f"and {number(len(gaps) - _GAPS_SHOWN)} more runs of missing bars; --json names all")
    for report in reports:
        for note in report.notes:
            say(f"note: {note}")
        if report.error:
            say(f"failed: {report.symbol} {report.timeframe} {report.kind}: {report.error}; what had come is stored")
