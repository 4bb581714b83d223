"""A team from its file to a stored result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tradewright.cli.main import app
from tradewright.domain.errors import InvalidValue
from tradewright.services.team_files import MemberRequest, read_team

TEAM = """
[[member]]
name = "trend"
strategy = "ma_crossover"
instruments = ["BTC/USDT:USDT", "ETH/USDT:USDT"]
share = 0.5
[member.params]
fast = 8
slow = 21

[[member]]
name = "revert"
strategy = "rsi_mean_reversion"
instruments = ["BTC/USDT:USDT"]
share = 0.25
[member.risk]
min_reward_risk = 0.5
[member.limits]
max_losses = 5
"""
RUN = ["backtest", "--timeframe", "15m", "--json"]


def invoked(*words: str) -> tuple[int, str]:
    """Exit code and all that was written."""
    outcome = CliRunner().invoke(app, list(words))
    return outcome.exit_code, outcome.output if outcome.exit_code == 0 else str(outcome.exception)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The team above, beside a store with twenty days of two instruments."""
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    for seed, symbol in enumerate(("BTC/USDT:USDT", "ETH/USDT:USDT")):
        known = ("--instrument", symbol, "--timeframe", "15m", "--days", "20", "--seed", str(seed))
        assert invoked("data", "synth", *known)[0] == 0
    path = tmp_path / "team.toml"
    path.write_text(TEAM)
    return path


def test_a_team_is_run_kept_and_shown(file: Path) -> None:
    """The result says what each member made; tables say whose each line is; what it is made of adds up."""
    code, text = invoked(*RUN, "--team", str(file), "--size", "0.02")
    assert code == 0, text
    result = json.loads(text)
    team, spec = result["team"], result["spec"]

    assert list(team["members"]) == ["trend", "revert"]
    assert [member["share"] for member in team["members"].values()] == [0.5, 0.25]
    made = sum(member["final_equity"] - member["capital"] for member in team["members"].values())
    assert made == pytest.approx(result["final_balance"] - result["initial_balance"], abs=1e-6)
    assert sum(member["trades"] for member in team["members"].values()) == result["total_trades"] > 20
    assert team["correlation"]["trend"]["trend"] == pytest.approx(1.0)
    assert spec["team"][1]["risk"] == {"min_reward_risk": 0.5}
    assert spec["risk"]["size"] == 0.02
    assert set(result["leak_passport"]["members"]) == {"trend", "revert"}
    shown = invoked("results", "show", result["id"])[1]
    assert "correlation" in shown
    assert "revert" in shown
    code, text = invoked("results", "export", result["id"], "--format", "json", "--out", str(file.parent), "--json")
    tables = json.loads(Path(json.loads(text)["files"][0]).read_text())
    for name in ("trades", "fills", "orders"):
        assert {line["member"] for line in tables[name]} == {"trend", "revert"}
    assert tables["equity"][-1]["equity_trend"] == team["members"]["trend"]["final_equity"]


def test_a_member_says_more_than_the_account_and_the_account_more_than_a_strategy(file: Path) -> None:
    """`rsi_mean_reversion` states a reward:risk of 1, the user 2 for the account, the member 0.5 of its own."""
    code, text = invoked(*RUN, "--team", str(file), "--min-reward-risk", "2")
    assert code == 0, text
    spec = json.loads(text)["spec"]

    assert spec["risk"]["min_reward_risk"] == 2.0
    assert [member["risk"] for member in spec["team"]] == [{}, {"min_reward_risk": 0.5}]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share = 0.5", "share = 0.9", "share: 1.15 is not allowed"),
        ("share = 0.5", "", "team.toml: member 1: share: None is not allowed"),
        ("share = 0.5", 'share = "half"', "team.toml: member 1: share: 'half'"),
        ("share = 0.5", "share = 0.5\nspeed = 1", "team.toml: member 1: speed: 1 is not allowed; give one of name"),
        ('"trend"', '"Trend One"', "name: 'Trend One'"),
        ('"trend"', "1", "team.toml: member 1: name: 1 is not allowed; give text in quotes"),
        ('"ma_crossover"', '"ma_crosover"', "ma_crosover"),
        ("fast = 8", "fast = -8", "trend.params.fast: -8"),
        ("min_reward_risk = 0.5", "min_reward_risk = -1", "revert.risk.min_reward_risk: -1"),
        ("min_reward_risk = 0.5", "leverage = 3", "revert.risk.leverage: 3 is not allowed; give it for the whole"),
        ("max_losses = 5", "max_loss = 5", "revert.limits.max_loss: 5"),
        ('instruments = ["BTC/USDT:USDT"]', "instruments = [1]", "team.toml: member 2: instruments"),
        ('instruments = ["BTC/USDT:USDT"]', 'instruments = "BTC"', "team.toml: member 2: instruments"),
        ("[[member]]", "[member]", "team.toml"),
        ("[member.params]", "[params]", "team.toml: params"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_place(file: Path, old: str, new: str, message: str) -> None:
    """Nothing is run or kept; the error names the field, the value and what is allowed."""
    file.write_text(TEAM.replace(old, new, 1))
    code, text = invoked(*RUN, "--team", str(file))

    assert code != 0
    assert message in text
    assert json.loads(invoked("results", "list", "--json")[1]) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("smc",), "STRATEGY: 'smc' is not allowed; give it in the file of the team"),
        (("--instrument", "BTC/USDT:USDT"), "--instrument"),
        (("--set", "fast=3"), "--set"),
        (("--engine", "backtrader"), "--engine"),
        (("--path", "on_bar"), "rsi_mean_reversion does not offer on_bar"),
    ],
)
def test_options_of_a_single_strategy_are_refused_beside_a_team(
    file: Path, words: tuple[str, ...], message: str
) -> None:
    """Each member has its own, in the file."""
    code, text = invoked(*RUN, "--team", str(file), *words)

    assert code != 0
    assert message in text


def test_members_made_for_different_timeframes_need_one_to_be_named(file: Path) -> None:
    """An account has one grid of time."""
    file.write_text(TEAM.replace("rsi_mean_reversion", "momentum_breakout"))
    code, text = invoked("backtest", "--team", str(file))

    assert code != 0
    assert "--timeframe: None is not allowed; give one for all" in text


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its path; and what is read is typed."""
    with pytest.raises(InvalidValue, match="--team"):
        read_team(tmp_path / "none.toml")
    path = tmp_path / "one.toml"
    path.write_text('[[member]]\nname = "a"\nstrategy = "smc"\ninstruments = ["X/USDT"]\nshare = 1\n')
    assert read_team(path) == (MemberRequest("a", "smc", ("X/USDT",), 1.0),)
