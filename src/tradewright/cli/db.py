"""`tradewright db`: the database, its tables, its backups, and what of it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(help="Look after the database: upgrade, back up, restore, verify, prune.", no_args_is_help=True)
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("status")
def status(as_json: _AsJson = False) -> None:
    """Say where the database is, of what version its tables are, and how many rows each has."""
    from dataclasses import asdict

    from tradewright.bootstrap.database_care import database_status
    from tradewright.bootstrap.settings import settings_of
    from tradewright.cli.configured import configuration
    from tradewright.cli.output import number, print_json, print_table
    from tradewright.domain.times import iso

    configured = configuration(None, None, None)[0]
    told, days = database_status(settings_of(configured)), configured.tree.storage.market_data_days
    if as_json:
        print_json({**asdict(told), "market_data_days": days})
        return
    version = told.version or "none yet"
    print_table(
        ("database", told.place),
        [
            ("kind", told.kind),
            ("tables", version if version == told.wanted else f"{version}; this program has {told.wanted}"),
            ("size", f"{number(told.bytes / 1e6, 1)} MB"),
            (
                "snapshots",
                f"kept for {days} days"
                + (f", the oldest of {iso(told.oldest_snapshot)}" if told.oldest_snapshot is not None else ""),
            ),
            *((name, number(rows)) for name, rows in told.rows.items() if rows),
        ],
    )


@app.command("upgrade")
def upgrade() -> None:
    """Bring the tables to those of this version, all steps or none. Back up before."""
    from tradewright.bootstrap.database_care import database_status, upgrade_database
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import say

    settings = read_settings()
    before, after = upgrade_database(settings), database_status(settings).version
    say(f"tables {after}: as before" if before == after else f"tables {before or 'none'} became {after}")


@app.command("backup")
def backup(file: Annotated[Path, typer.Argument(help="To write, such as monday.twb; not there yet.")]) -> None:
    """Write everything into one checksummed file, while sessions go on. It fits SQLite and PostgreSQL alike."""
    from tradewright.bootstrap.database_care import back_up_database
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import say

    facts = back_up_database(read_settings(), file)
    say(f"{file}: {sum(facts.rows.values()):,} rows of {len(facts.rows)} tables, SHA-256 {facts.digest}")


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="That backup wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Throw away what is in the database.")] = False,
) -> None:
    """Put a backup in the place of what is there, all or nothing. Stop sessions first."""
    from tradewright.bootstrap.database_care import restore_database
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import say

    facts = restore_database(read_settings(), file, force=force)
    say(f"restored {sum(facts.rows.values()):,} rows of {len(facts.rows)} tables from {file}")


@app.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="A backup, instead of the database.")] = None,
    as_json: _AsJson = False,
) -> None:
    """Look at all of the database, every chain of journals and audit log included; or at a backup."""
    from dataclasses import asdict

    from tradewright.bootstrap.database_care import check_backup, check_database
    from tradewright.bootstrap.settings import read_settings
    from tradewright.cli.output import print_json, say
    from tradewright.domain.errors import StoreError

    if file is not None:
        facts = check_backup(file)
        if as_json:
            print_json(asdict(facts))
        else:
            say(f"{file}: as it was written: {sum(facts.rows.values()):,} rows, SHA-256 {facts.digest}")
        return
    findings = check_database(read_settings())
    if as_json:
        print_json(asdict(findings))
    else:
        say("looked at: " + ", ".join(findings.checked))
    if findings.damage:
        raise StoreError("; ".join(findings.damage))
    if not as_json:
        say("everything is as it was written")


@app.command("prune")
def prune(
    keep: Annotated[
        list[str] | None,
        typer.Option(help="Family and days, as snapshots=30; repeat for more. Without it, snapshots as configured."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Throw away what is older than so many days; never journals, the audit log, or what is still open."""
    from tradewright.bootstrap.database_care import prune_database
    from tradewright.bootstrap.settings import settings_of
    from tradewright.cli.configured import configuration
    from tradewright.cli.output import print_json, say
    from tradewright.cli.run import pairs_of
    from tradewright.domain.errors import InvalidValue

    configured = configuration(None, None, None)[0]
    days = {} if keep else {"snapshots": configured.tree.storage.market_data_days}
    for family, text in pairs_of(keep or [], "--keep").items():
        if not text.isdecimal():
            raise InvalidValue("--keep", f"{family}={text}", "a whole number of days above 0")
        days[family] = int(text)
    gone = prune_database(settings_of(configured), days, dry=dry_run)
    if as_json:
        print_json(gone)
        return
    told = ", ".join(f"{rows:,} of {table}" for table, rows in gone.items() if rows) or "nothing is that old"
    say(f"{'would throw away' if dry_run else 'thrown away'}: {told}")
