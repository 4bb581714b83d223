"""The demo runs by itself where nobody watches: three sessions trade, end flat, and are set beside their backtests."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from tradewright.adapters.venues.practice import gateway
from tradewright.adapters.venues.practice.refusal import VenueError
from tradewright.bootstrap.any_session import on_session
from tradewright.bootstrap.database import sim_sessions
from tradewright.bootstrap.demo import Demo
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.wiring import strategies
from tradewright.cli import demo_screen
from tradewright.cli.demo_screen import LineScreen
from tradewright.cli.main import main
from tradewright.services.live.drift import VenueDrift, venue_drift
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.session import LiveSession


class Screen(LineScreen):
    """Ends the demo when an order waited to be confirmed, every strategy has heard a bar, and one of them filled."""

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._lives: dict[str, LiveSession] = {}

    def happened(self, live: LiveSession, records: Sequence[Mapping[str, Any]]) -> None:
        super().happened(live, records)
        self._lives[live.name] = live
        self._kinds |= {record["kind"] for record in records}

    async def show(self, demo: Demo) -> None:
        while not (demo.over.is_set() or self._is_seen()):
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await demo.over.wait()
        demo.over.set()

    def _is_seen(self) -> bool:
        lives = self._lives.values()
        filled = any(one.session.run.world.fills.size for one in lives)
        return "hold" in self._kinds and filled and 3 == len(lives) and all(one.own.steps for one in lives)


def test_demo_ends_by_itself_flat_and_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every order that only one of session and backtest has comes with a reason; no position is left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))

    monkeypatch.setattr(demo_screen, "LineScreen", Screen)
    # What must be seen ends it, however slow the machine is.
    code = main(["demo", "--seconds", "3600", "--speed", "60"])
    assert 0 == code, capsys.readouterr().err

    told = capsys.readouterr().out
    assert "waits at" in told
    settings = Settings(tmp_path / "data")

    async def names() -> list[str]:
        async with sim_sessions(settings) as sessions:
            return list(await sessions.names())

    known = asyncio.run(names())
    assert 3 == len(known)
    fills = 0
    for name in known:
        registry = strategies(settings)

        async def load(own: str, sessions: object) -> list[object]:
            return list(await sessions.read(own))  # type: ignore[attr-defined]  # a store

        live = live_session_of(name, on_session(settings, name, load), registry)  # type: ignore[arg-type]  # records
        assert (0.0,) == live.session.positions
        fills += live.session.run.world.fills.size
        drift = venue_drift(live, registry)
        assert isinstance(drift, VenueDrift)
        assert 0.0 <= drift.score <= 1.0
        assert all(one.why for one in drift.orders if one.ours is None or one.expected is None)
        assert (f"session {name}: {drift.score:.1%} of {len(drift.orders)} orders" in told) is bool(drift.orders)
    assert fills > 0


def test_demo_whose_venue_refuses_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where one session fails, the others are waited for before the database is closed: no connection is lost."""

    def late(*_: object) -> None:
        raise VenueError(-1021, "Timestamp for this request is outside of the recvWindow.")

    monkeypatch.setattr(gateway, "check_time", late)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    assert 2 == main(["demo", "--seconds", "12", "--speed", "200"])
    assert "-1021" in capsys.readouterr().err
    # By its type alone: to ask a dead proxy for its class is an error.
    assert [] == [one for one in gc.get_objects() if type(one) is aiosqlite.Connection and one._connection is not None]
