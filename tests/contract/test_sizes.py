"""Nothing grows past what a reader can hold: files, functions, parameter lists."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tradewright"
GENERATED = PACKAGE / "client" / "resources"  # a script writes it from the schema, and nobody reads it as a whole
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(GENERATED))
WRITTEN = sorted(
    path
    for folder in ("src", "tests", "scripts", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*.py")
    if not path.is_relative_to(GENERATED)
)
FILE_LINES, MEDIAN_FILE_LINES, BODY_P90, BODY_LINES, PARAMETERS = 400, 150, 22, 60, 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(path: Path) -> Iterator[Function]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function))


def _body_lines(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _parameters(function: Function) -> list[str]:
    given = function.args
    named = [parameter.arg for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    rest = [parameter.arg for parameter in (given.vararg, given.kwarg) if parameter]
    return [name for name in named + rest if name not in {"self", "cls"}]


def _is_command(function: Function, path: Path) -> bool:
    # The parameters of a command are its options: the list is the command line itself, not an architecture.
    given = [*function.args.args, *function.args.kwonlyargs]
    options = [parameter for parameter in given if "typer." in ast.unparse(parameter.annotation or ast.Constant(0))]
    return path.is_relative_to(PACKAGE / "cli") and bool(options)


@pytest.mark.parametrize(
    "path",
    [path for path in WRITTEN if not {".venvs", ".bots"} & set(path.parts)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_file_is_short_enough_to_read(path: Path) -> None:
    """No file is longer than 400 lines."""
    assert len(path.read_text().splitlines()) <= FILE_LINES


def test_half_of_the_files_are_small() -> None:
    """The median file has at most 150 lines."""
    assert statistics.median(len(path.read_text().splitlines()) for path in SOURCES) <= MEDIAN_FILE_LINES


def test_nine_of_ten_functions_fit_at_a_glance() -> None:
    """Nine of ten function bodies have at most 22 lines."""
    lengths = [_body_lines(function) for path in SOURCES for function in _functions(path)]
    assert statistics.quantiles(lengths, n=10)[-1] <= BODY_P90


def test_no_function_fills_a_screen() -> None:
    """No function body is longer than 60 lines."""
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {_body_lines(function)} lines"
        for path in SOURCES
        for function in _functions(path)
        if _body_lines(function) > BODY_LINES
    ]
    assert [] == long


def test_no_function_takes_a_crowd() -> None:
    """No function takes more than six parameters; a command of the command line may, for they are its options."""
    crowded = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}({', '.join(_parameters(function))})"
        for path in SOURCES
        for function in _functions(path)
        if len(_parameters(function)) > PARAMETERS and not _is_command(function, path)
    ]
    assert [] == crowded
