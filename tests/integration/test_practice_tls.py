"""Transparent mode: CCXT with the venues' own addresses, led to the practice exchange by its resolver alone."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import ccxt.pro
import pytest
from aiohttp import ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tradewright.adapters.venues.practice.server import Tls, serve
from tradewright.testing.practice import KEY, SECRET, START, a_server

BTC = "BTC/USDT:USDT"
HOSTS = (
    "fapi.binance.com", "fstream.binance.com", "api.binance.com", "stream.binance.com", "ws-fapi.binance.com",
    "api.kraken.com", "ws.kraken.com",
)  # fmt: skip


class Home(AbstractResolver):
    """Leads every name to one port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: set[str] = set()

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        self.asked.add(host)
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self.port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        return None


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own for the venue's names."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    asked = [
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=practice",
        "-addext",
        f"subjectAltName={names}",
    ]
    subprocess.run(["openssl", "req", "-x509", *asked, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


def _with_client(
    certificate: tuple[Path, Path], client: Any, act: Callable[[Any], Awaitable[None]], hosts: set[str]
) -> None:
    """Let a client act whose names lead here; these are the hosts that it asks for."""

    async def run() -> None:
        server = a_server(speed=1.0, start=START + 5_000_000_000, wall=time.monotonic_ns)
        ports: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(server, 0, ports.set_result, Tls(0, *certificate)))
        home = Home((await asyncio.wait_for(ports, 10))[1])
        client.open()
        if client.session:
            await client.session.close()
        trusted = ssl.create_default_context(cafile=certificate[0])
        client.session = ClientSession(connector=TCPConnector(resolver=home, ssl=trusted))
        client.own_session = True
        try:
            await client.load_markets()
            await act(client)
        finally:
            await client.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        assert hosts == home.asked

    asyncio.run(run())


def test_client_with_production_addresses_trades_here(certificate: tuple[Path, Path]) -> None:
    """Nothing of the client is changed but where names lead: its addresses and its table of errors are its own."""
    options = {"adjustForTimeDifference": True, "fetchCurrencies": False, "fetchMargins": False}
    client = ccxt.pro.binanceusdm({"apiKey": KEY, "secret": SECRET, "options": options})

    async def act(client: Any) -> None:
        assert "closed" == (await client.create_order(BTC, "market", "buy", 0.01))["status"]
        with pytest.raises(ccxt.InsufficientFunds):
            await client.create_order(BTC, "market", "buy", 100)
        assert (await asyncio.wait_for(client.watch_ticker(BTC), 10))["last"] > 0

    _with_client(certificate, client, act, {"fapi.binance.com", "fstream.binance.com"})


@pytest.mark.parametrize(
    ("make", "hosts"),
    [
        (ccxt.pro.kraken, {"api.kraken.com", "ws.kraken.com"}),
        (
            partial(ccxt.pro.binance, {"options": {"fetchMarkets": {"types": ["spot"]}}}),
            {"api.binance.com", "stream.binance.com"},
        ),
    ],
)
def test_spot_clients_with_production_addresses_are_told_here(
    certificate: tuple[Path, Path], make: Callable[[], Any], hosts: set[str]
) -> None:
    """Kraken's and Binance's own hosts are answered alike, over HTTP and over sockets."""

    async def act(client: Any) -> None:
        assert (await client.fetch_ticker("BTC/USDT"))["last"] > 0
        assert await asyncio.wait_for(client.watch_trades("BTC/USDT"), 10)
        assert (await asyncio.wait_for(client.watch_order_book("BTC/USDT"), 10))["bids"]

    _with_client(certificate, make(), act, hosts)
