"""`tradewright keys`: secrets go in, take effect, and are never shown."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tradewright.adapters.storage import key_file
from tradewright.cli.main import main


class _Typed(io.StringIO):
    def isatty(self) -> bool:
        return False


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(key_file, "_MEMORY_KIB", 1_024)


def _run(monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", _Typed(typed))
    return main(["keys", *arguments])


def test_a_key_is_kept_takes_effect_and_is_removed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the name of its variable or its key; the environment wins over it; no output holds it."""
    assert 0 == _run(monkeypatch, "canary\nsesame\n", "set", "EXCHANGE_API_KEY")
    monkeypatch.setenv("TRADEWRIGHT_KEYS_PASSPHRASE", "sesame")
    assert 0 == _run(monkeypatch, "canary2\n", "set", "venue.api_secret")
    assert 0 == _run(monkeypatch, "", "list", "--json")
    assert 0 == main(["config", "show", "venue", "--origin"])
    told = capsys.readouterr()
    assert "canary" not in told.out + told.err
    lines = {line.split()[0]: line for line in told.out.splitlines() if line.strip()}
    assert "key store venue.api_key" in lines["venue.api_key"]
    assert json.loads(told.out[told.out.index("[") : told.out.index("]") + 1]) == ["venue.api_key", "venue.api_secret"]
    monkeypatch.setenv("EXCHANGE_API_KEY", "other")
    assert 0 == main(["config", "show", "venue.api_key", "--origin"])
    assert "environment EXCHANGE_API_KEY" in capsys.readouterr().out
    assert 0 == _run(monkeypatch, "", "remove", "venue.api_secret")
    assert 2 == _run(monkeypatch, "", "remove", "venue.api_secret")
    capsys.readouterr()
    assert 0 == main(["audit", "export"])
    trail = capsys.readouterr().out
    deeds = [("keys.set", "venue.api_key"), ("keys.set", "venue.api_secret"), ("keys.removed", "venue.api_secret")]
    assert deeds == [(one["action"], one["subject"]) for one in json.loads(trail)]
    assert "canary" not in trail


def test_the_passphrase_can_be_changed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """After it the old one opens nothing, and what was kept is there."""
    assert 2 == _run(monkeypatch, "", "rotate")
    assert 0 == _run(monkeypatch, "canary\nold\n", "set", "venue.api_key")
    assert 0 == _run(monkeypatch, "old\nnew\n", "rotate")
    assert 2 == _run(monkeypatch, "old\n", "list")
    assert "the passphrase of" in capsys.readouterr().err
    assert 0 == _run(monkeypatch, "new\n", "list")
    assert "venue.api_key" in capsys.readouterr().out


def test_bad_wishes_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is none of a secret, an empty secret, an empty passphrase; nothing is written."""
    for typed, arguments, words in (
        ("x\n", ("set", "venue.api_kee"), "did you mean 'venue.api_key'"),
        ("\n", ("set", "venue.api_key"), "not empty"),
        ("x\n\n", ("set", "venue.api_key"), "not empty"),
    ):
        assert 2 == _run(monkeypatch, typed, *arguments)
        assert words in capsys.readouterr().err
    assert not Path("data/keys.enc").exists()
    assert 0 == _run(monkeypatch, "", "list")
