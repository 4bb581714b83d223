"""`tradewright data`: download, record, import, make up, list, check and repair candles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from tradewright.cli.data_download import download
from tradewright.cli.data_record import record
from tradewright.cli.output import print_json, working
from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import parse_time

__all__ = ["app"]

app = typer.Typer(help="Download, record, import, make up, list, check and repair candles.", no_args_is_help=False)
app.command("download")(download)
app.command("record")(record)

_Venue = Annotated[str | None, typer.Option(help="Only this venue.")]
_Symbol = Annotated[str | None, typer.Option(help="Only this instrument.")]
_Length = Annotated[str | None, typer.Option(help="Only this timeframe.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback(invoke_without_command=True)
def _entry(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("import")
def import_file(
    path: Annotated[Path, typer.Argument(help="CSV or Parquet file.")],
    venue: Annotated[str, typer.Option(help="Where the market is, e.g. binance.")],
    instrument: Annotated[str, typer.Option(help="Symbol: BTC/USDT, or BTC/USDT:USDT for a perpetual.")],
    timeframe: Annotated[str | None, typer.Option(help="Length of a bar, e.g. 1m; not needed for funding.")] = None,
    kind: Annotated[str, typer.Option(help="candles, mark, spread or funding.")] = "candles",
    stamp: Annotated[str | None, typer.Option(help="What a row's time is: open or close of the bar.")] = None,
    volume_unit: Annotated[str | None, typer.Option(help="Currency of the volume: base or quote.")] = None,
    time_unit: Annotated[str | None, typer.Option(help="Of times in numbers: s, ms, us or ns.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="role=name, e.g. close=px; repeat.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend or drop rows at fault.")] = False,
    replace_conflicts: Annotated[bool, typer.Option("--replace-conflicts", help="New bars win over stored.")] = False,
    as_json: _Json = False,
) -> None:
    """Import candles, mark prices, spreads or funding rates from a file. Doing it twice changes nothing."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import candle_import
    from tradewright.cli.data_views import show_import
    from tradewright.services.candle_import import ImportRequest
    from tradewright.services.data_told import import_as_dict

    request = ImportRequest(
        path=path,
        venue=venue,
        symbol=instrument,
        timeframe=_timeframe(timeframe),
        kind=cast("Any", kind),
        stamp=cast("Any", stamp),
        volume_unit=cast("Any", volume_unit),
        time_unit=cast("Any", time_unit),
        columns=_columns(column or []),
        is_repair=repair,
        is_replace=replace_conflicts,
    )
    with working(f"importing {path.name}", quiet=as_json):
        report = candle_import(read_settings()).run(request)
    if as_json:
        print_json(import_as_dict(report))
    else:
        show_import(report)


@app.command()
def synth(
    instrument: Annotated[str, typer.Option(help="Symbol, e.g. BTC/USDT:USDT.")],
    timeframe: Annotated[str, typer.Option(help="Length of a bar.")] = "1m",
    days: Annotated[float, typer.Option(help="How long.")] = 30.0,
    seed: Annotated[int, typer.Option(help="Same seed, same market.")] = 7,
    venue: Annotated[str, typer.Option(help="Venue to store it under.")] = "synthetic",
    start: Annotated[str, typer.Option(help="Open of the first bar, ISO time in UTC.")] = "2024-01-01",
    price: Annotated[float, typer.Option(help="First open.")] = 20_000.0,
    volatility: Annotated[float, typer.Option(help="Yearly, 0.6 is 60 %.")] = 0.6,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of another stored series.")] = False,
    as_json: _Json = False,
) -> None:
    """Make up a market: regimes, clustered volatility, jumps, an intraday pattern."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import market_upkeep
    from tradewright.cli.data_views import show_synth
    from tradewright.market.synthetic import SyntheticMarket
    from tradewright.ports.candle_store import CandleKey
    from tradewright.services.data_told import synth_as_dict
    from tradewright.services.market_upkeep import SynthRequest

    key = CandleKey(venue, instrument, Timeframe.parse(timeframe, "--timeframe"))
    market = SyntheticMarket(price=price, volatility=volatility)
    request = SynthRequest(key, parse_time(start, "--start"), days, seed, market, is_replace=replace)
    with working("making up a market", quiet=as_json):
        report = market_upkeep(read_settings()).synthesise(request)
    if as_json:
        print_json(synth_as_dict(report))
    else:
        show_synth(report, key)


@app.command("list")
def list_series(as_json: _Json = False) -> None:
    """List what is stored."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import market_data
    from tradewright.cli.data_views import show_series
    from tradewright.services.data_told import series_as_dict

    series = market_data(read_settings()).list()
    if as_json:
        print_json([series_as_dict(line) for line in series])
    else:
        show_series(series)


@app.command()
def check(venue: _Venue = None, instrument: _Symbol = None, timeframe: _Length = None, as_json: _Json = False) -> None:
    """Check stored candles; every missing bar and every fault is named."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import market_upkeep
    from tradewright.cli.data_views import show_checked
    from tradewright.services.data_told import checked_as_dict

    upkeep = market_upkeep(read_settings())
    with working("checking", quiet=as_json):
        checked = upkeep.check(upkeep.chosen(venue, instrument, _timeframe(timeframe)))
    if as_json:
        print_json([checked_as_dict(series) for series in checked])
    else:
        show_checked(checked)


@app.command()
def repair(
    venue: _Venue = None,
    instrument: _Symbol = None,
    timeframe: _Length = None,
    fill: Annotated[bool, typer.Option("--fill", help="Invent missing bars, flat and marked.")] = False,
    as_json: _Json = False,
) -> None:
    """Repair stored candles; everything done is named. Missing bars stay missing without --fill."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import market_upkeep
    from tradewright.cli.data_views import show_repaired
    from tradewright.services.data_told import repaired_as_dict

    upkeep = market_upkeep(read_settings())
    with working("repairing", quiet=as_json):
        repaired = upkeep.repair(upkeep.chosen(venue, instrument, _timeframe(timeframe)), fill=fill)
    if as_json:
        print_json([repaired_as_dict(series) for series in repaired])
    else:
        show_repaired(repaired)


def _timeframe(text: str | None) -> Timeframe | None:
    return None if text is None else Timeframe.parse(text, "--timeframe")


def _columns(pairs: list[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for pair in pairs:
        role, sign, name = pair.partition("=")
        if not (role and sign and name):
            raise InvalidValue("--column", pair, "role=name, such as close=px")
        if role in columns:
            raise InvalidValue("--column", pair, f"the role {role} once")
        columns[role] = name
    return columns
