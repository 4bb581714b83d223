"""A session that is told its bars one by one leaves what the backtest over all of them leaves, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tradewright.domain.enums import Code, CommandKind
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import CostSpec, RiskSpec, RunSpec
from tradewright.domain.team import Member
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.engine.session import Session
from tradewright.engine.steps import steps_of
from tradewright.market.bars import Bars, empty_bars, slice_bars
from tradewright.market.resample import resample
from tradewright.market.synthetic import synthesise
from tradewright.services.strategies import find_strategies
from tradewright.strategy.strategy import Strategy
from tradewright.testing.wild import Legged, Wild, Wilder

# Thousands of bars and events: without the compiler they take minutes.
pytestmark = pytest.mark.compiled
FIFTEEN, HOUR_NS = Timeframe.parse("15m"), 3_600_000_000_000
BUILT_IN, EXAMPLES = find_strategies(), find_strategies(Path("examples"))
CONTEXT = 300
SYMBOLS = ("BTC/USDT:USDT", "ETH/USDT:USDT", "SOL/USDT")


def lacking(bars: Bars, first: int, stop: int) -> Bars:
    """The bars without a stretch of them."""
    keep = np.ones(bars.close.size, np.bool_)
    keep[first:stop] = False
    return Bars(*(column[keep] for column in bars))


def marks_of(bars: Bars) -> Bars:
    """A mark price that lags behind, and is missing in places."""
    lagged = [0.999 * column for column in bars[2:6]]
    return lacking(Bars(bars.ts_open, bars.ts_close, *lagged, bars.volume), 700, 720)


def feed(k: int, strategy: Strategy, size: int) -> Feed:
    """An instrument with context, recorded funding for a while, marks for the second, holes for all but the first."""
    bars = synthesise(FIFTEEN, 0, size, 20 + k)
    htf = resample(bars, FIFTEEN, Timeframe.parse(strategy.htf)) if strategy.htf else None
    context, traded = slice_bars(bars, 0, CONTEXT), slice_bars(bars, CONTEXT, size)
    if k:
        traded = lacking(traded, 100 * k, 100 * k + 37)
    times = np.arange(bars.ts_open[500], bars.ts_open[size // 2], 8 * HOUR_NS)
    return Feed(
        Instrument(SYMBOLS[k], "test", lot_size="0.0001"), traded, htf, (times, np.linspace(-1e-3, 1e-3, times.size)),
        mark=marks_of(traded) if k == 1 else None, context=context,
    )  # fmt: skip


def beginning(whole: Feed, strategy: Strategy) -> Feed:
    """What is known of an instrument before its first traded bar."""
    assert whole.context is not None
    htf = resample(whole.context, FIFTEEN, Timeframe.parse(strategy.htf)) if strategy.htf else None
    return replace(whole, bars=empty_bars(), htf=htf, mark=None if whole.mark is None else empty_bars(), funding=None)


def in_session(spec: RunSpec, cast: Strategy | list[Strategy], seats: list[Feed]) -> Run:
    """The run as a session leaves it, fed with the steps of the bars."""
    first = cast[0] if isinstance(cast, list) else cast
    session = Session(spec, cast, [beginning(seat, first) for seat in seats])
    for step in steps_of(spec, list({seat.instrument.symbol: seat for seat in seats}.values())):
        session.close(step)
    return session.run


def assert_equal(ours: Run, whole: Run) -> None:
    """Every log, account, order and curve of two runs is the same."""
    assert outcome_fingerprint(whole.world) == outcome_fingerprint(ours.world)
    for name in ("account", "positions", "orders", "closed", "refusals", "payments", "shares"):
        assert getattr(whole.world, name).tolist() == getattr(ours.world, name).tolist(), name
    for name in whole.market._fields:
        assert getattr(whole.market, name).tolist() == getattr(ours.market, name).tolist(), name
    assert whole.wishes.parents == ours.wishes.parents
    assert [whole.wishes.metadata(row) for row in range(whole.wishes.rows.size)] == [
        ours.wishes.metadata(row) for row in range(ours.wishes.rows.size)
    ]
    assert whole.assumed_funding == ours.assumed_funding


def spec_of(strategy: Strategy, count: int, **fields: object) -> RunSpec:
    """A run of one strategy on the first instruments."""
    return replace(
        RunSpec(
            strategy.name, strategy.version, strategy.params, "test", SYMBOLS[:count], "15m", strategy.htf,
            risk=RiskSpec(**strategy.risk),
        ),
        **fields,
    )  # fmt: skip


@pytest.mark.parametrize("name", BUILT_IN.names())
def test_every_built_in_strategy_trades_in_a_session_as_in_a_backtest(name: str) -> None:
    """Bars one by one, higher timeframe and context included: no fill, fee or cent differs."""
    strategy = BUILT_IN.create(name)
    seats, spec = [feed(0, strategy, 1_500)], spec_of(strategy, 1)

    whole = run_backtest(spec, strategy, seats)

    assert whole.world.fills.size > 0
    assert_equal(in_session(spec, strategy, seats), whole)


@pytest.mark.parametrize("path", ["signals", "on_bar"])
@pytest.mark.parametrize("strategy", [Wild, Wilder], ids=lambda item: item.name)
def test_three_instruments_with_holes_marks_and_funding(strategy: type[Strategy], path: str) -> None:
    """Whatever can be wished, by either path: the session is the backtest."""
    own = strategy()
    seats = [feed(k, own, 1_500) for k in range(3)]
    costs = CostSpec(fee_tiers="binance_usdm", slippage="volume_share")
    spec = spec_of(own, 3, risk=RiskSpec(size=0.005), costs=costs, limits=LimitSpec(max_day_loss=0.02, cool_down=2))

    whole = run_backtest(spec, own, seats, path)

    assert min(whole.world.fills.size, whole.world.payments.size, whole.world.refusals.size) > 10
    ours = in_session(spec, own, seats)
    assert outcome_fingerprint(whole.world) == outcome_fingerprint(ours.world)
    if path == "on_bar":
        assert_equal(ours, whole)


@pytest.mark.parametrize("name", ["order_grid", "slow_trend"])
def test_strategies_that_give_orders_and_work_parents(name: str) -> None:
    """Orders, changes, cancels and children of parents come as they come in the backtest."""
    strategy = EXAMPLES.create(name)
    seats, spec = [feed(0, strategy, 1_500)], spec_of(strategy, 1)

    whole = run_backtest(spec, strategy, seats)

    assert whole.market.commands.size > 10
    assert_equal(in_session(spec, strategy, seats), whole)


def test_a_hedge_has_two_legs_in_a_session_too() -> None:
    """Long and short side by side."""
    strategy = Wild()
    seats = [feed(k, strategy, 1_200) for k in range(2)]
    spec = spec_of(strategy, 2, risk=RiskSpec(size=0.005, position_mode="hedge"))

    whole = run_backtest(spec, strategy, seats, "on_bar")

    assert (whole.world.positions["lots"].size, whole.world.fills.size > 10) == (4, True)
    assert_equal(in_session(spec, strategy, seats), whole)


def test_orders_of_the_two_legs_are_the_same_in_a_session() -> None:
    """Each says its leg; changed, cancelled, linked, worked by children, and closing."""
    strategy = Legged()
    seats = [feed(k, strategy, 2_500) for k in range(2)]
    risk = RiskSpec(require_stop=False, require_target=False, size=0.005, position_mode="hedge")
    spec = spec_of(strategy, 2, risk=risk)

    whole = run_backtest(spec, strategy, seats, "on_bar")

    sent = whole.wishes.commands
    assert {0, 1, 2, 3} == set(whole.world.fills["instrument"].tolist())
    assert {int(kind) for kind in CommandKind} == set(sent["kind"].tolist())
    assert len(whole.wishes.parents) > 5
    assert Code.LEG_SAYS_WHAT_REDUCES in whole.world.refusals["code"]
    assert_equal(in_session(spec, strategy, seats), whole)


def test_a_team_shares_one_account_in_a_session_too() -> None:
    """Each member has its own capital and rules, on instruments that they share."""
    cast = [Wild(), BUILT_IN.create("ma_crossover")]
    members = tuple(
        Member(f"{own.name}-{k}", own.name, own.version, own.params, SYMBOLS[:1], share=0.4 + 0.1 * k)
        for k, own in enumerate(cast)
    )
    seats = [feed(0, cast[0], 1_200)] * 2
    spec = replace(spec_of(cast[0], 1), strategy="team", params=(), team=members)

    whole = run_backtest(spec, cast, seats, "mixed")

    assert whole.world.fills.size > 10
    assert_equal(in_session(spec, cast, seats), whole)


@pytest.mark.parametrize("name", BUILT_IN.names())
def test_swapping_a_strategy_for_itself_changes_nothing(name: str) -> None:
    """What is held, waits and was said stays; the new one has seen every bar: the outcome is that of one strategy."""
    strategy = BUILT_IN.create(name)
    whole = feed(0, strategy, 900)
    spec, steps = spec_of(strategy, 1), list(steps_of(spec_of(strategy, 1), [whole]))
    plain, swapped = (Session(spec, strategy, [beginning(whole, strategy)]) for _ in range(2))
    for number, step in enumerate(steps):
        plain.close(step)
        swapped.close(step)
        if number in {50, 51, 333}:
            swapped.swap(strategy)

    assert_equal(swapped.run, plain.run)


def test_parents_at_work_go_on_under_the_next_strategy() -> None:
    """A swap in the middle of a TWAP: its children come on, and its end is told."""
    strategy = EXAMPLES.create("slow_trend")
    whole = feed(0, strategy, 900)
    spec = spec_of(strategy, 1)
    session, swaps = Session(spec, strategy, [beginning(whole, strategy)]), 0
    for step in steps_of(spec, [whole]):
        session.close(step)
        if session.run.wishes.parents and swaps == 0 and session.run.wishes.parents[-1].status == "working":
            with pytest.raises(InvalidValue, match="on_bar"):
                session.swap(BUILT_IN.create("ichimoku"))
            session.swap(strategy)
            swaps = session.steps

    done = [parent.status for parent in session.run.wishes.parents]
    assert swaps
    assert "filled" in done
    assert done[:-1].count("working") == 0
