"""A conditional order that stays TRIGGERING, and variants of what the venue is said to do."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.practice.rates import Limits
from tradewright.adapters.venues.practice.variants import BRACKET_LIST, VARIANTS, read_variants
from tradewright.domain.errors import UnknownName
from tradewright.testing.practice import WireClient, a_server

BTC = {"symbol": "BTCUSDT"}
ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"


def _protected(**fault: Any) -> tuple[WireClient, list[dict[str, Any]]]:
    """A client whose long position has two stops that the market soon passes; and what the user stream tells."""
    client = WireClient(a_server())
    client.wait(10)
    told: list[dict[str, Any]] = []
    client.exchange.listener.on_user = lambda _, event: told.append(event)  # type: ignore[method-assign]  # to hear it
    client.server.hub.faults.add(Fault("stuck_triggering", **fault))
    client.done("POST", ORDER, **BTC, side="BUY", type="MARKET", quantity="0.02")
    last = float(client.seen("ticker/price", **BTC)["price"])
    for number in (1, 2):
        stop = {"algoType": "CONDITIONAL", "side": "SELL", "type": "STOP_MARKET", "quantity": "0.01"}
        client.done("POST", ALGO, **BTC, **stop, triggerPrice=f"{last - number:.1f}", clientAlgoId=f"stop-{number}")
    client.wait(120)
    return client, told


def _status(client: WireClient, number: int) -> str:
    return str(client.done("GET", ALGO, clientAlgoId=f"stop-{number}")["algoStatus"])


def test_stop_that_sticks_protects_nothing() -> None:
    """It is told as TRIGGERING once, never acts, and cannot be cancelled; another stop acts as ever."""
    client, told = _protected()
    assert ("TRIGGERING", "FINISHED") == (_status(client, 1), _status(client, 2))
    assert "0.010" == client.done("GET", "/fapi/v3/positionRisk", **BTC)[0]["positionAmt"]
    assert -2011 == client.code("DELETE", ALGO, clientAlgoId="stop-1")
    states = [one["o"]["X"] for one in told if one["e"] == "ALGO_UPDATE" and one["o"]["caid"] == "stop-1"]
    assert ["NEW", "TRIGGERING"] == states
    assert [] == client.done("GET", "/fapi/v1/openAlgoOrders")
    client.wait(600)
    assert "TRIGGERING" == _status(client, 1)


@pytest.mark.parametrize(
    ("fault", "stuck"),
    [({"count": 0}, (1, 2)), ({"after": 1}, (2,)), ({"chance": 0.0}, ()), ({"begin": 1e6}, ()), ({"end": 1.0}, ())],
)
def test_fault_says_which_orders_stick(fault: dict[str, Any], stuck: tuple[int, ...]) -> None:
    """How many it lets pass, how often it strikes, by which chance and when."""
    client, _ = _protected(**fault)
    assert stuck == tuple(number for number in (1, 2) if _status(client, number) == "TRIGGERING")


def test_variant_of_brackets() -> None:
    """One symbol alone, or a list of it."""
    for variants, kind in ((frozenset[str](), dict), (frozenset({BRACKET_LIST}), list)):
        client = WireClient(a_server(house=House(variants=variants)))
        assert isinstance(client.done("GET", "/fapi/v1/leverageBracket", **BTC), kind)


def test_answers_may_come_without_a_time_to_wait() -> None:
    """429 says after how long to ask again, unless it is asked not to."""
    for tells_wait in (True, False):
        client = WireClient(a_server(limits=Limits(weight=0, spot_weight=0, tells_wait=tells_wait)))
        for path in ("/fapi/v1/time", "/api/v3/time"):
            answer = client.ask("GET", path)
            assert (429, tells_wait) == (answer.status, "Retry-After" in answer.headers)


def test_variants_have_names() -> None:
    """What is not known is refused with what is."""
    assert frozenset(VARIANTS) == read_variants(VARIANTS)
    with pytest.raises(UnknownName, match="bracket-list"):
        read_variants(["bracket"])
