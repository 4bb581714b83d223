"""`tradewright exchange`: a practice exchange on loopback, to fail against."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["exchange"]

_ACCOUNT = "practice-key:practice-secret:10000"


def exchange(
    port: Annotated[int, typer.Option(help="Of 127.0.0.1; 0 takes one that is free.", min=0, max=65_535)] = 18_080,
    tls_port: Annotated[int, typer.Option(help="A second port, with TLS; 0 has none.", min=0, max=65_535)] = 0,
    tls_cert: Annotated[Path, typer.Option(help="Certificate of the TLS port, PEM.")] = Path("cert.pem"),
    tls_key: Annotated[Path, typer.Option(help="Key to that certificate, PEM.")] = Path("key.pem"),
    symbols: Annotated[
        str | None, typer.Option(help="Perpetual contracts, with commas between; BTCUSDT,ETHUSDT.")
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Key, secret and balance of an account, with colons between; repeat. Without any, {_ACCOUNT}."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the market, funding and faults: the same seed, the same exchange.")] = 1,
    speed: Annotated[float, typer.Option(help="Of its time, 1 to 1000 times real; 0 stands until it is moved.")] = 1.0,
    start: Annotated[str | None, typer.Option("--from", help="Its time at the start, ISO in UTC; now.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last candle's close of a replay, ISO time in UTC.")] = None,
    history: Annotated[int, typer.Option(help="Days of candles before the start.")] = 30,
    mirror: Annotated[
        str | None,
        typer.Option(
            help="Venue whose market is heard live: orders are on paper, prices are real; binance, or CCXT's."
        ),
    ] = None,
    mirror_url: Annotated[str | None, typer.Option(help="Address instead of that venue's own.")] = None,
    replay: Annotated[
        str | None, typer.Option(help="Venue of stored candles to be played again, or file of raw messages or trades.")
    ] = None,
    tick_size: Annotated[str | None, typer.Option(help="Price step of all symbols; each contract's own.")] = None,
    lot_size: Annotated[str | None, typer.Option(help="Quantity step of all symbols; each contract's own.")] = None,
    timeframe: Annotated[str, typer.Option(help="Of the candles that are played again.")] = "1m",
    course: Annotated[str, typer.Option(help="Inside of a bar: path, or candle, whole at its close.")] = "path",
    spread: Annotated[int, typer.Option(help="Between bid and ask, ticks.")] = 1,
    depth: Annotated[float, typer.Option(help="USDT at the best price of each side; 0 knows no limit.")] = 250_000.0,
    levels: Annotated[int, typer.Option(help="Of each side of a drawn book; 1 shows the best price alone.")] = 500,
    recovery: Annotated[float, typer.Option(help="Seconds until what orders took from the book is there again.")] = 5.0,
    limit_fill: Annotated[
        str, typer.Option(help="When a resting limit fills: touch, through, or queue: also at its price, in its turn.")
    ] = "queue",
    correlation: Annotated[float, typer.Option(help="Of any two drawn markets, 0 to 0.99.")] = 0.7,
    basis: Annotated[float, typer.Option(help="Drawn contracts' greatest distance from their index, bps.")] = 3.0,
    socket_hours: Annotated[float, typer.Option(help="After so long a WebSocket is closed.")] = 24.0,
    weight_limit: Annotated[int, typer.Option(help="Weight of an address in a minute; 0 is none.")] = 2_400,
    order_limit: Annotated[int, typer.Option(help="Orders of an account in ten seconds; 0 is none.")] = 300,
    variant: Annotated[
        list[str] | None, typer.Option(help="events-required, no-retry-after or bracket-list; repeat.")
    ] = None,
    legacy: Annotated[bool, typer.Option("--legacy", help="Also the WebSocket paths of before 2026.")] = False,
    scenario: Annotated[Path | None, typer.Option(help="YAML file of faults.")] = None,
    folder: Annotated[Path | None, typer.Option("--data", help="Folder that keeps it between runs.")] = None,
    log: Annotated[Path | None, typer.Option(help="File that takes a line of JSON for each request.")] = None,
) -> None:
    """Run a practice exchange that speaks the protocol of Binance USDT-M futures, on this machine only.

    Orders are matched, and margin, fees and funding settled, by the engine that backtests. Nothing leaves the machine.
    """
    from tradewright.bootstrap.practice import PracticeWish, practice_exchange, run_server
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import say
    from tradewright.domain.times import parse_time

    accounts = tuple(account or [_ACCOUNT])
    times = [parse_time(text, name) if text else None for text, name in ((start, "--from"), (end, "--to"))]
    wish = PracticeWish(
        symbols=symbols, accounts=accounts, seed=seed, speed=speed, start=times[0], end=times[1], history=history,
        replay=replay, tick_size=tick_size, lot_size=lot_size, timeframe=timeframe, course=course,
        spread=spread, depth=depth, limit_fill=limit_fill, levels=levels, recovery=recovery,
        correlation=correlation, basis=basis, socket_hours=socket_hours,
        weight_limit=weight_limit, order_limit=order_limit, legacy=legacy,
        variants=tuple(variant or ()),
        scenario=scenario, log=log, folder=folder,
    )  # fmt: skip

    def ready(taken: list[int]) -> None:
        for scheme, own in zip(("", "s"), taken, strict=False):
            say(f"http{scheme}://127.0.0.1:{own} and ws{scheme}://127.0.0.1:{own}: the practice exchange")
        say(f"symbols: {listed}; API keys: {', '.join(text.split(':')[0] for text in accounts)}; end with Ctrl-C")

    if mirror is not None:
        from tradewright.bootstrap.mirror import run_mirror

        listed = symbols or "BTCUSDT"
        run_mirror(wish, read_settings().reach.at(mirror, mirror_url), port, ready)
        return
    server = practice_exchange(read_settings(), wish)
    listed = ",".join(listing.symbol for listing in server.gateway.exchange.listings)
    run_server(server, port, ready, (tls_port, tls_cert, tls_key) if tls_port else None)
