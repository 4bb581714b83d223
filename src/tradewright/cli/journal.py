"""`tradewright journal`: trades and what was thought of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tradewright.ports.books import Books

__all__ = ["app"]

app = typer.Typer(help="The trade journal: trades with notes.", no_args_is_help=True)
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Live = Annotated[bool, typer.Option("--live", help="Of live trading; without it of paper.")]
_Of = Annotated[str | None, typer.Option("--of", help="Only of this session or deployment.")]
_COLUMNS = ("deployment", "number", "symbol", "side", "entered", "left", "quantity", "entry_price", "exit_price", "pnl",
            "exit_reason", "notes")  # fmt: skip


@app.command("list")
def list_(
    of: _Of = None,
    live: _Live = False,
    limit: Annotated[int, typer.Option(help="The last so many trades.", min=1)] = 50,
    as_json: _AsJson = False,
) -> None:
    """List trades with their notes, the last first."""
    from tradewright.cli.output import print_json, print_table, say

    rows = _rows(of, limit, is_live=live)
    if as_json:
        print_json(rows)
    elif rows:
        shown = ("number", "symbol", "side", "left", "pnl", "exit_reason", "notes")
        print_table(shown, [[_cell(row[name]) for name in shown] for row in rows])
    else:
        say("no trade is in the books")


@app.command("note")
def note(
    deployment: Annotated[str, typer.Argument(help="Session or deployment.")],
    trade: Annotated[int, typer.Argument(help="Number of the trade.", min=1)],
    text: Annotated[str, typer.Argument(help="What you think of it.")],
    live: _Live = False,
) -> None:
    """Write a note on a trade; a second one stands beside the first."""
    from tradewright.bootstrap.database_care import on_books, user_name
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import now_ns
    from tradewright.cli.output import say
    from tradewright.domain.books import Find, TradeNote
    from tradewright.domain.errors import InvalidValue, StoreError

    if not text.strip():
        raise InvalidValue("TEXT", text, "some words")

    async def write(books: Books[Any]) -> None:
        trades = await books.trades.find(Find(deployment=deployment, limit=1_000_000))
        if trade not in {one.number for one in trades}:
            raise StoreError(f"trade {trade} of {deployment}: there is none; see: tradewright journal list")
        await books.notes.put([TradeNote(deployment, trade, now_ns(), user_name(), text.strip())])

    on_books(read_settings(), write, is_live=live)
    say(f"noted on trade {trade} of {deployment}")


@app.command("export")
def export(
    of: _Of = None,
    live: _Live = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV; without it as JSON.")] = False,
) -> None:
    """Print every trade with its notes."""
    from tradewright.cli.output import print_csv, print_json

    rows = _rows(of, 1_000_000, is_live=live)
    if as_csv:
        print_csv(_COLUMNS, rows)
    else:
        print_json(rows)


def _rows(of: str | None, limit: int, *, is_live: bool) -> list[dict[str, Any]]:
    from tradewright.bootstrap.database_care import on_books
    from tradewright.bootstrap.settings import read_settings
    from tradewright.domain.books import Find
    from tradewright.domain.times import iso

    async def read(books: Books[Any]) -> list[dict[str, Any]]:
        notes: dict[tuple[str, int], list[dict[str, str]]] = {}
        for note in await books.notes.find(Find(deployment=of, limit=1_000_000, newest_first=False)):
            line = {"time": iso(note.ts), "author": note.author, "text": note.text}
            notes.setdefault((note.deployment, note.trade), []).append(line)
        return [
            {"deployment": one.deployment, "number": one.number, "symbol": one.symbol, "side": one.side,
             "entered": iso(one.ts_entry), "left": None if one.ts_exit is None else iso(one.ts_exit),
             "quantity": str(one.quantity), "entry_price": str(one.entry_price),
             "exit_price": None if one.exit_price is None else str(one.exit_price), "pnl": str(one.pnl),
             "exit_reason": one.exit_reason, "notes": notes.get((one.deployment, one.number), [])}
            for one in await books.trades.find(Find(deployment=of, limit=limit))
        ]  # fmt: skip

    return on_books(read_settings(), read, is_live=is_live)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(note["text"] for note in value)
    return "-" if value is None else str(value)
