"""The process group of the server: what answers, what trades, and the practice exchange, under one command."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.processes import CommandLauncher
from tradewright.bootstrap.settings import settings_of

if TYPE_CHECKING:
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.services.supervision import Supervisor

__all__ = ["Beside", "GroupWish", "run_group"]

_EXCHANGE, _ANSWERS, _TRADES = "exchange", "api", "trade"
_BAD_INPUT = 2
_PATIENCE_S, _LOOK_S = 120.0, 0.2
_MARKETS = "BTCUSDT,ETHUSDT,SOLUSDT"
_ACCOUNT = "practice-key:practice-secret:100000"


@dataclass(frozen=True, slots=True)
class GroupWish:
    """How the server is run.

    Args:
        host: address to listen at.
        port: to listen at.
        given: options that say which configuration is read, as each command takes them.
        speed: of the time of its own practice exchange.
    """

    host: str
    port: int
    given: tuple[str, ...]
    speed: float = 1.0


Beside = Callable[[asyncio.Event], Awaitable[None]]
"""Work beside the group; it is given what ends the group, and may set it."""


def run_group(
    configured: Configured, wish: GroupWish, told: Callable[[str, str], None], beside: Beside | None = None
) -> None:
    """Keep every process of the server at work until this one is asked to end; the exchange outlives what trades.

    Args:
        configured: the configuration.
        wish: how the server is run.
        told: a line for each thing that happens: the process, and what.
        beside: work that is done while they run; where it fails, the group ends.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin
    from tradewright.services.supervision import Care, Supervisor

    async def act() -> None:
        stop, last = asyncio.Event(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        port = _free_port() if _brings_exchange(configured) else None
        commands = _commands(configured, wish, port)
        async with opened(settings_of(configured)) as database:
            supervisor = Supervisor(
                CommandLauncher(commands),
                SqlBulletin(database),
                WallClock(),
                told,
                Care(late=30.0, hopeless=_BAD_INPUT),
            )
            exchange = asyncio.create_task(supervisor.run([one for one in commands if one == _EXCHANGE], last))
            work = asyncio.create_task(_beside(beside, stop))
            try:
                await asyncio.gather(supervisor.run([_ANSWERS], stop), _trade(supervisor, port, stop))
            finally:
                last.set()
                await exchange
                work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    asyncio.run(act())


async def _beside(work: Beside | None, stop: asyncio.Event) -> None:
    try:
        if work is not None:
            await work(stop)
    except Exception:
        stop.set()
        raise


async def _trade(supervisor: Supervisor, port: int | None, stop: asyncio.Event) -> None:
    # Not before the exchange listens, as far as it comes with us: a first try that fails would wait for its second.
    if port is not None:
        until = asyncio.get_running_loop().time() + _PATIENCE_S
        while not stop.is_set() and not await _listens(port) and asyncio.get_running_loop().time() < until:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await stop.wait()
    await supervisor.run([_TRADES], stop)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def _brings_exchange(configured: Configured) -> bool:
    venue = configured.tree.venue
    return venue.exchange == "practice" and venue.rest_url is None and venue.ws_url is None


def _commands(configured: Configured, wish: GroupWish, port: int | None) -> dict[str, Sequence[str]]:
    given = wish.given
    commands: dict[str, Sequence[str]] = {}
    if port is not None:
        given = (*given, "--set", f"venue.rest_url=http://127.0.0.1:{port}")
        folder = str(configured.tree.storage.data_dir / "practice")
        commands[_EXCHANGE] = (
            "exchange", "--port", str(port), "--symbols", _MARKETS, "--account", _ACCOUNT, "--data", folder,
            "--levels", "20", "--history", "2", "--speed", str(wish.speed),
        )  # fmt: skip
    commands[_ANSWERS] = ("serve", "--alone", "--host", wish.host, "--port", str(wish.port), *given)
    commands[_TRADES] = ("trade", *given)
    return commands


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
