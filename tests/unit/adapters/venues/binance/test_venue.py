"""What the adapter makes of answers that the practice exchange never gives: scripted, in simulated time."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tradewright.adapters.venues.binance.abilities import BINANCE
from tradewright.adapters.venues.binance.house_rules import usdm_address
from tradewright.adapters.venues.binance.link import Link, account_door
from tradewright.adapters.venues.binance.signing import Keys, signer
from tradewright.adapters.venues.binance.venue import BinanceVenue
from tradewright.adapters.venues.transport.calls import NoAnswer, NotSent, Reply, Wire
from tradewright.adapters.venues.transport.client import Client
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import VenueError, VenueRefusal
from tradewright.domain.orders import Accepted, Amendment, NewOrder, OrderRef, Outcome, Rejected, Unknown
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

BTC = "BTC/USDT:USDT"
RULES = {
    "symbols": [
        {
            "symbol": "BTCUSDT", "contractType": "PERPETUAL", "baseAsset": "BTC", "quoteAsset": "USDT",
            "marginAsset": "USDT", "liquidationFee": "0.0125",
            "filters": [
                {"filterType": "PRICE_FILTER", "tickSize": "0.10"},
                {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001"},
                {"filterType": "MIN_NOTIONAL", "notional": "100"},
            ],
        },
        {"symbol": "BTCUSDT_261225", "contractType": "CURRENT_QUARTER", "baseAsset": "BTC"},
        {"symbol": "币安USDT", "contractType": "PERPETUAL", "baseAsset": "币安"},
    ]
}  # fmt: skip
BRACKETS = [{"symbol": "BTCUSDT", "brackets": [
    {"initialLeverage": 50, "notionalFloor": 50_000, "maintMarginRatio": 0.01},
    {"initialLeverage": 125, "notionalFloor": 0, "maintMarginRatio": 0.004},
]}]  # fmt: skip
ORDER = {
    "symbol": "BTCUSDT", "orderId": 7, "clientOrderId": "tw-1", "side": "BUY", "type": "LIMIT", "origQty": "0.010",
    "executedQty": "0", "avgPrice": "0.00", "price": "42000.0", "status": "NEW", "timeInForce": "GTC", "updateTime": 5,
}  # fmt: skip
ALGO = {
    "symbol": "BTCUSDT", "algoId": 4001, "clientAlgoId": "stop-1", "side": "SELL", "orderType": "STOP_MARKET",
    "quantity": "0.010", "algoStatus": "TRIGGERING", "triggerPrice": "41000.0", "updateTime": 5,
}  # fmt: skip
UNKNOWN = (400, {"code": -2011, "msg": "Unknown order sent."})
NOT_FOUND = (400, {"code": -2013, "msg": "Order does not exist."})
PLACE, FIND, CANCEL = ("POST", "/fapi/v1/order"), ("GET", "/fapi/v1/order"), ("DELETE", "/fapi/v1/order")
FIND_ALGO, CANCEL_ALGO = ("GET", "/fapi/v1/algoOrder"), ("DELETE", "/fapi/v1/algoOrder")
Answers = dict[tuple[str, str], list[Any]]
BID = NewOrder("tw-1", BTC, "buy", Decimal("0.01"), "limit", Decimal(42_000))
STOP = OrderRef(BTC, "stop-1", is_conditional=True)


class Desk:
    """A venue that answers by path, one answer after the other, the last one for ever; keeps what was asked."""

    def __init__(self, answers: Answers) -> None:
        self.clock = SimulatedClock()
        self.answers: Answers = {
            ("GET", "/fapi/v1/exchangeInfo"): [(200, RULES)],
            ("GET", "/fapi/v1/leverageBracket"): [(200, BRACKETS)],
        } | {route: list(steps) for route, steps in answers.items()}
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    async def send(self, wire: Wire) -> Reply:
        path, _, query = wire.target.partition("?")
        self.asked.append((wire.method, path, dict(parse_qsl(query or wire.body))))
        now = self.clock.now_ns()
        if path == "/fapi/v1/time":
            return Reply(200, {"serverTime": now // 1_000_000}, {}, now, now)
        steps = self.answers[wire.method, path]
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if isinstance(step, Exception):
            raise step
        return Reply(step[0], step[1], {}, now, now)

    def count(self, *route: str) -> int:
        """How often it was asked that."""
        return sum(one[:2] == route for one in self.asked)

    def venue(self) -> BinanceVenue:
        """An account there."""
        door = account_door(usdm_address())
        client = Client("binance", self, door, self.clock, signer(Keys("k", "s")), chance=random.Random(1))
        return BinanceVenue(Link(client), BINANCE, lambda _: iter(()))  # type: ignore[arg-type, return-value]


def _act(desk: Desk, act: Callable[[BinanceVenue], Awaitable[Any]]) -> Any:
    return run_simulated(lambda: act(desk.venue()))


def _place(desk: Desk, order: NewOrder = BID) -> Outcome:
    return _act(desk, lambda venue: venue.place(order))


def test_contracts_that_end_or_cannot_be_named_are_left_out() -> None:
    """Only perpetual contracts in the alphabet of our symbols are instruments; tiers ascend, steps have no tail."""
    found = _act(Desk({}), lambda venue: venue.instruments())
    assert [(BTC, "0.1", "0.001")] == [(one.symbol, one.tick_size, one.lot_size) for one in found]
    assert [0.0, 50_000.0] == [tier.floor for tier in found[0].tiers]


def test_an_order_at_a_wrong_time_is_sent_once_more_with_the_right_one() -> None:
    """-1021 says that it was not done: the venue's time is asked for, then the order goes again, once."""
    late = (400, {"code": -1021, "msg": "Timestamp for this request is outside of the recvWindow."})
    desk = Desk({PLACE: [late, (200, ORDER)]})
    assert isinstance(_place(desk), Accepted)
    assert (2, 2) == (desk.count(*PLACE), desk.count("GET", "/fapi/v1/time"))
    desk = Desk({PLACE: [late]})
    refused = _place(desk)
    assert isinstance(refused, Rejected)
    assert ("-1021", 2) == (refused.venue_code, desk.count(*PLACE))


@pytest.mark.parametrize(
    "answer", [(200, "gateway"), (200, {}), (200, ORDER | {"status": "ASLEEP"}), (200, ORDER | {"executedQty": "much"}),
               (200, [ORDER]), (200, None)],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(answer: Any) -> None:
    """Something was done, and nothing is made up of it: the order is asked for. Its window says until when."""
    desk = Desk({PLACE: [answer]})
    unknown = _place(desk)
    assert isinstance(unknown, Unknown)
    assert desk.clock.start_ns + 5_000_000_000 <= unknown.final_at < desk.clock.start_ns + 6_000_000_000
    assert 1 == desk.count(*PLACE)


@pytest.mark.parametrize(("status", "code"), [(401, -2015), (400, -1022), (401, -2014), (403, None), (451, None)])
def test_a_key_that_is_not_taken_is_an_accident(status: int, code: int | None) -> None:
    """Neither a refused key nor a closed door is a matter of this order: they raise, and are not asked again."""
    desk = Desk({PLACE: [(status, {"code": code, "msg": "No."} if code else "Forbidden")]})
    with pytest.raises(VenueRefusal):
        _place(desk)
    assert 1 == desk.count(*PLACE)


def test_a_refusal_without_a_name_of_ours_keeps_the_venues_number() -> None:
    """What the engine knows no reason for is told in the venue's own words."""
    refused = _place(Desk({PLACE: [(400, {"code": -4400, "msg": "Quantitative rules violated."})]}))
    assert isinstance(refused, Rejected)
    assert (None, "-4400") == (refused.code, refused.venue_code)
    assert "Quantitative rules violated." in refused.text


def test_a_venue_that_cannot_be_reached_has_surely_done_nothing() -> None:
    """No connection is a refusal, a lost one is unknown."""
    assert isinstance(_place(Desk({PLACE: [NotSent("refused")]})), Rejected)
    assert isinstance(_place(Desk({PLACE: [NoAnswer("lost")]})), Unknown)


def test_a_cancel_that_is_not_found_is_asked_for() -> None:
    """Trap 6.1: "unknown order" may mean that it is cancelled, filled, or never was; asking tells which."""
    for status, filled in (("CANCELED", "0"), ("EXPIRED", "0.004")):
        desk = Desk({CANCEL: [UNKNOWN], FIND: [(200, ORDER | {"status": status, "executedQty": filled})]})
        outcome = _act(desk, lambda venue: venue.cancel(BID.ref))
        assert isinstance(outcome, Accepted)
        assert (OrderStatus.CANCELED, Decimal(filled)) == (outcome.order.status, outcome.order.filled)
    desk = Desk({CANCEL: [UNKNOWN], FIND: [(200, ORDER | {"status": "FILLED", "executedQty": "0.010"})]})
    outcome = _act(desk, lambda venue: venue.cancel(BID.ref))
    assert isinstance(outcome, Rejected)
    assert outcome.order is not None
    desk = Desk({CANCEL: [UNKNOWN], FIND: [(500, "no")]})
    assert isinstance(_act(desk, lambda venue: venue.cancel(BID.ref)), Unknown)
    assert 1 == desk.count(*CANCEL)


def test_an_order_stuck_while_it_triggers_is_said_to_be_so() -> None:
    """A conditional order that is neither waiting nor triggered cannot be cancelled, and its protection is in doubt."""
    desk = Desk({CANCEL_ALGO: [UNKNOWN], FIND_ALGO: [(200, ALGO)]})
    outcome = _act(desk, lambda venue: venue.cancel(STOP))
    assert isinstance(outcome, Rejected)
    assert "TRIGGERING" in outcome.text
    assert outcome.order is not None
    assert outcome.order.is_open


def test_a_cancel_that_meets_a_trigger_follows_the_order() -> None:
    """Triggered in that very moment, the plain order that it became is cancelled instead, by the venue's id."""
    triggered = ALGO | {"orderType": "STOP", "algoStatus": "TRIGGERED", "actualOrderId": "77", "price": "40000.0"}
    rests = ORDER | {"orderId": 77, "clientOrderId": "stop-1", "side": "SELL"}
    over = rests | {"status": "CANCELED"}
    desk = Desk({
        CANCEL_ALGO: [UNKNOWN], FIND_ALGO: [(200, triggered)], FIND: [(200, rests), (200, over)], CANCEL: [(200, over)],
    })  # fmt: skip
    outcome = _act(desk, lambda venue: venue.cancel(STOP))
    assert isinstance(outcome, Accepted)
    order = outcome.order
    assert ("stop-1", "stop_limit", "4001", "77") == (order.client_id, order.kind, order.venue_id, order.triggered_id)
    assert {"77"} == {asked["orderId"] for method, path, asked in desk.asked if path == "/fapi/v1/order"}


def test_what_was_triggered_and_rests_is_open_not_filled() -> None:
    """Trap 6.2: TRIGGERED is not filled; what the plain order filled is what counts, and FINISHED may be unfilled."""
    triggered = ALGO | {"algoStatus": "TRIGGERED", "actualOrderId": "77"}
    partly = ORDER | {"orderId": 77, "executedQty": "0.004", "status": "PARTIALLY_FILLED"}
    desk = Desk({FIND_ALGO: [(200, triggered)], FIND: [(200, partly)]})
    order = _act(desk, lambda venue: venue.find(STOP))
    assert (OrderStatus.PARTIALLY_FILLED, Decimal("0.004"), True) == (order.status, order.filled, order.is_open)
    finished = triggered | {"algoStatus": "FINISHED", "actualQty": "0.004", "actualPrice": "40990.0"}
    desk = Desk({FIND_ALGO: [(200, finished)], FIND: [NOT_FOUND]})
    order = _act(desk, lambda venue: venue.find(STOP))
    assert (OrderStatus.CANCELED, Decimal("0.004"), Decimal(40_990)) == (order.status, order.filled, order.average)


def test_a_change_to_what_it_is_already_is_done() -> None:
    """Sent twice on the way, a change is answered "no need to modify": it was done."""
    same = (400, {"code": -5027, "msg": "No need to modify the order."})
    desk = Desk({FIND: [(200, ORDER)], ("PUT", "/fapi/v1/order"): [same]})
    assert isinstance(_act(desk, lambda venue: venue.modify(BID.ref, Amendment(price=Decimal(42_000)))), Accepted)


def test_a_change_of_a_trigger_is_refused_before_it_is_sent() -> None:
    """The venue cannot change what waits for a trigger."""
    desk = Desk({})
    for ref, change in ((STOP, Amendment(price=Decimal(1))), (BID.ref, Amendment(trigger=Decimal(1)))):
        refused = _act(desk, lambda venue, ref=ref, change=change: venue.modify(ref, change))
        assert (Code.NOT_MODIFIABLE, False) == (refused.code, refused.was_sent)


@pytest.mark.parametrize("rows", [[], [ORDER], "busy"])
def test_a_batch_with_too_few_answers_is_unknown_as_a_whole(rows: Any) -> None:
    """Which leg is missing cannot be told, so none is taken for done."""
    desk = Desk({("POST", "/fapi/v1/batchOrders"): [(200, rows)]})
    other = NewOrder("tw-2", BTC, "buy", Decimal("0.01"), "limit", Decimal(42_000))
    outcomes = _act(desk, lambda venue: venue.place_all([BID, other]))
    assert [Unknown, Unknown] == [type(one) for one in outcomes]


def test_fills_are_paged_and_joined() -> None:
    """A thousand rows are a page: the next begins behind it; weeks follow weeks; each fill comes once, oldest first."""
    now = 1_700_006_400_000

    def row(n: int) -> dict[str, Any]:
        return {"id": n, "orderId": 7, "side": "BUY", "price": "42000", "qty": "0.001", "commission": "0.01",
                "commissionAsset": "USDT", "maker": False, "time": now - 1_000_000 + n, "realizedPnl": "0"}  # fmt: skip

    pages = [(200, []), (200, [row(n) for n in range(1_000)]), (200, [row(n) for n in range(999, 1_500)])]
    desk = Desk({("GET", "/fapi/v1/userTrades"): pages, FIND: [(200, ORDER)]})
    found = _act(desk, lambda venue: venue.fills(BTC, (now - 8 * 86_400_000) * 1_000_000))
    assert list(map(str, range(1_500))) == [fill.id for fill in found]
    assert {"tw-1"} == {fill.client_id for fill in found}
    assert 1 == desk.count(*FIND)
    asked = [one for method, path, one in desk.asked if path == "/fapi/v1/userTrades"]
    assert "1000" == asked[2]["fromId"]
    assert int(asked[0]["endTime"]) + 1 == int(asked[1]["startTime"])


def test_a_list_with_one_damaged_row_is_an_error_not_a_shorter_list() -> None:
    """An order that cannot be read is not left out: the list would be believed."""
    resting, waiting = ("GET", "/fapi/v1/openOrders"), ("GET", "/fapi/v1/openAlgoOrders")
    desk = Desk({resting: [(200, [ORDER, {"symbol": "BTCUSDT"}])], waiting: [(200, [])]})
    with pytest.raises(VenueError, match="cannot be read"):
        _act(desk, lambda venue: venue.open_orders())


def test_a_change_of_an_order_that_cannot_be_asked_for_is_not_sent() -> None:
    """The venue wants side and quantity with a change: where they cannot be read, nothing goes out, and it says so."""
    desk = Desk({FIND: [(500, "no")]})
    refused = _act(desk, lambda venue: venue.modify(BID.ref, Amendment(price=Decimal(41_000))))
    assert (Code.VENUE_BUSY, False, 0) == (refused.code, refused.was_sent, desk.count("PUT", "/fapi/v1/order"))


@pytest.mark.parametrize("set_back_s", [3_600, -86_400])
def test_a_clock_that_is_set_while_an_order_is_on_its_way_does_not_change_until_when_it_may_come(
    set_back_s: int,
) -> None:
    """Set back, it would be taken for never come and sent again; set forward, it would be waited for until tomorrow."""

    class Setting(Desk):
        async def send(self, wire: Wire) -> Reply:
            if (wire.method, wire.target.partition("?")[0]) == PLACE:
                self.clock.set_back_ns = set_back_s * 1_000_000_000
                raise NoAnswer("the connection was lost")
            return await super().send(wire)

    desk = Setting({})
    unknown = _place(desk)
    assert isinstance(unknown, Unknown)
    assert desk.clock.start_ns + 5_000_000_000 <= unknown.final_at < desk.clock.start_ns + 6_000_000_000
