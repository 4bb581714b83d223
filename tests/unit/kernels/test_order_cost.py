"""At which price the margin of a market order is asked for (rule M-4)."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import Code, CommandKind, OrderType, SignalKind, Sizing
from tradewright.kernels.sizing import order_cost
from tradewright.testing.worlds import (
    a_command,
    a_market,
    a_signal,
    a_spec,
    a_world,
    commanded,
    hold,
    marked,
    run,
    some_rules,
    trades,
    written,
)

pytestmark = pytest.mark.rule("M-4")

FLAT = (1_000,) * 4
MARKET, LIMIT = OrderType.MARKET.value, OrderType.LIMIT.value


@pytest.mark.parametrize(
    ("side", "mark", "expected"),
    [
        # (1,000 + 4) * 1.0005 = 1,004.502, of which 4.502 are lost at once, ten times over at leverage 10
        (1, 1_000, 1.004502 + 0.04502),
        # 996, of which 4 are lost
        (-1, 1_000, 0.996 + 0.04),
        # the mark is above what is paid: nothing is lost
        (1, 1_010, 1.004502),
    ],
)
def test_a_buyer_is_asked_at_the_ask_and_a_seller_at_the_bid(side: int, mark: int, expected: float) -> None:
    """Half a spread of four ticks around a close of 1,000, and the open loss against the mark."""
    market = a_market([FLAT], specs=[a_spec(by_book=True, has_spread=True)])._replace(spread=np.array([[4.0]]))
    world = a_world(market)
    hold(world, 0, 0, mark, 0.0)

    assert pytest.approx(expected) == order_cost(world, market, (0, side, MARKET), 0, 1_000)


def test_an_assumed_spread_does_where_none_is_recorded_and_a_limit_has_its_own_price() -> None:
    """0.2 % of 1,000 are two ticks; a limit is asked at its price with the usual safety, book or no book."""
    book, last = (a_market([FLAT], specs=[a_spec(by_book=way, spread_rate=0.002)]) for way in (True, False))
    world = a_world(book)
    hold(world, 0, 0, 1_000, 0.0)

    assert pytest.approx(1.002501 + 0.02501) == order_cost(world, book, (0, 1, MARKET), 0, 1_000)
    assert pytest.approx(1.0005) == order_cost(world, book, (0, 1, LIMIT), 0, 1_000)
    assert pytest.approx(1.0005) == order_cost(world, last, (0, 1, MARKET), 0, 1_000)


@pytest.mark.parametrize(("by_book", "code"), [(True, Code.MARGIN_INSUFFICIENT), (False, Code.OK)])
def test_an_order_is_refused_by_the_price_of_the_book(by_book: bool, code: Code) -> None:
    """99 lots at leverage 10 need 99.05 of 100 by the last price; with a spread of 20 ticks 110 by the book."""
    market = a_market([FLAT] * 2, specs=[a_spec(by_book=by_book, has_spread=True)])
    market = commanded(market._replace(spread=np.full((1, 2), 10.0)), a_command(0, CommandKind.PLACE, lots=99))
    refused = written(run(a_world(market, 100.0), market, some_rules()))["refusals"]["code"].tolist()

    assert ([code] if code else []) == refused


def test_a_signals_size_is_cut_by_it() -> None:
    """All of 100 at leverage 10; by the book a spread of ten per cent makes each lot cost 1.5555 times as much."""
    rules = some_rules(sizing=Sizing.EQUITY_FRACTION, size=10.0)
    lots = []
    for by_book in (True, False):
        spec = a_spec(by_book=by_book, spread_rate=0.05)
        market = a_market([FLAT] * 2, signals=[a_signal(0, SignalKind.LONG)], specs=[spec])
        lots.append(trades(run(a_world(market, 100.0), market, rules))[0][4])

    assert [64, 99] == lots


def test_the_mark_says_what_is_lost_at_once() -> None:
    """The mark stands a tenth below the last price: a buyer loses it at once, so that a tenth of the lots is left."""
    rules = some_rules(sizing=Sizing.EQUITY_FRACTION, size=10.0)
    market = a_market([FLAT] * 2, signals=[a_signal(0, SignalKind.LONG)], specs=[a_spec(by_book=True)])
    market = marked(market, [(900,) * 4] * 2)
    (trade,) = trades(run(a_world(market, 100.0), market, rules))

    # (1,000.5 + 100.5 * 10) / 1,000 = 2.0055 times the initial margin: 1,000 / 20.055 lots
    assert 49 == trade[4]
