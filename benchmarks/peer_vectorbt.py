"""The job on vectorbt. Usage: python peer_vectorbt.py YEAR.npz. Runs in an environment of its own.

Signals are moved one bar later and filled at that bar's open.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import vectorbt as vbt
from market import CASH, FAST, FEE, SHARE, SLOW, read_year
from timing import best_of, say
from vectorbt.indicators import dispatch as indicators
from vectorbt.portfolio import dispatch as portfolio
from vectorbt.portfolio.enums import SizeType


def public_call(frame: pd.DataFrame, engine: str) -> Callable[[], tuple[int, float]]:
    """Two `MA.run`, two crossings, one `Portfolio.from_orders`: what a user writes."""

    def call() -> tuple[int, float]:
        fast, slow = vbt.MA.run(frame.close, FAST), vbt.MA.run(frame.close, SLOW)
        up, down = fast.ma_crossed_above(slow).to_numpy(), fast.ma_crossed_below(slow).to_numpy()
        size = np.where(up, SHARE, np.where(down, -SHARE, np.nan))
        result = vbt.Portfolio.from_orders(
            frame.close,
            size=np.concatenate(([np.nan], size[:-1])),
            size_type="targetpercent",
            price=frame.open,
            fees=FEE,
            init_cash=CASH,
            engine=engine,
            freq="1min",
        )
        return int(result.orders.count()), float(result.final_value())

    return call


def wishes(last: np.ndarray) -> np.ndarray:
    """Target share of equity at each bar, from the averages up to the bar before; NaN where nothing is wished."""
    fast, slow = (indicators.ma(last, bars, ewm=False, engine="rust") for bars in (FAST, SLOW))
    size = np.full(last.shape, np.nan)
    size[2:][(fast[:-2] <= slow[:-2]) & (fast[1:-1] > slow[1:-1])] = SHARE
    size[2:][(fast[:-2] >= slow[:-2]) & (fast[1:-1] < slow[1:-1])] = -SHARE
    return size


def bare_kernel(frame: pd.DataFrame, size: np.ndarray | None = None) -> Callable[[], tuple[int, float]]:
    """The lowest public floor: moving averages, unless given, and order simulation in Rust, on bare arrays."""
    first, last = (np.ascontiguousarray(frame[name].to_numpy()[:, None]) for name in ("open", "close"))
    columns = np.zeros(last.shape, np.int64)

    def call() -> tuple[int, float]:
        orders, _ = portfolio.simulate_from_orders(
            last.shape,
            np.array([1]),
            np.array([CASH]),
            columns,
            size=wishes(last) if size is None else size,
            price=first,
            size_type=np.asarray(SizeType.TargetPercent),
            fees=np.asarray(FEE),
            close=last,
            engine="rust",
        )
        quantity = np.where(orders["side"] == 0, orders["size"], -orders["size"])
        cash = CASH - float((quantity * orders["price"]).sum()) - float(orders["fees"].sum())
        return int(orders.size), cash + float(quantity.sum() * last[-1, 0])

    return call


def main() -> None:
    """Measure each way, one row each."""
    vbt.settings.caching["enabled"] = False
    year = read_year(sys.argv[1])
    frame = pd.DataFrame(year, index=pd.date_range("2023-01-01", periods=year["close"].size, freq="1min"))
    ways = {
        "public call, numba": public_call(frame, "numba"),
        "public call, rust": public_call(frame, "rust"),
        "bare rust kernels": bare_kernel(frame),
        "rust loop alone": bare_kernel(frame, wishes(frame[["close"]].to_numpy())),
    }
    for way, call in ways.items():
        seconds, trades, equity = best_of(call)
        say(who=f"vectorbt {vbt.__version__}", way=way, seconds=seconds, trades=trades, equity=equity)


if __name__ == "__main__":
    main()
