"""`tradewright config`: what a user sees, and the exit codes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.config.source import FileSource
from tradewright.bootstrap.config_versions import config_history
from tradewright.cli.configured import configuration
from tradewright.cli.main import main
from tradewright.services.config_watch import ConfigWatch, Whose


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


def test_show_gives_each_value_and_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A section alone, as a table and as JSON, with --set and a preset."""
    monkeypatch.setenv("RISK_PER_TRADE", "0.02")
    assert 0 == main(["config", "show", "risk", "--origin", "--preset", "conservative", "--set", "risk.leverage=4"])
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert "environment RISK_PER_TRADE" in lines["risk.size"]
    assert "preset conservative" in lines["risk.max_positions"]
    assert "--set risk.leverage" in lines["risk.leverage"]
    assert 0 == main(["config", "show", "--json"])
    shown = json.loads(capsys.readouterr().out)
    assert (0.02, [], None) == (shown["risk.size"], shown["deployments"], shown["venue.api_key"])
    assert 2 == main(["config", "show", "rsik"])
    assert "did you mean 'risk'" in capsys.readouterr().err


def test_check_says_what_is_right_and_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A right file ends with 0, a wrong one with 2 and one line; what money needs beside is told."""
    file = tmp_path / "mine.yaml"
    venue = "venue: {exchange: binance, ws_url: 'wss://near.example'}"
    text = f"preset: balanced\nmomentum: {{macd_fast: 6}}\n{venue}\ntrading: {{mode: live}}\n"
    file.write_text(text, encoding="utf-8")
    assert 0 == main(["config", "check", str(file)])
    told = capsys.readouterr().out
    assert "the configuration is right" in told
    assert "binance is not asked at its own addresses" in told
    assert "wss://near.example" in told
    assert "TRADING_APPROVED=true" in told
    assert 0 == main(["config", "check", str(file), "--json"])
    assert "balanced" == json.loads(capsys.readouterr().out)["preset"]
    file.write_text("risk: {size: 9}\n", encoding="utf-8")
    assert 2 == main(["config", "check", str(file)])
    assert "mine.yaml:1 risk.size: 9 is not allowed" in capsys.readouterr().err


def test_diff_names_the_keys_that_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Between presets, files, the defaults and what counts now."""
    assert 0 == main(["config", "diff", "conservative", "balanced", "--json"])
    rows = {row["key"]: (row["before"], row["after"]) for row in json.loads(capsys.readouterr().out)}
    assert (0.0025, 0.005) == rows["risk.size"]
    assert 0 == main(["config", "diff"])
    assert "they are the same" in capsys.readouterr().out
    (tmp_path / "tradewright.yaml").write_text("risk: {size: 0.003}\n", encoding="utf-8")
    assert 0 == main(["config", "diff"])
    assert "0.003" in capsys.readouterr().out


def test_presets_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with what it is for; one with what it sets."""
    assert 0 == main(["config", "presets"])
    assert "conservative" in capsys.readouterr().out
    assert 0 == main(["config", "presets", "scalping", "--json"])
    assert 250.0 == json.loads(capsys.readouterr().out)["fills.latency_ms"]
    assert 2 == main(["config", "presets", "scalpin"])


def test_history_and_rollback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file is written back as it was, without its secrets having been kept; the one before stays beside it."""
    file = tmp_path / "tradewright.yaml"
    assert 0 == main(["config", "history"])
    assert "no version" in capsys.readouterr().out
    assert 2 == main(["config", "rollback", "1"])
    assert "version 1 of the configuration is not there" in capsys.readouterr().err

    async def keep() -> None:
        sources = Sources(folder=tmp_path)
        async with config_history(read(sources)[0]) as history:
            await ConfigWatch(FileSource(sources), history, WallClock(), Whose("anna", "run-1")).begin()

    for size in (0.003, 0.004):
        file.write_text(f"preset: balanced\nrisk: {{size: {size}}}\n", encoding="utf-8")
        asyncio.run(keep())
    assert 0 == main(["config", "history", "--json"])
    kept = json.loads(capsys.readouterr().out)
    assert [(1, "anna", 0.003), (2, "anna", 0.004)] == [
        (one["number"], one["author"], one["values"]["risk.size"]) for one in kept]  # fmt: skip
    assert [{"path": "risk.size", "before": 0.003, "after": 0.004}] == kept[1]["changes"]
    assert 0 == main(["config", "rollback", "1"])
    assert "that is version 3, with 1 changes" in capsys.readouterr().out
    assert "size: 0.003" in file.read_text()
    assert 0 == main(["audit", "export"])
    (deed,) = json.loads(capsys.readouterr().out)
    assert ("config.rolled_back", {"to": 1, "version": 3}) == (deed["action"], deed["details"])
    assert "size: 0.004" in (tmp_path / "tradewright.yaml~").read_text()
    assert 0 == main(["config", "history", "3"])
    assert "risk.size" in capsys.readouterr().out
    assert "balanced" == configuration(None, None, None)[1].preset
