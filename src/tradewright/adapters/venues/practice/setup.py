"""Put an exchange together from what was wished for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tradewright.adapters.venues.practice.clock import VirtualClock
from tradewright.adapters.venues.practice.exchange import Exchange, House
from tradewright.adapters.venues.practice.faults import FaultBook
from tradewright.adapters.venues.practice.funding import FundingRates
from tradewright.adapters.venues.practice.gateway import Gateway
from tradewright.adapters.venues.practice.hub import Hub
from tradewright.adapters.venues.practice.keeping import bring_back, keep, kept_head
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.mirror import Mirror
from tradewright.adapters.venues.practice.reels import Reel
from tradewright.adapters.venues.practice.replay import ReelScript
from tradewright.adapters.venues.practice.scenario import read_scenario
from tradewright.adapters.venues.practice.script import BarScript, Script
from tradewright.adapters.venues.practice.server import Log, Server
from tradewright.adapters.venues.practice.sources import BarSource

__all__ = ["Account", "Setup", "build"]

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Account:
    """An API key, and what its account begins with."""

    key: str
    secret: str
    balance: float


@dataclass(frozen=True, slots=True)
class Setup:
    """What an exchange is to be like.

    Args:
        listings: what is traded.
        source: of their bars, what was recorded of them, or a market of elsewhere that is heard.
        start: of its time, UTC ns.
        speed: of its time, as a multiple of real time; 0 stands still.
        seed: of funding rates.
        accounts: that are there from the start.
        house: rules of the house.
        socket_life: after so many ms a WebSocket is closed.
        legacy: whether WebSocket paths without a category exist.
        scenario: file of faults.
        log: file that takes a line of JSON for each request.
        folder: in which the exchange is kept, and from which it is brought back; `start` is then where its time goes
            on, if that is later than where it stood.
    """

    listings: Sequence[Listing]
    source: BarSource | Reel | Mirror
    start: int
    speed: float = 1.0
    seed: int = 1
    accounts: tuple[Account, ...] = ()
    house: House = field(default_factory=House)
    socket_life: int = _DAY_MS
    legacy: bool = False
    scenario: Path | None = None
    log: Path | None = None
    folder: Path | None = None


def build(setup: Setup, wall: Callable[[], int]) -> Server:
    """Make the exchange and its server.

    Args:
        setup: what it is to be like.
        wall: real time, ns.

    Raises:
        InvalidValue: something that was wished for is not offered.
    """
    faults = read_scenario(setup.scenario) if setup.scenario else FaultBook(setup.seed)
    exchange = _exchange(setup, wall)
    hub = Hub(exchange, faults, setup.socket_life)
    server = Server(Gateway(exchange), hub, _log_to(setup.log), legacy=setup.legacy)
    if setup.folder is not None:
        server.keep = partial(keep, exchange, setup.folder)
    return server


def _exchange(setup: Setup, wall: Callable[[], int]) -> Exchange:
    head = kept_head(setup.folder) if setup.folder else None
    begin = setup.start if head is None else setup.source.start
    clock = VirtualClock(begin, setup.speed, wall)
    script, rates = _script(setup)
    exchange = Exchange(setup.listings, script, clock, setup.house, rates)
    for account in setup.accounts:
        exchange.open_account(account.key, account.secret, account.balance)
    if head is not None and setup.folder is not None:
        bring_back(exchange, setup.folder, head)
        clock.advance(max(setup.start - clock.now(), 0))
    return exchange


def _script(setup: Setup) -> tuple[Script, FundingRates]:
    source, rates = setup.source, FundingRates(setup.listings, setup.seed)
    if isinstance(source, Mirror):
        return source.script, source.script.rates
    return (ReelScript(source) if isinstance(source, Reel) else BarScript(source, setup.house.course)), rates


def _log_to(path: Path | None) -> Log:
    if path is None:
        return lambda _: None
    path.parent.mkdir(parents=True, exist_ok=True)

    def write(line: dict[str, Any]) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")

    return write
