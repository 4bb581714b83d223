"""No order of a simulation reaches a venue, and none with money leaves without all conditions: seen by running it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.venues.practice.setup import Account
from tradewright.bootstrap.database import live_sessions, sim_sessions
from tradewright.bootstrap.live_place import live_place
from tradewright.bootstrap.paper import PaperWish
from tradewright.bootstrap.practice_place import practice_place
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.venue_trading import VenueWish
from tradewright.cli.main import main
from tradewright.domain.errors import InvalidValue, VenueUnavailable
from tradewright.domain.live_terms import LiveTerms
from tradewright.services.live.permit import NotPermitted, approve, grant
from tradewright.services.pending import Confirming
from tradewright.testing.practice import KEY, SECRET, START, a_server
from tradewright.testing.served import served

WISH = VenueWish(
    PaperWish(Reach("practice"), None, None, 100, None, flatten=False), Confirming(), LiveTerms(), (KEY, SECRET)
)


def at(url: str, exchange: str = "practice") -> VenueWish:
    """The same wish at another address."""
    return replace(WISH, paper=replace(WISH.paper, reach=Reach(exchange, url)))


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Something that answers and is no practice exchange; every request that it was sent."""
    seen: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"code": 0}')

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - as http.server calls them

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


async def _enter(settings: Settings, wish: VenueWish) -> None:
    async with sim_sessions(settings) as sessions, practice_place(sessions, wish):
        raise AssertionError("it was let in")


def test_simulation_is_let_in_at_no_real_venue(tmp_path: Path) -> None:
    """An address that is not of this machine is refused before anything is sent."""
    for url in ("https://fapi.binance.com", "http://192.0.2.1:18080", "https://testnet.example"):
        with pytest.raises(InvalidValue, match="address of this machine"):
            asyncio.run(_enter(Settings(tmp_path), at(url)))


def test_simulation_is_let_in_only_by_a_practice_exchange(tmp_path: Path, elsewhere: tuple[str, list[str]]) -> None:
    """A tunnel on this machine to something else: one question that changes nothing, and no order."""
    url, seen = elsewhere
    with pytest.raises(InvalidValue, match="something else answers"):
        asyncio.run(_enter(Settings(tmp_path), at(url)))
    assert ["GET /_emu/state"] == seen


def test_nothing_there_is_said_so(tmp_path: Path) -> None:
    """No exchange has been begun."""
    with pytest.raises(VenueUnavailable, match="tradewright exchange"):
        asyncio.run(_enter(Settings(tmp_path), at("http://127.0.0.1:9")))


def test_permit_opens_its_own_venue_and_capital_alone(tmp_path: Path) -> None:
    """A permit for one venue opens no other."""
    permit = grant((), approve("binance", "ann", 1, 1.0, 500.0), "binance", 2)

    async def enter() -> None:
        async with live_sessions(Settings(tmp_path)) as sessions, live_place(permit, sessions, at("x", "kraken")):
            raise AssertionError("it was let in")

    with pytest.raises(NotPermitted, match="not one for kraken"):
        asyncio.run(enter())


def test_with_money_all_is_asked_for_and_then_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without approval nothing begins; with all of it a session trades, in the tables of live trading, no other."""
    server = a_server(time.monotonic_ns, speed=60.0, start=START + 5_000_000_000, accounts=(Account(KEY, SECRET, 9e3),))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWRIGHT_DATA_DIR", str(tmp_path / "data"))
    run = [
        "run",
        "simple_test",
        "--instrument",
        "BTC/USDT:USDT",
        "--timeframe",
        "1m",
        "--live",
        "--exchange",
        "binance",
    ]
    with served(server) as address:
        run += ["--exchange", "binance", "--url", address, "--balance", "400", "--bars", "2", "--json"]
        assert 2 == main(run)
        lacks = capsys.readouterr().err
        assert all(word in lacks for word in ("TRADING_MODE=live", "TRADING_APPROVED=true", "KEY", "live approve"))

        for name, value in (("TRADING_MODE", "live"), ("TRADING_APPROVED", "true")):
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("EXCHANGE_API_KEY", KEY)
        monkeypatch.setenv("EXCHANGE_API_SECRET", SECRET)
        assert 2 == main(run)
        assert 2 == main(["live", "approve", "binance", "--capital", "500", "--yes", "yes"])
        assert 0 == main(["live", "approve", "binance", "--capital", "300", "--yes", "trade live on binance"])
        assert 2 == main(run)
        assert "approved are 300" in capsys.readouterr().err
        assert 0 == main(["live", "approve", "binance", "--capital", "500", "--yes", "trade live on binance"])
        capsys.readouterr()
        assert 0 == main(run)
        printed, said = capsys.readouterr()
        # Led to an address that is not the venue's own: it is said before anything is sent.
        assert f"requests and streams are at {address}" in said
    assert SECRET not in printed
    end = json.loads(printed.splitlines()[-1])
    assert (end["kind"], end["bars"]) == ("end", 2)

    async def names() -> tuple[list[str], list[str]]:
        async with sim_sessions(Settings(tmp_path / "data")) as sim, live_sessions(Settings(tmp_path / "data")) as live:
            return list(await sim.names()), list(await live.names())

    sim, live = asyncio.run(names())
    assert ([], 1) == (sim, len(live))
    assert 0 == main(["audit", "list", "--json"])
    actions = [row["action"] for row in json.loads(capsys.readouterr().out)]
    assert ["live.approved", "live.approved", "session.opened"] == actions[:3]
    assert ["session.withdrew", "session.closed"] == actions[-2:]
    assert 0 == main(["audit", "verify"])
