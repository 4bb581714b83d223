"""Tables, numbers and JSON."""

from __future__ import annotations

import json

import pytest

from tradewright.cli.output import number, print_json, print_records, print_table, progress_bar, say, working


def test_numbers_have_separators_and_a_dash_where_there_is_none():
    """Whole numbers in full, others to six digits or as many decimals as asked for."""
    assert ("45,031", "-1,234.50", "0.123457", "-") == (
        number(45_031),
        number(-1_234.5, 2),
        number(0.12345678),
        number(None),
    )


def test_tables_fit_80_columns_and_align_numbers_on_the_right(capsys, monkeypatch):
    """A column of numbers ends at one place; markup in a cell is text like any other."""
    monkeypatch.setenv("COLUMNS", "80")
    print_table(("name", "count"), [("[red]one[/red]", 1), ("two", 12_345), ("three", None)])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any(line.startswith(" [red]one[/red]") and line.rstrip().endswith("     1") for line in lines)
    assert 1 == len({len(line.rstrip()) for line in lines if "one" in line or "12,345" in line or "three" in line})


def test_names_are_whole_however_narrow_the_terminal_is(capsys, monkeypatch):
    """A table where it fits; else each row in lines of its own, broken between words alone."""
    columns = ("session", "strategy", "instruments", "bars", "last close")
    row = ("20261121-203645-7231", "momentum_breakout", "BTC/USDT:USDT, ETH/USDT:USDT", 1_234, "2026-11-21T20:36:45Z")
    for width, lines in ((120, 3), (80, 2)):
        monkeypatch.setenv("COLUMNS", str(width))
        print_records(columns, [row])
        printed = capsys.readouterr().out
        assert lines == len(printed.strip().splitlines())
        for name in ("20261121-203645-7231", "momentum_breakout", "ETH/USDT:USDT", "1,234", "2026-11-21T20:36:45Z"):
            assert name in printed
        assert max(map(len, printed.splitlines())) <= width


def test_json_is_alone_on_stdout_and_refuses_what_is_not_json(capsys):
    """What is printed can be read back; a NaN is an error, not a word."""
    print_json({"a": [1, "ä", None]})
    assert {"a": [1, "ä", None]} == json.loads(capsys.readouterr().out)
    with pytest.raises(ValueError, match="JSON"):
        print_json(float("nan"))


def test_progress_leaves_nothing_where_nobody_watches(capsys):
    """Without a terminal there is no bar, on stdout or stderr."""
    with progress_bar("work") as progress, working("more"):
        progress(1, 2)
    say("[bold]done")
    assert ("[bold]done\n", "") == tuple(capsys.readouterr())
