"""Laws that any run of the engine keeps, whatever the market, the wishes and the rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from tradewright.domain.enums import (
    Ambiguity,
    Code,
    FillFlag,
    Liquidity,
    OrderRole,
    OrderStatus,
    OrderType,
    SignalKind,
)
from tradewright.kernels.limits import is_limit
from tradewright.kernels.records import World
from tradewright.testing.account_limits import account_limits
from tradewright.testing.markets import Case, cases, examples, played, with_specs
from tradewright.testing.worlds import digest, written

LAW = examples(60)
LIMIT_CODES = {*range(Code.DAY_LOSS_REACHED, Code.HEAT_EXCEEDED + 1), Code.CORRELATION_EXCEEDED}


def units(amount: float) -> int:
    """Money in whole units of 1e-8; exact, for the engine keeps it so."""
    return round(float(amount) * 1e8)


def open_orders(world: World) -> list[Any]:
    """Orders that still wait."""
    return [row for k, position in enumerate(world.positions) for row in world.orders[k, : position["n_orders"]]]


def orders(world: World) -> list[Any]:
    """Every order there has been."""
    return [*written(world)["closed"], *open_orders(world)]


def order_of(world: World, order_id: int) -> Any:
    """The order with an id."""
    return next(row for row in orders(world) if row["id"] == order_id)


@pytest.mark.rule("P-3")
@LAW
@given(case=cases())
def test_wallet_is_balance_plus_everything_that_was_earned_and_paid(case: Case) -> None:
    """Cash is conserved: wallet = balance + realised - fees + funding + insurance, to the last 1e-8."""
    account = played(case).account[0]

    received = sum(units(account[name]) for name in ("realised", "funding", "insurance"))
    assert units(case.balance) + received - units(account["fees"]) == units(account["wallet"])


@pytest.mark.rule("P-3")
@LAW
@given(case=cases())
def test_totals_are_the_sums_of_the_logs(case: Case) -> None:
    """Every total of the account is the sum of its lines, to the last 1e-8."""
    world = played(case)
    logs = written(world)

    for total, log, column in (
        ("realised", "fills", "realised"),
        ("fees", "fills", "fee"),
        ("slippage", "fills", "slippage"),
        ("funding", "payments", "amount"),
    ):
        assert sum(units(amount) for amount in logs[log][column]) == units(world.account[0][total])


@pytest.mark.rule("P-3")
@LAW
@given(case=cases())
def test_fills_sum_to_the_position(case: Case) -> None:
    """A position is the sum of its fills and nothing else."""
    world = played(case)
    fills = written(world)["fills"]

    for k, position in enumerate(world.positions):
        mine = fills[fills["instrument"] == k]
        assert int((mine["side"] * mine["lots"]).sum()) == position["lots"]


@pytest.mark.rule("P-3")
@LAW
@given(case=cases())
def test_equity_is_wallet_plus_open_profit(case: Case) -> None:
    """The last equity is the wallet plus what the positions would earn at their marks."""
    world = played(case)
    profits = [
        position["lots"] * (position["mark_ticks"] - position["entry_ticks"]) * spec["tick_value"]
        for position, spec in zip(world.positions, case.market.specs, strict=True)
    ]

    assert abs(world.account[0]["wallet"] + sum(profits) - world.equity[-1]) < 1e-6
    assert np.isfinite(world.equity).all()


@pytest.mark.rule("S-4")
@LAW
@given(case=cases())
def test_fill_inside_a_bar_is_at_a_price_of_the_bar(case: Case) -> None:
    """Nothing is filled inside a bar at a price that did not trade; a forced close may be better: the fund pays."""
    market = case.market
    for fill in written(played(case))["fills"]:
        k, step = fill["instrument"], fill["step"]
        if fill["ts"] == market.ts_close[step] and fill["role"] != OrderRole.LIQUIDATION:
            assert market.low[k, step] <= fill["ticks"] <= market.high[k, step]
        assert market.has_bar[k, step]


@pytest.mark.rule("L-1")
@LAW
@given(case=cases())
def test_limit_is_never_filled_worse_than_its_price(case: Case) -> None:
    """L-1: not by slippage, not by a gap, never."""
    world = played(case)
    levels = {row["id"]: row["level_ticks"] for row in written(world)["closed"] if row["type"] == OrderType.LIMIT}

    for fill in written(world)["fills"]:
        if fill["order_id"] in levels:
            assert fill["side"] * (levels[fill["order_id"]] - fill["ticks"]) >= 0


@pytest.mark.rule("R-1")
@LAW
@given(case=cases())
def test_reduce_only_order_never_opens_or_flips(case: Case) -> None:
    """R-1: whatever such an order fills closes what was there."""
    world = played(case)
    reducing = {row["id"] for row in written(world)["closed"] if row["reduce_only"]}

    for fill in written(world)["fills"]:
        if fill["order_id"] in reducing:
            assert fill["closed_lots"] == fill["lots"]


@pytest.mark.rule("R-4")
@LAW
@given(case=cases())
def test_exits_of_a_group_fill_at_most_its_entry(case: Case) -> None:
    """R-4: of all exits together no more is filled than the entry opened; where volume suffices, none of them twice."""
    world = played(case)
    entries = {row["group"]: row["filled"] for row in orders(world) if row["role"] == OrderRole.ENTRY}
    exits: dict[int, list[Any]] = defaultdict(list)
    for fill in written(world)["fills"]:
        if fill["role"] in {OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT}:
            exits[int(fill["group"])].append(fill)

    for group, fills in exits.items():
        assert sum(int(fill["lots"]) for fill in fills) <= entries[group]
        assert case.rules.participation or len({fill["order_id"] for fill in fills}) == len(fills)


@pytest.mark.rule("L-4", "C-3")
@LAW
@given(case=cases())
def test_fills_of_a_side_are_at_most_their_share_of_the_volume(case: Case) -> None:
    """L-4, C-3: all our orders of a side share it; only a forced close asks nobody."""
    assume(case.rules.participation > 0.0)
    taken: Counter[tuple[int, ...]] = Counter()
    for fill in written(played(case))["fills"]:
        if fill["role"] != OrderRole.LIQUIDATION:
            taken[fill["instrument"], fill["step"], fill["side"]] += int(fill["lots"])

    for (k, step, _), lots in taken.items():
        assert lots <= case.rules.participation * case.market.volume[k, step]


@pytest.mark.rule("R-5")
@LAW
@given(case=cases())
def test_bracket_never_asks_for_more_than_its_entry_opened(case: Case) -> None:
    """R-5: stops ask for all that the entry opened and no exit has closed; targets together for no more than that."""
    world = played(case)
    rows = orders(world)
    opened = {row["group"]: row["filled"] for row in rows if row["role"] == OrderRole.ENTRY}

    asked: Counter[int] = Counter()
    left = dict(opened)
    for row in rows:
        if row["role"] in {OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT}:
            left[row["group"]] -= row["filled"]
    for row in open_orders(world):
        if row["role"] == OrderRole.STOP_LOSS:
            assert row["lots"] - row["filled"] == left[row["group"]]
        if row["role"] == OrderRole.TAKE_PROFIT:
            asked[row["group"]] += int(row["lots"] - row["filled"])
    for group, lots in asked.items():
        assert lots <= left[group]


@pytest.mark.rule("L-4")
@LAW
@given(case=cases())
def test_cap_on_volume_matters_only_where_volume_is_short(case: Case) -> None:
    """L-4: with a market deeper than any order, the cap changes nothing."""
    finer = {place: [(*row[:4], 1 << 60) for row in rows] for place, rows in case.finer.items()}
    deep = case._replace(market=case.market._replace(volume=np.full_like(case.market.volume, 1 << 60)), finer=finer)
    capped = deep._replace(rules=case.rules._replace(participation=1.0))

    assert digest(played(deep._replace(rules=case.rules._replace(participation=0.0)))) == digest(played(capped))


@pytest.mark.rule("T-2")
@LAW
@given(case=cases())
def test_signal_on_a_close_never_fills_before_the_next_open(case: Case) -> None:
    """T-2: whatever a signal or a command brought about has a later step than it."""
    world = played(case)
    for fill in written(world)["fills"]:
        if fill["role"] == OrderRole.PLACED:
            assert case.market.commands[order_of(world, fill["order_id"])["command"]]["step"] < fill["step"]
        elif fill["role"] != OrderRole.LIQUIDATION:
            assert case.market.signals[fill["signal"]]["step"] < fill["step"]


@pytest.mark.rule("4.11")
@LAW
@given(case=cases())
def test_every_order_is_open_or_closed_once(case: Case) -> None:
    """Ids run from 1 without a hole, and each is found in one place."""
    world = played(case)
    ids = [int(row["id"]) for row in written(world)["closed"]] + [int(row["id"]) for row in open_orders(world)]

    assert list(range(1, int(world.account[0]["next_order_id"]))) == sorted(ids)


@LAW
@given(case=cases())
def test_fills_of_an_order_add_up_to_what_it_says(case: Case) -> None:
    """FILLED is filled whole, and an order's fills, but for what they closed of an opposite position, are its count."""
    world = played(case)
    counted: Counter[int] = Counter()
    for fill in written(world)["fills"]:
        against = 0 if fill["role"] != OrderRole.ENTRY else fill["closed_lots"]
        counted[int(fill["order_id"])] += int(fill["lots"] - against)

    for row in orders(world):
        assert counted[int(row["id"])] == row["filled"] <= row["lots"]
        if row["status"] == OrderStatus.FILLED and not row["reduce_only"]:
            assert row["filled"] == row["lots"]


@pytest.mark.rule("4.0")
@LAW
@given(case=cases())
def test_logs_are_in_the_order_of_time(case: Case) -> None:
    """No line is older than the one before it in its log; of fills, whose open comes before the close, by step.

    Bars that are drilled into have times of their own: there the order is kept for each instrument.
    """
    for name, log in written(played(case)).items():
        ts = log["ts_closed" if name == "closed" else "ts"]
        mine = [log["instrument"] == k for k in range(len(case.market.specs))]
        if name == "fills":
            assert (np.diff(log["step"]) >= 0).all()
        elif case.rules.ambiguity < Ambiguity.SUBBAR or name != "closed":
            assert (np.diff(ts) >= 0).all()
        assert all((np.diff(ts[rows]) >= 0).all() for rows in mine if name != "fills")


@pytest.mark.rule("C-1")
@LAW
@given(case=cases())
def test_fee_is_notional_times_the_rate_of_the_liquidity(case: Case) -> None:
    """C-1: maker or taker by fill, and the clearance fee on top of a liquidation."""
    case = with_specs(case, has_fee_tiers=False)
    for fill in written(played(case))["fills"]:
        spec = case.market.specs[fill["instrument"]]
        rate = spec["maker_rate"] if fill["liquidity"] == Liquidity.MAKER else spec["taker_rate"]
        rate += spec["liquidation_rate"] if fill["role"] == OrderRole.LIQUIDATION else 0.0
        assert abs(fill["lots"] * fill["ticks"] * spec["tick_value"] * rate - fill["fee"]) < 1e-7


@pytest.mark.rule("C-2")
@LAW
@given(case=cases())
def test_makers_pay_no_slippage_and_takers_never_gain_by_it(case: Case) -> None:
    """C-2: slippage is adverse, for takers only; a fill the bar left open is inside it, never at its open."""
    for fill in written(played(case))["fills"]:
        assert fill["slippage"] == 0.0 or (fill["slippage"] > 0.0 and fill["liquidity"] == Liquidity.TAKER)
        assert fill["flags"] != FillFlag.GAP | FillFlag.AMBIGUOUS


@pytest.mark.rule("F-7")
@LAW
@given(case=cases())
def test_refused_signal_opens_nothing(case: Case) -> None:
    """A refusal is final: nothing of that signal reaches the market, but what closes where a limit forbids to open."""
    world = played(case)
    codes = {int(row["signal"]): int(row["code"]) for row in written(world)["refusals"] if row["signal"] >= 0}
    orders = [*written(world)["closed"], *open_orders(world)]

    for order in (order for order in orders if int(order["signal"]) in codes):
        assert (order["role"], bool(order["reduce_only"])) == (OrderRole.EXIT, True)
        assert is_limit(codes[int(order["signal"])])


@LAW
@given(case=cases())
def test_positions_are_never_more_than_the_rules_allow(case: Case) -> None:
    """The cap on open positions holds after every fill."""
    held: dict[int, int] = defaultdict(int)
    for fill in written(played(case))["fills"]:
        held[int(fill["instrument"])] += int(fill["side"] * fill["lots"])
        assert sum(lots != 0 for lots in held.values()) <= case.rules.max_positions


@pytest.mark.rule("M-9")
@LAW
@given(case=cases())
def test_account_that_was_liquidated_to_the_last_owes_nothing(case: Case) -> None:
    """M-9: once the last position is taken by force, the wallet is at zero or above."""
    world = played(case)
    fills = written(world)["fills"]
    if len(fills) and fills[-1]["role"] == OrderRole.LIQUIDATION and not world.positions["lots"].any():
        assert world.account[0]["wallet"] >= 0.0
        assert world.equity[-1] >= 0.0


@pytest.mark.rule("M-9")
@LAW
@given(case=cases())
def test_forced_close_at_a_price_better_than_its_bar_gave_wins_nothing(case: Case) -> None:
    """M-9: beyond its bar a position is taken at bankruptcy alone, which is a loss, but for a rounded tick."""
    world = played(case)
    for fill in written(world)["fills"]:
        if fill["role"] == OrderRole.LIQUIDATION:
            k, step = fill["instrument"], fill["step"]
            best = case.market.high[k, step] if fill["side"] < 0 else case.market.low[k, step]
            if (fill["ticks"] - best) * -fill["side"] > 0:
                assert fill["realised"] <= fill["lots"] * case.market.specs[k]["tick_value"] + 1e-8


@LAW
@given(case=cases(), limits=account_limits())
def test_tightening_a_limit_changes_nothing_before_its_first_refusal(case: Case, limits: dict[str, Any]) -> None:
    """Up to the close at which a limit first refuses, the run with limits is the run without, fill by fill.

    The cap on a position is none of them: it cuts what it need not refuse.
    """
    limits = limits | {"max_position": 0.0}
    free = case._replace(rules=case.rules._replace(**{name: type(limit)(0) for name, limit in limits.items()}))
    world, plain = played(case._replace(rules=case.rules._replace(**limits))), played(free)
    lines = written(world)["refusals"]
    said = [int(line["step"]) for line in lines if line["code"] in LIMIT_CODES]
    end = min(said, default=len(case.market.ts_open))
    before = [log[log["step"] <= end].tolist() for log in (written(world)["fills"], written(plain)["fills"])]
    assert before[0] == before[1]


@LAW
@given(case=cases(), limits=account_limits())
def test_limits_refuse_nothing_that_closes(case: Case, limits: dict[str, Any]) -> None:
    """No exit signal and no order that may only reduce is ever refused by a limit."""
    world = played(case._replace(rules=case.rules._replace(**limits)))
    for line in written(world)["refusals"]:
        if line["code"] in LIMIT_CODES:
            is_signal = line["signal"] >= 0
            assert not is_signal or case.market.signals[line["signal"]]["kind"] != SignalKind.EXIT
            assert is_signal or not case.market.commands[line["command"]]["reduce_only"]
            assert is_signal or not case.market.commands[line["command"]]["close_position"]
