"""What a paper session prints, and the list of sessions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradewright.adapters.storage.locking import writing
from tradewright.bootstrap.settings import DATA_DIR
from tradewright.cli.main import main
from tradewright.cli.run_view import RunView
from tradewright.services import session_facts, wish_answers
from tradewright.services.pending import Confirming
from tradewright.services.wish_answers import WishAnswer
from tradewright.testing.paper_rig import PaperRig


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_view_tells_fills_signals_funding_and_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each bar, one below it for each thing that happened, and a table that says how far to believe it."""
    rig, view = PaperRig(tmp_path), RunView(as_json=False)
    name = rig.begin(costs={"spread_bps": 2.0})
    rig.told_to = view
    own = rig.follow(name, 120)

    view.ended(name, own, rig.keep(own), rig.drift(name))

    printed = capsys.readouterr().out
    assert "2023-11-15T00:01:00Z  equity 10,000.00  positions 0  BTC/USDT:USDT " in printed
    for words in ("    signal ", " at ", "(entry, fee ", "realised ", "and every point of equity", f"--resume {name}"):
        assert words in printed


def test_view_of_a_session_that_missed_bars_shows_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fills that only one of the two has, and why."""
    rig, view = PaperRig(tmp_path), RunView(as_json=False)
    name = rig.begin()
    own = rig.follow(name, 200, after_s=9_000.0)

    view.ended(name, own, rig.keep(own), rig.drift(name))

    printed = " ".join(capsys.readouterr().out.split())
    assert "149 heard of too late" in printed
    assert "backtest" in printed


def test_view_before_the_first_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how to go on; a program gets a line without a result."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    own = rig.restored(name)

    RunView(as_json=False).ended(name, own, None, None)
    RunView(as_json=True).ended(name, own, None, None)

    first, second = capsys.readouterr().out.splitlines()
    assert "no bar has closed" in first
    assert {"kind": "end", "session": name, "bars": 0, "result": None, "drift": None} == json.loads(second)


def test_waiting_is_said_beside_the_results(capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr: who reads the results does not meet it."""
    RunView(as_json=True).waiting("no answer", 2.0)
    assert ("", "waiting 2 s: no answer\n") == tuple(capsys.readouterr())


def test_sessions_are_listed_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From their journals alone."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    assert 0 == main(["sessions", "list"])
    assert "no session has been begun" in capsys.readouterr().out
    rig = PaperRig(tmp_path)
    name = rig.begin()
    assert 0 == main(["sessions", "check", name])
    assert "has not played a bar" in capsys.readouterr().out
    rig.follow(name, 90)

    assert 0 == main(["sessions", "list", "--json"])
    (row,) = json.loads(capsys.readouterr().out)
    assert (name, "simple_test", 90) == (row["session"], row["strategy"], row["bars"])
    assert 0 == main(["sessions", "list"])
    assert 0 == main(["sessions", "check", name])
    assert "and every point of equity" in capsys.readouterr().out
    assert 0 == main(["sessions", "check", name, "--json"])
    assert json.loads(capsys.readouterr().out)["drift"]["is_equal"]
    assert 2 == main(["sessions", "check", "20260101-000000-0000"])


def test_wishes_are_left_for_a_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command leaves one, in order; what is nobody's session or no wish is refused."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    rig = PaperRig(tmp_path)
    name = rig.begin()
    for arguments in (("pause",), ("resume",), ("flatten",), ("stop",), ("swap",)):
        given = ("--set", "fast=3", "--strategy", "ma_crossover") if arguments == ("swap",) else ()
        assert 0 == main(["sessions", *arguments, name, *given])
    assert "asked of session" in capsys.readouterr().out
    asked = [record for _, record in rig.do(lambda trading: trading.sessions.asked(name))]
    assert ["pause", "resume", "flatten", "stop", "swap"] == [record["kind"] for record in asked]
    assert {"kind": "swap", "params": {"fast": "3"}, "strategy": "ma_crossover"} == asked[-1]
    assert 2 == main(["sessions", "swap", name])
    assert 2 == main(["sessions", "pause", "20260101-000000-0000"])


def test_a_session_that_ended_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its facts are its last: said beside them, so that programs read what they did."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    name = PaperRig(tmp_path).begin()
    assert 0 == main(["status", "--json"])
    printed = capsys.readouterr()
    assert (name, True) == (json.loads(printed.out)["session"], "no process runs it" in printed.err)


def test_without_a_name_the_one_that_runs_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the newest, which has ended; where several run, it is not guessed, and they are named."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    monkeypatch.setattr(wish_answers, "PATIENCE_S", 0.0)
    rig = PaperRig(tmp_path)
    names = [rig.begin() for _ in range(3)]
    lock = tmp_path / "tradewright.db-sessions_sim-{}"
    with writing(lock.with_name(lock.name.format(names[0])), "it"):
        assert 0 == main(["sessions", "pause"])
        assert names[0] in capsys.readouterr().out
        with writing(lock.with_name(lock.name.format(names[1])), "it"):
            assert 2 == main(["kill"])
            said = capsys.readouterr().err
            assert [True, True, False] == [name in said for name in names]
    assert 0 == main(["sessions", "resume"])
    assert max(names) in capsys.readouterr().out


def test_what_was_killed_opens_again_when_it_is_calmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that undoes the kill switch: a session on paper goes on."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    rig = PaperRig(tmp_path)
    name = rig.begin()
    rig.follow(name, 2)
    assert 0 == main(["kill", name])
    assert rig.follow(name, 1).session.is_paused
    assert 0 == main(["calm", name])
    assert not rig.follow(name, 1).session.is_paused


@pytest.mark.parametrize("flags", [[], ["--flatten"]])
def test_the_kill_switch_stops_a_session_on_paper(
    flags: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It opens nothing from then on, and with --flatten it holds nothing."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    rig = PaperRig(tmp_path)
    name = rig.begin()
    held = rig.follow(name, 60)
    assert (0.5,) == held.session.positions
    assert 0 == main(["kill", name, *flags])
    assert "kill" in capsys.readouterr().out

    own = rig.follow(name, 80)

    assert own.session.is_paused
    opened = own.session.world.fills[held.session.world.fills.size :]
    assert (opened["lots"] <= opened["closed_lots"]).all()
    if flags:
        assert own.session.positions == (0.0,)


@pytest.mark.parametrize("command", ["stop", "flatten", "kill", "confirm", "reject"])
def test_what_is_asked_is_told_as_json(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For programs: what was asked, and the answer that people read."""
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    name = PaperRig(tmp_path).begin()
    order = ["7"] if command in {"confirm", "reject"} else []
    assert 0 == main([command, *order, name, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (command, "waiting", True) == (told["asked"], told["state"], name in told["answer"])
    assert "no process runs it" in told["answer"]


@pytest.mark.parametrize(
    ("told", "state", "words", "code"),
    [
        (WishAnswer("done"), "done", "flatten is done", 0),
        (WishAnswer("refused", "no bar yet"), "refused", "refuses flatten: no bar yet", 2),
        (WishAnswer("waiting"), "waiting", "it has not answered yet", 0),
    ],
)
def test_what_a_session_answers_is_told(
    told: WishAnswer, state: str, words: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Done, refused with its reason and the exit code of an error, or not answered yet; for programs by a word."""

    async def answer(*_: object) -> WishAnswer:
        return told

    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    monkeypatch.setattr(wish_answers, "ask_and_hear", answer)
    name = PaperRig(tmp_path).begin()
    assert code == main(["flatten", name])
    printed = capsys.readouterr()
    assert words in (printed.err if code else printed.out)
    assert code == main(["flatten", name, "--json"])
    plain = json.loads(capsys.readouterr().out)
    assert (state, True) == (plain["state"], words in plain["answer"])


def test_an_order_whose_price_moved_is_not_told_as_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The session has done what was asked, but the order waits on, at another price: that is a refusal."""

    async def answer(*_: object) -> WishAnswer:
        return WishAnswer("done")

    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    monkeypatch.setattr(wish_answers, "ask_and_hear", answer)
    rig = PaperRig(tmp_path)
    rig.confirming = Confirming(is_on=True, ttl_s=600.0)
    name = rig.begin(params={"every": 2})
    while not (rows := session_facts.pending(rig.follow(name, 1))):
        pass
    assert 2 == main(["confirm", str(rows[0]["order"]), name])
    assert f"order {rows[0]['order']} is shown anew at" in capsys.readouterr().err


def test_view_tells_wishes(capsys: pytest.CaptureFixture[str]) -> None:
    """Done, or refused with the reason; for a program as a line of JSON."""
    RunView(as_json=False).asked({"kind": "pause"}, "")
    RunView(as_json=False).asked({"kind": "swap"}, "no such strategy")
    RunView(as_json=True).asked({"kind": "pause"}, "")
    first, second, third = capsys.readouterr().out.splitlines()
    assert ("    pause: done", "    swap: refused: no such strategy") == (first, second)
    assert {"kind": "asked", "record": {"kind": "pause"}, "refusal": ""} == json.loads(third)
