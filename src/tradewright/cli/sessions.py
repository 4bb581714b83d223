"""`tradewright sessions`: paper sessions that were begun, and how far they went from the backtest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewright.cli.desk import Name, ask

if TYPE_CHECKING:
    from tradewright.ports.session_store import SessionStore
    from tradewright.services.live.drift import VenueDrift
    from tradewright.services.paper.drift import Drift

__all__ = ["app"]

app = typer.Typer(help="List paper sessions, and set them beside the backtest.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List every session, oldest first; one may be at work in another process."""
    from tradewright.cli.asking import running
    from tradewright.cli.output import print_json, print_records, say

    with running() as system:
        rows = system.sessions()
    if as_json:
        print_json(rows)
    elif rows:
        print_records(tuple(rows[0]), [tuple(row.values()) for row in rows])
    else:
        say("no session has been begun; see: tradewright run --help")


@app.command("check")
def check(
    name: Annotated[str, typer.Argument(help="Of the session.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play a session again from its journal, run the backtest over its bars, and set the two beside each other."""
    from tradewright.bootstrap.any_session import on_session
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import strategies
    from tradewright.cli.run_view import show_drift
    from tradewright.services.live.drift import venue_drift
    from tradewright.services.live.session import LiveSession
    from tradewright.services.paper.drift import drift_of
    from tradewright.services.session_facts import session_of

    settings = read_settings()

    async def compare(own: str, sessions: SessionStore[Any]) -> Drift | VenueDrift | None:
        registry = strategies(settings)
        known = session_of(own, await sessions.read(own), registry)
        return venue_drift(known, registry) if isinstance(known, LiveSession) else drift_of(known, registry)

    show_drift(name, on_session(settings, name, compare), as_json=as_json)


@app.command("pause")
def pause(name: Name = None) -> None:
    """Open nothing more until it is resumed; what leaves, reduces and cancels still passes."""
    ask(name, {"kind": "pause"})


@app.command("resume")
def resume(name: Name = None) -> None:
    """End a pause. To go on with a session that has ended: tradewright run --resume."""
    ask(name, {"kind": "resume"})


@app.command("flatten")
def flatten(name: Name = None) -> None:
    """Cancel every order and close every position at the next open."""
    ask(name, {"kind": "flatten"})


@app.command("stop")
def stop(name: Name = None) -> None:
    """End it after the bar under way, as Ctrl-C does."""
    ask(name, {"kind": "stop"})


@app.command("swap")
def swap(
    name: Name = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Strategy parameter, name=value; repeat.")] = None,
    strategy: Annotated[str | None, typer.Option(help="Another strategy; without it the same.")] = None,
) -> None:
    """Go on with other parameters, or another strategy: it is shown every bar so far; what is held and waits stays."""
    from tradewright.cli.run import pairs_of
    from tradewright.domain.errors import InvalidValue

    params = pairs_of(set_, "--set")
    if not (params or strategy):
        raise InvalidValue("--set", "", "a parameter, or --strategy, or both")
    ask(name, {"kind": "swap", "params": params, **({"strategy": strategy} if strategy else {})})
