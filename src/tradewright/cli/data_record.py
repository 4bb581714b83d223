"""`tradewright data record`: a live market into files that can be played again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tradewright.services.recordings import RecordedMarket

__all__ = ["record"]

_MB = 1_000_000


def record(
    instrument: Annotated[str, typer.Option(help="Symbols with commas between: BTC/USDT:USDT,ETH/USDT:USDT.")],
    channel: Annotated[
        str, typer.Option(help="bars, ticks, quotes, book, marks, with commas between.")
    ] = "ticks,quotes,book",
    timeframe: Annotated[str | None, typer.Option(help="Length of bars, where they are recorded.")] = None,
    seconds: Annotated[float | None, typer.Option(help="How long; until Ctrl-C.")] = None,
    exchange: Annotated[str, typer.Option(help="binance (USDT-M), or practice: tradewright exchange.")] = "binance",
    url: Annotated[str | None, typer.Option(help="Address instead of the venue's own.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--to", help="Folder of the files; streams in the data folder.")
    ] = None,
    megabytes: Annotated[float, typer.Option(help="A file that has grown so large is packed.", min=0.001)] = 256.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Record a live market: the venue's raw messages with the time of receipt, as `tradewright tape` plays them.

    Each instrument has files of its own. Until a file is full it is plain text, and whole at any time; then it is
    packed. After a break of the connection the book is told anew, and lost ticks are asked for.
    """
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.venues import RecordPlace, record_streams
    from tradewright.cli.data_download import listed
    from tradewright.cli.output import print_json, working
    from tradewright.domain.timeframe import Timeframe
    from tradewright.services.recordings import RecordRequest

    length = Timeframe.parse(timeframe, "--timeframe") if timeframe else None
    request = RecordRequest(listed(instrument), listed(channel), length, seconds)
    settings = read_settings()
    place = RecordPlace(
        settings.reach.at(exchange, url), folder or settings.data_dir / "streams", round(megabytes * _MB)
    )
    with working(f"recording {exchange}; end with Ctrl-C", quiet=as_json):
        market = record_streams(place, request, lambda _: None)
    if as_json:
        print_json({
            "files": [{"path": str(one.path), "instrument": one.symbol, "messages": one.messages}
                      for one in market.files],
            "events": market.events, "breaks": market.breaks, "lost": list(market.lost),
        })  # fmt: skip
    else:
        _show(market)


def _show(market: RecordedMarket) -> None:
    from tradewright.cli.output import number, say

    for one in market.files:
        say(f"{one.path}: {number(one.messages)} messages of {one.symbol}")
    if not market.files:
        say("nothing was told, so there is no file")
    say("events: " + (", ".join(f"{number(count)} {kind}" for kind, count in market.events.items()) or "none"))
    say(f"the streams were silent or lost {number(market.breaks)} times")
    for words in market.lost:
        say(f"lost: {words}")
