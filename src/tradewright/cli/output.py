"""What commands print: tables, JSON, progress. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from tradewright.domain.run import RunResult

__all__ = [
    "Cell",
    "number",
    "print_csv",
    "print_json",
    "print_records",
    "print_table",
    "progress_bar",
    "say",
    "say_analysis",
    "say_team",
    "working",
]

Cell = str | int | float | None
_NO_VALUE = "-"
_ANY_WIDTH = 10_000


def print_json(data: Any) -> None:
    """Print plain data as JSON, alone on stdout.

    Raises:
        ValueError: there is a NaN or an infinity in it.
    """
    sys.stdout.write(json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n")


def print_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as CSV, alone on stdout; a cell that is no single value is JSON."""
    out = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    out.writeheader()
    for row in rows:
        out.writerow({
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            for name, value in row.items()
        })  # fmt: skip


def say(text: str) -> None:
    """Print a line for a person; long lines are broken between words, and nothing in them is markup."""
    _console().print(text, markup=False, highlight=False)


def say_analysis(result: RunResult) -> None:
    """Print what a result hangs on, a paragraph for each chapter."""
    for name, chapter in result.analysis.items():
        say(f"{name}: {chapter['text']}")


def number(value: float | None, decimals: int | None = None) -> str:
    """Write a number with thousands separators, fixed decimals if given; a dash where there is none.

    Example:
        >>> number(45031), number(-1234.5, 2), number(None)
        ('45,031', '-1,234.50', '-')
    """
    if value is None:
        return _NO_VALUE
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], title: str | None = None) -> None:
    """Print a table that fits 80 columns; numbers stand on the right with thousands separators.

    Args:
        columns: headings.
        rows: one cell per column; a column in which every cell is a number or None is aligned on the right.
        title: above the table.
    """
    _console().print(_table(columns, rows, title))


def print_records(columns: Sequence[str], rows: Sequence[Sequence[Cell]], title: str | None = None) -> None:
    """Print rows as a table, or one below the other where the terminal is too narrow: no name is broken in two.

    Args:
        columns: headings; the first names what a row is.
        rows: one cell per column.
        title: above the table.
    """
    from rich.measure import Measurement

    console, table = _console(), _table(columns, rows, title)
    if Measurement.get(console, console.options.update(max_width=_ANY_WIDTH), table).maximum <= console.width:
        console.print(table)
        return
    if title:
        say(title)
    for row in rows:
        first, *rest = (f"{name} {cell if isinstance(cell, str) else number(cell)}" for name, cell in
                        zip(columns, row, strict=True))  # fmt: skip
        say(f"{first}: {', '.join(rest)}")


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], title: str | None) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False)
    for i, heading in enumerate(columns):
        justify: Literal["left", "right"] = "right" if _is_numeric([row[i] for row in rows]) else "left"
        table.add_column(heading, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    return table


def say_team(result: RunResult) -> None:
    """Print what each member of a team made of its capital, and how alike their returns are; nothing without a team."""
    if not result.team:
        return
    rows = [(name, f"{one['share']:.1%}", f"{one['total_return']:+.2%}", number(one["net_pnl"], 2), one["trades"],
             _share(one["win_rate"]), number(one["fees"], 2), f"{-one['max_drawdown']:.2%}")
            for name, one in result.team["members"].items()]  # fmt: skip
    print_table(("member", "share", "return", "P&L", "trades", "win rate", "fees", "max drawdown"), rows)
    alike = result.team["correlation"]
    if len(alike) > 1:
        lines = [(name, *(number(value, 2) for value in row.values())) for name, row in alike.items()]
        print_table((f"correlation ({result.team['sampling']})", *alike), lines)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


@contextmanager
def progress_bar(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show how far a piece of work is, on stderr, and leave nothing behind.

    Nothing is shown where stderr is no terminal, or with `quiet`.

    Yields:
        A function to call with (done, total).
    """
    from rich.progress import Progress

    with Progress(console=_console(stderr=True), transient=True, disable=quiet or not sys.stderr.isatty()) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def working(label: str, *, quiet: bool = False) -> Iterator[None]:
    """Show that a piece of work of unknown length goes on, on stderr, and leave nothing behind."""
    with progress_bar(label, quiet=quiet):
        yield


def _is_numeric(cells: Sequence[Cell]) -> bool:
    return any(isinstance(cell, int | float) for cell in cells) and not any(isinstance(cell, str) for cell in cells)


def _plain(cell: Cell) -> Any:
    from rich.text import Text

    return Text(cell if isinstance(cell, str) else number(cell))


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    # Made anew each time, so that it writes to where stdout points now.
    return Console(stderr=stderr, soft_wrap=False)
