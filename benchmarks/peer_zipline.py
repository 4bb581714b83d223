"""The jobs on zipline-reloaded. Usage: python peer_zipline.py (A | C | D) FOLDER [--bars N]. In its own environment.

It reads bars of minutes from a bundle; bars of five are told as minutes. Its clock goes on to the end of the last day,
at most a tenth of the bars more. It trades whole shares, so the account is told in billionths. It knows no stop inside
the bar of an entry: job B is not done.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings

os.environ["ZIPLINE_ROOT"] = tempfile.mkdtemp()

import numpy as np
import pandas as pd
import zipline
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, Outcome, measure, wish
from market import read
from zipline.api import order_target_percent, set_commission, set_slippage, symbols
from zipline.data import bundles
from zipline.finance import commission, slippage
from zipline.utils.calendar_utils import get_calendar

DAY, BEGIN, UNIT = 1_440, "2023-01-01", 1e-9
PRICES = ("open", "high", "low", "close")


class NextOpen(slippage.SlippageModel):
    """Everything fills at the next open."""

    def process_order(self, data, order):
        """See zipline."""
        return data.current(order.asset, "open"), order.amount


class Cross:
    """Turn the position round where two averages cross."""

    def __init__(self, names: list[str], bars: int, fast: int, slow: int) -> None:
        self.names, self.bars, self.fast, self.slow = names, bars, fast, slow
        self.closes, self.before, self.turns = [], np.zeros(len(names)), 0

    def initialize(self, _context):
        """See zipline."""
        set_slippage(NextOpen())
        set_commission(commission.PerDollar(cost=FEE))
        self.assets = symbols(*self.names)

    def handle_data(self, _context, data):
        """See zipline; the averages are of whole cents, and their difference has no remainder."""
        if len(self.closes) == self.bars - 1:
            return  # what is decided at the last close has no open to be done at
        self.closes.append(np.rint(data.current(self.assets, "close").to_numpy() * 100).astype(np.int64))
        if len(self.closes) < self.slow:
            return
        if len(self.closes) == self.slow:
            self.sums = [sum(self.closes[-bars:]) for bars in (self.fast, self.slow)]
        else:
            for place, bars in enumerate((self.fast, self.slow)):
                self.sums[place] = self.sums[place] + self.closes[-1] - self.closes[-1 - bars]
        now = np.sign(self.sums[0] * self.slow - self.sums[1] * self.fast)
        if len(self.closes) > self.slow:
            for k in np.flatnonzero((now != 0) & (now != self.before)):
                order_target_percent(self.assets[k], float(now[k]) * SHARE / len(self.assets))
                self.turns += 1
        self.before = now


def store(name: str, frames: dict[str, pd.DataFrame]) -> None:
    """Make a bundle of the bars."""
    times = next(iter(frames.values())).index
    first, last = times[0].normalize(), (times[-1] - pd.Timedelta("1min")).normalize()

    @bundles.register(name, calendar_name="24/7", minutes_per_day=DAY, start_session=first, end_session=last)
    def ingest(_environ, assets, minutes, days, adjustments, *_):
        equities = pd.DataFrame(
            {
                "symbol": list(frames), "asset_name": list(frames), "start_date": first, "end_date": last,
                "auto_close_date": last + pd.Timedelta(days=3_650), "exchange": "X",
            }
        )  # fmt: skip
        assets.write(
            equities=equities,
            exchanges=pd.DataFrame([{"exchange": "X", "canonical_name": "X", "country_code": "US"}]),
        )
        minutes.write(
            ((sid, frame.tz_localize("UTC")) for sid, frame in enumerate(frames.values())), show_progress=False
        )
        whole = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
        days.write(
            ((sid, frame.shift(freq="-1min").resample("1D").agg(whole)) for sid, frame in enumerate(frames.values())),
            show_progress=False,
        )
        adjustments.write()

    bundles.ingest(name, show_progress=False)


def main() -> None:
    """Measure the job."""
    asked = wish()
    if asked.job == "B":
        sys.exit(0)
    warnings.filterwarnings("ignore")
    columns = {key: np.atleast_2d(values) for key, values in read(asked.folder, MARKET[asked.job], asked.bars).items()}
    count, size = columns["close"].shape
    index = pd.date_range(f"{BEGIN} 00:01", periods=size, freq="1min")  # zipline names a minute by its end
    frames = {
        f"S{k:02d}": pd.DataFrame({key: columns[key][k] for key in (*PRICES, "volume")}, index=index)
        for k in range(count)
    }
    store("jobs", frames)
    first, last = index[0].normalize(), (index[-1] - pd.Timedelta("1min")).normalize()
    nothing = pd.Series(0.0, index=pd.date_range(first, last, freq="1D"))

    def run(fast: int = FAST, slow: int = SLOW) -> Outcome:
        strategy = Cross(list(frames), size, fast, slow)
        done = zipline.run_algorithm(
            start=first, end=last, initialize=strategy.initialize, handle_data=strategy.handle_data,
            capital_base=CASH * count / UNIT, data_frequency="minute", bundle="jobs",
            trading_calendar=get_calendar("24/7"), benchmark_returns=nothing,
        )  # fmt: skip
        return strategy.turns, float(done.portfolio_value.iloc[-1]) * UNIT

    def call() -> Outcome:
        if asked.job != "C":
            return run()
        outcomes = [run(fast, slow) for fast, slow in GRID[: asked.pairs]]
        return sum(turns for turns, _ in outcomes), sum(equity for _, equity in outcomes)

    bars = size * count * (asked.pairs if asked.job == "C" else 1)
    measure(f"zipline-reloaded {zipline.__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
