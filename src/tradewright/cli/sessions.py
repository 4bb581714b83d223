"""`tradewright sessions`: paper sessions that were begun, and how far they went from the backtest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tradewright.services.paper.drift import Drift
    from tradewright.services.paper.trading import PaperTrading, SessionHead

__all__ = ["app"]

app = typer.Typer(help="List paper sessions, and set them beside the backtest.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List every session, oldest first; one may be at work in another process."""
    from tradewright.bootstrap.paper import on_paper
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import print_json, print_table, say
    from tradewright.domain.times import iso

    async def heads(trading: PaperTrading) -> list[tuple[str, SessionHead]]:
        return [(name, await trading.head(name)) for name in await trading.sessions.names()]

    rows = [(name, head.strategy, ", ".join(head.instruments), head.timeframe, head.venue, head.steps,
             iso(head.last_close)) for name, head in on_paper(read_settings(), heads)]  # fmt: skip
    columns = ("session", "strategy", "instruments", "timeframe", "venue", "bars", "last close")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)
    else:
        say("no session has been begun; see: tradewright run --help")


@app.command("check")
def check(
    name: Annotated[str, typer.Argument(help="Of the session.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play a session again from its journal, run the backtest over its bars, and set the two beside each other."""
    from tradewright.bootstrap.paper import on_paper
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import say
    from tradewright.cli.run_view import drift_words, print_drift, show_differences

    async def compare(trading: PaperTrading) -> Drift | None:
        return await trading.drift(name)

    drift = on_paper(read_settings(), compare)
    if as_json:
        print_drift(name, drift)
    elif drift is None:
        say(f"session {name} has not played a bar")
    else:
        say(f"session {name}: fills beside the backtest's: {drift_words(drift)}")
        show_differences(drift)


@app.command("pause")
def pause(name: Annotated[str, typer.Argument(help="Of the session.")]) -> None:
    """Open nothing more until it is resumed; what leaves, reduces and cancels still passes."""
    _ask(name, {"kind": "pause"})


@app.command("resume")
def resume(name: Annotated[str, typer.Argument(help="Of the session.")]) -> None:
    """End a pause. To go on with a session that has ended: tradewright run --resume."""
    _ask(name, {"kind": "resume"})


@app.command("flatten")
def flatten(name: Annotated[str, typer.Argument(help="Of the session.")]) -> None:
    """Cancel every order and close every position at the next open."""
    _ask(name, {"kind": "flatten"})


@app.command("stop")
def stop(name: Annotated[str, typer.Argument(help="Of the session.")]) -> None:
    """End it after the bar under way, as Ctrl-C does."""
    _ask(name, {"kind": "stop"})


@app.command("swap")
def swap(
    name: Annotated[str, typer.Argument(help="Of the session.")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="Strategy parameter, name=value; repeat.")] = None,
    strategy: Annotated[str | None, typer.Option(help="Another strategy; without it the same.")] = None,
) -> None:
    """Go on with other parameters, or another strategy: it is shown every bar so far; what is held and waits stays."""
    from tradewright.cli.run import pairs_of
    from tradewright.domain.errors import InvalidValue

    params = pairs_of(set_, "--set")
    if not (params or strategy):
        raise InvalidValue("--set", "", "a parameter, or --strategy, or both")
    _ask(name, {"kind": "swap", "params": params, **({"strategy": strategy} if strategy else {})})


def _ask(name: str, record: dict[str, object]) -> None:
    from tradewright.bootstrap.paper import on_paper
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import say

    async def ask(trading: PaperTrading) -> None:
        await trading.sessions.ask(name, record)

    on_paper(read_settings(), ask)
    say(f"asked of session {name}: {record['kind']}; it is done between two bars, or when the session goes on")
