"""Laws of orders that strategies give, and of orders that are worked by children."""

from __future__ import annotations

from copy import deepcopy
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.enums import Code
from tradewright.domain.intents import Cancel, CancelAll, Change, Iceberg, IntentSide, OrderIntent, Twap, Vwap
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.engine.backtest import Run, run_backtest, trimmed
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import log_of
from tradewright.engine.world import grown, new_world
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.market.bars import make_bars
from tradewright.portfolio.parents import parent_outcomes
from tradewright.risk.policy import rules_of
from tradewright.strategy.strategy import Strategy, Wish
from tradewright.strategy.view import BarView, FillView
from tradewright.testing.markets import examples
from tradewright.testing.scripted import FLAT, HOUR, INSTRUMENT, Scripted, filled, played

MOVES = st.lists(st.integers(-4, 4), min_size=12, max_size=30)
CHOICES = st.lists(st.integers(0, 11), min_size=12, max_size=30)
VOLUMES = st.lists(st.integers(0, 300), min_size=12, max_size=12)
DAY = 24
"""Bars."""
DAY_BEFORE = st.lists(st.integers(0, 300), min_size=DAY, max_size=DAY).filter(any)


def market(moves: list[int]) -> Feed:
    """Hourly bars whose closes move by so many half units from 100, with as much to either side."""
    close = 100.0 + 0.5 * np.cumsum(moves)
    first = np.concatenate(([100.0], close[:-1]))
    columns = (first, np.maximum(first, close) + 0.5, np.minimum(first, close) - 0.5, close)
    stamps = np.arange(len(moves)) * HOUR.ns
    return Feed(INSTRUMENT, make_bars(stamps, columns, np.full(len(moves), 50.0), HOUR))


def run(strategy: Strategy, moves: list[int]) -> Run:
    """Run on that market, a quarter of the volume to be had."""
    risk = RiskSpec(sizing="fixed_quantity", size=0.5, require_stop=False, require_target=False, min_reward_risk=0.0)
    spec = RunSpec(strategy.name, "1", (), "test", (INSTRUMENT.symbol,), "1h", risk=risk)
    return run_backtest(spec, strategy, [market(moves)])


class Restless(Strategy):
    """Place, change, cancel and work orders as the choices say, by what is held, open and filled."""

    version = "1"
    choices: ClassVar[list[int]] = []

    def on_fill(self, fill: FillView) -> Wish:
        """Guard what was bought."""
        return OrderIntent("sell", fill.quantity, "stop", trigger=fill.price - 2.0, reduce_only=True)

    def on_bar(self, view: BarView) -> Wish:
        """See the class."""
        choice, open_orders = self.choices[view.index % len(self.choices)], view.orders
        side: IntentSide = "sell" if view.position.quantity > 1.0 else "buy"
        by_choice: dict[int, Wish] = {
            0: OrderIntent(side, 0.3),
            1: OrderIntent(side, 0.6, "limit", price=view.close - 1.0, tag=f"t{view.index}"),
            2: Twap(side, 0.8, bars=5, slices=2, tag=f"p{view.index}"),
            3: Iceberg(side, 0.9, 0.3, view.close, bars=6),
            4: [Change(order_id=one.id, price=view.close - 0.5) for one in open_orders if one.kind == "limit"],
            5: [Cancel(order_id=one.id) for one in open_orders[:1]],
            6: [Cancel(one.tag) for one in view.parents[:1]],
            7: CancelAll(),
            8: Signal("long", view.close),
        }
        return by_choice.get(choice)


@pytest.mark.rule("T-5")
@examples(40)
@given(moves=MOVES, choices=CHOICES, cut=st.integers(1, 29))
def test_cutting_the_future_changes_no_order_before_the_cut(moves: list[int], choices: list[int], cut: int) -> None:
    """What is asked for, filled and refused up to a close hangs on nothing that comes after it."""
    Restless.choices = choices
    whole, short = run(Restless(), moves), run(Restless(), moves[:cut])
    known = whole.wishes.commands[whole.wishes.commands["step"] < cut]

    assert known.tolist() == short.wishes.commands.tolist()
    assert whole.world.fills[whole.world.fills["step"] < cut].tolist() == short.world.fills.tolist()
    assert whole.world.equity[:cut].tolist() == short.world.equity.tolist()


@pytest.mark.rule("4.11")
@examples(40)
@given(moves=MOVES, choices=CHOICES, stop=st.integers(1, 29))
def test_commands_of_a_run_are_the_run_from_any_step_on(moves: list[int], choices: list[int], stop: int) -> None:
    """Given to the compiled loop, put down at any step and taken up again, what was asked for leaves the same bytes."""
    Restless.choices = choices
    told = run(Restless(), moves)
    world, rules = new_world(told.market, told.spec.balance, 0), rules_of(told.spec)
    for until in (min(stop, len(moves)), len(moves)):
        while (code := run_steps(world, told.market, rules, until, ALL_KNOWN)) != Code.OK:
            world = grown(world, code)
        world = deepcopy(world)

    for name in ("fills", "closed", "refusals", "equity"):
        assert getattr(told.world, name).tolist() == getattr(trimmed(world), name).tolist(), name


class Plain(Strategy):
    """Long, short or out, as the choices say, without a bracket."""

    version = "1"
    choices: ClassVar[list[int]] = []

    def wish(self, view: BarView) -> Signal | None:
        """At one bar."""
        choice = self.choices[view.index % len(self.choices)]
        return {0: Signal("long", view.close), 1: Signal("short", view.close), 2: Signal("exit")}.get(choice)

    def on_bar(self, view: BarView) -> Wish:
        """See the class."""
        return self.wish(view)


class Mimic(Plain):
    """The same in market orders."""

    def on_bar(self, view: BarView) -> Wish:
        """See the class."""
        wish, held = self.wish(view), view.position
        if wish is None or int(held.side) == {"long": 1, "short": -1}.get(wish.side, 0):
            return None
        if wish.side == "exit":
            return OrderIntent("buy" if held.side < 0 else "sell", held.quantity, reduce_only=True)
        return OrderIntent("buy" if wish.side == "long" else "sell", view.whole_quantity(held.quantity + 0.5))


@examples(40)
@given(moves=MOVES, choices=CHOICES)
def test_orders_that_mimic_signals_fill_byte_for_byte_alike(moves: list[int], choices: list[int]) -> None:
    """Market entries without bracket, exits, reversals: what is paid and held does not know which door they took."""
    Plain.choices = choices
    first, second = run(Plain(), moves).world, run(Mimic(), moves).world

    for name in ("ts", "step", "side", "liquidity", "flags", "ticks", "lots", "closed_lots", "fee", "realised"):
        assert first.fills[name].tobytes() == second.fills[name].tobytes(), name
    assert first.equity.tobytes() == second.equity.tobytes()


@pytest.mark.rule("R-7", "L-4")
@examples(25)
@given(
    volumes=VOLUMES,
    lots=st.integers(1, 400),
    kind=st.sampled_from(("twap", "limit", "iceberg")),
    cancel=st.integers(1, 14),
    latency=st.integers(0, 3),
)
def test_children_never_fill_more_than_their_parent(
    volumes: list[int], lots: int, kind: str, cancel: int, latency: int
) -> None:
    """Whatever the volume, the latency, and when it is cancelled; the fills are the parent's, to the lot."""
    quantity = lots / 100
    parents = {
        "twap": Twap("buy", quantity, bars=9, tag="p"),
        "limit": Twap("buy", quantity, bars=9, price=99.5, tag="p"),
        "iceberg": Iceberg("buy", quantity, max(lots // 3, 1) / 100, 99.5, tag="p"),
    }
    bars = [(*FLAT, volume / 100) for volume in [100, *volumes]]
    done = played({0: parents[kind], cancel: Cancel("p")}, bars, participation=0.5, latency_ms=latency * 3.6e6)
    (parent,) = parent_outcomes(log_of(done))
    total = int(done.world.fills["lots"].sum())

    assert total <= lots
    assert total == round(100 * parent.filled)


@pytest.mark.rule("R-7")
@examples(25)
@given(lots=st.integers(1, 5_000), bars=st.integers(1, 20), data=st.data())
def test_twap_without_a_cap_fills_wholly_in_a_quiet_market(lots: int, bars: int, data: st.DataObject) -> None:
    """In parts that differ by a lot at most, at the price that never moved: nothing is lost against arrival."""
    slices = data.draw(st.integers(1, bars))
    done = played({0: Twap("buy", lots / 100, bars=bars, slices=slices)}, [FLAT] * (bars + 2), participation=0.0)
    parts = [round(100 * quantity) for _, _, quantity in filled(done)]
    (parent,) = parent_outcomes(log_of(done))

    assert lots == sum(parts)
    assert max(parts) - min(parts) <= 1
    assert ("filled", 0.0) == (parent.status, parent.shortfall_bps)


@pytest.mark.rule("R-7")
@examples(25)
@given(before=DAY_BEFORE, lots=st.integers(1, 5_000), bars=st.integers(1, DAY - 1))
def test_vwap_without_a_cap_fills_wholly_as_the_day_before_traded(before: list[int], lots: int, bars: int) -> None:
    """Bar by bar its share of the volume that is expected, to the lot; where none is, the parent is refused."""
    assumed = before[1 : bars + 1]  # the parent is sent an hour after midnight, at the close of the first bar
    rows = [(*FLAT, volume / 100) for volume in before] + [FLAT] * (DAY + 2)
    done = played({DAY: Vwap("buy", lots / 100, bars=bars, days=1, slots=DAY, tag="p")}, rows, participation=0.0)
    bought = dict.fromkeys(range(DAY + 1, DAY + bars + 1), 0)
    for step, _, quantity in filled(done):
        bought[step] += round(100 * quantity)

    assert sum(bought.values()) == (lots if any(assumed) else 0)
    assert (not done.wishes.parents) == (not any(assumed))
    for part, volume in zip(bought.values(), assumed, strict=True):
        assert abs(part * max(sum(assumed), 1) - lots * volume) <= sum(assumed)


@pytest.mark.rule("R-7", "L-4")
@examples(25)
@given(before=DAY_BEFORE, volumes=VOLUMES, lots=st.integers(1, 400), bars=st.integers(1, 9), latency=st.integers(0, 3))
def test_vwap_keeps_its_share_its_quantity_and_its_end(
    before: list[int], volumes: list[int], lots: int, bars: int, latency: int
) -> None:
    """However little is traded: half of a bar's volume at most, no lot too many, and none after the window."""
    rows = [(*FLAT, volume / 100) for volume in [*before, 100, *volumes]]
    parent = Vwap("buy", lots / 100, bars=bars, days=1, slots=DAY, tag="p")
    done = played({DAY: parent}, rows, participation=0.5, latency_ms=latency * 3.6e6)
    bought = [(int(fill["step"]), int(fill["lots"])) for fill in done.world.fills]

    assert sum(part for _, part in bought) <= lots
    assert all(DAY < step <= DAY + bars for step, _ in bought)
    for place, volume in enumerate(volumes, start=DAY + 1):
        assert 2 * sum(part for step, part in bought if step == place) <= volume


@pytest.mark.rule("R-7")
@examples(25)
@given(volumes=VOLUMES, stop=st.integers(1, 11), everything=st.booleans())
def test_cancelled_parent_sends_nothing_more(volumes: list[int], stop: int, everything: bool) -> None:
    """Its last child was created before the close of the cancel, and is open no more after the next open."""
    parent = Twap("buy", 3.0, bars=12, price=99.5, tag="p")
    back = CancelAll() if everything else Cancel("p")
    done = played({0: parent, stop: back}, [(*FLAT, volume / 100) for volume in [100, *volumes]], participation=0.5)

    assert all(ts < (stop + 1) * HOUR.ns for ts in log_of(done).orders["ts_created"])
    assert all(orders == () for orders, *_ in Scripted.views[stop + 1 :])


@pytest.mark.rule("R-4", "L-4")
@examples(60)
@given(
    moves=st.lists(st.integers(-4, 4), min_size=12, max_size=12),
    volumes=VOLUMES,
    lots=st.tuples(st.integers(1, 200), st.integers(1, 200)),
    away=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    latency=st.integers(0, 2),
)
def test_linked_orders_together_never_fill_more_than_the_largest_of_them_asks(
    moves: list[int], volumes: list[int], lots: tuple[int, int], away: tuple[int, int], latency: int
) -> None:
    """R-4: whatever the path and the volume, a stop and a target of one name never sell more than either wanted."""
    exits = (
        OrderIntent("sell", lots[0] / 100, "stop", trigger=100.0 - 0.5 * away[0], oco="exit"),
        OrderIntent("sell", lots[1] / 100, "limit", price=100.0 + 0.5 * away[1], oco="exit"),
    )
    close = 100.0 + 0.5 * np.cumsum([0, *moves])
    before = np.concatenate(([100.0], close[:-1]))
    rows = [
        (float(o), float(max(o, c)) + 0.5, float(min(o, c)) - 0.5, float(c), volume / 100)
        for o, c, volume in zip(before, close, [100, *volumes], strict=True)
    ]
    done = played({0: exits}, rows, participation=0.5, latency_ms=latency * 3.6e6)
    sold = {0: 0, 1: 0}
    for fill in done.world.fills:
        sold[int(fill["order_id"]) - 1] += int(fill["lots"])

    assert sum(sold.values()) <= max(lots)
    assert all(part <= most for part, most in zip(sold.values(), lots, strict=True))
