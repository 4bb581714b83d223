"""Cost per bar from 10^4 to 10^7 bars, and per order from 10^2 to 10^5 orders; draws docs/explanation/flatness.svg."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from jobs import say
from market import make_market

from tradewright import Param, Signals, Strategy
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.world import new_world
from tradewright.kernels.loop import ALL_KNOWN, run_steps
from tradewright.market.bars import make_bars
from tradewright.risk.policy import rules_of

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/explanation/flatness.svg"
MINUTE = Timeframe.parse("1m")
BARS = (10_000, 31_623, 100_000, 316_228, 1_000_000, 3_162_278, 10_000_000)
ORDERS = (100, 316, 1_000, 3_162, 10_000, 31_623, 100_000)
EVERY, LONG = 73, 1_000_000
CALLS = 3


class Turning(Strategy):
    """Turn the position round at every so manieth bar."""

    version = "1.0.0"

    every: int = Param(73, low=1, doc="bars from turn to turn")

    def signals(self, bars):
        """See the class."""
        place = np.arange(len(bars))
        turn = place % self.every == 0
        up = place // self.every % 2 == 0
        return Signals.from_masks(bars, long=turn & up, short=turn & ~up)


def prepared(feed: Feed, every: int) -> Run:
    """A run that turns round every so many bars."""
    strategy = Turning(every=every)
    risk = RiskSpec(
        sizing="fixed_quantity", size=0.001, min_reward_risk=0.0, require_stop=False, require_target=False
    )  # fmt: skip
    spec = RunSpec(strategy.name, "1.0.0", strategy.params, "synthetic", (feed.instrument.symbol,), "1m", balance=1e9,
                   fills=FillSpec(participation=0.0), risk=risk)  # fmt: skip
    return run_backtest(spec, strategy, [feed])


def seconds(call: Callable[[], object]) -> float:
    """Processor time of the fastest of a few calls: the time of others on this machine does not count."""
    found = []
    for _ in range(CALLS):
        begin = time.process_time()
        call()
        found.append(time.process_time() - begin)
    return min(found)


def loop(run: Run) -> Callable[[], None]:
    """The compiled loop over a prepared run; short ones many times, so that the clock can tell."""
    rules = rules_of(run.spec)
    times = max(1, 2_000_000 // run.market.ts_open.size)

    def call() -> None:
        for _ in range(times):
            world = new_world(run.market, run.spec.balance, run.market.signals.size)
            run_steps(world, run.market, rules, run.market.ts_open.size, ALL_KNOWN)

    return call


def per_run(run: Run) -> float:
    """Seconds of one run of the loop."""
    return seconds(loop(run)) / max(1, 2_000_000 // run.market.ts_open.size)


def measure() -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """(bars, ns per bar) at one order in 73 bars, and (orders, ns per order beyond the bars) on a million bars."""
    market = make_market(1, BARS[-1])
    stamps = np.arange(BARS[-1], dtype=np.int64) * MINUTE.ns
    instrument = Instrument("BTC/USDT:USDT", "synthetic", min_notional=0.0, funding_hours=0)

    def feed(bars: int) -> Feed:
        prices = tuple(market[name][:bars] / 100.0 for name in ("open", "high", "low", "close"))
        return Feed(instrument, make_bars(stamps[:bars], prices, market["volume"][:bars], MINUTE))

    by_bars = [(bars, per_run(prepared(feed(bars), EVERY)) / bars * 1e9) for bars in BARS]
    long = feed(LONG)
    bare = per_run(prepared(long, LONG))
    by_orders = [(orders, max(per_run(prepared(long, LONG // orders)) - bare, 0.0) / orders * 1e9) for orders in ORDERS]
    return by_bars, by_orders


def panel(points: list[tuple[int, float]], left: int, title: str, unit: str) -> str:
    """One chart: a logarithmic axis of sizes, a linear one of nanoseconds from zero."""
    top = max(value for _, value in points) * 1.25
    low, high = np.log10(points[0][0]), np.log10(points[-1][0])
    places = [
        (left + 80 + 280 * (np.log10(size) - low) / (high - low), 230 - 170 * value / top) for size, value in points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#1f6feb"/>' for x, y in places)
    values = "".join(
        f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{value:,.{0 if value >= 100 else 1}f}</text>'
        for (x, y), (_, value) in zip(places, points, strict=True)
    )
    sizes = "".join(
        f'<text x="{left + 80 + 280 * (power - low) / (high - low):.1f}" y="248" text-anchor="middle">'
        f'10<tspan dy="-5" font-size="9">{power}</tspan></text>'
        for power in range(round(low), round(high) + 1)
    )
    return (
        f'<text x="{left + 210}" y="24" text-anchor="middle" font-weight="bold">{title}</text>'
        f'<path d="M{left + 60} 50V230H{left + 370}" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>{marks}{values}{sizes}'
        f'<text x="{left + 210}" y="272" text-anchor="middle">{unit}</text>'
    )


def main() -> None:
    """Measure, print, draw."""
    by_bars, by_orders = measure()
    say(job="nanoseconds per bar", points=by_bars)
    say(job="nanoseconds per order", points=by_orders)
    left = panel(by_bars, 0, "ns per bar, an order every 73 bars", "bars")
    right = panel(by_orders, 400, "ns per order, a million bars", "orders")
    PAGE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 290" font-family="sans-serif" font-size="11" '
        f'fill="#444"><rect width="800" height="290" fill="#fff"/>{left}{right}</svg>\n'
    )


if __name__ == "__main__":
    main()
