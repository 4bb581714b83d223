"""Addresses, time-outs and retries of the configuration, over sockets."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from pathlib import Path

import pytest

from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.practice.setup import Account
from tradewright.bootstrap.database import live_sessions, sim_sessions
from tradewright.bootstrap.live_place import live_place
from tradewright.bootstrap.paper import PaperWish
from tradewright.bootstrap.practice_place import practice_place
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.venue_trading import VenueWish
from tradewright.bootstrap.venues import history_of, live_feed
from tradewright.domain.errors import InvalidValue, VenueUnavailable
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.market_events import Channel, Quote, Subscription
from tradewright.domain.orders import NewOrder, Unknown
from tradewright.services.live.permit import approve, grant
from tradewright.services.pending import Confirming
from tradewright.testing.practice import KEY, SECRET, START, a_server
from tradewright.testing.served import served

BTC = "BTC/USDT:USDT"


def _server() -> Server:
    accounts = (Account(KEY, SECRET, 9e3),)
    return a_server(time.monotonic_ns, speed=1.0, start=START + 5_000_000_000, accounts=accounts)


def _wish(reach: Reach) -> VenueWish:
    return VenueWish(PaperWish(reach, None, None, 100, None, flatten=False), Confirming(), LiveTerms(), (KEY, SECRET))


def _left(server: Server) -> int:
    # How often the fault may strike still.
    return int(server.hub.faults.told()[0]["left"])


def test_an_order_without_an_answer_in_time_is_unknown_and_was_sent_once(tmp_path: Path) -> None:
    """The configured time-out ends the waiting; five retries are for what changes nothing, and none is for an order."""
    server = _server()

    async def act(address: str) -> object:
        reach = Reach("practice", address, timeout_s=0.4, retries=5)
        async with sim_sessions(Settings(tmp_path)) as sessions, practice_place(sessions, _wish(reach)) as place:
            await place.venue.instruments()
            server.hub.faults.add(Fault("delay", "POST", "/fapi/v1/order", count=9, delay=1.5))
            return await place.venue.place(NewOrder("tw-1", BTC, "buy", Decimal("0.01"), "limit", Decimal(100)))

    with served(server) as address:
        assert isinstance(asyncio.run(act(address)), Unknown)
    assert 8 == _left(server)


def test_a_read_without_an_answer_in_time_is_sent_again_so_often_as_is_said() -> None:
    """Two retries are three tries."""
    server = _server()
    server.hub.faults.add(Fault("delay", "GET", "/fapi/v1/exchangeInfo", count=9, delay=1.0))

    async def act(address: str) -> None:
        async with history_of(Reach("practice", address, timeout_s=0.1, retries=2, backoff_factor=1.0)) as history:
            await history.instruments()

    with served(server) as address, pytest.raises(VenueUnavailable, match=r"within 0.1 s \(3 times\)"):
        asyncio.run(act(address))
    assert 6 == _left(server)


def test_streams_are_heard_at_an_address_of_their_own() -> None:
    """Where requests go no socket is opened: all that is told comes from the other address."""
    asked, heard = _server(), _server()
    asked.hub.faults.add(Fault("ws_refuse", count=0))

    async def act(rest: str, streams: str) -> object:
        reach = Reach("practice", rest, streams.replace("http", "ws") + "/ws")
        async with live_feed(reach) as feed, asyncio.timeout(20):
            async for event in feed.events([Subscription(Channel.QUOTES, BTC)]):
                if isinstance(event, Quote):
                    return event
        return None

    with served(asked) as rest, served(heard) as streams:
        assert isinstance(asyncio.run(act(rest, streams)), Quote)


def test_an_exchange_of_the_library_is_asked_where_it_is_said() -> None:
    """CCXT's own adapter of Binance, led to the practice exchange by REST_URL alone."""

    async def act(address: str) -> bool:
        async with history_of(Reach("ccxt:binanceusdm", address, timeout_s=5.0, retries=1)) as history:
            return BTC in await history.instruments()

    with served(_server()) as address:
        assert asyncio.run(act(address))


def test_a_simulation_hears_nobody_but_this_machine(tmp_path: Path) -> None:
    """Streams of elsewhere would move a simulation by another market than the one that its orders lie in."""

    async def enter(reach: Reach) -> None:
        async with sim_sessions(Settings(tmp_path)) as sessions, practice_place(sessions, _wish(reach)):
            raise AssertionError("it was let in")

    with pytest.raises(InvalidValue, match=r"venue\.ws_url"):
        asyncio.run(enter(Reach("practice", "http://127.0.0.1:9", "wss://fstream.binance.com")))
    with pytest.raises(InvalidValue, match="address of this machine"):
        asyncio.run(enter(Reach("binance", "https://fapi.binance.com", "ws://127.0.0.1:9")))


def test_keys_with_money_go_over_no_line_that_others_read(tmp_path: Path) -> None:
    """An address that is overridden is https:// and wss://, or of this machine."""
    permit = grant((), approve("binance", "ann", 1, 1.0, 500.0), "binance", 2)

    async def enter(reach: Reach) -> None:
        async with live_sessions(Settings(tmp_path)) as sessions, live_place(permit, sessions, _wish(reach)):
            raise AssertionError("it was let in")

    for reach, field in (
        (Reach("binance", "http://near.example", "wss://near.example"), "venue.rest_url"),
        (Reach("binance", streams="ws://near.example"), "venue.ws_url"),
    ):
        with pytest.raises(InvalidValue, match=field):
            asyncio.run(enter(reach))
