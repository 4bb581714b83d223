"""Options of `tradewright exchange` that cannot be: each is refused in one line, and no exchange comes up."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tradewright.cli.main import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--symbols", "btc"], "--symbols"),
        (["--symbols", "BTCUSDT,BTCUSDT"], "each symbol once"),
        (["--account", "key"], "--account"),
        (["--account", "key:secret:-1"], "--account"),
        (["--account", ":secret:1"], "--account"),
        (["--speed", "2000"], "--speed"),
        (["--course", "straight"], "path or candle"),
        (["--limit-fill", "hope"], "--limit-fill"),
        (["--levels", "0"], "--levels"),
        (["--correlation", "1"], "--correlation"),
        (["--recovery", "-1"], "--recovery"),
        (["--basis", "101"], "--basis"),
        (["--variant", "odd"], "--variant"),
        (["--spread", "-1"], "--spread"),
        (["--history", "0"], "--history"),
        (["--socket-hours", "25"], "--socket-hours"),
        (["--scenario", "none.yaml"], "--scenario"),
        (["--from", "yesterday"], "--from"),
        (["--tls-port", "18443"], "--tls-cert"),
        (["--weight-limit", "-1"], "--weight-limit"),
        (["--replay", "nowhere"], "nowhere"),
        (["--replay", "mine", "--timeframe", "10s"], "--timeframe"),
        (["--replay", "absent.jsonl.gz"], "absent.jsonl.gz"),
        (["--replay", "trades.csv"], "--symbols"),
        (["--replay", "trades.csv", "--symbols", "XRPUSDT"], "trades.csv"),
        (["--tick-size", "zero"], "tick_size"),
    ],
)
def test_bad_option_is_refused_in_one_line(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, the option, and what is allowed."""
    assert 2 == main(["exchange", "--port", "0", "--history", "1", *arguments])
    told = capsys.readouterr().err
    assert 1 == len(told.splitlines())
    assert word in told


def test_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Where something else listens already, the exchange says so."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert 2 == main(["exchange", "--port", port, "--history", "1"])
    assert "--port" in capsys.readouterr().err
