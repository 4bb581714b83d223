"""What is asked of sessions while they trade: how they stand, and what they are to do; here, or at a server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.cli.running import Fact

__all__ = ["Name", "add_to", "ask"]

Name = Annotated[
    str | None,
    typer.Argument(help="Of the session; the one that runs, else the newest. At a server: or of its deployment"),
]
_LARGE = 1_000.0
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    for command in (
        status,
        stop,
        flatten,
        kill,
        calm,
        orders,
        positions,
        portfolio,
        performance,
        pending,
        confirm,
        reject,
    ):
        app.command(command.__name__)(command)


def status(name: Name = None, as_json: _Json = False) -> None:
    """Say how a session stands: what it trades, its equity, what holds it back."""
    _show("status", name, as_json=as_json)


def orders(name: Name = None, as_json: _Json = False) -> None:
    """List a session's open orders."""
    _show("orders", name, as_json=as_json)


def positions(name: Name = None, as_json: _Json = False) -> None:
    """List what a session holds."""
    _show("positions", name, as_json=as_json)


def portfolio(name: Name = None, as_json: _Json = False) -> None:
    """Show a session's money: wallet, equity, fees, funding, exposure."""
    _show("portfolio", name, as_json=as_json)


def performance(name: Name = None, as_json: _Json = False) -> None:
    """Show the figures of a session so far, as those of a backtest."""
    _show("performance", name, as_json=as_json)


def pending(name: Name = None, as_json: _Json = False) -> None:
    """List orders that wait to be confirmed."""
    _show("pending", name, as_json=as_json)


def confirm(
    order: Annotated[int, typer.Argument(help="Number of the order; see: tradewright pending.")],
    name: Name = None,
    as_json: _Json = False,
) -> None:
    """Let an order go that waits; if price has moved against it, it is shown anew first."""
    ask(name, {"kind": "confirm", "order_id": order}, as_json=as_json)


def reject(
    order: Annotated[int, typer.Argument(help="Number of the order; see: tradewright pending.")],
    name: Name = None,
    as_json: _Json = False,
) -> None:
    """Drop an order that waits."""
    ask(name, {"kind": "reject", "order_id": order}, as_json=as_json)


def stop(name: Name = None, as_json: _Json = False) -> None:
    """End a session as Ctrl-C does: what protects its positions stays at the venue."""
    ask(name, {"kind": "stop"}, as_json=as_json)


def flatten(name: Name = None, as_json: _Json = False) -> None:
    """Cancel every order of a session and close every position."""
    ask(name, {"kind": "flatten"}, as_json=as_json)


def kill(
    name: Name = None,
    flat: Annotated[bool, typer.Option("--flatten", help="Close every position as well.")] = False,
    as_json: _Json = False,
) -> None:
    """Cancel what may open a position, and open nothing any more; what protects a position stays."""
    ask(name, {"kind": "kill", "flatten": flat}, as_json=as_json)


def calm(name: Name = None, as_json: _Json = False) -> None:
    """Let a session open positions again after the kill switch or a circuit breaker; one on paper ends its pause."""
    ask(name, {"kind": "calm"}, as_json=as_json)


def _show(fact: Fact, name: str | None, *, as_json: bool) -> None:
    from tradewright.cli.asking import running
    from tradewright.cli.output import print_json

    with running() as system:
        own, found = system.look(fact, name)
        is_past = fact == "status" and not system.runs(own)
    if as_json:
        print_json(found)
    elif isinstance(found, dict):
        _print_pairs(own, found)
    else:
        _print_rows(own, found)
    if is_past:
        sys.stderr.write(f"session {own}: no process runs it; this is how it stood last\n")


def _print_pairs(name: str, found: dict[str, Any]) -> None:
    from tradewright.cli.output import print_table, say

    plain = [
        (key.replace("_", " "), _text(value)) for key, value in found.items() if not isinstance(value, list | dict)
    ]
    print_table(("session", name), [row for row in plain if row[0] != "session"])
    for key, value in found.items():
        if isinstance(value, dict):
            say(f"{key.replace('_', ' ')}: " + ", ".join(f"{one} {_text(own)}" for one, own in value.items()))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            _print_rows(key, value)
        elif isinstance(value, list) and value:
            say(f"{key.replace('_', ' ')}: " + ", ".join(map(str, value)))


def _print_rows(title: str, rows: Sequence[dict[str, Any]]) -> None:
    from tradewright.cli.output import print_records, say

    if not rows:
        say(f"{title}: none")
        return
    columns = tuple(name.replace("_", " ") for name in rows[0])
    print_records(columns, [tuple(_text(value) for value in row.values()) for row in rows], title)


def _text(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) >= _LARGE else f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return str(value)


def ask(name: str | None, record: Mapping[str, Any], *, as_json: bool = False) -> None:
    """Let a session do something, and say what became of that.

    Raises:
        Conflict: it is refused.
    """
    from tradewright.cli.asking import running
    from tradewright.cli.output import print_json, say
    from tradewright.domain.errors import Conflict

    with running() as system:
        told = system.ask(name, record)
    if as_json:
        print_json({"asked": record["kind"], "state": told.state, "answer": told.text})
    elif told.state != "refused":
        say(told.text)
    if told.state == "refused":
        raise Conflict(told.text)
