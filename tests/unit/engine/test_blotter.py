"""Orders that a strategy gives bar by bar: placed, shown, changed, cancelled, refused in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Code, OrderRole, OrderStatus
from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.intents import Cancel, CancelAll, Change, Iceberg, OrderIntent, Twap
from tradewright.domain.run import RunSpec
from tradewright.domain.signal import Signal
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.order_rows import Fault, intent_row
from tradewright.engine.outcome import log_of
from tradewright.engine.session import Session
from tradewright.engine.venue_session import VenueSession
from tradewright.kernels.records import COMMAND
from tradewright.market.bars import empty_bars, make_bars
from tradewright.market.steps import Bar, Step
from tradewright.portfolio.summary import summarise
from tradewright.portfolio.tables import artifact_tables
from tradewright.strategy.strategy import Strategy, Wish
from tradewright.strategy.view import BarView, FillView
from tradewright.testing.scripted import FLAT, HOUR, INSTRUMENT, Scripted, filled, played


def tables(run: Run) -> Any:
    """The tables that would be kept."""
    log = log_of(run)
    return artifact_tables(log, summarise(log).trades)


def test_order_that_is_asked_for_at_a_close_fills_at_the_next_open() -> None:
    """It is placed as it stands, told with its tag, and kept with it."""
    run = played({1: OrderIntent("buy", 0.25, tag="in")}, [FLAT, FLAT, (101.0, 102.0, 100.0, 101.0), FLAT])
    kept = tables(run)

    assert [(2, 101.0, 0.25)] == filled(run)
    assert [("in", "", OrderRole.PLACED, 0.25)] == [(f.tag, f.parent, f.role, f.quantity) for f in Scripted.told]
    assert (["in"], ["in"], [""]) == (kept["orders"]["tag"], kept["fills"]["tag"], kept["fills"]["parent"])
    assert "parents" not in kept
    assert [0.0, 0.0, 0.25, 0.25] == [quantity for _, _, quantity in Scripted.views]


@pytest.mark.rule("R-5", "L-7")
def test_grid_is_shown_changed_and_cancelled_by_tag() -> None:
    """A limit rests under the market, is moved to where it fills, and its sister is taken back."""
    script = {
        0: [OrderIntent("buy", 0.5, "limit", price=90.0, time_in_force="gtx", tag="low"),
            OrderIntent("buy", 1.0, "limit", price=80.0, tag="lower")],
        1: [Change("low", price=99.5, quantity=0.75), Cancel("lower")],
    }  # fmt: skip
    run = played(script, [FLAT, FLAT, (100.0, 101.0, 98.0, 100.0), FLAT])
    named = ("tag", "kind", "side", "price", "remaining", "status")
    shown = [[tuple(getattr(o, name) for name in named) for o in orders] for orders, _, _ in Scripted.views]

    assert [] == shown[0]
    assert [
        ("low", "limit", "buy", 90.0, 0.5, OrderStatus.OPEN),
        ("lower", "limit", "buy", 80.0, 1.0, OrderStatus.OPEN),
    ] == shown[1]
    assert [[], []] == shown[2:]
    assert [(2, 99.5, 0.75)] == filled(run)
    assert ["canceled", "filled"] == sorted(tables(run)["orders"]["status"])


@pytest.mark.parametrize(("intent", "change", "seen"), [
    (OrderIntent("sell", 1.0, "stop", trigger=90.0, tag="x"), {"trigger": 95.0}, (None, 95.0)),
    (OrderIntent("sell", 1.0, "stop_limit", trigger=90.0, price=89.0, tag="x"), {"trigger": 95.0}, (89.0, 95.0)),
    (OrderIntent("sell", 1.0, "stop_limit", trigger=90.0, price=89.0, tag="x"), {"price": 88.5}, (88.5, 90.0)),
    (OrderIntent("buy", 1.0, "trailing_stop", callback=0.05, activation=80.0, tag="x"), {"quantity": 2.0}, None),
])  # fmt: skip
def test_change_reaches_the_price_that_it_names(intent: OrderIntent, change: Any, seen: Any) -> None:
    """A stop has a trigger, a stop-limit both prices; what has neither cannot be moved, and that is said."""
    run = played({0: intent, 1: Change("x", **change)}, [FLAT] * 4)
    orders, *_ = Scripted.views[3]

    if seen is None:
        assert (80.0, Code.NOT_MODIFIABLE) == (orders[0].trigger, run.world.refusals["code"][0])
    else:
        assert seen == (orders[0].price, orders[0].trigger)


@pytest.mark.rule("F-1", "F-7")
@pytest.mark.parametrize(("ask", "code", "numbers"), [
    (OrderIntent("buy", 1.0, "limit", price=90.3, tag="a"), Code.PRICE_OFF_TICK, (90.3, 0.5)),
    (OrderIntent("buy", 0.015, tag="a"), Code.QUANTITY_OFF_STEP, (0.015, 0.01)),
    (OrderIntent("buy", 0.001, tag="a"), Code.QUANTITY_OFF_STEP, (0.001, 0.01)),
    (OrderIntent("sell", 1.0, "stop", trigger=90.1, tag="a"), Code.PRICE_OFF_TICK, (90.1, 0.5)),
    (OrderIntent("sell", 1.0, reduce_only=True, tag="a"), Code.NOTHING_TO_REDUCE, None),
    (OrderIntent("buy", 1e6, tag="a"), Code.EXPOSURE_EXCEEDED, None),
    (Change("a", price=90.3), Code.ORDER_UNKNOWN, None),
    (Cancel("a"), Code.ORDER_UNKNOWN, None),
    (Cancel(order_id=9), Code.ORDER_UNKNOWN, None),
    (Twap("buy", 0.015, bars=2, tag="a"), Code.QUANTITY_OFF_STEP, (0.015, 0.01)),
    (Iceberg("buy", 1.0, 0.5, 90.3, tag="a"), Code.PRICE_OFF_TICK, (90.3, 0.5)),
    (Iceberg("buy", 1.0, 0.505, 90.0, tag="a"), Code.QUANTITY_OFF_STEP, (0.505, 0.01)),
])  # fmt: skip
def test_what_cannot_be_sent_is_refused_with_the_numbers_compared(ask: Any, code: Code, numbers: Any) -> None:
    """The run goes on; the refusal names the order by its tag."""
    run = played({0: ask}, [FLAT] * 3)
    kept = tables(run)["refusals"]

    assert [code.name.lower()] == kept["reason"]
    assert [] == filled(run)
    assert numbers is None or numbers == (kept["observed"][0], kept["limit"][0])
    assert ["a" if getattr(ask, "tag", "") else ""] == [tag.partition("/")[0] for tag in kept["tag"]]


def test_tag_names_one_open_order_or_parent_at_a_time() -> None:
    """A second order of the name is refused while the first is open, whichever of the two is a parent."""
    order, parent = OrderIntent("buy", 1.0, "limit", price=90.0, tag="a"), Twap("buy", 1.0, bars=9, tag="p")
    again = [order, OrderIntent("buy", 1.0, tag="p"), parent, Twap("buy", 1.0, bars=3, tag="a")]
    run = played({0: [order, parent], 1: again}, [FLAT] * 3)

    assert [Code.TAG_IN_USE] * 4 == run.world.refusals["code"].tolist()


def test_order_placed_and_cancelled_at_one_close_does_nothing() -> None:
    """Both arrive at the same open, the cancel behind its order; a market order was quicker."""
    limit = [OrderIntent("buy", 1.0, "limit", price=90.0, tag="a"), Cancel("a")]

    assert [] == filled(played({0: limit}, [FLAT, (100.0, 101.0, 80.0, 100.0), FLAT]))
    assert [(1, 100.0, 1.0)] == filled(played({0: [OrderIntent("buy", 1.0, tag="a"), Cancel("a")]}, [FLAT] * 3))


def test_exit_of_a_bracket_is_changed_by_its_id_and_everything_goes_at_once() -> None:
    """A signal's stop-loss is shown with an id, moved by it, and goes with all others."""
    signal = Signal("long", 100.0, 95.0, 120.0)

    def answer(fill: FillView) -> Wish:
        return OrderIntent("sell", 0.01, "limit", price=130.0, tag="far") if fill.role == OrderRole.ENTRY else None

    run = played({0: signal, 2: Change(order_id=2, trigger=96.0), 4: CancelAll()}, [FLAT] * 7, answer)
    stops = [[o.trigger for o in orders if o.role == OrderRole.STOP_LOSS] for orders, _, _ in Scripted.views]

    assert [[], [95.0], [95.0], [96.0], [96.0], [], []] == stops
    assert [0, 2, 3, 3, 3, 0, 0] == [len(orders) for orders, _, _ in Scripted.views]
    assert 1 == len(filled(run))


def test_answer_may_hold_one_signal_and_nothing_foreign() -> None:
    """A list may mix a signal with orders; two signals, or a word, end the run."""
    signal = Signal("exit")
    with pytest.raises(StrategyError, match="second Signal"):
        played({1: [signal, signal]}, [FLAT] * 3)
    with pytest.raises(StrategyError, match="on_fill gave str"):
        played({0: OrderIntent("buy", 1.0)}, [FLAT] * 3, lambda fill: "more")


def test_view_rounds_to_what_the_market_takes() -> None:
    """Prices to the side that is not dearer, quantities down; without a side to the nearest tick."""
    seen: list[Any] = []

    class Rounds(Strategy):
        version = "1"

        def on_bar(self, view: BarView) -> Wish:
            seen.append((view.whole_price(90.3), view.whole_price(90.4, "buy"), view.whole_price(90.1, "sell"),
                         view.whole_price(90.5, "sell"), view.whole_quantity(0.0199)))  # fmt: skip
            return None

    bars = make_bars(np.arange(2) * HOUR.ns, tuple(np.full(2, price) for price in FLAT), np.ones(2), HOUR)
    run_backtest(RunSpec("rounds", "1", (), "test", (INSTRUMENT.symbol,), "1h"), Rounds(), [Feed(INSTRUMENT, bars)])

    assert [(90.5, 90.0, 90.5, 90.5, 0.01)] * 2 == seen


def test_price_protection_of_an_order_needs_the_runs_bound() -> None:
    """How far last and mark may lie apart is the run's to say: a wish for it without that is an error, by field."""
    wish = OrderIntent("buy", 1.0, "stop", trigger=110.0, price_protect=True)
    with pytest.raises(InvalidValue, match="price_protect"):
        played({0: wish}, [FLAT, FLAT])
    row = intent_row(wish, {"trigger_by": 0, "protected": 1}, INSTRUMENT, Fault())
    assert row[(COMMAND.names or ()).index("protected")]
    freed = replace(wish, price_protect=False)
    assert not intent_row(freed, {"trigger_by": 0, "protected": 1}, INSTRUMENT, Fault())[
        (COMMAND.names or ()).index("protected")
    ]


@pytest.mark.rule("R-4")
def test_linked_orders_of_a_strategy_are_one() -> None:
    """A stop above and a limit below, by one name: the first that fills is all that is bought."""
    pair = (
        OrderIntent("buy", 0.02, "limit", price=99.0, tag="low", oco="either"),
        OrderIntent("buy", 0.03, "stop", trigger=101.0, tag="high", oco="either"),
    )
    done = played(
        {0: pair}, [FLAT, (100.0, 100.0, 100.0, 100.0), (100.0, 102.0, 100.0, 101.0), (100.0, 103.0, 95.0, 99.0)]
    )

    assert [(2, 101.0, 0.03)] == filled(done)
    assert 0 == done.world.positions[0]["n_orders"]


@pytest.mark.rule("R-4", "R-5")
def test_linked_orders_are_refused_by_name_at_a_venue() -> None:
    """There both could fill before one is cancelled: said when the strategy asks, and when a person does."""
    linked = OrderIntent("buy", 0.01, "limit", price=90.0, oco="either")
    spec = RunSpec("scripted", "1", (), "test", (INSTRUMENT.symbol,), "1h")
    nothing = Feed(INSTRUMENT, empty_bars())
    step = Step(0, HOUR.ns, {INSTRUMENT.symbol: Bar(*FLAT, 1.0)})
    with pytest.raises(InvalidValue, match=r"oco.*either.*none at a venue"):
        VenueSession(spec, Scripted.begin({0: linked}), [nothing]).close(step)

    quiet = VenueSession(spec, Scripted.begin({}), [nothing])
    quiet.close(step)
    with pytest.raises(InvalidValue, match=r"oco.*either.*none at a venue"):
        quiet.ask_by_hand(INSTRUMENT.symbol, linked)
    paper = Session(spec, Scripted.begin({}), [nothing])
    paper.close(step)
    paper.ask_by_hand(INSTRUMENT.symbol, linked)
    assert 1 == len(paper.open_rows())
