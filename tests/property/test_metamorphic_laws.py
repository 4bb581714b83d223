"""Laws that compare two runs: change the market, the costs or the size in a known way, and the outcome follows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tradewright.domain.enums import Ambiguity, SignalKind
from tradewright.kernels.records import SPEC, Market
from tradewright.testing.markets import Case, cases, examples, plainly, played, untrailed, with_specs
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, digest, run, some_rules, trades, written

LAW = examples(60)
PRICES = tuple(f"{series}{name}" for series in ("", "mark_") for name in ("open", "high", "low", "close"))


def units(amount: float) -> int:
    """Money in whole units of 1e-8; exact, for the engine keeps it so."""
    return round(float(amount) * 1e8)


def cut(market: Market, end: int) -> Market:
    """The market as if time had stopped at a step."""
    columns = {name: np.ascontiguousarray(getattr(market, name)[..., :end]) for name in market._fields[:12]}
    known = {name: getattr(market, name)[getattr(market, name)["step"] < end] for name in ("signals", "funding")}
    return market._replace(**columns, **known)


@pytest.mark.rule("T-5", "4.11")
@LAW
@given(case=cases(), end=st.integers(1, 23))
def test_market_cut_off_at_a_step_changes_nothing_before_it(case: Case, end: int) -> None:
    """T-5: the past does not know the future."""
    assume(end < len(case.market.ts_open))
    known = played(case._replace(market=cut(case.market, end)))
    whole = run(a_world(case.market, case.balance), case.market, case.rules, end, case.finer)

    assert digest(known) == digest(whole._replace(equity=whole.equity[:end]))


@pytest.mark.rule("T-5")
@LAW
@given(case=cases(), end=st.integers(1, 23), factor=st.sampled_from((2, 5)))
def test_market_scrambled_from_a_step_on_changes_nothing_before_it(case: Case, end: int, factor: int) -> None:
    """T-5: another future leads to the same present."""
    assume(end < len(case.market.ts_open))
    other = {name: getattr(case.market, name).copy() for name in PRICES}
    for column in other.values():
        column[:, end:] *= factor
    scrambled = case.market._replace(**other)

    world = run(a_world(case.market, case.balance), case.market, case.rules, end, case.finer)
    assert digest(world) == digest(run(a_world(scrambled, case.balance), scrambled, case.rules, end, case.finer))


@pytest.mark.rule("4.11")
@LAW
@given(case=cases(max_instruments=2))
def test_idle_instrument_changes_nothing(case: Case) -> None:
    """An instrument that no one trades leaves fills and equity as they were."""
    market = case.market
    wider = {
        name: np.vstack([getattr(market, name), getattr(market, name)[:1]]) for name in (*PRICES, "volume", "has_bar")
    }
    specs = np.concatenate([market.specs, np.array([market.specs[0]], SPEC)])
    world = played(case._replace(market=market._replace(**wider, specs=specs)))
    alone = played(case)

    assert trades(alone) == trades(world)
    assert alone.equity.tolist() == world.equity.tolist()
    assert alone.account.tolist() == world.account.tolist()


@pytest.mark.rule("4.11")
@LAW
@given(case=cases(), rate=st.sampled_from((0.0007, 0.002)))
def test_higher_fee_never_gives_more_equity_for_the_same_fills(case: Case, rate: float) -> None:
    """Costs cost."""
    cheap, dear = played(case), played(with_specs(case, maker_rate=rate, taker_rate=rate))
    assume(trades(cheap) == trades(dear))

    assert dear.equity[-1] <= cheap.equity[-1] + 1e-8 or cheap.account[0]["insurance"] != dear.account[0]["insurance"]


def shifted(case: Case, sign: int, offset: int) -> Case:
    """The case with every price p at `sign * p + offset`; with sign -1 highs are lows and buyers sell."""
    old = case.market
    mirror = {"high": "low", "low": "high", "mark_high": "mark_low", "mark_low": "mark_high"} if sign < 0 else {}
    prices = {name: getattr(old, mirror.get(name, name)) for name in PRICES}
    wishes = old.signals.copy()
    for name in ("entry_ticks", "stop_ticks", "target_ticks"):
        wishes[name] = sign * wishes[name] + offset
    plans = old.plans.copy()
    for name in ("trigger_ticks", "target2_ticks", "target3_ticks", "target4_ticks"):
        plans[name] = np.where(plans[name] > 0, sign * plans[name] + offset, 0)
    wishes["kind"] = np.where(wishes["kind"] == SignalKind.EXIT, wishes["kind"], sign * wishes["kind"])
    orders = old.commands.copy()
    for name in ("level_ticks", "trigger_ticks"):
        orders[name] = np.where(orders[name] > 0, sign * orders[name] + offset, 0)
    orders["side"] *= sign
    moved = {name: np.ascontiguousarray(sign * column + offset) for name, column in prices.items()}
    fields = (0, 1, 2, 3) if sign > 0 else (0, 2, 1, 3)
    finer = {
        place: [(*(sign * row[field] + offset for field in fields), row[4]) for row in rows]
        for place, rows in case.finer.items()
    }
    return case._replace(market=old._replace(**moved, signals=wishes, plans=plans, commands=orders), finer=finer)


@pytest.mark.rule("P-3", "4.11")
@LAW
@given(case=cases())
def test_price_reflection_mirrors_every_fill_and_its_profit(case: Case) -> None:
    """P-3: no side is favoured; buyers below a mirror fare as sellers above it."""
    # A distance in per cent has no mirror image.
    plain = untrailed(plainly(case))
    # A path has a mirror image of its own; coins, and ties that fall on the low, have none.
    paths = {Ambiguity.OHLC: Ambiguity.OLHC, Ambiguity.OLHC: Ambiguity.OHLC}
    policy = Ambiguity(case.rules.ambiguity)
    assume(policy not in {Ambiguity.ADAPTIVE, Ambiguity.RANDOM})
    upright, mirror = played(shifted(plain, 1, 100_000)), shifted(plain, -1, 200_000)
    mirrored = played(mirror._replace(rules=mirror.rules._replace(ambiguity=paths.get(policy, policy).value)))

    assert [(s, k, -side, 300_000 - ticks, n) for s, k, side, ticks, n in trades(upright)] == trades(mirrored)
    assert written(upright)["fills"]["realised"].tolist() == written(mirrored)["fills"]["realised"].tolist()
    assert written(upright)["fills"]["flags"].tolist() == written(mirrored)["fills"]["flags"].tolist()
    assert upright.equity.tolist() == mirrored.equity.tolist()


@pytest.mark.rule("P-3", "4.11")
@LAW
@given(case=cases(), factor=st.sampled_from((2, 7)))
def test_quantity_times_a_factor_is_profit_times_that_factor(case: Case, factor: int) -> None:
    """P-3: without costs and limits, profit is proportional to size."""
    plain = plainly(case)
    plain.market.plans["share1"] = plain.market.plans["more_targets"] = 0  # parts of lots are rounded down
    once = played(plain)
    orders = plain.market.commands.copy()
    orders["lots"] *= factor
    market = plain.market._replace(commands=orders)
    times = played(plain._replace(market=market, rules=plain.rules._replace(size=float(factor))))

    assert [lots * factor for *_, lots in trades(once)] == [lots for *_, lots in trades(times)]
    assert abs(units(once.account[0]["realised"]) * factor - units(times.account[0]["realised"])) <= factor


@pytest.mark.rule("4.11")
def test_bar_split_along_its_assumed_path_changes_no_fill() -> None:
    """A bar is a summary: played as two bars along the path that `worst` assumes, the fills are the same.

    For bars and brackets of any shape see `test_ambiguity_laws.py`.
    """
    wishes = [a_signal(0, SignalKind.LONG, stop_ticks=90, target_ticks=110)]
    start = (100, 100, 100, 100)
    one = a_market([start, (100, 112, 88, 100)], signals=wishes, specs=[a_spec()])
    two = a_market([start, (100, 100, 88, 88), (88, 112, 88, 100)], signals=wishes, specs=[a_spec()])
    rules = some_rules()

    fills = [[row[2:] for row in trades(run(a_world(market), market, rules))] for market in (one, two)]
    assert [(1, 100, 100), (-1, 90, 100)] == fills[0] == fills[1]
