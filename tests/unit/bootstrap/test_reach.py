"""How a venue is reached, by what is configured and what a command says."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.adapters.venues.ccxt.library import elsewhere, make
from tradewright.adapters.venues.transport.client import Patience
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.config.uses import reach_of
from tradewright.bootstrap.permits import orders_led
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.venues import addresses_of, led_elsewhere
from tradewright.domain.errors import UnknownName

REST, STREAMS = "https://fapi.binance.com", "wss://fstream.binance.com"


def _read(**environment: str) -> Any:
    return read(Sources(environment))[0]


def test_the_variables_of_other_bots_say_where_and_how() -> None:
    """REST_URL, WS_URL and the keys of retries come out where venues are opened."""
    found = _read(
        EXCHANGE="binance_futures", REST_URL="https://near.example", WS_URL="wss://near.example/ws",
        TRADEWRIGHT_VENUE_TIMEOUT_S="3", TRADEWRIGHT_VENUE_RETRIES="2", TRADEWRIGHT_VENUE_BACKOFF_FACTOR="4",
    )  # fmt: skip
    reach = settings_of(found).reach
    assert Reach("binance", "https://near.example", "wss://near.example/ws", 3.0, 2, 4.0) == reach
    assert ("https://near.example", "wss://near.example") == addresses_of(reach)
    assert 3.0 == reach.waits(10.0)
    assert Patience(3 * 3.0 + 2 * 8.0, factor=4.0, retries=2) == reach.patience(Patience(), 3.0)


@pytest.mark.parametrize(
    ("reach", "found"),
    [
        (Reach("binance"), (REST, STREAMS)),
        (Reach("binance", REST + "/"), (REST, STREAMS)),
        (Reach("binance", streams="wss://ears.example/stream"), (REST, "wss://ears.example")),
        (Reach("binance", "https://near.example"), ("https://near.example", "wss://near.example")),
        (Reach("practice", "http://127.0.0.1:9"), ("http://127.0.0.1:9", "ws://127.0.0.1:9")),
        (Reach("binance", "http://127.0.0.1:9", "ws://127.0.0.1:8"), ("http://127.0.0.1:9", "ws://127.0.0.1:8")),
    ],
)
def test_streams_are_where_requests_go_unless_it_is_said(reach: Reach, found: tuple[str, str]) -> None:
    """Who writes down the venue's own address has its own streams too; a path of a socket is no part of an address."""
    assert found == addresses_of(reach)


def test_addresses_of_one_venue_are_not_taken_for_another() -> None:
    """A command that names another venue asks that one at its own address, as patiently."""
    reach = Reach("binance", "https://near.example", "wss://near.example", retries=1)
    assert reach is reach.at("binance")
    assert Reach("kraken", retries=1) == reach.at("kraken")
    assert Reach("binance", "http://127.0.0.1:9", retries=1) == reach.at("binance", "http://127.0.0.1:9")


def test_the_account_is_asked_within_half_a_minute() -> None:
    """Whatever retries are wished: what became of an order is to be known soon."""
    reach = Reach("binance", timeout_s=30.0, retries=20)
    patience = reach.account_patience(Patience(), 30.0)
    assert (30.0, 20) == (patience.reads_s, patience.retries)
    assert reach.patience(Patience(), 30.0).reads_s > 600.0


def test_orders_that_are_led_elsewhere_are_told() -> None:
    """Nothing where the venue is asked at its own addresses, in whatever way they are written."""
    assert () == led_elsewhere(Reach("binance", REST + "/", STREAMS + "/ws"))
    assert () == orders_led(_read(EXCHANGE="binance"))
    assert (REST, "wss://ears.example") == orders_led(_read(EXCHANGE="binance", WS_URL="wss://ears.example"))
    assert ("https://near.example", "wss://near.example") == led_elsewhere(Reach("kraken", "https://near.example"))


def test_an_exchange_of_the_library_is_asked_elsewhere_with_its_paths() -> None:
    """Scheme, host and port are replaced; requests and streams each by their own address."""
    changed = make("binanceusdm", {}, elsewhere("binanceusdm", "http://127.0.0.1:9/near/", "ws://127.0.0.1:8")).urls
    assert "http://127.0.0.1:9/near/fapi/v1" == changed["api"]["fapiPublic"]
    assert "ws://127.0.0.1:8/ws" in str(changed["api"]["ws"])
    assert "binance.com" not in str(changed["api"])
    assert {} == elsewhere("kraken", None, None)


def test_a_passphrase_is_no_key_of_ours() -> None:
    """Nobody whom orders are sent to asks for one: it is refused by its name instead of being kept for nothing."""
    with pytest.raises(UnknownName, match="TRADEWRIGHT_VENUE_API_PASSWORD") as error:
        read(Sources({"TRADEWRIGHT_VENUE_API_PASSWORD": "hush"}))
    assert "hush" not in str(error.value)


def test_what_is_configured_is_what_is_reached() -> None:
    """Without a word of it: the practice exchange of this machine, as it is usual."""
    assert Reach() == reach_of(_read().tree.venue)
