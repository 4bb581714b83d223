"""What the adapter makes of the library's answers: a library by hand, which keeps what it was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from tradewright.adapters.venues.ccxt.account import CcxtAccount
from tradewright.adapters.venues.ccxt.forms import order_of, order_params
from tradewright.adapters.venues.ccxt.library import bare
from tradewright.adapters.venues.ccxt.venue import CcxtVenue
from tradewright.domain.abilities import KINDS, Ability, VenueAbilities
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import UnknownName, VenueError
from tradewright.domain.orders import Accepted, Amendment, Done, NewOrder, Order, Outcome, Rejected, Unknown
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

BTC = "BTC/USDT:USDT"
ALL: frozenset[Ability] = frozenset(
    {"client_ids", "find_by_client_id", "modify", "batch", "cancel_all", "fills_since", "open_conditionals"}
)
MARKET = {
    "id": "BTCUSDT", "symbol": BTC, "base": "BTC", "quote": "USDT", "settle": "USDT", "type": "swap", "spot": False,
    "swap": True, "future": False, "option": False, "contract": True, "linear": True, "inverse": False, "active": True,
    "contractSize": 0.01, "precision": {"price": 0.1, "amount": 1.0}, "limits": {"amount": {"min": 1}, "cost": {}},
}  # fmt: skip
OPEN = {"id": "7", "clientOrderId": "a", "status": "open", "side": "buy", "type": "limit", "amount": 5.0, "filled": 0.0,
        "price": 40_000.0, "symbol": BTC, "timestamp": 5, "info": {}}  # fmt: skip


def _bid(name: str = "a", **changes: Any) -> NewOrder:
    plain: dict[str, Any] = {"kind": "limit", "price": Decimal(40_000)}
    return NewOrder(name, BTC, "buy", Decimal("0.05"), **plain | changes)


class Library:
    """An exchange whose answers are given; an exception is raised."""

    def __init__(self, name: str = "okx", **answers: Any) -> None:
        self.inner = bare(name)
        self.inner.set_markets([MARKET])
        self.answers, self.asked = {name: list(steps) for name, steps in answers.items()}, list[tuple[str, Any]]()

    def __getattr__(self, name: str) -> Any:
        if name not in self.answers:
            return getattr(self.inner, name)

        async def answer(*args: Any, **kwargs: Any) -> Any:
            self.asked.append((name, args))
            steps = self.answers[name]
            step = steps.pop(0) if len(steps) > 1 else steps[0]
            if isinstance(step, Exception):
                raise step
            return step

        return answer

    async def load_markets(self) -> Any:
        """What is there."""
        return self.inner.markets

    async def load_time_difference(self) -> int:
        """Counted."""
        self.asked.append(("load_time_difference", ()))
        return 0

    def count(self, name: str) -> int:
        """How often it was asked that."""
        return sum(one[0] == name for one in self.asked)


def _venue(library: Library, can: frozenset[Ability] = ALL) -> CcxtVenue:
    abilities = VenueAbilities("okx", "OKX", ("linear",), frozenset(KINDS), frozenset({"gtc", "gtx"}), can, batch=5)
    return CcxtVenue(library, abilities, SimulatedClock(), lambda _: None)  # type: ignore[arg-type, return-value]


def _act(library: Library, act: Callable[[CcxtVenue], Awaitable[Any]], can: frozenset[Ability] = ALL) -> Any:
    return run_simulated(lambda: act(_venue(library, can)))


def _place(library: Library, order: NewOrder | None = None) -> Outcome:
    return _act(library, lambda venue: venue.place(order or _bid()))


def test_an_answer_with_an_id_alone_is_enough() -> None:
    """Many venues answer so: the order is as it was sent, in base, and contracts went out."""
    library = Library(create_order=[{"id": "7", "info": {}}])
    outcome = _place(library)
    assert isinstance(outcome, Accepted)
    order = outcome.order
    assert ("a", "7", "buy") == (order.client_id, order.venue_id, order.side)
    assert (Decimal("0.05"), OrderStatus.OPEN) == (order.quantity, order.status)
    ((name, sent),) = library.asked
    assert ("create_order", (BTC, "limit", "buy", 5.0, 40_000.0, {"clientOrderId": "a"})) == (name, sent)


def test_an_answer_without_an_id_is_unknown() -> None:
    """Nothing is made up of it."""
    assert isinstance(_place(Library(create_order=[{"info": {}}])), Unknown)


def test_a_wrong_time_is_put_right_once() -> None:
    """The request was not done: it goes again after the venue's time was asked for, and not a third time."""
    library = Library(create_order=[ccxt.InvalidNonce("okx"), OPEN])
    assert isinstance(_place(library), Accepted)
    library = Library(create_order=[ccxt.InvalidNonce("okx")])
    assert isinstance(_place(library), Rejected)
    assert (2, 1) == (library.count("create_order"), library.count("load_time_difference"))


@pytest.mark.parametrize(
    "error", [ccxt.RequestTimeout("okx"), ccxt.ExchangeNotAvailable("okx"), ccxt.ExchangeError("okx")]
)
def test_no_write_is_sent_again(error: Exception) -> None:
    """Whatever the library would call passing: orders and cancels go out once."""
    library = Library(create_order=[error], cancel_order=[error], fetch_order=[OPEN])
    assert isinstance(_place(library), Unknown)
    assert isinstance(_act(library, lambda venue: venue.cancel(_bid().ref)), Unknown)
    assert (1, 1) == (library.count("create_order"), library.count("cancel_order"))


def test_legs_are_told_apart_by_name_not_by_place() -> None:
    """The library sorts what came back: a refused leg stands first, and takes the outcome of no other."""
    refused = {"id": None, "info": {"sCode": "51008", "sMsg": "Insufficient balance"}}
    rows = [refused, OPEN | {"id": "8", "clientOrderId": "c"}, OPEN]
    outcomes = _act(Library(create_orders=[rows]), lambda venue: venue.place_all([_bid("a"), _bid("b"), _bid("c")]))
    assert ["a", None, "c"] == [one.order.client_id if isinstance(one, Accepted) else None for one in outcomes]
    assert "51008" == outcomes[1].venue_code
    lost = _act(Library(create_orders=[[OPEN]]), lambda venue: venue.place_all([_bid("a"), _bid("b")]))
    assert [Accepted, Unknown] == [type(one) for one in lost]
    whole = _act(
        Library(create_orders=[ccxt.RequestTimeout("okx")]), lambda venue: venue.place_all([_bid("a"), _bid("b")])
    )
    assert [Unknown, Unknown] == [type(one) for one in whole]


def test_a_venue_without_our_names_is_searched() -> None:
    """What cannot be asked for by name is looked for in the lists; and an id that we know is used."""
    library = Library(fetch_open_orders=[[OPEN]], cancel_order=[{}], fetch_order=[OPEN | {"status": "canceled"}])
    outcome = _act(library, lambda venue: venue.cancel(_bid().ref), frozenset())
    assert isinstance(outcome, Accepted)
    assert ("7", BTC) == next(args for name, args in library.asked if name == "cancel_order")[:2]


def test_a_cancel_that_is_not_found_is_asked_for() -> None:
    """Cancelled already is done; filled is refused, and says so."""
    missing = ccxt.OrderNotFound("okx")
    for status, kind in (("canceled", Accepted), ("closed", Rejected)):
        filled = 5.0 if status == "closed" else 0.0
        library = Library(cancel_order=[missing], fetch_order=[OPEN, OPEN | {"status": status, "filled": filled}])
        assert isinstance(_act(library, lambda venue: venue.cancel(_bid().ref)), kind)


def test_reads_are_asked_again_and_then_give_up() -> None:
    """A read that fails for a while is asked four times, a refusal once; a wrong time is put right."""
    library = Library(fetch_open_orders=[ccxt.InvalidNonce("okx"), [], []])
    assert () == _act(library, lambda venue: venue.open_orders())
    assert 1 == library.count("load_time_difference")
    for error, times in ((ccxt.RequestTimeout("okx"), 4), (ccxt.BadRequest("okx"), 1)):
        library = Library(fetch_open_orders=[error])
        with pytest.raises(VenueError):
            _act(library, lambda venue: venue.open_orders())
        assert times == library.count("fetch_open_orders")


def test_settings_that_stand_already_are_done() -> None:
    """The library raises where nothing was to change."""
    can = ALL | {"margin_mode", "leverage"}
    library = Library(set_margin_mode=[ccxt.MarginModeAlreadySet("okx")], set_leverage=[ccxt.NoChange("okx")])
    assert isinstance(_act(library, lambda venue: venue.set_margin_mode(BTC, "cross"), can), Done)
    assert isinstance(_act(library, lambda venue: venue.set_leverage(BTC, 5), can), Done)
    refused = _act(library, lambda venue: venue.set_leverage(BTC, 5))
    assert (Rejected, False) == (type(refused), refused.was_sent)


def test_market_buys_by_cost_are_refused_in_words() -> None:
    """Where a venue buys for an amount of quote, a quantity of base cannot be meant."""
    library = Library(name="okx")
    library.inner.features["swap"]["linear"]["createOrder"]["marketBuyRequiresPrice"] = True
    refused = _place(library, _bid(kind="market", price=None))
    assert isinstance(refused, Rejected)
    assert "by cost" in refused.text
    library.inner.features["swap"]["linear"]["createOrder"]["marketBuyRequiresPrice"] = False


def test_other_instruments_are_unknown() -> None:
    """Only what the venue lists of our kind of market can be traded."""
    with pytest.raises(UnknownName, match="BTC/USDT:USDT"):
        _act(Library(), lambda venue: venue.find(NewOrder("a", "BTC/USDC:USDC", "buy", Decimal(1)).ref))


def test_triggers_say_from_which_side_they_are_reached() -> None:
    """A stop to sell is reached from above, a take-profit to sell from below; hedged orders say what closes."""
    sell: dict[str, Any] = {"kind": "stop", "price": None, "trigger": Decimal(39_000)}
    stop = NewOrder("a", BTC, "sell", Decimal("0.05"), **sell)
    profit = NewOrder("a", BTC, "sell", Decimal("0.05"), **sell | {"kind": "take_profit"})
    directed = [order_params(one, directed=True, by_stop_prices=False) for one in (stop, profit)]
    assert ["descending", "ascending"] == [one["triggerDirection"] for one in directed]
    assert [39_000.0, 39_000.0] == [one["triggerPrice"] for one in directed]
    named = [order_params(one, directed=False, by_stop_prices=True) for one in (stop, profit)]
    assert ["stopLossPrice", "takeProfitPrice"] == [list(one)[-1] for one in named]
    out = NewOrder("a", BTC, "sell", Decimal("0.05"), leg="long")
    assert {"clientOrderId": "a", "hedged": True, "reduceOnly": True} == order_params(
        out, directed=False, by_stop_prices=False
    )


def test_closed_is_not_always_filled() -> None:
    """An order that was closed with less than its quantity has been cancelled, not filled."""
    rows = [OPEN | {"status": "closed", "filled": filled} for filled in (5.0, 2.0)]
    assert [OrderStatus.FILLED, OrderStatus.CANCELED] == [order_of(row, BTC, Decimal(1), None).status for row in rows]
    assert OrderStatus.PARTIALLY_FILLED == order_of(OPEN | {"filled": 2.0}, BTC, Decimal(1), None).status


def test_fills_are_asked_for_in_spans_that_the_venue_allows() -> None:
    """Binance shows seven days from `since`: older ones are asked for week by week, and nothing is missing."""
    day = 86_400_000
    library = Library("binanceusdm", fetch_my_trades=[[]], fetch_time=[20 * day])
    account: CcxtAccount = _venue(library)
    assert () == run_simulated(lambda: account.fills(BTC, 0))
    begins = [args[1] for name, args in library.asked if name == "fetch_my_trades"]
    assert [0, 7 * day, 14 * day] == begins


def test_a_change_or_cancel_of_an_order_that_cannot_be_asked_for_is_not_sent() -> None:
    """An error without a name is no refusal of a question: it is asked again; then nothing goes out."""
    library = Library(fetch_order=[ccxt.ExchangeError("okx 502 Bad gateway")])
    for act in (
        lambda venue: venue.modify(_bid().ref, Amendment(price=Decimal(41_000))),
        lambda venue: venue.cancel(_bid().ref),
    ):
        refused = _act(library, act)
        assert (Rejected, Code.VENUE_BUSY, False) == (type(refused), refused.code, refused.was_sent)
    assert 8 == library.count("fetch_order")


def test_what_a_trigger_made_keeps_the_name_and_the_id_of_the_order_that_was_placed() -> None:
    """The plain order bears another id: it is found by the first one, as what was placed, and what it filled counts."""
    stop = _bid(kind="stop_limit", trigger=Decimal(41_000))
    plain = OPEN | {"id": "8", "filled": 2.0}

    async def act(venue: CcxtVenue) -> tuple[Outcome, tuple[Order, ...]]:
        return await venue.place(stop), await venue.open_orders()

    library = Library(create_order=[OPEN | {"id": "7"}], fetch_open_orders=[[], [plain]])
    outcome, (order,) = _act(library, act)
    assert isinstance(outcome, Accepted)
    assert ("7", "8", "stop_limit") == (order.venue_id, order.triggered_id, order.kind)
    assert (Decimal("0.02"), outcome.order.ref) == (order.filled, order.ref)
