"""Modes of an account: long and short side by side, several assets, margin of a position; what stands in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.venues.practice.exchange import House, Listener
from tradewright.testing.practice import START, WireClient, a_replay, a_server

BTC = {"symbol": "BTCUSDT"}
MARKET = BTC | {"type": "MARKET", "quantity": "0.01"}
REST = BTC | {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "55000"}
ORDER, ALGO, DUAL = "/fapi/v1/order", "/fapi/v1/algoOrder", "/fapi/v1/positionSide/dual"
MULTI, MARGIN = "/fapi/v1/multiAssetsMargin", "/fapi/v1/positionMargin"


class _Heard(Listener):
    """Keeps what the user stream would tell."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def on_user(self, seat: Any, event: dict[str, Any]) -> None:
        self.events.append(event)


def _client(**settings: Any) -> WireClient:
    client = WireClient(a_server(**settings))
    client.wait(10)
    return client


@pytest.fixture
def hedged() -> WireClient:
    """A client whose account holds long and short side by side."""
    client = _client()
    client.done("POST", DUAL, dualSidePosition="true")
    return client


def _position(client: WireClient, side: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = client.done("GET", "/fapi/v2/positionRisk", **BTC)
    return next(row for row in rows if row["positionSide"] == side)


def _both(client: WireClient) -> None:
    client.done("POST", ORDER, **MARKET, side="BUY", positionSide="LONG")
    client.done("POST", ORDER, **MARKET | {"quantity": "0.02"}, side="SELL", positionSide="SHORT")


@pytest.mark.rule("R-1")
def test_long_and_short_stand_side_by_side(hedged: WireClient) -> None:
    """Each leg has its position, and closing one leaves the other as it is."""
    _both(hedged)
    assert ("0.010", "-0.020") == tuple(_position(hedged, side)["positionAmt"] for side in ("LONG", "SHORT"))
    assert {"dualSidePosition": True} == hedged.done("GET", DUAL)
    assert ["LONG", "SHORT"] == [row["positionSide"] for row in hedged.done("GET", "/fapi/v3/positionRisk")]

    hedged.done("POST", ORDER, **MARKET, side="SELL", positionSide="LONG")
    assert ("0.000", "-0.020") == tuple(_position(hedged, side)["positionAmt"] for side in ("LONG", "SHORT"))
    sides = [row["positionSide"] for row in hedged.done("GET", "/fapi/v1/userTrades", **BTC)]
    assert ["LONG", "SHORT", "LONG"] == sides


@pytest.mark.rule("F-6")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, -4061),
        ({"positionSide": "BOTH"}, -4061),
        ({"positionSide": "UP"}, -4060),
        ({"positionSide": "LONG", "reduceOnly": "false"}, -1106),
        ({"positionSide": "LONG", "side": "SELL"}, -2022),
        ({"positionSide": "SHORT", "side": "BUY"}, -2022),
    ],
)
def test_order_that_does_not_go_with_its_leg_is_refused(hedged: WireClient, changes: dict[str, str], code: int) -> None:
    """A leg must be said, the flag may not, and nothing closes more than its leg holds."""
    assert code == hedged.code("POST", ORDER, **{"side": "BUY"} | MARKET | changes)


def test_more_than_the_leg_holds_cannot_be_closed(hedged: WireClient) -> None:
    """An order against a leg may be as large as its position, not larger; a close of the wrong side is none."""
    _both(hedged)
    sell = {"side": "SELL", "positionSide": "LONG"}
    assert -2022 == hedged.code("POST", ORDER, **MARKET | {"quantity": "0.02"}, **sell)
    stop = BTC | {"algoType": "CONDITIONAL", "type": "STOP_MARKET", "closePosition": "true", "triggerPrice": "1000000"}
    assert -2022 == hedged.code("POST", ALGO, **stop, side="BUY", positionSide="LONG")


def test_stop_of_a_leg_closes_that_leg_alone(hedged: WireClient) -> None:
    """A close of the short leg, triggered at once by a price that the market passes, leaves the long one."""
    _both(hedged)
    last = float(hedged.seen("ticker/price", **BTC)["price"])
    stop = BTC | {"algoType": "CONDITIONAL", "type": "STOP_MARKET", "closePosition": "true", "side": "BUY"}
    hedged.done("POST", ALGO, **stop, positionSide="SHORT", triggerPrice=f"{last + 1:.1f}")
    hedged.wait(600)
    assert "FINISHED" == hedged.done("GET", "/fapi/v1/allAlgoOrders", **BTC)[0]["algoStatus"]
    assert ("0.010", "0.000") == tuple(_position(hedged, side)["positionAmt"] for side in ("LONG", "SHORT"))


def test_events_say_their_leg(hedged: WireClient) -> None:
    """Orders and positions of the user stream name the leg, and what each has earned is its own."""
    heard = _Heard()
    hedged.exchange.listener = heard
    _both(hedged)
    orders = [one["o"]["ps"] for one in heard.events if one["e"] == "ORDER_TRADE_UPDATE"]
    positions = [row["ps"] for one in heard.events if one["e"] == "ACCOUNT_UPDATE" for row in one["a"]["P"]]
    assert (["LONG", "LONG", "SHORT", "SHORT"], ["LONG", "SHORT"]) == (orders, positions)


def test_position_mode_changes_only_while_nothing_is_held_or_waits() -> None:
    """Open orders, positions, no change: each has its number; the wallet stays as it is."""
    client = _client()
    assert -4059 == client.code("POST", DUAL, dualSidePosition="false")
    order = client.done(
        "POST", ORDER, **BTC, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="50000"
    )
    assert -4067 == client.code("POST", DUAL, dualSidePosition="true")
    client.done("DELETE", ORDER, **BTC, orderId=order["orderId"])
    client.done("POST", ORDER, **MARKET, side="BUY")
    assert -4068 == client.code("POST", DUAL, dualSidePosition="true")
    client.done("POST", ORDER, **MARKET, side="SELL", reduceOnly="true")
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=7)
    before = client.done("GET", "/fapi/v3/balance")[0]["balance"]
    client.done("POST", DUAL, dualSidePosition="true")
    assert before == client.done("GET", "/fapi/v3/balance")[0]["balance"]
    assert 7 == client.done("GET", "/fapi/v1/symbolConfig", **BTC)[0]["leverage"]
    assert order["orderId"] < client.done("POST", ORDER, **MARKET, side="BUY", positionSide="LONG")["orderId"]
    assert -4061 == client.code("POST", ORDER, **MARKET, side="BUY")


def test_hedged_account_is_kept(tmp_path: Path) -> None:
    """Brought back, it holds both legs still, and goes on alike."""
    client = _client(folder=tmp_path)
    client.done("POST", DUAL, dualSidePosition="true")
    client.done("POST", MULTI, multiAssetsMargin="true")
    _both(client)
    client.server.keep()
    again = WireClient(a_server(folder=tmp_path))
    for one in (client, again):
        one.wait(120)
        one.done("POST", ORDER, **MARKET, side="SELL", positionSide="LONG")
    for path in ("/fapi/v3/account", "/fapi/v2/positionRisk", "/fapi/v1/income", MULTI):
        assert client.done("GET", path) == again.done("GET", path)


def test_asset_mode_and_what_it_forbids() -> None:
    """No change, isolated symbols, open orders stand in the way of it, and it in the way of isolated margin."""
    client = _client()
    assert -4171 == client.code("POST", MULTI, multiAssetsMargin="false")
    client.done("POST", "/fapi/v1/marginType", **BTC, marginType="ISOLATED")
    assert -4167 == client.code("POST", MULTI, multiAssetsMargin="true")
    client.done("POST", "/fapi/v1/marginType", **BTC, marginType="CROSSED")
    order = client.done(
        "POST", ORDER, **BTC, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="50000"
    )
    assert -4170 == client.code("POST", MULTI, multiAssetsMargin="true")
    client.done("DELETE", ORDER, **BTC, orderId=order["orderId"])
    client.done("POST", MULTI, multiAssetsMargin="true")
    assert -4168 == client.code("POST", "/fapi/v1/marginType", **BTC, marginType="ISOLATED")
    assert {"multiAssetsMargin": True} == client.done("GET", MULTI)
    assert client.done("GET", "/fapi/v1/accountConfig")["multiAssetsMargin"]


@pytest.mark.rule("M-7")
def test_margin_of_an_isolated_position_moves_its_liquidation_price() -> None:
    """What is added lets it live longer and cannot be spent elsewhere; what it needs cannot be taken back."""
    client = _client()
    assert -4049 == client.code("POST", MARGIN, **BTC, type=1, amount=10)
    client.done("POST", "/fapi/v1/marginType", **BTC, marginType="ISOLATED")
    assert -4054 == client.code("POST", MARGIN, **BTC, type=1, amount=10)
    client.done("POST", ORDER, **MARKET, side="BUY")
    before, free = _position(client, "BOTH"), client.done("GET", "/fapi/v3/balance")[0]["availableBalance"]
    done = client.done("POST", MARGIN, **BTC, type=1, amount=100)
    after = _position(client, "BOTH")
    assert (100.0, 1) == (done["amount"], done["type"])
    assert 100.0 == pytest.approx(float(after["isolatedWallet"]) - float(before["isolatedWallet"]))
    assert 100.0 == pytest.approx(float(free) - float(client.done("GET", "/fapi/v3/balance")[0]["availableBalance"]))
    assert float(after["liquidationPrice"]) < float(before["liquidationPrice"])
    assert -4051 == client.code("POST", MARGIN, **BTC, type=2, amount=110)
    client.done("POST", MARGIN, **BTC, type=2, amount=60)
    history = client.done("GET", f"{MARGIN}/history", **BTC)
    assert [(1, "100.00000000"), (2, "60.00000000")] == [(row["type"], row["amount"]) for row in history]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": 3}, -1130),
        ({"amount": "much"}, -1130),
        ({"amount": "-1"}, -4055),
        ({"amount": "nan"}, -4055),
        ({"amount": "1000000"}, -4050),
        ({"positionSide": "LONG"}, -4061),
        ({"symbol": ""}, -1102),
    ],
)
def test_transfer_of_margin_that_cannot_be_is_refused(changes: dict[str, Any], code: int) -> None:
    """An unknown way, no amount, more than there is, a leg that the account does not have."""
    client = _client()
    client.done("POST", "/fapi/v1/marginType", **BTC, marginType="ISOLATED")
    client.done("POST", ORDER, **MARKET, side="BUY")
    assert code == client.code("POST", MARGIN, **{**BTC, "type": 1, "amount": 10} | changes)


@pytest.mark.rule("M-6", "M-9")
def test_liquidation_takes_the_leg_that_stands_alone() -> None:
    """An isolated long leg is closed by the venue when the price falls; the short one lives on, and earns."""
    rows = [(1_000.0, 1_000.0, 1_000.0, 1_000.0), (1_000.0, 1_000.0, 850.0, 850.0), (850.0, 850.0, 850.0, 850.0)]
    client = WireClient(a_replay(rows, House(spread=0), start=START + 1_000_000_000))
    heard = _Heard()
    client.exchange.listener = heard
    client.done("POST", DUAL, dualSidePosition="true")
    client.done("POST", "/fapi/v1/marginType", **BTC, marginType="ISOLATED")
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=10)
    order = BTC | {"type": "MARKET", "quantity": "10"}
    client.done("POST", ORDER, **order, side="BUY", positionSide="LONG")
    client.done("POST", ORDER, **order, side="SELL", positionSide="SHORT")
    client.wait(150)
    assert [("SHORT", "-10")] == [
        (row["positionSide"], row["positionAmt"]) for row in client.done("GET", "/fapi/v3/positionRisk")
    ]
    forced = client.done("GET", "/fapi/v1/forceOrders", **BTC)
    assert [("LONG", "SELL", "FILLED")] == [(one["positionSide"], one["side"], one["status"]) for one in forced]
    assert ("LONG", "CALCULATED") in [
        (one["o"]["ps"], one["o"]["x"]) for one in heard.events if one["e"] == "ORDER_TRADE_UPDATE"
    ]
