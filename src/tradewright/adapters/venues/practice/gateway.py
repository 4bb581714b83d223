"""From a request to its answer, without a socket: who asks, how often, whether it is signed, and what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from tradewright.adapters.venues.practice.account_calls import ACCOUNT_CALLS
from tradewright.adapters.venues.practice.countdown import COUNTDOWN_CALLS
from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.kraken_calls import kraken_answer
from tradewright.adapters.venues.practice.listen_keys import LISTEN_CALLS
from tradewright.adapters.venues.practice.market_calls import MARKET_CALLS
from tradewright.adapters.venues.practice.modes import MODE_CALLS
from tradewright.adapters.venues.practice.order_calls import ORDER_CALLS
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.rates import RateBook
from tradewright.adapters.venues.practice.refusal import VenueError
from tradewright.adapters.venues.practice.security import check_signature, check_sorted_signature, check_time, seat_of
from tradewright.adapters.venues.practice.spot_calls import SPOT_CALLS, spot_weight
from tradewright.adapters.venues.practice.standing import STANDING_CALLS

__all__ = ["Answer", "Call", "Gateway"]

_SIGNED = ORDER_CALLS | ACCOUNT_CALLS | MODE_CALLS | COUNTDOWN_CALLS | STANDING_CALLS
_ALL_SYMBOLS = {
    "/fapi/v1/ticker/24hr": 40,
    "/fapi/v1/ticker/price": 2,
    "/fapi/v1/ticker/bookTicker": 5,
    "/fapi/v1/premiumIndex": 10,
    "/fapi/v1/openOrders": 40,
    "/fapi/v1/openAlgoOrders": 40,
}
_LIMITED = {
    **dict.fromkeys(("/fapi/v1/klines", "/fapi/v1/continuousKlines"), ((99, 1), (499, 2), (1_000, 5), (1_500, 10))),
    "/fapi/v1/depth": ((50, 2), (100, 5), (500, 10), (1_000, 20)),
}
_ASKED = {"/fapi/v1/klines": 500, "/fapi/v1/continuousKlines": 500, "/fapi/v1/depth": 500}


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came; texts are raw."""

    method: str
    path: str
    query: str = ""
    body: str = ""
    key: str = ""
    address: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Gateway:
    """Answers requests, one after the other.

    Args:
        exchange: behind it.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        limits = exchange.house.limits
        self.rates, self.spot_rates = RateBook(limits), RateBook(replace(limits, weight=limits.spot_weight))
        self.skew = 0
        """How far the time that requests are told, and judged by, is ahead of the exchange's own, ms."""

    def answer(self, call: Call) -> Answer:
        """Do what a request asks."""
        if call.path.startswith("/0/"):
            return self._answer_kraken(call)
        if call.path in SPOT_CALLS and call.method == "GET":
            return self._answer_spot(call)
        return self._answer(
            call, _params, lambda secret, params: check_signature(secret, call.query, call.body, params)
        )

    def _answer_kraken(self, call: Call) -> Answer:
        self.exchange.catch_up()
        try:
            return Answer(200, kraken_answer(self.exchange, call.path, _params(call)))
        except VenueError:
            return Answer(200, {"error": ["EGeneral:Invalid arguments"]})

    def _answer_spot(self, call: Call) -> Answer:
        self.exchange.catch_up()
        now = self.exchange.now
        try:
            params = _params(call)
            self.spot_rates.weigh(call.address, spot_weight(call.path, params), now)
            status, body = 200, SPOT_CALLS[call.path][0](self.exchange, params)
        except VenueError as error:
            status, body = error.status, error.body
        headers = self.spot_rates.headers(call.address, call.key, 0, now)
        if status in (418, 429) and self.spot_rates.limits.tells_wait:
            headers["Retry-After"] = str(self.spot_rates.wait(call.address, now))
        return Answer(status, body, headers)

    def answer_message(self, call: Call, values: Mapping[str, str]) -> Answer:
        """Do what a message over a socket asks: its parameters are signed in the order of their names.

        Args:
            call: the request that it stands for, without texts.
            values: its parameters.
        """
        return self._answer(call, lambda _: Params(values), check_sorted_signature)

    def _answer(self, call: Call, read: Callable[[Call], Params], check: Callable[[str, Params], None]) -> Answer:
        self.exchange.catch_up()
        now, orders = self.exchange.now, 0
        try:
            params = read(call)
            self.rates.weigh(call.address, _weight(call, params), now)
            orders = _SIGNED.get((call.method, call.path), (None, 0, 0))[2]
            if orders:
                self.rates.count_orders(call.key, orders, now)
            status, body = 200, self._act(call, params, now, check)
        except VenueError as error:
            status, body = error.status, error.body
        headers = self.rates.headers(call.address, call.key, orders, now)
        if status in (418, 429) and self.rates.limits.tells_wait:
            headers["Retry-After"] = str(self.rates.wait(call.address, now))
        return Answer(status, body, headers)

    def _act(self, call: Call, params: Params, now: int, check: Callable[[str, Params], None]) -> Any:
        route = (call.method, call.path)
        if call.method == "GET" and call.path in MARKET_CALLS:
            found = MARKET_CALLS[call.path][0](self.exchange, params)
            return {"serverTime": now + self.skew} if call.path.endswith("/time") else found
        if route in LISTEN_CALLS:
            return LISTEN_CALLS[route][0](self.exchange, seat_of(self.exchange.seats, call.key), params)
        if route not in _SIGNED:
            raise VenueError(-5000, f"Path {call.path}, Method {call.method} is invalid", 404)
        seat = seat_of(self.exchange.seats, call.key)
        params.required("timestamp")
        check(seat.secret, params)
        check_time(params, now + self.skew, self.exchange.clock.speed)
        return _SIGNED[route][0](self.exchange, seat, params)


def _params(call: Call) -> Params:
    try:
        body = dict(parse_qsl(call.body, keep_blank_values=True, errors="strict"))
        return Params(body | dict(parse_qsl(call.query, keep_blank_values=True, errors="strict")))
    except (ValueError, UnicodeDecodeError):
        raise VenueError(-1101, "Too many parameters; expected '0' and received '1'.") from None


def _weight(call: Call, params: Params) -> int:
    if call.path in _LIMITED:
        wanted = params.values.get("limit", "")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() else _ASKED[call.path]
        return next((weight for most, weight in _LIMITED[call.path] if number <= most), 20)
    if call.path in _ALL_SYMBOLS and not params.has("symbol"):
        return _ALL_SYMBOLS[call.path]
    if call.path in MARKET_CALLS:
        return MARKET_CALLS[call.path][1]
    route = (call.method, call.path)
    return (_SIGNED.get(route) or LISTEN_CALLS.get(route) or (None, 1, 0))[1]
