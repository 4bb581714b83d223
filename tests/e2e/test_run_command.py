"""`tradewright run` as a user runs it: it follows the practice exchange, is killed, goes on, and ends when told."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

COMMAND = str(Path(sys.executable).with_name("tradewright"))


@contextmanager
def _started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [COMMAND, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.fixture
def address(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    speed = str(getattr(request, "param", 120))
    with _started(tmp_path, "exchange", "--port", "0", "--speed", speed, "--history", "1") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        yield found[0]


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    text = process.stdout.readline()
    assert text, process.stderr.read() if process.stderr else ""
    line: dict[str, Any] = json.loads(text)
    return line


def test_session_is_killed_goes_on_and_ends_when_told(tmp_path: Path, address: str) -> None:
    """SIGKILL loses no bar; after --resume the next follows the last; Ctrl-C keeps a result and exits with 0."""
    place = ("--url", address, "--json")
    with _started(tmp_path, "run", "simple_test", "--instrument", "BTC/USDT:USDT", "--timeframe", "1m", *place) as run:
        before = [_line(run) for _ in range(3)]
        run.kill()
    with closing(sqlite3.connect(tmp_path / "data" / "tradewright.db")) as file:
        ((name,),) = file.execute("SELECT name FROM sessions_sim").fetchall()

    with _started(tmp_path, "run", "--resume", name, *place) as run:
        after = [_line(run) for _ in range(3)]
        run.send_signal(signal.SIGINT)
        rest = [json.loads(line) for line in run.communicate(timeout=60)[0].splitlines()]

    assert 0 == run.returncode
    end = rest[-1]
    bars = [*before, *after, *rest[:-1]]
    closes = dict.fromkeys(bar["ts_close"] for bar in bars)
    assert [bar["ts_open"] for bar in bars[1:3]] == list(closes)[:2]
    assert (end["kind"], end["session"]) == ("end", name)
    assert end["bars"] >= len(closes)
    assert (tmp_path / "data" / "reports" / end["result"] / "report.html").exists()
    assert end["drift"]["fills"] <= end["drift"]["expected"] or end["drift"]["is_equal"]
    deeds = [(one["action"], one["subject"]) for one in _asked(tmp_path, "audit", "list")]
    # The life that was killed had no end; the deeds of the other begin and end with it.
    assert [("session.opened", name)] * 2 + [("session.closed", name)] == deeds


def test_bad_wishes_are_refused_by_their_name(tmp_path: Path, address: str) -> None:
    """Nothing asked for, too much asked for, what no field is called, and an exchange that is not there."""
    for arguments, words in (
        ((), "STRATEGY and --instrument"),
        (("simple_test", "--resume", "20260101-000000-0000"), "beside --resume"),
        (("simple_test", "--instrument", "BTC/USDT:USDT", "--risk", "siz=1"), "field of risk 'siz'"),
        (("simple_test", "--instrument", "BTC/USDT:USDT", "--risk", "size=much"), "risk.size"),
        (("simple_test", "--instrument", "BTC/USDT:USDT", "--set", "fast"), "--set"),
        (("simple_test", "--instrument", "BTC/USDT:USDT", "--exchange", "mtgox"), "mtgox"),
        (("--resume", "20260101-000000-0000", "--url", address), "there is none"),
    ):
        with _started(tmp_path, "run", *arguments) as run:
            out, error = run.communicate(timeout=60)
        assert (2, "") == (run.returncode, out), error
        assert words in error
    with closing(sqlite3.connect(tmp_path / "data" / "tradewright.db")) as file:
        assert [] == file.execute("SELECT name FROM sessions_sim").fetchall()


def _asked(folder: Path, *words: str) -> Any:
    environment = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder / "data")}
    words = (COMMAND, *words, "--json")
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else []


def _set_speed(address: str, speed: float) -> None:
    body = json.dumps({"speed": speed}).encode()
    with urlopen(Request(f"{address}/_emu/clock", body), timeout=10):  # noqa: S310 - of this test
        pass


def _until(met: Callable[[], Any]) -> Any:
    for _ in range(120):
        if found := met():
            return found
        time.sleep(0.25)
    raise AssertionError("it did not come")


@pytest.mark.parametrize("address", [30], indirect=True)
def test_order_is_confirmed_protected_and_closed_at_the_venue(tmp_path: Path, address: str) -> None:
    """What a person confirms is sent; its stop rests at the venue while we are dead; --flatten leaves nothing there."""
    place = ("--at-venue", "--url", address, "--json")
    what = ("simple_test", "--instrument", "BTC/USDT:USDT", "--timeframe", "1m", "--set", "every=8")
    what = (*what, "--set", "trading.confirm_ttl_s=86400")
    with _started(tmp_path, "run", *what, "--confirm", *place) as run:
        (waiting,) = _until(lambda: _asked(tmp_path, "pending"))
        _set_speed(address, 1)
        assert waiting["stop_loss"] != waiting["take_profit"]
        assert [] == _asked(tmp_path, "positions")
        environment = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(tmp_path / "data")}

        def confirmed() -> Any:
            # Where the price has moved meanwhile, it is asked for anew.
            confirm = [COMMAND, "confirm", str(waiting["order"])]
            subprocess.run(confirm, cwd=tmp_path, env=environment, check=False, capture_output=True)
            return _asked(tmp_path, "positions")

        (held,) = _until(confirmed)
        assert held["side"] == ("long" if waiting["side"] == "buy" else "short")
        stops = _until(lambda: [one for one in _asked(tmp_path, "orders") if one["role"] == "stop loss"])
        assert held["quantity"] in (stops[0]["quantity"], -stops[0]["quantity"])
        run.kill()
    name = _asked(tmp_path, "status")["session"]

    _set_speed(address, 60)
    with _started(tmp_path, "run", "--resume", name, "--bars", "2", "--flatten", *place) as run:
        lines = [json.loads(line) for line in run.communicate(timeout=60)[0].splitlines()]

    assert run.returncode == 0
    assert lines[-1]["kind"] == "end"
    assert lines[-1]["result"]
    assert [] == _asked(tmp_path, "positions")
    assert [] == _asked(tmp_path, "orders")
    assert _asked(tmp_path, "performance")["trades"] >= 1
    (trade, *_) = _asked(tmp_path, "journal", "list")
    assert (name, held["side"]) == (trade["deployment"], trade["side"])
    actions = [one["action"] for one in _asked(tmp_path, "audit", "list")]
    assert {"session.opened", "order.confirmed", "order.sent", "session.closed"} <= set(actions)
    assert _asked(tmp_path, "status")["halted"] == ""
