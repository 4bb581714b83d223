"""Requests and answers without a socket: who may ask, what is refused and in which words, and what is told."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.gateway import Call
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.rates import Limits
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.testing.practice import KEY, START, WireClient, a_replay, a_server

BTC = {"symbol": "BTCUSDT"}
BUY = BTC | {"side": "BUY", "type": "MARKET", "quantity": "0.01"}
REST = BTC | {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01"}
STOP = BTC | {"algoType": "CONDITIONAL", "side": "SELL", "type": "STOP_MARKET"}
ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"


@pytest.fixture
def client() -> WireClient:
    """A client of an exchange whose clock stands ten seconds after its start."""
    client = WireClient(a_server())
    client.wait(10)
    return client


def price(client: WireClient, factor: float = 1.0) -> str:
    """The last price times a factor, on the tick."""
    return f"{float(client.seen('ticker/price', **BTC)['price']) * factor:.1f}"


def test_unknown_path_is_answered_as_the_venue_does(client: WireClient) -> None:
    """A path that is not offered is no success, and no crash."""
    answer = client.gateway.answer(Call("GET", "/fapi/v1/nothing"))
    assert (404, -5000) == (answer.status, answer.body["code"])


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"key": ""}, -2014, 401),
        ({"key": "nobody"}, -2015, 401),
        ({"query": "symbol=BTCUSDT"}, -1102, 400),
        ({"query": "timestamp=1700006410000"}, -1102, 400),
        ({"query": "timestamp=1700006410000&signature=00"}, -1022, 400),
    ],
)
def test_unsigned_request_is_refused(client: WireClient, changes: dict[str, str], code: int, status: int) -> None:
    """No key, a foreign key, no time, no signature, a wrong one: each has its number."""
    answer = client.gateway.answer(Call(**{"method": "GET", "path": "/fapi/v3/account", "key": KEY} | changes))
    assert (status, code) == (answer.status, answer.body["code"])


def test_signature_covers_query_and_body_as_they_were_sent(client: WireClient) -> None:
    """Query and body are put together without anything between, and the signature may stand in the body."""
    query, body = "symbol=BTCUSDT&side=BUY", f"type=MARKET&quantity=0.01&timestamp={client.exchange.now}"
    signature = hmac.new(b"test-secret", (query + body).encode(), hashlib.sha256).hexdigest()
    answer = client.gateway.answer(Call("POST", ORDER, query, f"{body}&signature={signature.upper()}", KEY))
    assert (200, "NEW") == (answer.status, answer.body["status"])


@pytest.mark.parametrize(
    ("pace", "late_ms", "window", "code"),
    [(1, 5_000, {}, 0), (1, 5_001, {}, -1021), (1, 50, {"recvWindow": 49}, -1021), (1, -999, {}, 0),
     (1, -1_000, {}, -1021), (10, 50_000, {}, 0), (10, 50_001, {}, -1021), (10, -9_999, {}, 0),
     (10, -10_000, {}, -1021)],
)  # fmt: skip
def test_receive_window(client: WireClient, pace: int, late_ms: int, window: dict[str, int], code: int) -> None:
    """A request may be five seconds of real time old, or as old as its window says, and less than one ahead."""
    if pace != 1:
        client.exchange.clock.run(float(pace))
    stamp = {"timestamp": client.exchange.now - late_ms}
    answer = _signed(client, "GET", "/fapi/v3/balance", stamp | window)
    assert (answer.body["code"] if answer.status != 200 else 0) == code


def _signed(client: WireClient, method: str, path: str, params: dict[str, Any]) -> Any:
    query = urlencode(params)
    signature = hmac.new(b"test-secret", query.encode(), hashlib.sha256).hexdigest()
    return client.gateway.answer(Call(method, path, f"{query}&signature={signature}", key=KEY))


@pytest.mark.rule("F-6")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"symbol": "NOSUCH"}, -1121),
        ({"symbol": ""}, -1102),
        ({"side": "HOLD"}, -1117),
        ({"type": "WISH"}, -1116),
        ({"type": "STOP_MARKET", "stopPrice": "1"}, -4120),
        ({"positionSide": "LONG"}, -4061),
        ({"timeInForce": "GTE"}, -1115),
        ({"timeInForce": ""}, -1102),
        ({"price": ""}, -1102),
        ({"price": "abc"}, -1100),
        ({"price": "-1"}, -1100),
        ({"price": "0"}, -4001),
        ({"price": "50000.01"}, -1111),
        ({"quantity": "0"}, -4003),
        ({"quantity": "0.0001"}, -1111),
        ({"quantity": "0.001"}, -4164),
        ({"quantity": "900"}, -4005),
        ({"price": "1000000"}, -4016),
        ({"price": "100000000"}, -4002),
        ({"newClientOrderId": "a b"}, -4015),
        ({"newClientOrderId": "x" * 37}, -4015),
        ({"quantity": "5"}, -2019),
        ({"reduceOnly": "true"}, -2022),
        ({"reduceOnly": "perhaps"}, -1130),
        ({"timeInForce": "FOK"}, -5021),
    ],
)
def test_order_that_breaks_a_rule_is_refused(client: WireClient, changes: dict[str, str], code: int) -> None:
    """Fields, filters, margin and flags: each refusal has the venue's number, and leaves nothing behind."""
    asked = REST | {"price": price(client, 0.95)} | changes
    assert code == client.code("POST", ORDER, **asked)
    assert [] == client.done("GET", "/fapi/v1/openOrders")


@pytest.mark.rule("F-6")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, -1102),
        ({"quantity": "0.01"}, -1102),
        ({"quantity": "0.01", "triggerPrice": "999999"}, -2021),
        ({"closePosition": "true", "quantity": "0.01", "triggerPrice": "1000"}, -4137),
        ({"closePosition": "true", "triggerPrice": "1000", "reduceOnly": "true"}, -1106),
        ({"closePosition": "true", "type": "STOP", "triggerPrice": "1000", "price": "1000"}, -4136),
        ({"type": "TRAILING_STOP_MARKET", "quantity": "0.01"}, -1102),
        ({"type": "TRAILING_STOP_MARKET", "quantity": "0.01", "callbackRate": "11"}, -2007),
        ({"type": "TRAILING_STOP_MARKET", "quantity": "0.01", "callbackRate": "0.15"}, -2007),
        ({"type": "LIMIT", "quantity": "0.01"}, -1116),
        ({"algoType": "VP"}, -1130),
        ({"quantity": "0.01", "triggerPrice": "1000", "workingType": "INDEX"}, -4031),
    ],
)
def test_conditional_order_that_breaks_a_rule_is_refused(
    client: WireClient, changes: dict[str, str], code: int
) -> None:
    """The same for orders that wait for a trigger."""
    assert code == client.code("POST", ALGO, **STOP | changes)


def test_market_order_fills_at_the_ask_that_the_book_shows(client: WireClient) -> None:
    """A buyer pays the ask, once, and the fee is the taker's."""
    ask = client.seen("depth", **BTC, limit=5)["asks"][0][0]
    order = client.done("POST", ORDER, **BUY, newOrderRespType="RESULT")
    trade = client.done("GET", "/fapi/v1/userTrades", **BTC)[0]

    assert ("FILLED", ask) == (order["status"], trade["price"])
    assert f"{float(ask) * 0.01 * 0.0005:.8f}" == trade["commission"]
    assert not trade["maker"]


def test_acknowledgement_tells_of_no_fill(client: WireClient) -> None:
    """By default an order is answered as it was taken in, even if it has filled by then."""
    order = client.done("POST", ORDER, **BUY)
    assert ("NEW", "0.000") == (order["status"], order["executedQty"])
    assert "FILLED" == client.done("GET", ORDER, **BTC, orderId=order["orderId"])["status"]


def test_order_larger_than_the_book_fills_in_part_and_expires(client: WireClient) -> None:
    """What a market order finds nobody for does not wait."""
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=50)
    shown = client.seen("ticker/bookTicker", **BTC)["askQty"]
    quantity = f"{float(shown) + 0.5:.3f}"
    order = client.done("POST", ORDER, **BUY | {"quantity": quantity}, newOrderRespType="RESULT")
    assert ("EXPIRED", shown) == (order["status"], order["executedQty"])


def test_post_only_at_the_ask_is_refused_and_below_it_rests(client: WireClient) -> None:
    """The book that is shown is the book that decides who takes."""
    quote = client.seen("ticker/bookTicker", **BTC)
    maker = REST | {"timeInForce": "GTX"}
    assert -5022 == client.code("POST", ORDER, **maker, price=quote["askPrice"])
    assert "NEW" == client.done("POST", ORDER, **maker, price=quote["bidPrice"])["status"]


def test_client_id_is_free_again_when_its_order_is_gone(client: WireClient) -> None:
    """Names are unique among open orders alone."""
    asked = REST | {"price": price(client, 0.95), "newClientOrderId": "mine"}
    client.done("POST", ORDER, **asked)
    assert -4116 == client.code("POST", ORDER, **asked)
    client.done("DELETE", ORDER, **BTC, origClientOrderId="mine")
    assert "NEW" == client.done("POST", ORDER, **asked)["status"]
    assert -2011 == client.code("DELETE", ORDER, **BTC, orderId=1)
    assert -2013 == client.code("GET", ORDER, **BTC, origClientOrderId="other")
    assert -1102 == client.code("GET", ORDER, **BTC)


def test_changed_order_keeps_its_id(client: WireClient) -> None:
    """A change gives a new price and quantity; nothing to change is refused."""
    order = client.done("POST", ORDER, **REST, price=price(client, 0.95))
    change = BTC | {"orderId": order["orderId"], "side": "BUY", "quantity": "0.02", "price": price(client, 0.94)}
    changed = client.done("PUT", ORDER, **change)
    assert (order["orderId"], "0.020", change["price"]) == (changed["orderId"], changed["origQty"], changed["price"])
    assert -5027 == client.code("PUT", ORDER, **change)


def test_batch_answers_each_order_for_itself(client: WireClient) -> None:
    """A refusal stands in its place in the list."""
    good = REST | {"price": price(client, 0.95)}
    answers = client.done("POST", "/fapi/v1/batchOrders", batchOrders=json.dumps([good, good | {"side": "HOLD"}]))
    assert ["NEW", -1117] == [answers[0]["status"], answers[1]["code"]]
    numbers = json.dumps([answers[0]["orderId"], 7])
    cancelled = client.done("DELETE", "/fapi/v1/batchOrders", **BTC, orderIdList=numbers)
    assert ["CANCELED", -2011] == [cancelled[0]["status"], cancelled[1]["code"]]


def test_stop_closes_the_position_and_points_to_its_order(client: WireClient) -> None:
    """A conditional order is found among conditional ones until it acts, and then among orders too."""
    client.done("POST", ORDER, **BUY)
    stop = client.done("POST", ALGO, **STOP, triggerPrice=price(client, 0.9999), closePosition="true")
    assert [stop["algoId"]] == [one["algoId"] for one in client.done("GET", "/fapi/v1/openAlgoOrders")]
    assert [] == client.done("GET", "/fapi/v1/openOrders")
    for _ in range(600):
        client.wait(1)
        acted = client.done("GET", ALGO, algoId=stop["algoId"])
        if acted["algoStatus"] != "NEW":
            break
    order = client.done("GET", ORDER, **BTC, orderId=acted["actualOrderId"])

    assert ("FINISHED", "FILLED", "MARKET") == (acted["algoStatus"], order["status"], order["type"])
    assert [] == client.done("GET", "/fapi/v3/positionRisk")


@pytest.mark.rule("F-5")
def test_margin_mode_and_leverage(client: WireClient) -> None:
    """What the account has set is what margin is counted by; what stands in the way has its number."""
    assert -4046 == client.code("POST", "/fapi/v1/marginType", **BTC, marginType="CROSSED")
    client.done("POST", "/fapi/v1/marginType", **BTC, marginType="ISOLATED")
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=10)
    client.done("POST", ORDER, **BUY)
    held = client.done("GET", "/fapi/v2/positionRisk", **BTC)[0]

    assert ("isolated", "10") == (held["marginType"], held["leverage"])
    assert abs(float(held["entryPrice"]) * 0.01 / 10 - float(held["isolatedWallet"])) < 1e-6
    assert -4048 == client.code("POST", "/fapi/v1/marginType", **BTC, marginType="CROSSED")
    assert -4161 == client.code("POST", "/fapi/v1/leverage", **BTC, leverage=5)
    assert -4028 == client.code("POST", "/fapi/v1/leverage", **BTC, leverage=126)
    assert -4059 == client.code("POST", "/fapi/v1/positionSide/dual", dualSidePosition="false")
    assert -4068 == client.code("POST", "/fapi/v1/positionSide/dual", dualSidePosition="true")


def test_funding_is_paid_at_its_hour_and_told_as_income() -> None:
    """At the funding time the position pays mark times rate, as foretold."""
    listings = [listing_of("BTCUSDT")]
    client = WireClient(a_server(listings=listings, source=Synthetic(listings, START - 60_000_000_000, 1, 100)))
    client.done("POST", ORDER, **BUY)
    due = client.seen("premiumIndex", **BTC)
    client.wait((due["nextFundingTime"] - client.exchange.now) / 1_000)
    paid = client.done("GET", "/fapi/v1/income", incomeType="FUNDING_FEE")
    mark = float(client.seen("premiumIndex", **BTC)["markPrice"])

    assert due["nextFundingTime"] == paid[0]["time"]
    assert abs(-mark * 0.01 * float(due["lastFundingRate"]) - float(paid[0]["income"])) < 1e-6
    assert due["lastFundingRate"] == client.seen("fundingRate", **BTC)[-1]["fundingRate"]


def test_too_much_weight_is_429_and_then_418() -> None:
    """Who goes on asking is banned, and told until when; a minute later the count begins anew."""
    client = WireClient(a_server(limits=Limits(weight=50)))
    answers = [client.gateway.answer(Call("GET", "/fapi/v1/time")) for _ in range(62)]

    assert [200] * 50 + [429] * 10 + [418] * 2 == [answer.status for answer in answers]
    assert "50" == answers[49].headers["X-MBX-USED-WEIGHT-1M"]
    assert "120" == answers[60].headers["Retry-After"]
    client.wait(119)
    assert 418 == client.gateway.answer(Call("GET", "/fapi/v1/time")).status
    client.wait(2)
    assert 200 == client.gateway.answer(Call("GET", "/fapi/v1/time")).status


@pytest.mark.rule("F-4")
def test_too_many_orders_are_refused_by_account() -> None:
    """Three orders in ten seconds, where three are allowed, and no fourth; headers count them."""
    client = WireClient(a_server(limits=Limits(orders_10s=3)))
    answers = [client.ask("POST", ORDER, **BUY) for _ in range(4)]
    assert [200, 200, 200, 429] == [answer.status for answer in answers]
    assert -1015 == answers[3].body["code"]
    assert "3" == answers[2].headers["X-MBX-ORDER-COUNT-10S"]


def test_candles_are_what_their_trades_say(client: WireClient) -> None:
    """The last minute's candle agrees with its trades: prices, volume, count and the buyers' part."""
    client.wait(60)
    minute = client.seen("klines", **BTC, interval="1m", limit=2)[0]
    trades = [one for one in client.seen("trades", **BTC, limit=1000) if minute[0] <= one["time"] <= minute[6]]
    prices = [float(one["price"]) for one in trades]

    assert [prices[0], max(prices), min(prices), prices[-1]] == [float(text) for text in minute[1:5]]
    assert len(trades) == minute[8]
    assert sum(round(float(one["qty"]) * 1_000) for one in trades) == round(float(minute[5]) * 1_000)
    bought = sum(round(float(one["qty"]) * 1_000) for one in trades if not one["isBuyerMaker"])
    assert bought == round(float(minute[9]) * 1_000)


@pytest.mark.parametrize("interval", ["1m", "5m", "1h", "1d", "1w"])
def test_longer_candles_hold_their_minutes(client: WireClient, interval: str) -> None:
    """A candle of any interval has the extremes and the volume of its minutes."""
    minutes = client.seen("klines", **BTC, interval="1m", limit=1500)
    longer = client.seen("klines", **BTC, interval=interval, limit=1)[0]
    inside = [one for one in minutes if longer[0] <= one[0] <= longer[6]]
    if inside[0][0] == longer[0]:
        assert inside[0][1] == longer[1]
    assert max(float(one[2]) for one in inside) <= float(longer[2])
    assert inside[-1][4] == longer[4]
    assert longer[6] - longer[0] + 1 == {"1m": 1, "5m": 5, "1h": 60, "1d": 1_440, "1w": 10_080}[interval] * 60_000


def test_same_seed_gives_the_same_market() -> None:
    """What was drawn once is drawn again, whatever is asked in between."""
    one, other = WireClient(a_server()), WireClient(a_server())
    for _ in range(20):
        one.wait(1)
        one.seen("depth", **BTC)
    other.wait(20)
    last = [client.seen("klines", **BTC, interval="1m", limit=3) for client in (one, other)]
    assert last[0] == last[1]


def test_liquidation_cancels_orders_and_closes_the_position() -> None:
    """At twenty times leverage a fall of six per cent takes the position, its orders first, and tells how."""
    client = WireClient(a_replay([(100, 100, 100, 100), (100, 101, 90, 91)], House(spread=0)))
    client.done("POST", "/fapi/v1/listenKey")
    told: list[dict[str, Any]] = []
    client.exchange.listener.on_user = lambda _, event: told.append(event)
    client.done("POST", ORDER, **BUY | {"quantity": "1800"})
    client.done("POST", ALGO, **STOP, triggerPrice="91", closePosition="true")
    liquidation = float(client.done("GET", "/fapi/v3/positionRisk")[0]["liquidationPrice"])
    client.wait(120)
    updates = [event["o"] for event in told if event["e"] == "ORDER_TRADE_UPDATE"]
    forced = [update for update in updates if update["x"] == "CALCULATED"]

    assert 94 < liquidation < 100
    assert [("SELL", "FILLED", "1800")] == [(update["S"], update["X"], update["l"]) for update in forced]
    assert forced[0]["c"].startswith("autoclose-")
    assert abs(float(forced[0]["L"]) - liquidation) <= 1
    assert ["EXPIRED"] == [event["o"]["X"] for event in told if event["e"] == "ALGO_UPDATE"][1:]
    assert ["ALGO_UPDATE", "ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE"] == [event["e"] for event in told][-3:]
    assert [forced[0]["i"]] == [one["orderId"] for one in client.done("GET", "/fapi/v1/forceOrders")]
    assert 0.0 <= float(client.done("GET", "/fapi/v3/balance")[0]["balance"]) < 1_500.0


def test_order_good_till_a_date_expires_then(client: WireClient) -> None:
    """It rests until its second, and is expired after it; a date that is too near is refused."""
    dated = REST | {"timeInForce": "GTD", "price": price(client, 0.95)}
    until = client.exchange.now + 700_000
    assert -1102 == client.code("POST", ORDER, **dated)
    assert -1130 == client.code("POST", ORDER, **dated, goodTillDate=client.exchange.now + 60_000)
    order = client.done("POST", ORDER, **dated, goodTillDate=until)
    assert until // 1_000 * 1_000 == order["goodTillDate"]
    client.exchange.clock.advance(690_000_000_000)
    assert "NEW" == client.done("GET", ORDER, **BTC, orderId=order["orderId"])["status"]
    client.wait(20)
    expired = client.done("GET", ORDER, **BTC, orderId=order["orderId"])
    assert ("EXPIRED", order["goodTillDate"]) == (expired["status"], expired["updateTime"])


def test_countdown_cancels_orders_unless_it_is_put_off(client: WireClient) -> None:
    """Asked again in time, nothing happens; not asked, everything of the symbol goes, at that very time."""
    path = "/fapi/v1/countdownCancelAll"
    order = client.done("POST", ORDER, **REST, price=price(client, 0.95))
    client.done("POST", path, **BTC, countdownTime=30_000)
    client.wait(20)
    client.done("POST", path, **BTC, countdownTime=30_000)
    due = client.exchange.now + 30_000
    client.wait(20)
    assert 1 == len(client.done("GET", "/fapi/v1/openOrders"))
    client.wait(20)
    gone = client.done("GET", ORDER, **BTC, orderId=order["orderId"])
    assert ("CANCELED", due) == (gone["status"], gone["updateTime"])
    client.done("POST", ORDER, **REST, price=price(client, 0.95))
    client.done("POST", path, **BTC, countdownTime=5_000)
    client.done("POST", path, **BTC, countdownTime=0)
    client.wait(10)
    assert 1 == len(client.done("GET", "/fapi/v1/openOrders"))


def test_candles_of_a_pair_are_those_of_its_contract(client: WireClient) -> None:
    """The perpetual contract is the only one of a pair."""
    asked = {"interval": "5m", "limit": 7}
    pair = {"pair": "BTCUSDT", "contractType": "PERPETUAL"}
    assert client.seen("klines", **BTC, **asked) == client.seen("continuousKlines", **pair, **asked)
    assert -1130 == client.code("GET", "/fapi/v1/continuousKlines", **pair | {"contractType": "NEXT_QUARTER"}, **asked)
    trades = client.seen("trades", **BTC)
    assert trades == client.seen("historicalTrades", **BTC)
    assert trades[3:5] == client.seen("historicalTrades", **BTC, fromId=trades[3]["id"], limit=2)
