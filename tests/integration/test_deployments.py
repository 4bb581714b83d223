"""Deployments of a configuration run together in one process, go on where they ended, and one that fails stops none."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.config.typed import Configured
from tradewright.bootstrap.database import sim_sessions
from tradewright.bootstrap.database_care import on_audit, on_books
from tradewright.bootstrap.deployments import request_of, run_deployments
from tradewright.bootstrap.settings import settings_of
from tradewright.cli.deployments import _Lines
from tradewright.cli.main import main
from tradewright.domain.books import Find
from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.ports.audit_log import AuditWish
from tradewright.testing.practice import START, a_server
from tradewright.testing.served import served

TEXT = """
venue: {{exchange: practice, rest_url: "{address}"}}
simulation: {{context_bars: 60}}
risk: {{size: 0.01}}
deployments:
  - {{name: first, strategy: simple_test, instruments: ["BTC/USDT:USDT"], timeframe: 1m, params: {{every: {every}}}}}
  - {{name: second, strategy: ma_crossover, instruments: ["ETH/USDT:USDT"], timeframe: 1m, capital: 500}}
"""


def _written(folder: Path, address: str, every: int = 8) -> Path:
    path = folder / "tradewright.yaml"
    path.write_text(TEXT.format(address=address, every=every))
    return path


async def _until_bars(path: Path, least: int) -> dict[str, int]:
    configured = read(Sources(file=path))[0]
    running = asyncio.create_task(run_deployments(configured, (), _Lines()))
    end = time.monotonic() + 60.0
    counts: dict[str, int] = {}
    async with sim_sessions(settings_of(configured)) as sessions:
        while time.monotonic() < end and not running.done():
            names = await sessions.names()
            counts = {name: sum(one["kind"] == "step" for one in await sessions.read(name)) for name in names}
            if len(counts) == 2 and min(counts.values()) >= least:
                break
            await asyncio.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    return counts


def _check_books_and_trail(configured: Configured, steps: dict[str, int]) -> None:
    # What was made is in the books, the second life's too, and when each traded is in the audit log.
    settings = settings_of(configured)
    every = Find(limit=10_000)
    points = on_books(settings, lambda books: books.equity.find(every), is_live=False)
    assert all(sum(one.deployment == name for one in points) >= count for name, count in steps.items())
    deeds = [(one.deed.action, one.deed.subject) for one in on_audit(settings, lambda log: log.find(AuditWish()))]
    both = {(action, name) for action in ("session.opened", "session.closed") for name in steps}
    assert Counter(dict.fromkeys(both, 2)) == Counter(deeds)


def test_all_run_at_once_and_go_on_where_they_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two sessions of their own names, with their own words before those of the configuration; begun once only."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    server = a_server(time.monotonic_ns, speed=60.0, start=START + 5_000_000_000)
    with served(server) as address:
        path = _written(tmp_path, address)
        first = asyncio.run(_until_bars(path, 2))
        second = asyncio.run(_until_bars(path, max(first.values()) + 2))
        assert {"first", "second"} == set(first) == set(second)
        assert all(second[name] > first[name] for name in first)
        printed = capsys.readouterr().out
        assert {line.split()[0] for line in printed.splitlines() if "equity" in line} == {"first", "second"}

        configured = read(Sources(file=path))[0]
        _check_books_and_trail(configured, second)
        assert request_of(configured, configured.tree.deployments[1]).balance == 500
        assert request_of(configured, configured.tree.deployments[1]).risk["size"] == 0.01
        with pytest.raises(InvalidValue, match=r"deployments\.first\.params"):
            asyncio.run(_until_bars(_written(tmp_path, address, every=9), 1_000))


def test_unknown_and_missing_deployments_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is not there, and a configuration without any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    configured = read(Sources(file=_written(tmp_path, "http://127.0.0.1:9")))[0]
    with pytest.raises(UnknownName, match="frist"):
        asyncio.run(run_deployments(configured, ("frist",), _Lines()))
    (tmp_path / "tradewright.yaml").write_text("simulation: {seed: 2}\n")
    assert 2 == main(["deployments", "run"])
    assert 0 == main(["deployments", "list", "--json"])
