"""Random orders through the exchange's door: what it says of money is what an independent count in decimals gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.testing.practice import WireClient, a_server

ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"
SYMBOLS = ("BTCUSDT", "ETHUSDT")
BALANCE = Decimal(10_000)
ORDERS = 40


def _wishes(
    seed: int, client: WireClient, legs: tuple[str, ...] = ("BOTH",)
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What a restless client asks: path, method and fields."""
    chance = random.Random(seed)
    for _ in range(ORDERS):
        symbol, side = chance.choice(SYMBOLS), chance.choice(("BUY", "SELL"))
        last = float(client.seen("ticker/price", symbol=symbol)["price"])
        places, least = (1, 0.002) if symbol == "BTCUSDT" else (2, 0.02)
        near = f"{last * (1 + chance.uniform(-0.0008, 0.0008)):.{places}f}"
        terms = {"symbol": symbol, "side": side, "quantity": f"{least * chance.randint(1, 60):.3f}"}
        what = chance.randrange(8)
        leg = chance.choice(legs)
        reduces = {} if leg in ("LONG", "SHORT") else {"reduceOnly": chance.choice(("true", "false"))}
        terms["positionSide"] = leg
        if what < 3:
            yield "POST", ORDER, terms | {"type": "MARKET"} | (reduces if what == 2 else {})
        elif what < 5:
            force = chance.choice(("GTC", "GTX", "IOC", "FOK"))
            yield "POST", ORDER, terms | {"type": "LIMIT", "timeInForce": force, "price": near}
        elif what < 7:
            kind = chance.choice(("STOP_MARKET", "TAKE_PROFIT_MARKET"))
            more = {"algoType": "CONDITIONAL", "type": kind, "triggerPrice": near}
            yield "POST", ALGO, terms | more | reduces
        else:
            yield "DELETE", "/fapi/v1/allOpenOrders", {"symbol": symbol}
        client.wait(chance.choice((0, 0, 0.4, 3, 20)))


def _recount(trades: list[dict[str, Any]]) -> tuple[Decimal, Decimal, Fraction, Decimal]:
    """Position, realised profit, average entry and fees, from nothing but prices and quantities."""
    held, entry, realised, fees = Decimal(0), Fraction(0), Fraction(0), Decimal(0)
    for trade in trades:
        price, signed = Fraction(trade["price"]), Decimal(trade["qty"]) * (1 if trade["side"] == "BUY" else -1)
        rate = Decimal("0.0002") if trade["maker"] else Decimal("0.0005")
        fees += Decimal(trade["price"]) * Decimal(trade["qty"]) * rate
        closing = min(abs(held), abs(signed)) if held * signed < 0 else Decimal(0)
        realised += Fraction(closing) * (price - entry) * (1 if held > 0 else -1)
        opened = abs(signed) - closing
        if opened and not closing:
            entry = (entry * Fraction(abs(held)) + price * Fraction(opened)) / Fraction(abs(held) + opened)
        elif opened:
            entry = price
        held += signed
    return held, Decimal(realised.numerator) / Decimal(realised.denominator), entry, fees


def _close(one: Decimal | Fraction | float, other: Decimal | Fraction | float, slack: str) -> bool:
    return abs(Fraction(one) - Fraction(other)) <= Fraction(slack)


@settings(max_examples=8)
@given(
    seed=st.integers(0, 2**32),
    legs=st.sampled_from((("BOTH",), ("LONG", "SHORT"))),
    house=st.sampled_from((House(), House(levels=100, queues=True))),
)
def test_balance_and_positions_equal_an_independent_recount(seed: int, legs: tuple[str, ...], house: House) -> None:
    """Fills, fees, funding: the wallet is the sum of its parts, and each position, or leg of it, that of its fills."""
    # Thin books, so that orders walk.
    listings = [listing_of(symbol, depth=2_000.0) for symbol in SYMBOLS]
    client = WireClient(a_server(house=house, listings=listings))
    client.wait(5)
    if len(legs) > 1:
        client.done("POST", "/fapi/v1/positionSide/dual", dualSidePosition="true")
    client.done("POST", "/fapi/v1/leverage", symbol="BTCUSDT", leverage=1 + seed % 50)
    if seed % 2:
        client.done("POST", "/fapi/v1/marginType", symbol="ETHUSDT", marginType="ISOLATED")
    for method, path, terms in _wishes(seed, client, legs):
        client.ask(method, path, **terms)
    client.wait(5)
    held = {(one["symbol"], one["positionSide"]): one for one in client.done("GET", "/fapi/v2/positionRisk")}
    wallet, open_profit = BALANCE, Fraction(0)
    for (symbol, leg), row in held.items():
        trades = client.done("GET", "/fapi/v1/userTrades", symbol=symbol, limit=1_000)
        lots, realised, entry, fees = _recount([one for one in trades if one["positionSide"] == leg])
        mark = Fraction(row["markPrice"])
        wallet += realised - fees
        open_profit += Fraction(lots) * (mark - entry)
        assert lots == Decimal(row["positionAmt"])
        assert not lots or _close(entry, Fraction(row["entryPrice"]), "0.00001")
    paid = client.done("GET", "/fapi/v1/income", incomeType="FUNDING_FEE", limit=1_000)
    wallet += sum((Decimal(one["income"]) for one in paid), Decimal(0))
    balance, account = client.done("GET", "/fapi/v3/balance")[0], client.done("GET", "/fapi/v3/account")

    assert _close(wallet, Decimal(balance["balance"]), "0.000002")
    assert _close(open_profit, Fraction(account["totalUnrealizedProfit"]), "0.000002")
    told = client.done("GET", "/fapi/v1/income", limit=1_000)
    assert _close(BALANCE + sum(Decimal(one["income"]) for one in told), Decimal(balance["balance"]), "0.000001")
    _holds_its_orders(client)


def _holds_its_orders(client: WireClient) -> None:
    """Each order says of itself what its trades say."""
    for symbol in SYMBOLS:
        trades = client.done("GET", "/fapi/v1/userTrades", symbol=symbol, limit=1_000)
        for order in client.done("GET", "/fapi/v1/allOrders", symbol=symbol, limit=1_000):
            own = [one for one in trades if one["orderId"] == order["orderId"]]
            assert sum(Decimal(one["qty"]) for one in own) == Decimal(order["executedQty"])
            assert sum(Decimal(one["quoteQty"]) for one in own) == Decimal(order["cumQuote"])
            assert Decimal(order["executedQty"]) <= Decimal(order["origQty"])
            assert (order["status"] == "FILLED") == (order["executedQty"] == order["origQty"])


@pytest.mark.parametrize("seed", [1, 2])
def test_random_flow_trades_at_all(seed: int) -> None:
    """The flow above is no flow of refusals: most wishes are taken, and many fill."""
    client = WireClient(a_server())
    client.wait(5)
    answers = [client.ask(method, path, **terms).status for method, path, terms in _wishes(seed, client)]
    fills = sum(len(client.done("GET", "/fapi/v1/userTrades", symbol=symbol)) for symbol in SYMBOLS)
    assert answers.count(200) > ORDERS / 2
    assert fills > ORDERS / 5
