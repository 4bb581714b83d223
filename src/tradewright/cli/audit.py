"""`tradewright audit`: who did what, line by line, each chained to the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.ports.audit_log import AuditLog, AuditVerdict, WrittenDeed

__all__ = ["app"]

app = typer.Typer(help="Read the audit log, and see whether every line is as it was written.", no_args_is_help=True)
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="The last so many lines.", min=1)] = 50, as_json: _AsJson = False
) -> None:
    """List the last lines, oldest first."""
    from tradewright.cli.output import print_json, print_table, say

    rows = _rows(_read(limit))
    if as_json:
        print_json(rows)
    elif rows:
        shown = ("number", "time", "actor", "action", "subject")
        print_table(shown, [[str(row[name]) for name in shown] for row in rows])
    else:
        say("nothing has been done yet")


@app.command("verify")
def verify(
    head: Annotated[str, typer.Option(help="A hash that was noted before; it must still be there.")] = "",
    as_json: _AsJson = False,
) -> None:
    """Look at every line: one that was changed, taken out or moved is named."""
    from dataclasses import asdict

    from tradewright.bootstrap.database_care import on_audit
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import print_json, say
    from tradewright.domain.errors import StoreError

    async def look(log: AuditLog) -> AuditVerdict:
        return await log.verify(head)

    verdict = on_audit(read_settings(), look)
    if as_json:
        print_json(asdict(verdict))
    if verdict.damage:
        raise StoreError(f"audit log: {verdict.damage}; {verdict.lines:,} lines before it are as they were written")
    if not as_json:
        say(f"{verdict.lines:,} lines, each as it was written; the last has the hash {verdict.head}")


@app.command("export")
def export(
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV; without it as JSON.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print every line with its hash."""
    from tradewright.cli.output import print_csv, print_json
    from tradewright.domain.errors import InvalidValue

    if as_csv and as_json:
        raise InvalidValue("--csv", "and --json", "one of them")
    rows = _rows(_read(None))
    if as_csv:
        print_csv(("number", "time", "actor", "action", "subject", "details", "run", "hash"), rows)
    else:
        print_json(rows)


def _read(limit: int | None) -> Sequence[WrittenDeed]:
    from tradewright.bootstrap.database_care import on_audit
    from tradewright.bootstrap.settings import read_settings

    async def read(log: AuditLog) -> Sequence[WrittenDeed]:
        return await log.read(limit=limit)

    return on_audit(read_settings(), read)


def _rows(lines: Sequence[WrittenDeed]) -> list[dict[str, Any]]:
    from tradewright.domain.times import iso

    return [
        {"number": line.number, "time": iso(line.deed.ts), "actor": line.deed.actor, "action": line.deed.action,
         "subject": line.deed.subject, "details": dict(line.deed.details), "run": line.deed.run, "hash": line.hash}
        for line in lines
    ]  # fmt: skip
