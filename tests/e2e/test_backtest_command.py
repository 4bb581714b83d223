"""The main job as a user runs it: processes, files, and the same bytes again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BTC = "BTC/USDT:USDT"


def tradewright(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("tradewright")), *arguments],
        cwd=folder,
        env={**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder / "data"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ten days of a synthetic market."""
    place = tmp_path_factory.mktemp("user")
    made = tradewright(place, "data", "synth", "--instrument", BTC, "--timeframe", "1m", "--days", "10")
    assert made.returncode == 0, made.stderr
    return place


def backtest(folder: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    """Run a backtest and read the result that it prints."""
    done = tradewright(folder, "backtest", *arguments, "--instrument", BTC, "--json", **environment)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def files_of(folder: Path, result: dict[str, Any]) -> dict[str, bytes]:
    """Everything that was kept of a result, with its id and time taken out."""
    paths = [path for path in (folder / "data").rglob("*") if path.is_file() and result["id"] in str(path)]
    assert len(paths) >= 8
    own = [result["id"].encode(), result["created_at"].encode()]
    found = {}
    for path in paths:
        content = path.read_bytes()
        for mark in own:
            content = content.replace(mark, b"*")
        found[str(path.relative_to(folder)).replace(result["id"], "*")] = content
    return found


@pytest.mark.parametrize(
    "strategy", [["ma_crossover", "--timeframe", "5m"], ["smc", "--timeframe", "15m"]], ids=lambda s: s[0]
)
def test_the_same_run_again_with_other_thread_counts_keeps_the_same_bytes(folder: Path, strategy: list[str]) -> None:
    """Head, tables and report of two runs differ in id and time alone, whatever number of threads there is."""
    first = backtest(folder, *strategy, NUMBA_NUM_THREADS="1", POLARS_MAX_THREADS="1")
    second = backtest(folder, *strategy, NUMBA_NUM_THREADS="2", POLARS_MAX_THREADS="2")

    assert first["fingerprints"] == second["fingerprints"]
    assert files_of(folder, first) == files_of(folder, second)


def test_both_paths_of_a_strategy_leave_the_same_outcome(folder: Path) -> None:
    """`--path on_bar` gives what `--path signals` gives."""
    by_columns = backtest(folder, "ma_crossover", "--timeframe", "15m", "--path", "signals")
    by_bars = backtest(folder, "ma_crossover", "--timeframe", "15m", "--path", "on_bar")

    assert by_columns["fingerprints"]["outcome"] == by_bars["fingerprints"]["outcome"]
    assert by_columns["total_trades"] > 10


def test_upper_case_name_of_the_seed_is_understood(folder: Path) -> None:
    """`SIMPLE_TEST` and `simple_test` are one strategy."""
    assert backtest(folder, "SIMPLE_TEST", "--timeframe", "1h")["strategy"] == "simple_test"


def test_range_limits_the_bars(folder: Path) -> None:
    """`--from` and `--to` are the first open and the last close."""
    limits = ("--from", "2024-01-03", "--to", "2024-01-05T12:00:00Z")
    result = backtest(folder, "ma_crossover", "--timeframe", "15m", *limits)

    assert (result["start_date"], result["end_date"]) == ("2024-01-03T00:00:00Z", "2024-01-05T12:00:00Z")
    assert result["data"]["instruments"][BTC]["bars"] == 60 * 4


def test_a_result_tells_what_it_came_from(folder: Path) -> None:
    """The kept head is the printed one; it holds the spec, the leak verdict and five fingerprints."""
    result = backtest(folder, "simple_test", "--timeframe", "1h", "--set", "every=5", "--balance", "5000")

    (path,) = (folder / "data" / "backtests").rglob(f"*{result['id']}.json")
    assert json.loads(path.read_text()) == result
    assert path.name == f"BTC-USDT-USDT_simple_test_1h_{result['id']}.json"
    assert result["spec"]["params"]["every"] == 5
    assert result["initial_balance"] == 5000
    assert result["leak_passport"]["passed"]
    assert set(result["fingerprints"]) == {"spec", "code", "data", "outcome", "source"}


def test_refused_run_keeps_nothing(folder: Path) -> None:
    """A refused run leaves no result behind."""
    before = sorted((folder / "data").rglob("*"))
    done = tradewright(folder, "backtest", "smc", "--instrument", BTC, "--from", "2030-01-01")

    assert done.returncode == 2
    assert before == sorted((folder / "data").rglob("*"))


def test_two_instruments_share_one_account(folder: Path) -> None:
    """A portfolio's trades name their instruments, and their profits add up to the account's."""
    made = tradewright(folder, "data", "synth", "--instrument", "ETH/USDT:USDT", "--days", "8", "--seed", "3")
    assert made.returncode == 0, made.stderr
    result = backtest(folder, "ma_crossover", "--timeframe", "15m", "--instrument", "ETH/USDT:USDT")

    parts = result["per_instrument"]
    assert set(parts) == {BTC, "ETH/USDT:USDT"}
    assert all(part["trades"] > 5 for part in parts.values())
    total = sum(part["net_pnl"] for part in parts.values())
    assert result["final_balance"] - result["initial_balance"] == pytest.approx(total, abs=1e-6)


@pytest.mark.rule("A-5")
def test_doubts_of_a_run_are_settled_by_shorter_stored_bars(folder: Path) -> None:
    """A quarter-hour run looks into the minutes of the bars in doubt; nothing else of the market was asked for."""
    tight = ("fast=2", "slow=3", "stop_atr=0.3", "reward=1")
    wishes = ("ma_crossover", "--timeframe", "1h", *(word for item in tight for word in ("--set", item)))
    wishes += ("--min-reward-risk", "0")
    worst, drilled = (backtest(folder, *wishes, "--ambiguity", policy) for policy in ("worst", "subbar"))

    assert worst["metrics"]["ambiguous_bars"] > drilled["metrics"]["ambiguous_bars"]
    assert drilled["metrics"]["drilled_bars"] == drilled["data"]["drilled"][BTC]["bars"] > 0
    assert (0, "1m") == (drilled["metrics"]["undrilled_bars"], drilled["data"]["drilled"][BTC]["timeframe"])
    assert "drilled" not in worst["data"]
