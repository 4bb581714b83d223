"""The jobs on vectorbt. Usage: python peer_vectorbt.py (A | B | C | D) FOLDER [--bars N]. In an environment of its own.

Signals are moved one bar later and filled at that bar's open. Two floors: the public calls that a user writes, with
both of vectorbt's engines, and its Rust kernels on bare arrays.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import vectorbt as vbt
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, STOP, TARGET, WARM_UP, Outcome, measure, wish
from market import read
from vectorbt.indicators import dispatch as indicators
from vectorbt.portfolio import dispatch as portfolio
from vectorbt.portfolio.enums import OppositeEntryMode, SizeType, StopEntryPrice

WHO = f"vectorbt {vbt.__version__}"
Call = Callable[[], Outcome]


def later(wishes: np.ndarray, nothing: object) -> np.ndarray:
    """One bar later: what is known at a close is done at the next open."""
    return np.concatenate((np.full_like(wishes[:1], nothing), wishes[:-1]))


def shares(up: np.ndarray, down: np.ndarray, share: float) -> np.ndarray:
    """Target share of equity where something is wished, NaN elsewhere."""
    return later(np.where(up, share, np.where(down, -share, np.nan)), np.nan)


def result(held: vbt.Portfolio, *, by_trades: bool = False) -> Outcome:
    """Trades and final value, of all columns together."""
    count = held.trades.count() if by_trades else held.orders.count()
    return int(np.sum(count)), float(np.sum(held.final_value()))


def cross(close: pd.DataFrame, first: pd.DataFrame, engine: str) -> Call:
    """Jobs A and D: two `MA.run`, two crossings, one `Portfolio.from_orders`."""
    count = close.shape[1] if close.ndim == 2 else 1
    shared = {"cash_sharing": True, "group_by": True} if count > 1 else {}

    def call() -> Outcome:
        fast, slow = vbt.MA.run(close, FAST), vbt.MA.run(close, SLOW)
        up, down = fast.ma_crossed_above(slow).to_numpy(), fast.ma_crossed_below(slow).to_numpy()
        return result(vbt.Portfolio.from_orders(
            close, size=shares(up, down, SHARE / count), size_type="targetpercent", price=first, fees=FEE,
            init_cash=CASH * count, engine=engine, freq="1min", **shared,
        ))  # fmt: skip

    return call


def bracket(frame: pd.DataFrame, engine: str) -> Call:
    """Job B: two `MA.run`, two crossings, one `Portfolio.from_signals`."""

    def call() -> Outcome:
        fast, slow = vbt.MA.run(frame.close, FAST, ewm=True), vbt.MA.run(frame.close, SLOW, ewm=True)
        up, down = (mask.to_numpy().copy() for mask in (fast.ma_crossed_above(slow), fast.ma_crossed_below(slow)))
        up[:WARM_UP] = down[:WARM_UP] = False
        return result(vbt.Portfolio.from_signals(
            frame.close, entries=later(up, False), exits=False, short_entries=later(down, False), short_exits=False,
            size=SHARE, size_type="percent", price=frame.open, open=frame.open, high=frame.high, low=frame.low,
            sl_stop=STOP, tp_stop=TARGET, stop_entry_price="fillprice", upon_opposite_entry="ignore", accumulate=False,
            fees=FEE, init_cash=CASH, engine=engine, freq="1min",
        ), by_trades=True)  # fmt: skip

    return call


def wide(frame: pd.DataFrame, grid: list[tuple[int, int]], engine: str) -> Call:
    """Job C: one call with a column for each pair."""

    def call() -> Outcome:
        fast, slow = (vbt.MA.run(frame.close, [pair[side] for pair in grid]).ma.to_numpy() for side in (0, 1))
        up, down = np.zeros(fast.shape, bool), np.zeros(fast.shape, bool)
        up[1:] = (fast[:-1] <= slow[:-1]) & (fast[1:] > slow[1:])
        down[1:] = (fast[:-1] >= slow[:-1]) & (fast[1:] < slow[1:])
        return result(vbt.Portfolio.from_orders(
            frame.close, size=shares(up, down, SHARE), size_type="targetpercent",
            price=frame.open.to_numpy()[:, None], fees=FEE, init_cash=CASH, engine=engine, freq="5min",
        ))  # fmt: skip

    return call


def bare_crossings(fast: np.ndarray, slow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Crossings of the bar before."""
    up, down = np.zeros(fast.shape, bool), np.zeros(fast.shape, bool)
    up[2:] = (fast[:-2] <= slow[:-2]) & (fast[1:-1] > slow[1:-1])
    down[2:] = (fast[:-2] >= slow[:-2]) & (fast[1:-1] < slow[1:-1])
    return up, down


def bare_average(close: np.ndarray, bars: int, *, ewm: bool = False) -> np.ndarray:
    """A moving average in Rust."""
    return indicators.ma(close, bars, ewm=ewm, engine="rust")


def bare_outcome(orders: np.ndarray, close: np.ndarray, cash: float) -> Outcome:
    """Orders, and what is left at the last close."""
    quantity = np.where(orders["side"] == 0, orders["size"], -orders["size"])
    held = np.bincount(orders["col"], quantity, close.shape[1])
    left = cash - float((quantity * orders["price"]).sum()) - float(orders["fees"].sum())
    return int(orders.size), left + float((held * close[-1]).sum())


def bare_wishes(fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Target share of equity at each bar, from the averages up to the bar before."""
    up, down = bare_crossings(fast, slow)
    share = SHARE / fast.shape[1]
    return np.where(up, share, np.where(down, -share, np.nan))


def bare_orders(first: np.ndarray, close: np.ndarray, size: np.ndarray) -> Outcome:
    """Order simulation in Rust."""
    bars, count = close.shape
    orders, _ = portfolio.simulate_from_orders(
        close.shape, np.array([count]), np.array([CASH * count]),
        np.broadcast_to(np.arange(count), (bars, count)).copy(), size=size, price=first,
        size_type=np.asarray(SizeType.TargetPercent), fees=np.asarray(FEE), close=close, engine="rust",
    )  # fmt: skip
    return bare_outcome(orders, close, CASH * count)


def bare_bracket(prices: dict[str, np.ndarray]) -> Outcome:
    """Job B in Rust."""
    close = prices["close"]
    up, down = bare_crossings(bare_average(close, FAST, ewm=True), bare_average(close, SLOW, ewm=True))
    up[: WARM_UP + 1] = down[: WARM_UP + 1] = False
    orders, _ = portfolio.simulate_from_signals(
        close.shape, np.array([1]), np.array([CASH]), np.zeros(close.shape, np.int64), long_entries=up,
        short_entries=down, size=np.asarray(SHARE), price=prices["open"], size_type=np.asarray(SizeType.Percent),
        fees=np.asarray(FEE), upon_opposite_entry=np.asarray(OppositeEntryMode.Ignore), **prices,
        sl_stop=np.asarray(STOP), tp_stop=np.asarray(TARGET), stop_entry_price=np.asarray(StopEntryPrice.FillPrice),
        engine="rust",
    )  # fmt: skip
    trades, equity = bare_outcome(orders, close, CASH)
    return (trades + 1) // 2, equity


def bare_grid(first: np.ndarray, close: np.ndarray, grid: list[tuple[int, int]], threads: int) -> Outcome:
    """Job C in Rust: each average once, then one simulation for each pair."""
    averages = {bars: bare_average(close, bars) for bars in sorted({bars for pair in grid for bars in pair})}

    def one(pair: tuple[int, int]) -> Outcome:
        return bare_orders(first, close, bare_wishes(averages[pair[0]], averages[pair[1]]))

    with ThreadPoolExecutor(threads) as pool:
        outcomes = list(pool.map(one, grid))
    return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)


def bare_ways(prices: dict[str, np.ndarray], asked: argparse.Namespace) -> dict[str, Call]:
    """The lowest public floor: Rust kernels on bare arrays, without pandas and without a `Portfolio`."""
    first, close = prices["open"], prices["close"]
    if asked.job == "B":
        return {"bare rust kernels": lambda: bare_bracket(prices)}
    if asked.job == "C":
        grid = GRID[: asked.pairs]
        return {
            "bare rust kernels": lambda: bare_grid(first, close, grid, 1),
            "bare rust kernels, two threads": lambda: bare_grid(first, close, grid, 2),
        }
    size = bare_wishes(bare_average(close, FAST), bare_average(close, SLOW))
    return {
        "bare rust kernels": lambda: bare_orders(
            first, close, bare_wishes(bare_average(close, FAST), bare_average(close, SLOW))
        ),
        "rust loop alone": lambda: bare_orders(first, close, size),
    }


def public_way(prices: dict[str, np.ndarray], asked: argparse.Namespace, engine: str) -> Call:
    """What a user writes."""
    minutes = "5min" if asked.job in "CD" else "1min"
    index = pd.date_range("2023-01-01", periods=prices["close"].shape[0], freq=minutes)
    if asked.job == "D":
        close, first = (pd.DataFrame(prices[name], index=index) for name in ("close", "open"))
        return cross(close, first, engine)
    frame = pd.DataFrame({name: column[:, 0] for name, column in prices.items()}, index=index)
    if asked.job == "C":
        return wide(frame, GRID[: asked.pairs], engine)
    return bracket(frame, engine) if asked.job == "B" else cross(frame.close, frame.open, engine)


def main() -> None:
    """Measure each way of the job, one row each."""
    asked = wish()
    vbt.settings.caching["enabled"] = False
    columns = read(asked.folder, MARKET[asked.job], asked.bars)
    prices = {name: np.ascontiguousarray(np.atleast_2d(columns[name]).T) for name in ("open", "high", "low", "close")}
    bars = prices["close"].size * (asked.pairs if asked.job == "C" else 1)
    ways = {f"public call, {engine}": public_way(prices, asked, engine) for engine in ("numba", "rust")}
    for way, call in (ways | bare_ways(prices, asked)).items():
        measure(WHO, way, asked, bars, call)


if __name__ == "__main__":
    main()
