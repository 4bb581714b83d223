"""Contracts beside their index: mark, last and index are three prices, and each does what it is for."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tradewright.adapters.venues.practice.basis import Basis
from tradewright.adapters.venues.practice.exchange import House
from tradewright.testing.practice import START, WireClient, a_server

BTC = {"symbol": "BTCUSDT"}
ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"
MINUTE = 60_000_000_000


def test_basis_wanders_slowly_within_its_bounds() -> None:
    """No further than its width, from minute to minute by a fifth of twice that, and the same for the same seed."""
    basis, again = Basis(1, 10.0), Basis(1, 10.0)
    course = [basis.share(0, START + n * MINUTE) for n in range(600)]
    assert max(map(abs, course)) <= 1e-3
    assert max(course) > 5e-4 > -5e-4 > min(course)
    assert max(abs(one - other) for one, other in pairwise(course)) <= 2e-3 / 5
    assert course == [again.share(0, START + n * MINUTE) for n in range(600)]
    assert course != [basis.share(1, START + n * MINUTE) for n in range(600)]
    assert 0.0 == Basis(1, 0.0).share(0, START)


def _client(basis: float) -> WireClient:
    client = WireClient(a_server(house=House(basis=basis)))
    client.wait(700)
    return client


@pytest.mark.rule("M-10")
def test_mark_lies_between_the_last_price_and_the_index() -> None:
    """Without a basis all three are one; the mark is what positions are worth by."""
    client = _client(50.0)
    client.done("POST", ORDER, **BTC, side="BUY", type="MARKET", quantity="0.1")
    client.wait(100)
    told, last = client.seen("premiumIndex", **BTC), float(client.seen("ticker/price", **BTC)["price"])
    mark, index = float(told["markPrice"]), float(told["indexPrice"])
    assert min(last, index) < mark < max(last, index)
    held = client.done("GET", "/fapi/v3/positionRisk", **BTC)[0]
    assert mark == float(held["markPrice"])
    assert float(held["unRealizedProfit"]) == pytest.approx(0.1 * (mark - float(held["entryPrice"])))
    candle = client.seen("markPriceKlines", **BTC, interval="1m", limit=1)[0]
    assert mark == pytest.approx(float(candle[4]), abs=0.2)
    indices = client.seen("indexPriceKlines", pair="BTCUSDT", interval="1m", limit=1)[0]
    assert index == pytest.approx(float(indices[4]), abs=0.2)

    alone = _client(0.0)
    told, last = alone.seen("premiumIndex", **BTC), alone.seen("ticker/price", **BTC)["price"]
    assert (last, last) == (told["markPrice"], told["indexPrice"])


@pytest.mark.rule("S-1")
def test_stop_acts_by_the_price_that_it_names() -> None:
    """Of two stops between mark and last, the one that looks at the nearer price is refused: it would act at once."""
    client = _client(100.0)
    client.done("POST", ORDER, **BTC, side="BUY", type="MARKET", quantity="0.1")
    last = float(client.seen("ticker/price", **BTC)["price"])
    mark = float(client.seen("premiumIndex", **BTC)["markPrice"])
    between = {"triggerPrice": f"{(last + mark) / 2:.1f}", "quantity": "0.1", "side": "SELL"}
    stop = BTC | {"algoType": "CONDITIONAL", "type": "STOP_MARKET"} | between
    near, far = ("MARK_PRICE", "CONTRACT_PRICE") if mark < last else ("CONTRACT_PRICE", "MARK_PRICE")
    assert -2021 == client.code("POST", ALGO, **stop, workingType=near)
    assert "NEW" == client.done("POST", ALGO, **stop, workingType=far)["algoStatus"]
