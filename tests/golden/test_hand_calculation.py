"""Trades of a real run, counted again from the raw file with nothing but decimals.

The file is the recorded month of the BTC perpetual; its rows are stamped at the minute's close. The strategy's wishes
(when, which side, stop and target) are taken as given; everything the engine adds is counted by hand here: when it
acts, at what price, how much, what it pays, what it earns.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

import numpy as np
import pytest

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import iso
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import log_of
from tradewright.market.bars import make_bars
from tradewright.market.resample import resample
from tradewright.portfolio.trades import round_trips
from tradewright.strategies.ma_crossover import MaCrossover

TAKER = Decimal("0.0005")
COST = Decimal("0.00015")  # 1 bp slippage and half of 1 bp spread
RISK = Decimal("0.01")
LOT = Decimal("0.001")
FUNDING = Decimal("0.0001")
FUNDING_HOURS = (0, 8, 16)
BAR = timedelta(minutes=5)
SIDES = {1: "long", -1: "short"}

# Read off the run's signals: close of the signal's bar, side, stop, target; and off the raw file: how it ended, and the
# open of the five minutes in which it did.
TRADES = [
    # The stop is hit half an hour later.
    ("2022-01-01T04:50", -1, 46968, 46376, "stop_loss", "2022-01-01T05:20"),
    ("2022-01-01T05:35", +1, 47262, 48190, "stop_loss", "2022-01-01T05:40"),
    # Turned round by the opposite signal: leaves at the open at which the next enters.
    ("2022-01-01T10:25", -1, 47247, 46526, "reverse", "2022-01-01T13:30"),
    ("2022-01-01T13:30", +1, 46866, 47619, "stop_loss", "2022-01-01T14:35"),
    ("2022-01-01T15:10", -1, 47143, 46470, "stop_loss", "2022-01-01T15:30"),
    ("2022-01-01T15:40", +1, 47186, 48074, "stop_loss", "2022-01-01T15:50"),
    ("2022-01-01T20:00", -1, 47515, 46812, "stop_loss", "2022-01-01T20:30"),
    # Held over midnight: pays funding.
    ("2022-01-01T23:35", +1, 47323, 48020, "reverse", "2022-01-02T02:20"),
    ("2022-01-02T02:20", -1, 47578, 47022, "take_profit", "2022-01-02T04:45"),
    # Held over eight o'clock.
    ("2022-01-02T07:45", +1, 47052, 47604, "stop_loss", "2022-01-02T08:05"),
]


@dataclass(frozen=True)
class Bar:
    """Five minutes of the raw file."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


@dataclass(frozen=True)
class Counted:
    """A trade as counted by hand."""

    side: int
    entry: Decimal
    exit: Decimal
    quantity: Decimal
    funding: Decimal

    @property
    def gross(self) -> Decimal:
        """Profit before costs."""
        return self.side * self.quantity * (self.exit - self.entry)

    @property
    def fees(self) -> Decimal:
        """Both fills took."""
        return self.quantity * (self.entry + self.exit) * TAKER

    @property
    def pnl(self) -> Decimal:
        """What the wallet gained."""
        return self.gross - self.fees + self.funding


@pytest.fixture(scope="module")
def raw(real_data: Path) -> dict[datetime, Bar]:
    """Five-minute bars by open time, put together from the raw rows."""
    bars: dict[datetime, Bar] = {}
    with (real_data / "bars" / "btcusd-perp-1m.csv").open() as file:
        for row in csv.DictReader(file):
            opened = datetime.fromisoformat(row["timestamp"]) - timedelta(minutes=1)
            start = opened - timedelta(minutes=opened.minute % 5)
            o, h, low, c = (Decimal(row[name]) for name in ("open", "high", "low", "close"))
            had = bars.get(start, Bar(o, h, low, c))
            bars[start] = Bar(had.open, max(had.high, h), min(had.low, low), c)
    return bars


@pytest.fixture(scope="module")
def run(real_data: Path) -> Run:
    """`ma_crossover` on five minutes over the month, everything at its default."""
    rows = np.genfromtxt(
        real_data / "bars" / "btcusd-perp-1m.csv", delimiter=",", skip_header=1, usecols=(1, 2, 3, 4, 5)
    )
    first = int(datetime.fromisoformat("2021-12-31T23:00:00+00:00").timestamp()) * 10**9
    minute, five = Timeframe.parse("1m"), Timeframe.parse("5m")
    opens = first + np.arange(len(rows)) * minute.ns  # the file has no hole
    bars = resample(make_bars(opens, tuple(rows[:, :4].T.copy()), rows[:, 4], minute), minute, five)
    instrument = Instrument("BTC/USDT:USDT", "recorded", tick_size="1", lot_size="0.001")
    strategy = MaCrossover()
    spec = RunSpec(strategy.name, strategy.version, strategy.params, "recorded", (instrument.symbol,), "5m")
    return run_backtest(spec, strategy, [Feed(instrument, bars)])


def taken(price: Decimal, side: int) -> Decimal:
    """A price after half the spread and slippage, up to the next whole dollar against the taker."""
    return price + side * (price * COST).to_integral_value(ROUND_CEILING)


def exit_price(bar: Bar, side: int, stop: Decimal, target: Decimal, reason: str) -> Decimal:
    """What the exit got: the next open for a turn; else the level with costs, no worse than the bar's extreme."""
    if reason == "reverse":
        return taken(bar.open, -side)
    level = stop if reason == "stop_loss" else target
    reached = bar.low <= level <= bar.high
    assert reached, f"{bar} does not hold {level}"
    price = taken(level, -side)
    return max(price, bar.low) if side > 0 else min(price, bar.high)


def is_untouched(bar: Bar, side: int, stop: Decimal, target: Decimal) -> bool:
    """Whether the bar lies strictly between stop and target."""
    below, above = (stop, target) if side > 0 else (target, stop)
    return below < bar.low and bar.high < above


def count_by_hand(raw: dict[datetime, Bar]) -> list[Counted]:
    """Walk through TRADES with a wallet of 10,000."""
    wallet = Decimal(10_000)
    counted: list[Counted] = []
    for place, (signal, side, stop_, target_, reason, ended) in enumerate(TRADES):
        entered, left = datetime.fromisoformat(signal), datetime.fromisoformat(ended)
        stop, target = Decimal(stop_), Decimal(target_)
        close = raw[entered - BAR].close
        equity = wallet
        if place and TRADES[place - 1][4] == "reverse":
            # When the size is decided, the position that is being turned round still stands at the signal's close.
            last = counted[-1]
            wallet_then = wallet - last.gross + last.quantity * last.exit * TAKER
            equity = wallet_then + last.side * last.quantity * (close - last.entry)
        risk = abs(close - stop) + (close + stop) * (TAKER + COST)
        quantity = (equity * RISK / risk / LOT).to_integral_value(ROUND_FLOOR) * LOT
        bars = [entered + n * BAR for n in range((left - entered) // BAR)]
        assert all(is_untouched(raw[t], side, stop, target) for t in bars), signal
        due = [t for t in [*bars, left] if t.minute == 0 and t.hour in FUNDING_HOURS and t > entered]
        trade = Counted(
            side=side,
            entry=taken(raw[entered].open, side),
            exit=exit_price(raw[left], side, stop, target, reason),
            quantity=quantity,
            funding=sum((-side * quantity * raw[t].open * FUNDING for t in due), start=Decimal(0)),
        )
        wallet += trade.pnl
        counted.append(trade)
    return counted


@pytest.mark.real_data
def test_ten_trades_are_those_of_a_hand_calculation(run: Run, raw: dict[datetime, Bar]) -> None:
    """Entry, exit, quantity, fee, funding and profit of the first ten trades, to the last digit."""
    trades = round_trips(log_of(run))[: len(TRADES)]
    counted = count_by_hand(raw)

    for trade, hand, (signal, side, _, _, reason, _) in zip(trades, counted, TRADES, strict=True):
        assert (iso(trade.ts_entry), trade.side, trade.exit_reason) == (f"{signal}:00Z", SIDES[side], reason)
        measured = (trade.entry_price, trade.exit_price, trade.quantity, trade.fees, trade.funding, trade.pnl)
        expected = (hand.entry, hand.exit, hand.quantity, hand.fees, hand.funding, hand.pnl)
        assert [float(value) for value in expected] == pytest.approx(measured, abs=1e-8), signal
        assert float(hand.gross) == pytest.approx(trade.gross_pnl - trade.slippage, abs=1e-8), signal


@pytest.mark.real_data
def test_the_wallet_after_ten_trades_is_that_of_the_hand_calculation(run: Run, raw: dict[datetime, Bar]) -> None:
    """Equity at the close in which the tenth trade ends is the balance and the ten results."""
    left = datetime.fromisoformat(TRADES[-1][5] + "+00:00")
    step = int(np.searchsorted(run.market.ts_open, int(left.timestamp()) * 10**9))

    expected = 10_000 + sum(trade.pnl for trade in count_by_hand(raw))
    assert float(expected) == pytest.approx(float(run.world.equity[step]), abs=1e-8)
