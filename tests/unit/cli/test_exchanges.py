"""`tradewright exchanges`: what a user sees, and the exit codes."""

from __future__ import annotations

import json

import pytest

from tradewright.cli.main import main


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_the_list_has_our_own_and_the_librarys(capsys: pytest.CaptureFixture[str]) -> None:
    """Every venue stands in one line; what both connect to stands twice, under two names."""
    assert 0 == main(["exchanges", "list"])
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert {"binance", "practice", "ccxt-binance", "binanceusdm", "kraken", "okx"} <= set(names)
    assert len(names) > 100


def test_the_list_by_market_and_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    """Of spot markets our own have none; JSON says everything of each market, and what is done without the rest."""
    assert 0 == main(["exchanges", "list", "--market", "spot", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert "binance" not in {one["name"] for one in told}
    kraken = next(one for one in told if one["name"] == "kraken")
    assert ("Kraken", "spot") == (kraken["title"], kraken["market"])
    assert kraken["can"]["client_ids"]
    assert {name for name, has in kraken["can"].items() if not has} == set(kraken["without"])


def test_one_venue_is_shown_with_what_is_done_without(capsys: pytest.CaptureFixture[str]) -> None:
    """The practice exchange trades perpetuals alone, and has a switch for dead men; OKX has a row for each market."""
    assert 0 == main(["exchanges", "show", "practice"])
    shown = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert "yes" in shown["countdown"]
    assert "Practice exchange (practice): linear" in " ".join(shown.values())
    assert 0 == main(["exchanges", "show", "okx", "--json"])
    assert {"linear", "spot"} == {one["market"] for one in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["show", "binnance"], "did you mean 'binance'"), (["list", "--market", "inverse"], "one of linear, spot")],
)
def test_bad_names_are_refused_with_a_hint(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A venue or market that there is not ends with exit code 2 and a line that says what there is."""
    assert 2 == main(["exchanges", *arguments])
    assert words in capsys.readouterr().err
