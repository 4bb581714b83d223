"""The server with something to see: a market that moves, strategies that trade on it, a backtest, an order to confirm.

What is made is asked for over the API, as any program would.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.group import GroupWish, run_group
from tradewright.bootstrap.settings import settings_of
from tradewright.client import Client
from tradewright.client.problem import Unreachable
from tradewright.domain.errors import InvariantBroken

if TYPE_CHECKING:
    from tradewright.bootstrap.config.typed import Configured

__all__ = ["PageDemo", "run_page_demo"]

_NAME, _PASSWORD = "admin", "TRADEWRIGHT_ADMIN_PASSWORD"
_SYMBOL, _VENUE = "BTC/USDT:USDT", "synthetic"
_DAYS, _SEED = 30.0, 7
_SIMULATION: Any = {
    "strategy": "ma_crossover", "instruments": ["ETH/USDT:USDT"], "params": {"fast": 5, "slow": 13}, "timeframe": "1m",
    "matched_by": "venue", "confirm_orders": False,
}  # fmt: skip
_BESIDE: Any = {
    "name": "confirmed", "strategy": "simple_test", "instruments": ["BTC/USDT:USDT"], "params": {"every": 12},
    "timeframe": "1m", "matched_by": "venue", "confirm_orders": True,
    "confirm_ttl_s": 36_000,  # of the exchange's time, which runs faster
}  # fmt: skip
_READY_S = 90.0


@dataclass(frozen=True, slots=True)
class PageDemo:
    """How the demo is shown.

    Args:
        port: of this machine.
        seconds: after which it ends by itself, counted from when everything is there; None for no end.
        speed: of the exchange's time.
        given: options that say which configuration is read, as each command takes them.
    """

    port: int
    seconds: float | None
    speed: float
    given: Sequence[str]


def run_page_demo(configured: Configured, wish: PageDemo, told: Callable[[str], None]) -> None:
    """Run the server until Ctrl-C, with everything that there is to see.

    Args:
        configured: its data lie in a folder of their own.
        wish: how.
        told: a line for whoever watches the terminal.

    Raises:
        StoreError: the database cannot be used.
    """
    folder = settings_of(configured).data_dir
    password = _password(folder)
    os.environ[_PASSWORD] = password
    _make_market(configured)

    async def beside(stop: asyncio.Event) -> None:
        address = f"http://127.0.0.1:{wish.port}"
        await asyncio.to_thread(_fill, address, password)
        told(f"the page is at {address} - log in as {_NAME} with the password {password}")
        told("two strategies trade on the practice exchange; one asks you to confirm its orders; Ctrl-C ends it")
        if wish.seconds is not None:
            await asyncio.sleep(wish.seconds)
            stop.set()

    group = GroupWish("127.0.0.1", wish.port, tuple(wish.given), wish.speed)
    run_group(configured, group, lambda _name, _words: None, beside)


def _password(folder: Path) -> str:
    # Of the admin of this demo, for whoever may read the folder; it stays the same while the folder is there.
    file = folder / "login.txt"
    if file.is_file():
        return file.read_text(encoding="utf-8").strip()
    folder.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(12)
    file.touch(mode=0o600)
    file.write_text(made + "\n", encoding="utf-8")
    return made


def _make_market(configured: Configured) -> None:
    from tradewright.bootstrap.wiring import market_upkeep
    from tradewright.domain.timeframe import Timeframe
    from tradewright.market.synthetic import SyntheticMarket
    from tradewright.ports.candle_store import CandleKey
    from tradewright.services.market_upkeep import SynthRequest

    start = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
    key = CandleKey(_VENUE, _SYMBOL, Timeframe.parse("1m"))
    market_upkeep(settings_of(configured)).synthesise(SynthRequest(key, start, _DAYS, _SEED, SyntheticMarket()))


def _fill(address: str, password: str) -> None:
    with Client(address) as client:
        _wait_for(client)
        client.login(_NAME, password)
        known = {one["name"] for one in client.deployments.list_deployments()["items"]}
        if _BESIDE["name"] not in known:
            client.deployments.create_deployment(_BESIDE)
        client.deployments.start_deployment(_BESIDE["name"])
        client.simulation.start_simulation(None if "simulation" in known else _SIMULATION)
        if not client.backtests.list_backtests()["items"]:
            client.backtests.create_backtest(
                {"symbol": "BTCUSDT", "strategy": "smc", "venue": _VENUE, "timeframes": ["15m", "4h"],
                 "tf_roles": {"15m": "LTF", "4h": "HTF"}}
            )  # fmt: skip


def _wait_for(client: Client) -> None:
    import time

    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        try:
            client.status.read_health()
        except Unreachable:
            time.sleep(0.3)
        else:
            return
    raise InvariantBroken(f"the server does not answer within {_READY_S:g} s")
