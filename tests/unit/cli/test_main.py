"""The entry: exit codes, one line an error, a quick start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli import main as entry
from tradewright.cli.main import main
from tradewright.domain.errors import InvariantBroken


def _run(code: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **options)


def test_import_of_the_entry_loads_nothing_heavy():
    """`--help` must answer at once: no table, compiler, chart or array library is loaded for it."""
    code = (
        "import sys, tradewright.cli.main\n"
        "print([name for name in ('numpy', 'polars', 'numba', 'plotly', 'pandas') if name in sys.modules])"
    )
    assert "[]" == _run(code).stdout.strip()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["data"], ["data", "import", "--help"]])
def test_help_is_given_where_it_is_asked_for_or_nothing_else_is(arguments, capsys):
    """Help goes to stdout and is no error."""
    assert 0 == main(arguments)
    told = capsys.readouterr()
    assert "Usage:" in told.out
    assert "" == told.err


def test_version_is_printed(capsys):
    """One line with the name and the version."""
    assert 0 == main(["--version"])
    assert "tradewright 0.1.0\n" == capsys.readouterr().out


def _raises(error: BaseException):
    def app(**_: object) -> None:
        raise error

    return app


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (InvariantBroken("ticks\nlost"), 70, "error: ticks lost\n"),
    ],
)
def test_an_accident_is_one_line_and_its_exit_code(error, code, line, monkeypatch, capsys):
    """Ctrl-C is 130, our own fault is 70; either way one line and no traceback."""
    monkeypatch.setattr(entry, "app", _raises(error))
    assert code == main([])
    assert line == capsys.readouterr().err


def test_an_interrupt_inside_a_command_is_130(monkeypatch, capsys):
    """Ctrl-C while a command works ends it with one line."""
    monkeypatch.setattr("tradewright.bootstrap.settings.read_settings", _raises(KeyboardInterrupt()))
    assert 130 == main(["data", "list"])
    assert "error: interrupted\n" == capsys.readouterr().err


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_a_reader_that_goes_away_is_met_with_silence(option, tmp_path):
    """`tradewright … | head` ends quietly, whether the pipe breaks while printing or at the end."""
    environment = os.environ | {DATA_DIR: str(tmp_path)}
    code = f"import sys\nfrom tradewright.cli.main import main\nsys.stdin.readline()\nsys.exit(main(['{option}']))"
    reader, writer = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.PIPE, env=environment
    ) as process:
        os.close(writer)
        os.close(reader)
        _, told = process.communicate(b"go\n")
    assert (1, b"") == (process.returncode, told)
