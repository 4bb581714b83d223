"""`tradewright data download`, as a person uses it, against a practice exchange on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from tradewright.adapters.venues.practice.server import Server
from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main
from tradewright.domain.times import iso
from tradewright.testing.practice import START, a_server
from tradewright.testing.served import served

BEGIN, END = iso(START - 300 * 60_000_000_000), iso(START)
SPAN = ("--instrument", "BTC/USDT:USDT,ETH/USDT:USDT", "--from", BEGIN)


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def exchange() -> Iterator[tuple[Server, str]]:
    server = a_server(start=START + 5_000_000_000)
    with served(server) as address:
        yield server, address


def _run(*arguments: str) -> int:
    return main(["data", "download", "--exchange", "practice", *arguments])


def test_it_says_what_came_and_what_the_venue_does_not_have(
    exchange: tuple[Server, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A table of series, and the missing run by its first bar; asked again, all of it is known."""
    given = (*SPAN, "--timeframe", "1m,1h", "--kind", "candles,mark,funding", "--url", exchange[1])
    assert 0 == _run(*given)
    assert 4 == capsys.readouterr().out.count("300")
    assert 0 == _run(*given, "--json")
    rows = json.loads(capsys.readouterr().out)
    assert {0} == {row["added"] for row in rows}
    assert [300, 300, 5, 5] * 2 == [row["known"] for row in rows[:8]]
    assert 0 == main(["data", "check", "--venue", "practice"])


def test_a_venue_that_refuses_is_told_with_what_it_said(
    exchange: tuple[Server, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One series fails, the others are stored, and the exit code says that something is missing."""
    assert 2 == _run(*SPAN, "--timeframe", "1h,20m", "--url", exchange[1])
    told = " ".join(capsys.readouterr().out.split())
    assert "failed: BTC/USDT:USDT 20m candles: --timeframe: '20m' is not allowed" in told


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--instrument", "BTC/USDT:USDT", "--from", "soon"), "--from"),
        (("--instrument", "BTC/USDT:USDT", "--from", "2024-01-01", "--url", "binance.com"), "--url"),
        (("--instrument", "BTC/USDT:USDT", "--from", "2024-01-01", "--exchange", "binanc"), "did you mean 'binance'"),
        (
            ("--instrument", "BTC/USDT", "--from", "2024-01-01", "--exchange", "kraken", "--url", "kraken.com"),
            "--url",
        ),
        (("--instrument", ",", "--from", "2024-01-01"), "--instrument"),
        (("--instrument", "BTC/USDT:USDT", "--from", "2024-01-01", "--kind", "books"), "--kind"),
        (("--instrument", "BTC/USDT:USDT", "--from", "2024-01-01", "--timeframe", "1x"), "--timeframe"),
        (("--instrument", "BTC/USDT:USDT", "--from", "2024-01-02", "--to", "2024-01-01"), "--to"),
    ],
)
def test_bad_options_are_refused_in_one_line(
    arguments: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, the option, what is allowed; nothing is asked of anyone."""
    assert 2 == _run(*arguments)
    told = capsys.readouterr().err
    assert 1 == len(told.splitlines())
    assert word in told


def test_a_venue_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens on the port: the error names venue, request and reason."""
    monkeypatch.setattr("tradewright.bootstrap.venues.PATIENCE_S", 0.5)
    assert 2 == _run(*SPAN, "--url", f"http://127.0.0.1:{unused_port()}")
    told = capsys.readouterr().err
    assert "practice: GET /fapi/v1/time: Cannot connect to host 127.0.0.1" in told
