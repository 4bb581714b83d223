"""Transparent mode: CCXT with the venue's own addresses, led to the practice exchange by its resolver alone."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import ccxt.pro
import pytest
from aiohttp import ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tradewright.adapters.venues.practice.server import Tls, serve
from tradewright.testing.practice import KEY, SECRET, START, a_server

BTC = "BTC/USDT:USDT"
HOSTS = ("fapi.binance.com", "fstream.binance.com", "api.binance.com", "ws-fapi.binance.com")


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


def test_client_with_production_addresses_trades_here(certificate: tuple[Path, Path]) -> None:
    """Nothing of the client is changed but where names lead: its addresses and its table of errors are its own."""

    async def run() -> None:
        server = a_server(speed=1.0, start=START + 5_000_000_000, wall=time.monotonic_ns)
        ports: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(server, 0, ports.set_result, Tls(0, *certificate)))
        home = Home((await asyncio.wait_for(ports, 10))[1])
        options = {"adjustForTimeDifference": True, "fetchCurrencies": False, "fetchMargins": False}
        client: Any = ccxt.pro.binanceusdm({"apiKey": KEY, "secret": SECRET, "options": options})
        client.open()
        if client.session:
            await client.session.close()
        trusted = ssl.create_default_context(cafile=certificate[0])
        client.session = ClientSession(connector=TCPConnector(resolver=home, ssl=trusted))
        client.own_session = True
        try:
            await client.load_markets()
            assert "closed" == (await client.create_order(BTC, "market", "buy", 0.01))["status"]
            with pytest.raises(ccxt.InsufficientFunds):
                await client.create_order(BTC, "market", "buy", 100)
            assert (await asyncio.wait_for(client.watch_ticker(BTC), 10))["last"] > 0
            assert {"fapi.binance.com", "fstream.binance.com"} <= home.asked <= set(HOSTS)
        finally:
            await client.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(run())
