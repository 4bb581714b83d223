"""Practice exchanges for tests: on a clock that stands, asked without a socket, by a client that signs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import numpy as np

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.gateway import Answer, Call, Gateway
from tradewright.adapters.venues.practice.listing import Listing, listing_of
from tradewright.adapters.venues.practice.rates import Limits
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.practice.setup import Account, Setup, build
from tradewright.adapters.venues.practice.sources import BarSource, Candles, Synthetic, priced
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import make_bars

__all__ = ["KEY", "NO_LIMITS", "SECRET", "START", "WireClient", "a_replay", "a_server", "flat_listing"]

KEY, SECRET = "test-key", "test-secret"
START = 1_700_006_400_000_000_000
"""2023-11-15 00:00 UTC, a funding time."""
NO_LIMITS = Limits(weight=10**12, orders_minute=10**12, orders_10s=10**12)
_MINUTE = Timeframe.parse("1m")


def _still() -> int:
    return 0


def a_server(wall: Callable[[], int] = _still, **changes: Any) -> Server:
    """An exchange with BTCUSDT and ETHUSDT, drawn from seed 1, and one account with 10,000 USDT.

    Args:
        wall: real time, ns; of use to a clock that does not stand.
        **changes: fields of `Setup`, or the `limits` of its house.
    """
    listings = changes.pop("listings", None) or [listing_of("BTCUSDT"), listing_of("ETHUSDT")]
    source: BarSource = changes.pop("source", None) or Synthetic(listings, START, 1, 1_500)
    settings: dict[str, Any] = {
        "start": source.start,
        "speed": 0.0,
        "accounts": (Account(KEY, SECRET, 10_000.0),),
    }
    house = replace(changes.pop("house", House()), limits=changes.pop("limits", NO_LIMITS))
    return build(Setup(listings=listings, source=source, house=house, **settings | changes), wall)


def flat_listing(**changes: Any) -> Listing:
    """A contract whose tick and lot are 1, without limits that matter."""
    plain = {"band_up": 100.0, "band_down": 0.001, "depth": 0.0, "max_quantity": 1e9, "market_max_quantity": 1e9}
    listing = listing_of("BTCUSDT", **plain | changes)
    instrument = replace(listing.instrument, tick_size="1", lot_size="1", min_quantity=1.0, min_notional=0.0)
    return replace(listing, instrument=instrument)


def a_replay(rows: Sequence[tuple[float, float, float, float]], house: House, **changes: Any) -> Server:
    """An exchange that plays a few minutes again: open, high, low, close."""
    prices = tuple(np.array(column, np.float64) for column in zip(*rows, strict=True))
    times = START + _MINUTE.ns * np.arange(len(rows), dtype=np.int64)
    bars = make_bars(times, prices, np.full(len(rows), 1e6), _MINUTE)
    listing = changes.pop("listing", None) or flat_listing()
    source = Candles([listing], [bars], _MINUTE)
    return a_server(listings=priced([listing], source), source=source, house=house, **changes)


class WireClient:
    """A client that signs what it asks.

    Args:
        server: of the exchange.
        key: API key.
        secret: that belongs to it.
    """

    def __init__(self, server: Server, key: str = KEY, secret: str = SECRET) -> None:
        self.server = server
        self.gateway: Gateway = server.gateway
        self.exchange = server.gateway.exchange
        self._key, self._secret = key, secret

    def ask(self, method: str, path: str, **params: Any) -> Answer:
        """Ask with a signature; the answer, whatever it is."""
        query = urlencode({**params, "timestamp": self.exchange.now})
        signature = hmac.new(self._secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        return self.gateway.answer(Call(method, path, f"{query}&signature={signature}", key=self._key))

    def done(self, method: str, path: str, **params: Any) -> Any:
        """Ask for what must succeed; its body."""
        answer = self.ask(method, path, **params)
        assert answer.status == 200, answer.body  # noqa: PLR2004 - of HTTP
        return answer.body

    def code(self, method: str, path: str, **params: Any) -> int:
        """Ask for what must be refused; the venue's number."""
        answer = self.ask(method, path, **params)
        assert answer.status >= 400, answer.body  # noqa: PLR2004 - of HTTP
        return int(answer.body["code"])

    def seen(self, path: str, **params: Any) -> Any:
        """Ask for market data, without a signature."""
        answer = self.gateway.answer(Call("GET", f"/fapi/v1/{path}", urlencode(params)))
        assert answer.status == 200, answer.body  # noqa: PLR2004 - of HTTP
        return answer.body

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.exchange.clock.advance(round(seconds * 1_000_000_000))
        self.exchange.catch_up()
