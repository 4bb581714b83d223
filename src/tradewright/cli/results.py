"""`tradewright results`: list, look at, export and remove what runs gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from tradewright.domain.run import RunResult
    from tradewright.ports.result_store import ResultRow, ResultStore

__all__ = ["app"]

app = typer.Typer(help="List, show, export and delete results of runs.", no_args_is_help=True)

_MOST_PARENTS = 20
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a result, or its beginning.")]


def _store() -> ResultStore:
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import results

    return results(read_settings())


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2%}"


@app.command("list")
def list_results(as_json: Json = False) -> None:
    """List results, newest first; a damaged one is marked."""
    from tradewright.cli.output import print_json, print_table, say

    rows = _store().rows()
    if as_json:
        print_json([_brief(row) for row in rows])
    elif not rows:
        say("No results yet; see: tradewright backtest --help")
    else:
        print_table(("id", "strategy", "instruments", "tf", "return", "trades"), [_line(row) for row in rows])


def _brief(row: ResultRow) -> dict[str, Any]:
    # The fourteen fields of the API's answer and where the file is; the rest is what `show` is for.
    if row.result is None:
        return {"id": row.id, "path": str(row.path), "damage": row.damage}
    data = row.result.as_dict()
    left_out = ("metrics", "per_instrument", "warnings", "spec", "fingerprints", "refusals", "leak_passport", "data",
                "analysis", "team")  # fmt: skip
    return {name: data[name] for name in data if name not in left_out} | {
        "timeframe": row.result.spec["timeframe"],
        "warnings": len(row.result.warnings),
        "path": str(row.path),
    }


def _line(row: ResultRow) -> tuple[str | int | None, ...]:
    if row.result is None:
        return (row.id, "damaged", row.path.name, "-", "-", None)
    result = row.result
    return (
        result.id,
        result.strategy,
        result.symbol,
        result.spec["timeframe"],
        _percent(result.total_return),
        result.total_trades,
    )


@app.command()
def show(result_id: Id, as_json: Json = False) -> None:
    """Show every figure and warning of a result."""
    from tradewright.cli.output import print_json

    result = _store().load(result_id)
    if as_json:
        print_json(result.as_dict())
    else:
        _show(result)


def _show(result: RunResult) -> None:
    from tradewright.cli.output import number, print_table, say, say_analysis, say_team

    say(f"{result.strategy} on {result.symbol}, {result.spec['timeframe']}: {result.start_date} to {result.end_date}")
    for warning in result.warnings:
        say(f"! {warning.text}")
    rows = [(name.replace("_", " "), number(value, 0 if isinstance(value, int) else 4))
            for name, value in result.metrics.items()]  # fmt: skip
    middle = -(-len(rows) // 2)
    right = [*rows[middle:], *[("", "")] * (2 * middle - len(rows))]
    print_table(("figure", "value", "figure", "value"), [(*a, *b) for a, b in zip(rows[:middle], right, strict=True)])
    say_analysis(result)
    say_team(result)
    _show_costs(result)
    _show_parents(result)
    _show_refusals(result)
    say(
        f"result {result.id}, made {result.created_at}; fractions are of 1, money in quote currency; "
        "funding below 0 was paid"
    )


def _show_refusals(result: RunResult) -> None:
    from tradewright.cli.output import print_table
    from tradewright.risk.refusals import REASONS, reason_code

    if result.refusals:
        rows = [(name, count, REASONS[reason_code(name)].fix) for name, count in result.refusals.items()]
        print_table(("refused signals", "count", "what would help"), rows)


def _show_costs(result: RunResult) -> None:
    from tradewright.cli.output import number, print_table

    if not result.analysis:
        return
    whole = result.analysis["costs"]["figures"]
    columns = {"all": whole, **whole["per_instrument"]} if len(whole["per_instrument"]) > 1 else {"all": whole}
    rows = [(name.replace("_", " "), *(number(one["parts"][name]["amount"], 2) for one in columns.values()))
            for name in whole["parts"]]  # fmt: skip
    rows.append(("of gross profit", *(_percent(one["parts"]["total"]["share"]) for one in columns.values())))
    rows.append(("break-even, times the costs", *(number(one["break_even_multiple"], 2) for one in columns.values())))
    print_table(("costs", *columns), rows)


def _show_parents(result: RunResult) -> None:
    from tradewright.cli.output import number, print_table

    parents = result.data.get("parents", [])
    rows = [(row["tag"], row["symbol"], row["side"], row["status"], number(row["filled"]), number(row["asked"]),
             number(row["average_price"], 2), number(row["shortfall_bps"], 1), number(row["market_bps"], 1))
            for row in parents[:_MOST_PARENTS]]  # fmt: skip
    if rows:
        heads = ("worked order", "on", "side", "end", "filled", "asked", "at", "bps to arrival", "bps to market")
        print_table(heads, rows)
    if len(parents) > _MOST_PARENTS:
        print_table(("worked orders not shown", "count"), [("export has them all", len(parents) - _MOST_PARENTS)])


@app.command()
def delete(
    result_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="The id, or its beginning.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Delete every result.")] = False,
    as_json: Json = False,
) -> None:
    """Delete one result, or all, with tables and report."""
    from tradewright.cli.output import print_json, say
    from tradewright.domain.errors import InvalidValue

    if everything == (result_id is not None):
        raise InvalidValue("ID", result_id, "either one id or --all")
    if result_id is None:
        count = _store().delete_all()
        deleted: dict[str, Any] = {"deleted": count}
        words = f"Results deleted: {count}"
    else:
        full = _store().delete(result_id)
        deleted, words = {"deleted": 1, "id": full}, f"Result deleted: {full}"
    print_json(deleted) if as_json else say(words)


@app.command()
def export(
    result_id: Id,
    form: Annotated[str, typer.Option("--format", help="csv (a file per table) or json (one file).")] = "csv",
    out: Annotated[str, typer.Option("--out", help="Folder to write to.")] = ".",
    as_json: Json = False,
) -> None:
    """Write a result as CSV or JSON for other programs."""
    from pathlib import Path

    from tradewright.cli.output import print_json, say
    from tradewright.domain.errors import InvalidValue

    if form not in ("csv", "json"):
        raise InvalidValue("--format", form, "csv or json")
    paths = _store().export(result_id, "csv" if form == "csv" else "json", Path(out))
    if as_json:
        print_json({"files": [str(path) for path in paths]})
    else:
        for path in paths:
            say(str(path))


@app.command("open")
def open_report(result_id: Id, as_json: Json = False) -> None:
    """Open the report of a result in the browser, and print where it is."""
    from tradewright.cli.output import print_json, say

    path = _store().report_path(result_id).resolve()
    opened = _browse(path)
    if as_json:
        print_json({"report": str(path), "opened": opened})
    else:
        say(str(path))


def _browse(path: Path) -> bool:
    import webbrowser

    return webbrowser.open(path.as_uri())
