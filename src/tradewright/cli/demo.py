"""`tradewright demo`: a practice exchange, three strategies that trade on it, and one order to confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tradewright.bootstrap.demo import Demo

__all__ = ["demo"]

_UNWATCHED_S = 20.0


def demo(
    seconds: Annotated[
        float | None, typer.Option(help="Of trading, until it ends; else Ctrl-C ends it.", min=1)
    ] = None,
    speed: Annotated[float, typer.Option(help="Of the exchange's time.", min=1, max=1_000)] = 60.0,
    seed: Annotated[int, typer.Option(help="Of the market; with --page, of its backtest's.")] = 7,
    page: Annotated[bool, typer.Option("--page", help="Show it on the web page instead of in the terminal.")] = False,
    port: Annotated[int, typer.Option(help="Of the page.", min=1, max=65_535)] = 8000,
) -> None:
    """Watch strategies trade on a practice exchange; confirm an order with a key. No network, no keys, no money.

    Where nobody watches (no terminal), it prints lines, and ends after twenty seconds.
    """
    import asyncio
    import sys

    from rich.console import Console

    if page:
        _show_page(seconds, speed, port)
        return
    from tradewright.bootstrap.demo import run_demo
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.demo_screen import KeyScreen, LineScreen

    is_watched = sys.stdin.isatty() and sys.stdout.isatty()
    screen = KeyScreen(Console()) if is_watched else LineScreen()
    end = seconds if seconds is not None or is_watched else _UNWATCHED_S
    settings = read_settings()
    told = asyncio.run(run_demo(settings, (speed, end, seed), screen))
    _summary(told)


def _show_page(seconds: float | None, speed: float, port: int) -> None:
    import sys

    from tradewright.bootstrap.page_demo import PageDemo, run_page_demo
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.configured import configuration

    # A folder of its own: its admin has a password that is printed.
    folder = read_settings().data_dir / "page-demo"
    items = ("venue.exchange=practice", f"storage.data_dir={folder}", "logging.level=WARNING")
    given = [word for item in items for word in ("--set", item)]
    end = seconds if seconds is not None or sys.stdout.isatty() else _UNWATCHED_S
    run_page_demo(configuration(None, None, items)[0], PageDemo(port, end, speed, given), _line)


def _line(text: str) -> None:
    import sys

    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _summary(told: Demo) -> None:
    from tradewright.cli.output import number, print_table, say
    from tradewright.cli.run_view import show_drift
    from tradewright.services import session_facts
    from tradewright.services.live.drift import venue_drift

    rows, drifts = [], {}
    for name, driver in told.drivers.items():
        live = driver.live
        money = session_facts.portfolio(live)
        drifts[name] = drift = venue_drift(live, told.trading.backtests.strategies)
        fills = int(live.session.world.fills.size)
        beside = "-" if drift is None else f"{drift.score:.0%} of {len(drift.orders)}, {drift.worse_bps:+.1f} bps"
        rows.append((
            live.spec.strategy, live.spec.instruments[0], len(live.own.steps), fills, number(money["fees"], 2),
            f"{money['equity'] - live.spec.balance:+,.2f}", beside,
        ))  # fmt: skip
    columns = ("strategy", "instrument", "bars", "fills", "fees", "profit", "orders beside the backtest's")
    print_table(columns, rows, "what came of it")
    for name, drift in drifts.items():
        show_drift(name, drift, as_json=False)
    say("every position is closed; each session is kept: tradewright sessions list")
    say("trade on a market of your own: tradewright exchange, and tradewright run --at-venue")
