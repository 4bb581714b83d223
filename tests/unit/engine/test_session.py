"""A session between its steps: pauses, flattening, and steps that are none."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from tradewright.domain.enums import OrderRole, SignalKind
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import Ask, CancelAll, OrderIntent
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.session import Heard, Session
from tradewright.market.bars import empty_bars, make_bars
from tradewright.market.steps import Bar, Funding, Step
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView

MINUTE = Timeframe.parse("1m")
BTC = Instrument("BTC/USDT:USDT", "test", "0.5", "1", taker_fee=0.0, min_notional=0.0, funding_hours=0)
FREE = RiskSpec(sizing="fixed_quantity", size=2.0, require_stop=False, require_target=False, min_reward_risk=0.0)


class Script(Strategy):
    """Wish by the number of the bar: long at 1, out at 4, long at 6."""

    version = "1"
    wishes: ClassVar[dict[int, str]] = {1: "long", 4: "exit", 6: "long"}

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        side = self.wishes.get(view.index)
        return Signal(side, view.close) if side else None  # type: ignore[arg-type]


class Columns(Script):
    """The same by columns alone."""

    on_bar = Strategy.on_bar
    has_on_bar = False

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        return Signals.from_list(
            [(row, Signal(side, float(bars.close[row]))) for row, side in self.wishes.items() if row < len(bars)]  # type: ignore[arg-type]
        )


class Orders(Strategy):
    """At bar 1 an order that opens, at bar 3 one that opens, one that reduces and a cancel of all."""

    version = "1"

    def on_bar(self, view: BarView) -> list[Ask] | None:
        """See the class."""
        if view.index == 1:
            return [OrderIntent("buy", 2.0)]
        if view.index == 3:
            return [OrderIntent("buy", 1.0), OrderIntent("sell", 1.0, reduce_only=True), CancelAll()]
        return None


class Busy(Strategy):
    """Buys at every twentieth bar, and sells ten bars later."""

    version = "1"

    def on_bar(self, view: BarView) -> list[Ask] | None:
        """See the class."""
        return None if view.index % 10 else [OrderIntent("sell" if view.index % 20 else "buy", 1.0)]


def session(strategy: Strategy, feed: Feed | None = None, **fields: object) -> Session:
    """A session on one instrument, without costs."""
    spec = RunSpec(
        strategy.name, "1", (), "test", (BTC.symbol,), "1m", risk=FREE, fills=FillSpec(participation=0.0),
        costs=CostSpec(slippage_bps=0.0, spread_bps=0.0, taker_fee=0.0),
    )  # fmt: skip
    return Session(replace(spec, **fields), strategy, [feed or Feed(BTC, empty_bars())])


def step(number: int, price: float = 100.0) -> Step:
    """A minute that does not move."""
    return Step(number * MINUTE.ns, (number + 1) * MINUTE.ns, {BTC.symbol: Bar(price, price, price, price, 10.0)})


def heard(own: Session, first: int, stop: int) -> list[Heard]:
    """What some minutes bring."""
    return [own.close(step(number)) for number in range(first, stop)]


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def held(own: Session) -> int:
    """Lots that are held."""
    return int(own.run.world.positions["lots"][0])


@pytest.mark.parametrize("strategy", [Script, Columns])
def test_step_tells_what_it_brought_and_nothing_else(strategy: type[Strategy]) -> None:
    """The wish at its own close, the fill in the next step."""
    told = heard(session(strategy()), 0, 6)

    assert [0, 1, 0, 0, 1, 0] == [one.signals.size for one in told]
    assert [0, 0, 1, 0, 0, 1] == [one.fills.size for one in told]
    assert [10_000.0] * 6 == [one.equity for one in told]
    assert list(range(6)) == [one.step for one in told]


@pytest.mark.parametrize("strategy", [Script, Columns])
def test_pause_lets_exits_through_and_no_entries(strategy: type[Strategy]) -> None:
    """What was opened before the pause is closed in it, and nothing is opened anew."""
    own = session(strategy())
    heard(own, 0, 3)
    own.is_paused = True

    told = heard(own, 3, 9)

    assert [SignalKind.EXIT] == [kind for one in told for kind in one.signals["kind"]]
    assert 0 == held(own)


def test_pause_hears_of_orders_those_that_reduce_and_cancel() -> None:
    """Two are held; of three asks the one that would buy a third is not heard."""
    own = session(Orders())
    heard(own, 0, 3)
    own.is_paused = True
    heard(own, 3, 6)

    assert 1 == held(own)
    assert 3 == own.run.wishes.commands.size


def test_session_goes_on_after_a_pause() -> None:
    """What is wished after it is heard again."""
    own = session(Script())
    own.is_paused = True
    heard(own, 0, 5)
    own.is_paused = False
    heard(own, 5, 8)

    assert 2 == held(own)


def test_flattening_closes_what_is_held_at_the_next_open_and_cancels_what_waits() -> None:
    """A position with its stop: after the next open there is neither."""
    own = session(Script())
    own.close(step(0))
    own.close(step(1))
    own.close(step(2))
    assert 2 == held(own)

    own.flatten()
    (told,) = heard(own, 3, 4)

    assert 0 == held(own)
    assert [(2, int(OrderRole.PLACED))] == [(fill["closed_lots"], fill["role"]) for fill in told.fills]


def test_context_is_shown_and_not_traded() -> None:
    """With two bars before the first, the wish at bar 1 is not heard, and that at bar 4 is the third step's."""
    prices = (np.full(2, 100.0),) * 4
    context = make_bars(np.arange(-2, 0) * MINUTE.ns, prices, np.ones(2), MINUTE)
    for strategy in (Script(), Columns()):
        told = heard(session(strategy, Feed(BTC, empty_bars(), context=context)), 0, 6)
        assert [0, 0, 1, 0, 1, 0] == [one.signals.size for one in told]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ts_open": 0, "ts_close": MINUTE.ns}, "ts_open: 0"),
        ({"ts_close": MINUTE.ns}, "ts_close"),
        ({"bars": {"DOGE/USDT": Bar(1.0, 1.0, 1.0, 1.0)}}, "DOGE/USDT: not an instrument"),
        ({"funding": (Funding("DOGE/USDT", 0, 0.1),)}, "DOGE/USDT: not an instrument"),
        ({"bars": {BTC.symbol: Bar(1.0, 0.5, 1.0, 1.0)}}, "bar of BTC/USDT:USDT"),
        ({"bars": {BTC.symbol: Bar(1.0, 1.0, 1.0, float("nan"))}}, "bar of BTC/USDT:USDT"),
        ({"bars": {BTC.symbol: Bar(1.0, 1.0, 1.0, 1.0, -1.0)}}, "bar of BTC/USDT:USDT"),
        ({"marks": {BTC.symbol: Bar(-1.0, 1.0, -1.0, 1.0)}}, "mark of BTC/USDT:USDT"),
    ],
)
def test_step_that_is_none_is_refused_and_changes_nothing(change: dict[str, object], words: str) -> None:
    """The field, its value and what is allowed are said; the session goes on as if it had not come."""
    own, other = session(Script()), session(Script())
    for one in (own, other):
        heard(one, 0, 3)

    with pytest.raises(DataError, match=words):
        own.close(step(3)._replace(**change))

    assert [one.tolist() for one in heard(own, 3, 6)[0].fills] == [one.tolist() for one in heard(other, 3, 6)[0].fills]
    assert own.run.world.equity.tolist() == other.run.world.equity.tolist()


def test_price_below_a_tick_is_refused() -> None:
    """The door of whole ticks stands in a session too."""
    with pytest.raises(InvalidValue, match="at least a tick"):
        session(Script()).close(step(0, 0.1))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fills": FillSpec(ambiguity="subbar")}, "ambiguity"),
        ({"costs": CostSpec(slippage="square_root")}, "slippage"),
    ],
)
def test_what_is_not_known_step_by_step_is_refused(fields: dict[str, object], words: str) -> None:
    """Finer bars and sums over all bars are not there while bars happen."""
    with pytest.raises(InvalidValue, match=words):
        session(Script(), **fields)


def test_flattening_before_the_first_step_is_refused() -> None:
    """There is no price yet, and nothing to close."""
    with pytest.raises(InvalidValue, match="session"):
        session(Script()).flatten()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what is set aside is set aside on Linux")
def test_memory_does_not_grow_with_steps() -> None:
    """After 8,000 minutes with marks, and an order in ten, a session holds what it held after 2,000, or little more."""
    own = session(Busy(), Feed(BTC, empty_bars(), mark=empty_bars()))

    def grown(first: int, stop: int) -> float:
        for number in range(first, stop):
            one = step(number)
            own.close(one._replace(marks=one.bars))
        gc.collect()
        return resident()

    warm = grown(0, 2_000)
    more = grown(2_000, 8_000) - warm

    world = own.world
    assert [8_000, 8_000] == [own.feeds[0].bars.ts_open.size, own.run.market.close[0].size]
    assert list(range(1, 8_000, 10)) == world.fills["step"].tolist()
    # Bars and marks are 112 bytes a step, a fill 128, an order 288: a megabyte.
    assert more < 500_000
