"""Laws of price and money that hold between what was asked, what the bars held and what was booked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tradewright.domain.enums import Ambiguity, Code, FillFlag, LimitFill, Liquidity, OrderRole, Slippage
from tradewright.testing.markets import Case, cases, examples, plainly, played, with_specs
from tradewright.testing.worlds import trades, written

LAW = examples(60)
DAY = 86_400_000_000_000
UNHEARD = (Code.REWARD_RISK_TOO_LOW, Code.STOP_MISSING, Code.TARGET_MISSING, Code.STOP_WRONG_SIDE)


def all_orders(world):
    """Every order by its id, open or not."""
    waiting = [row for k, own in enumerate(world.positions) for row in world.orders[k, : own["n_orders"]]]
    return {int(order["id"]): order for order in [*written(world)["closed"], *waiting]}


@pytest.mark.rule("L-1", "L-3")
@LAW
@given(case=cases())
def test_maker_gets_its_own_price_never_a_better_one(case: Case) -> None:
    """A limit that has rested is filled at its price: the book does not give what nobody asked for."""
    world = played(case)
    orders = all_orders(world)

    makers = [fill for fill in written(world)["fills"] if fill["liquidity"] == Liquidity.MAKER]
    assert [orders[int(fill["order_id"])]["level_ticks"] for fill in makers] == [fill["ticks"] for fill in makers]


@pytest.mark.rule("L-2", "L-5")
@LAW
@given(case=cases())
def test_limit_is_flagged_touched_where_its_bar_went_no_further(case: Case) -> None:
    """The flag, and the bar's extreme against the price, say the same."""
    market = case.market
    for fill in written(played(case._replace(rules=case.rules._replace(limit_fill=LimitFill.TOUCH.value))))["fills"]:
        if fill["liquidity"] != Liquidity.MAKER or fill["flags"] & FillFlag.GAP:
            continue
        extreme = (market.low if fill["side"] > 0 else market.high)[fill["instrument"], fill["step"]]
        assert (extreme == fill["ticks"]) == bool(fill["flags"] & FillFlag.TOUCHED)


@pytest.mark.rule("T-2", "C-2")
@LAW
@given(case=cases())
def test_taker_at_the_open_pays_the_open_and_costs_and_nothing_else(case: Case) -> None:
    """Between the open and the open with spread and slippage, whole ticks against the taker; forced closes apart.

    The spread is as recorded for the bar, else as assumed.

    Slippage by size has laws of its own.
    """
    case = with_specs(case, slippage=Slippage.RATE.value)
    fills = written(played(case))["fills"]
    at_open = fills["ts"] == case.market.ts_open[fills["step"]]
    for fill in fills[at_open & (fills["liquidity"] == Liquidity.TAKER) & (fills["role"] != OrderRole.LIQUIDATION)]:
        k, step = fill["instrument"], fill["step"]
        start, spec = case.market.open[k, step], case.market.specs[k]
        rest = case.market.spread[k, step] - start * spec["spread_rate"] if spec["has_spread"] else 0.0
        cost = np.ceil(start * spec["cost_rate"] + rest)
        assert 0 <= (fill["ticks"] - start) * fill["side"] <= cost


@pytest.mark.rule("C-4")
@LAW
@given(case=cases())
def test_funding_is_what_the_position_was_worth_times_the_rate(case: Case) -> None:
    """What longs pay, shorts of the same size receive, to the last 1e-8."""
    for paid in written(played(case))["payments"]:
        worth = int(paid["lots"]) * int(paid["ticks"]) * case.market.specs[paid["instrument"]]["tick_value"]
        assert pytest.approx(-worth * paid["rate"], abs=1e-8) == paid["amount"]
        assert paid["lots"] != 0


@pytest.mark.rule("4.11")
@LAW
@given(case=cases(), days=st.integers(1, 5))
def test_another_day_is_as_good(case: Case, days: int) -> None:
    """Shifted in time as a whole, a run is the same; only coins look at the clock."""
    rules = case.rules
    assume(rules.ambiguity != Ambiguity.RANDOM and rules.limit_fill != LimitFill.PROB)
    market, funding = case.market, case.market.funding.copy()
    funding["ts"] += days * DAY
    later = market._replace(ts_open=market.ts_open + days * DAY, ts_close=market.ts_close + days * DAY, funding=funding)

    now, then = played(case), played(case._replace(market=later))
    assert trades(now) == trades(then)
    assert now.equity.tolist() == then.equity.tolist()


@pytest.mark.rule("P-3")
@LAW
@given(case=cases())
def test_deeper_pockets_change_no_fill_of_a_fixed_size(case: Case) -> None:
    """Where margin does not matter, profit does not depend on the balance."""
    plain = plainly(case)
    once, twice = played(plain), played(plain._replace(balance=2.0 * plain.balance))

    assert trades(once) == trades(twice)
    assert once.account[0]["realised"] == twice.account[0]["realised"]


@pytest.mark.rule("C-2")
@LAW
@given(case=cases())
def test_dearer_taking_never_gives_more_equity_for_the_same_deals(case: Case) -> None:
    """Spread and slippage cost: the same lots at the same steps leave no more than they did."""
    cheap, dear = played(with_specs(case, cost_rate=0.0)), played(with_specs(case, cost_rate=0.005))
    deals = [[(s, k, side, lots) for s, k, side, _, lots in trades(world)] for world in (cheap, dear)]
    assume(deals[0] == deals[1])
    assume(cheap.account[0]["insurance"] == dear.account[0]["insurance"])

    # Fees follow the price: a rebate, or a lower price sold at, gives a little of it back.
    assert dear.equity[-1] - abs(dear.account[0]["fees"] - cheap.account[0]["fees"]) <= cheap.equity[-1] + 1e-7


@pytest.mark.rule("F-7")
@LAW
@given(case=cases())
def test_wish_that_is_refused_for_its_prices_changes_nothing_else(case: Case) -> None:
    """Without the refused wishes the run is the same: a strategy that only talks nonsense is an idle one."""
    world = played(case)
    refusals = written(world)["refusals"]
    refused = refusals["signal"][np.isin(refusals["code"], [code.value for code in UNHEARD])]
    assume(refused.size)
    heard = np.delete(case.market.signals, refused)

    without = played(case._replace(market=case.market._replace(signals=heard)))
    assert trades(world) == trades(without)
    assert world.equity.tolist() == without.equity.tolist()
