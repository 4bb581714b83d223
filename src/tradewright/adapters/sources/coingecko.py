"""CoinGecko: market capitalisations and listings of coins, asked for seldom and remembered for long."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tradewright.ports.clock import Clock
from tradewright.ports.coin_facts import CoinFacts

__all__ = ["ADDRESS", "CoinGecko", "CoinGeckoTerms"]

ADDRESS = "https://api.coingecko.com/api/v3"
_KEY = "x-cg-demo-api-key"
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class CoinGeckoTerms:
    """How it is asked.

    Args:
        address: of its API.
        key: of an account there, which is asked more often; empty for none.
        timeout_s: in which an answer must come.
        gap_s: seconds between two requests; without an account it answers some twenty in a minute.
        pages: of 250 coins each, the largest first, whose capitalisation is asked for.
        caps_s: so long they count.
        listings_s: so long listings count.
        most_listings: coins whose listings are asked for in one call.
        quiet_s: so long nothing is asked after it failed, unless it says another time.
    """

    address: str = ADDRESS
    key: str = field(default="", repr=False)
    timeout_s: float = 10.0
    gap_s: float = 3.0
    pages: int = 4
    caps_s: float = 3_600.0
    listings_s: float = 86_400.0
    most_listings: int = 8
    quiet_s: float = 60.0


class _Unavailable(Exception):
    """It did not answer as it should."""


@dataclass(slots=True)
class _Coin:
    id: str
    market_cap: float | None
    listings: int | None = None
    listed_at: float | None = None


class CoinGecko:
    """See `ports.coin_facts.CoinSource`. Where several coins have one name, the largest is meant.

    Args:
        client: that sends requests.
        clock: to wait by.
        terms: how it is asked.
    """

    def __init__(self, client: httpx2.AsyncClient, clock: Clock, terms: CoinGeckoTerms | None = None) -> None:
        self._client, self._clock, self._terms = client, clock, terms or CoinGeckoTerms()
        self._coins: dict[str, _Coin] = {}
        self._caps_until = self._next_at = self._quiet_until = 0.0
        self.trouble = ""

    async def coins(self, bases: Collection[str], *, with_listings: bool) -> Mapping[str, CoinFacts]:
        """See `CoinSource.coins`."""
        if self._clock.monotonic() >= self._quiet_until:
            try:
                await self._learn_caps()
                if with_listings:
                    await self._learn_listings(bases)
                self.trouble = ""
            except _Unavailable as error:
                self.trouble = f"CoinGecko: {error}"
        known = {base: self._coins[base] for base in bases if base in self._coins}
        return {base: CoinFacts(coin.market_cap, coin.listings) for base, coin in known.items()}

    async def _learn_caps(self) -> None:
        if self._clock.monotonic() < self._caps_until:
            return
        found: dict[str, _Coin] = {}
        for page in range(1, self._terms.pages + 1):
            wish: dict[str, str | int] = {
                "vs_currency": "usd",
                "order": "market_cap_desc",
                "per_page": 250,
                "page": page,
            }
            rows = await self._asked("/coins/markets", wish)
            for row in _rows(rows):
                _take(found, row)
        for name, coin in found.items():
            before = self._coins.get(name)
            if before is not None and before.id == coin.id:
                coin.listings, coin.listed_at = before.listings, before.listed_at
        self._coins = found
        self._caps_until = self._clock.monotonic() + self._terms.caps_s

    async def _learn_listings(self, bases: Collection[str]) -> None:
        now, wanted = self._clock.monotonic(), list[_Coin]()
        for coin in (self._coins[base] for base in bases if base in self._coins):
            if coin.listed_at is None or now - coin.listed_at >= self._terms.listings_s:
                wanted.append(coin)
        for coin in wanted[: self._terms.most_listings]:
            told = await self._asked(f"/coins/{coin.id}/tickers", {})
            rows = _rows(told.get("tickers") if isinstance(told, Mapping) else None)
            coin.listings = len({_venue(row) for row in rows} - {""})
            coin.listed_at = self._clock.monotonic()

    async def _asked(self, path: str, wish: Mapping[str, str | int]) -> Any:
        if (wait := self._next_at - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)
        self._next_at = self._clock.monotonic() + self._terms.gap_s
        headers = {_KEY: self._terms.key} if self._terms.key else {}
        address = self._terms.address.rstrip("/") + path
        try:
            answer = await self._client.get(address, params=wish, headers=headers, timeout=self._terms.timeout_s)
            told = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise self._quiet(f"{path}: {type(error).__name__}", "") from error
        if not answer.is_success:
            told_to_wait = answer.headers.get("retry-after", "") if answer.status_code == _TOO_MANY else ""
            raise self._quiet(f"{path}: status {answer.status_code}", told_to_wait)
        return told

    def _quiet(self, why: str, told: str) -> _Unavailable:
        self._quiet_until = self._clock.monotonic() + (float(told) if told.isdecimal() else self._terms.quiet_s)
        return _Unavailable(why)


def _rows(told: Any) -> list[Mapping[str, Any]]:
    if not isinstance(told, list):
        raise _Unavailable("an answer that cannot be read")
    return [row for row in told if isinstance(row, Mapping)]


def _take(found: dict[str, _Coin], row: Mapping[str, Any]) -> None:
    name, number, cap = row.get("symbol"), row.get("id"), row.get("market_cap")
    if isinstance(name, str) and isinstance(number, str) and number.replace("-", "").isalnum():
        found.setdefault(name.upper(), _Coin(number, float(cap) if isinstance(cap, int | float) else None))


def _venue(row: Mapping[str, Any]) -> str:
    market = row.get("market")
    return str(market.get("identifier", "")) if isinstance(market, Mapping) else ""
