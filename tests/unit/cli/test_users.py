"""`tradewright users` and `tradewright tokens`: the way in for whoever sits at the machine."""

from __future__ import annotations

import io
import json

import pytest

from tradewright.cli.main import main

PASSWORD = "correct horse battery\n"  # noqa: S105 - of people who are made here


class _Typed(io.StringIO):
    def isatty(self):
        return False


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Runs a command with what is typed; gives its code and what it printed."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def command(*words, typed=""):
        monkeypatch.setattr("sys.stdin", _Typed(typed))
        code = main(list(words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_users_are_added_changed_and_removed(run):
    """The password comes by a pipe and is in no output; an admin is always left; the audit log names who did it."""
    assert 0 == run("users", "add", "ada", typed=PASSWORD)[0]
    assert 0 == run("users", "add", "bob", "viewer", typed=PASSWORD)[0]
    assert 0 == run("users", "role", "bob", "trader")[0]
    assert 0 == run("users", "disable", "bob")[0]
    assert 0 == run("users", "password", "bob", "--no-codes", typed=PASSWORD)[0]
    rows = json.loads(run("users", "list", "--json")[1])
    assert [("ada", "admin", False), ("bob", "trader", True)] == [
        (row["name"], row["role"], row["disabled"]) for row in rows
    ]
    assert 0 == run("users", "enable", "bob")[0]
    assert 0 == run("users", "remove", "bob")[0]
    refused = run("users", "disable", "ada")
    assert (2, True) == (refused[0], "no admin would be left" in refused[2])
    told = run("audit", "list", "--json")[1]
    assert "(at the machine)" in json.loads(told)[0]["actor"]
    assert PASSWORD.strip() not in told


def test_bad_words_are_refused(run):
    """A role that is none, a short password, somebody who is there already or is not."""
    assert 2 == run("users", "add", "ada", "king", typed=PASSWORD)[0]
    assert 2 == run("users", "add", "ada", typed="short\n")[0]
    assert 0 == run("users", "add", "ada", typed=PASSWORD)[0]
    assert 2 == run("users", "add", "ADA", typed=PASSWORD)[0]
    assert 2 == run("users", "role", "eve", "viewer")[0]


def test_tokens_are_made_listed_and_revoked(run):
    """Printed once; the list does not hold them."""
    run("users", "add", "ada", typed=PASSWORD)
    code, text, _ = run("tokens", "make", "ada", "grafana", "--scope", "viewer", "--days", "0")
    assert (0, True) == (code, text.startswith("tw_"))
    (row,) = json.loads(run("tokens", "list", "--json")[1])
    assert ("grafana", "viewer", None, text.split("_")[1]) == (row["label"], row["scope"], row["expires"], row["id"])
    assert text.strip() not in json.dumps(row)
    assert 0 == run("tokens", "revoke", row["id"])[0]
    assert json.loads(run("tokens", "list", "--json")[1])[0]["revoked"]
