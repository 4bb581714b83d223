"""Hedge mode from the description to the fills: a long and a short position of each instrument."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.domain.enums import Code, Side
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import Ask, Cancel, CancelAll, Change, OrderIntent
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import log_of
from tradewright.engine.windows import run_windows, timed_wishes
from tradewright.market.bars import slice_bars
from tradewright.market.synthetic import synthesise
from tradewright.portfolio.summary import summarise
from tradewright.strategies.ma_crossover import MaCrossover
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView, FillView

FIVE = Timeframe.parse("5m")
SYMBOLS = ("BTC/USDT:USDT", "ETH/USDT:USDT")
FEEDS = [Feed(Instrument(symbol, "test"), synthesise(FIVE, 0, 2_000, k)) for k, symbol in enumerate(SYMBOLS)]
HEDGE = RiskSpec(position_mode="hedge", require_stop=False, require_target=False, sizing="fixed_notional", size=1_000.0)
CROSS = MaCrossover()
SPEC = RunSpec(CROSS.name, CROSS.version, CROSS.params, "test", SYMBOLS, "5m", risk=RiskSpec(position_mode="hedge"))


class Both(Strategy):
    """Goes long, then short beside it, then leaves both; notes what it is shown."""

    name = "both"
    seen: list[tuple[float, float, int]] = []  # noqa: RUF012 - of the class, for the instance is the engine's

    def on_bar(self, view: BarView) -> Signal | None:
        """One thing after another."""
        long, short = view.legs
        self.seen.append((long.quantity, short.quantity, int(view.position.side)))
        side = {2: "long", 4: "short", 6: "exit"}.get(view.index)
        return Signal(side, view.close) if side else None  # type: ignore[arg-type] - one of the three


class Orders(Strategy):
    """Gives an order as such, without a leg."""

    name = "orders"

    def on_bar(self, view: BarView) -> OrderIntent:
        """At once."""
        return OrderIntent("buy", 1.0)


class Legs(Strategy):
    """Opens both legs by orders, rests one beside each, moves one, takes one back, and leaves a part of the long."""

    name = "legs"
    shown: list[list[tuple[str, str, float | None]]] = []  # noqa: RUF012 - of the class, for the instance is the engine's
    told: list[tuple[str | None, str]] = []  # noqa: RUF012 - as above

    def on_bar(self, view: BarView) -> list[Ask]:
        """One thing after another."""
        self.shown.append([(one.tag, str(one.position_side), one.price) for one in view.orders])
        low, high = view.whole_price(view.close * 0.5), view.whole_price(view.close * 2.0)
        asks: dict[int, list[Ask]] = {
            1: [
                OrderIntent("buy", 0.2, position_side="long"),
                OrderIntent("sell", 0.1, tag="s", position_side="short"),
            ],
            2: [
                OrderIntent("buy", 0.1, "limit", price=low, tag="bid", position_side="long"),
                OrderIntent("buy", 0.1, "limit", price=low, tag="out", position_side="short"),
                OrderIntent("sell", 0.1, "limit", price=high, tag="bid", position_side="short"),
            ],
            3: [Change("out", price=view.whole_price(low / 2.0)), Cancel("bid")],
            4: [
                OrderIntent("sell", 0.05, position_side="long"),
                OrderIntent("buy", position_side="short", close_position=True),
            ],
            6: [CancelAll()],
        }
        return asks.get(view.index, [])

    def on_fill(self, fill: FillView) -> None:
        """Note whose it was."""
        self.told.append((fill.position_side, fill.tag))


def test_both_paths_and_windows_of_time_give_a_hedge_the_same_bytes() -> None:
    """Columns, bar by bar, and window after window; each leg is filled on one side of flat alone."""
    whole = run_backtest(SPEC, CROSS, FEEDS)
    stepped = run_backtest(SPEC, CROSS, FEEDS, "on_bar")
    windows = [
        [replace(feed, bars=slice_bars(feed.bars, start, min(start + 700, 2_000))) for feed in FEEDS]
        for start in range(0, 2_000, 700)
    ]
    parted = run_windows(SPEC, timed_wishes(SPEC, CROSS, FEEDS), windows)

    assert whole.world.fills.tobytes() == stepped.world.fills.tobytes() == parted.world.fills.tobytes()
    assert whole.world.equity.tolist() == stepped.world.equity.tolist() == parted.world.equity.tolist()
    for k in range(4):
        own = whole.world.fills[whole.world.fills["instrument"] == k]
        held = np.cumsum(own["side"] * own["lots"]) * (1 if k % 2 == 0 else -1)
        assert own.size > 20
        assert held.min() >= 0
    trades = summarise(log_of(whole)).trades
    assert {trade.symbol for trade in trades} == set(SYMBOLS)


def test_a_strategy_sees_both_legs() -> None:
    """The position of a view is the long leg where there is one, else the short one."""
    Both.seen.clear()
    spec = RunSpec("both", "1", (), "test", SYMBOLS[:1], "5m", risk=HEDGE)
    run = run_backtest(spec, Both(), [replace(FEEDS[0], bars=slice_bars(FEEDS[0].bars, 0, 9))])

    assert [(bool(long), bool(short)) for long, short, _ in Both.seen] == [
        *[(False, False)] * 3,
        *[(True, False)] * 2,
        *[(True, True)] * 2,
        *[(False, False)] * 2,
    ]
    assert Both.seen[5][2] == Side.LONG
    assert run.world.fills["instrument"].tolist() == [0, 1, 0, 1]


def test_orders_say_their_leg() -> None:
    """R-1: each leg opens and closes by its own orders; a name stands for one open order of the two."""
    Legs.shown.clear()
    Legs.told.clear()
    spec = RunSpec("legs", "1", (), "test", SYMBOLS[:1], "5m", risk=HEDGE, balance=1e6)
    run = run_backtest(spec, Legs(), [replace(FEEDS[0], bars=slice_bars(FEEDS[0].bars, 0, 9))])

    fills = run.world.fills
    held = [(int(f["instrument"]), int(f["side"]), FEEDS[0].instrument.from_lots(int(f["lots"]))) for f in fills]
    assert [(0, 1, 0.2), (1, -1, 0.1), (0, -1, 0.05), (1, 1, 0.1)] == held
    assert [("long", ""), ("short", "s"), ("long", ""), ("short", "")] == Legs.told
    assert [Code.TAG_IN_USE] == run.world.refusals["code"].tolist()
    assert [("bid", "long"), ("out", "short")] == [one[:2] for one in Legs.shown[3]]
    (moved,) = Legs.shown[4]
    assert ("out", "short") == moved[:2]
    assert (moved[2] or 1e9) < 0.6 * (Legs.shown[3][1][2] or 0.0)
    assert [[], []] == Legs.shown[7:]


def test_what_a_hedge_cannot_do_is_said() -> None:
    """Orders without a leg, a leg without a hedge, and spot."""
    spec = RunSpec("orders", "1", (), "test", SYMBOLS[:1], "5m", risk=HEDGE)
    with pytest.raises(InvalidValue, match="position_side: None is not allowed; give 'long' or 'short' in a hedge"):
        run_backtest(spec, Orders(), FEEDS[:1])
    one_way = replace(spec, strategy="legs", risk=replace(HEDGE, position_mode="one_way"))
    with pytest.raises(InvalidValue, match=r"position_side: 'long' is not allowed; give .* None in one-way mode"):
        run_backtest(one_way, Legs(), FEEDS[:1])
    with pytest.raises(InvalidValue, match="position_side: 'both' is not allowed"):
        OrderIntent("buy", 1.0, position_side="both")  # type: ignore[arg-type] - what a strategy may write
    with pytest.raises(InvalidValue, match="position_mode: 'hedge' is not allowed; give one_way: spot cannot be"):
        replace(spec, instruments=("BTC/USDT",))
    with pytest.raises(InvalidValue, match="position_mode: 'both' is not allowed; give one of one_way, hedge"):
        RiskSpec(position_mode="both")  # type: ignore[arg-type] - what a user may write
