"""Drilling on recorded bars: a month of Bitcoin, hours out of minutes, against the minutes themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tradewright.domain.enums import FillFlag
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import parse_time
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.drilling import HeldBars
from tradewright.engine.feed import Feed
from tradewright.market.bars import Bars, make_bars
from tradewright.market.resample import resample
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

MINUTE, HOUR = Timeframe.parse("1m"), Timeframe.parse("1h")
BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.5", lot_size="0.001", funding_hours=0)
REACH = 0.003

pytestmark = [pytest.mark.real_data, pytest.mark.rule("A-1", "A-5")]


class EveryHour(Strategy):
    """Buy and sell in turns at the close of every full hour, stop and target 0.3 % away; bars may be minutes."""

    version = "1.0.0"
    ltf = "1h"

    def signals(self, bars: ClosedBars) -> Signals:
        """One wish at each full hour."""
        full, even = bars.ts_close % HOUR.ns == 0, (bars.ts_close // HOUR.ns) % 2 == 0
        return Signals.with_risk(bars, long=full & even, short=full & ~even, risk=REACH * bars.close, reward=1.0)


@pytest.fixture(scope="module")
def minutes(real_data: Path) -> Bars:
    """The recorded minutes; the file is stamped at closes, and has no hole."""
    path = real_data / "bars" / "btcusd-perp-1m.csv"
    rows = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=(1, 2, 3, 4, 5))
    opens = parse_time("2021-12-31T23:00:00Z", "from") + np.arange(len(rows)) * MINUTE.ns
    return make_bars(opens, tuple(rows[:, :4].T.copy()), rows[:, 4], MINUTE)


def play(bars: Bars, timeframe: Timeframe, policy: str, finer: Bars | None = None) -> Run:
    """Play without costs and limits, so that only prices and their order matter."""
    free = CostSpec(slippage_bps=0.0, spread_bps=0.0, maker_fee=0.0, taker_fee=0.0, funding_rate=0.0)
    risk = RiskSpec("fixed_quantity", 0.01, min_reward_risk=0.0, max_exposure=100.0)
    fills = FillSpec(ambiguity=policy, participation=0.0)
    spec = RunSpec(
        "every_hour",
        "1.0.0",
        (),
        "test",
        (BTC.symbol,),
        str(timeframe),
        balance=1e6,
        costs=free,
        risk=risk,
        fills=fills,
    )
    return run_backtest(spec, EveryHour(), [Feed(BTC, bars, finer=HeldBars(finer, "1m") if finer else None)])


def test_hours_drilled_into_minutes_are_played_as_the_minutes_are(minutes: Bars) -> None:
    """Hundreds of doubts of the hours come down to a few of the minutes, and the fills are those of the minutes.

    Only bars in doubt were looked into; elsewhere a stop may have filled at its level where the minutes show a gap.
    """
    hours = resample(minutes, MINUTE, HOUR)
    begin = int(np.searchsorted(minutes.ts_open, hours.ts_open[0]))
    stop = int(np.searchsorted(minutes.ts_close, hours.ts_close[-1], side="right"))
    fine = Bars(*(column[begin:stop] for column in minutes))
    worst, drilled, whole = (
        play(hours, HOUR, "worst"),
        play(hours, HOUR, "subbar", minutes),
        play(fine, MINUTE, "worst"),
    )
    doubts = [int(run.world.account[0]["n_ambiguous"]) for run in (worst, drilled, whole)]
    fills, truth = drilled.world.fills, whole.world.fills

    assert doubts[0] > 50
    assert doubts[1] < 0.1 * doubts[0]
    assert truth["side"].tolist() == fills["side"].tolist()
    assert truth["role"].tolist() == fills["role"].tolist()
    looked = fills["flags"] & FillFlag.DRILLED != 0
    assert truth["ticks"][looked].tolist() == fills["ticks"][looked].tolist()
    assert truth["ts"][looked].tolist() == fills["ts"][looked].tolist()
    assert np.abs(truth["ticks"] - fills["ticks"]).max() <= 20
    finals = [float(run.world.equity[-1]) for run in (worst, drilled, whole)]
    assert abs(finals[2] - finals[1]) < 0.01
    assert finals[1] - finals[0] > 100.0
