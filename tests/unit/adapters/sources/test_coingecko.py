"""CoinGecko's API with scripted answers, in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tradewright.adapters.sources.coingecko import CoinGecko, CoinGeckoTerms
from tradewright.ports.coin_facts import CoinFacts
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

COINS = [
    {"id": "bitcoin", "symbol": "btc", "market_cap": 2e12},
    {"id": "ethereum", "symbol": "eth", "market_cap": 4e11},
    {"id": "batcat", "symbol": "btc", "market_cap": 5e3},
    {"id": "unheard-of", "symbol": "uh", "market_cap": None},
    {"id": "../ping", "symbol": "evil", "market_cap": 1e9},
]
TERMS = CoinGeckoTerms("https://coins.example/api", pages=1, most_listings=1, key="hush")


class _Site:
    """Answers, and what it was asked and when."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.clock, self.answers = SimulatedClock(), list(answers)
        self.asked: list[tuple[str, float]] = []
        self.headers: list[str] = []

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append((request.url.path, self.clock.monotonic()))
        self.headers.append(request.headers.get("x-cg-demo-api-key", ""))
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        if request.url.path.endswith("/markets"):
            return httpx2.Response(200, json=COINS)
        venues = ("kraken", "binance", "kraken") if "bitcoin" in request.url.path else ("kraken",)
        return httpx2.Response(200, json={"tickers": [{"market": {"identifier": one}} for one in venues]})


def _with(site: _Site, act: Callable[[CoinGecko], Any]) -> Any:
    async def whole() -> Any:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(site.handle)) as client:
            return await act(CoinGecko(client, site.clock, TERMS))

    return run_simulated(whole)


def test_the_largest_coin_of_a_name_is_meant_and_listings_come_by_and_by() -> None:
    """One coin's listings with each call; exchanges are counted once, and what is not asked yet is not known."""
    site = _Site()

    async def act(source: CoinGecko) -> Any:
        return [await source.coins(("BTC", "ETH", "UH", "XYZ", "EVIL"), with_listings=True) for _ in range(3)]

    first, second, third = _with(site, act)
    assert {"BTC": CoinFacts(2e12, 2), "ETH": CoinFacts(4e11), "UH": CoinFacts()} == first
    assert CoinFacts(4e11, 1) == second["ETH"]
    assert CoinFacts(None, 1) == third["UH"]
    paths = [path.rpartition("/api/")[2] for path, _ in site.asked]
    assert ["coins/markets", "coins/bitcoin/tickers", "coins/ethereum/tickers", "coins/unheard-of/tickers"] == paths
    gaps = [b - a for (_, a), (_, b) in zip(site.asked, site.asked[1:], strict=False)]
    assert all(gap >= 3.0 for gap in gaps)
    assert {"hush"} == set(site.headers)


def test_what_is_known_is_asked_for_again_when_it_is_old() -> None:
    """Capitalisations after an hour; listings live on with them for a day."""
    site = _Site()

    async def act(source: CoinGecko) -> Any:
        await source.coins(("BTC",), with_listings=True)
        await site.clock.sleep(3_590.0)
        await source.coins(("BTC",), with_listings=True)
        few = len(site.asked)
        await site.clock.sleep(10.0)
        return few, await source.coins(("BTC",), with_listings=True)

    few, found = _with(site, act)
    assert (2, 3, {"BTC": CoinFacts(2e12, 2)}) == (few, len(site.asked), found)


@pytest.mark.parametrize(
    ("answer", "words", "quiet_s"),
    [
        (httpx2.ConnectError("no way"), "ConnectError", 60.0),
        (httpx2.ReadTimeout("late"), "ReadTimeout", 60.0),
        (httpx2.Response(429, headers={"Retry-After": "200"}, json={}), "status 429", 200.0),
        (httpx2.Response(502, text="<html>"), "JSONDecodeError", 60.0),
        (httpx2.Response(503, json={}), "status 503", 60.0),
        (httpx2.Response(200, json={"error": "x"}), "cannot be read", 0.0),
    ],
)
def test_trouble_is_told_and_it_is_left_alone_for_a_while(
    answer: httpx2.Response | Exception, words: str, quiet_s: float
) -> None:
    """Nothing is raised and nothing is known; after the time that it wants it is asked again."""
    site = _Site(answer)

    async def act(source: CoinGecko) -> Any:
        first = await source.coins(("BTC",), with_listings=False)
        said = source.trouble
        await site.clock.sleep(max(quiet_s - 1.0, 0.0))
        if quiet_s:
            await source.coins(("BTC",), with_listings=False)
        once = len(site.asked)
        await site.clock.sleep(1.1)
        return first, said, once, await source.coins(("BTC",), with_listings=False), source.trouble

    first, said, once, found, after = _with(site, act)
    assert ({}, 1, {"BTC": CoinFacts(2e12)}, "") == (first, once, found, after)
    assert words in said
    assert "hush" not in said
