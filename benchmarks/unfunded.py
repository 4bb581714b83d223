"""What an account would be worth had no funding been paid, and whether the funding that was paid is right.

The peers know no funding. Each position of ours is as large as the equity of the moment allows, so what was paid cannot
simply be added again: here the run's fills are booked anew, each position as large as an account without funding would
have made it. Funding itself is counted again from positions, schedule and marks. Both need nothing of the engine but
its fills, prices and payments, and are not timed.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

import numpy as np
from jobs import FEE, FUNDING_HOURS, FUNDING_RATE

from tradewright.engine.backtest import Run

_HOUR_NS = 3_600_000_000_000


class Unfunded(NamedTuple):
    """A run beside the same without funding."""

    equity: float
    """What the account would be worth at the last close, quote."""
    paid: float
    """Funding paid, net of what was received, quote."""
    books_apart: float
    """Largest distance of the run's payments and final equity from those counted here, as a share of the first cash."""


def without_funding(run: Run) -> Unfunded:
    """Book a run anew."""
    payments = run.world.payments["amount"]
    return Unfunded(_equity(run), -float(payments.sum()), max(_payments_apart(run), _cash_apart(run)))


def _units(run: Run) -> tuple[np.ndarray, np.ndarray]:
    instruments = [feed.instrument for feed in run.feeds]
    return tuple(
        np.array([float(Fraction(getattr(one, name))) for one in instruments]) for name in ("tick_size", "lot_size")
    )


def _fills(run: Run) -> tuple[np.ndarray, np.ndarray]:
    # Signed quantity and price of each.
    ticks, lots = _units(run)
    fills = run.world.fills
    return fills["side"] * fills["lots"] * lots[fills["instrument"]], fills["ticks"] * ticks[fills["instrument"]]


def _closes(run: Run) -> np.ndarray:
    return run.market.close * _units(run)[0][:, None]


def _equity(run: Run) -> float:
    fills, close, count = run.world.fills, _closes(run), len(run.feeds)
    quantity, price = _fills(run)
    opens = fills["lots"] > fills["closed_lots"]
    held, freed, scale = np.zeros(count), np.zeros(count), np.ones(count)
    cash = run.spec.balance
    for step, rows in groupby(range(fills.size), lambda row: fills["step"][row]):
        # Sizes were chosen at the close before: as much more than the run's own as the account would have been larger.
        known = (cash + float(freed @ close[:, step - 1])) / run.world.equity[step - 1] if step else 1.0
        for row in rows:
            k = fills["instrument"][row]
            held[k] += quantity[row]
            scale[k] = known if opens[row] else scale[k]
            change = held[k] * scale[k] - freed[k]
            freed[k] += change
            cash -= change * price[row] + FEE * abs(change) * price[row]
    return float(cash + freed @ close[:, -1])


def _payments_apart(run: Run) -> float:
    # A payment is due on what was held before the bar that opens at its time.
    fills, payments, market = run.world.fills, run.world.payments, run.market
    quantity, _ = _fills(run)
    ticks, _ = _units(run)
    expected = []
    for k in range(len(run.feeds)):
        due = np.flatnonzero(market.ts_open % (FUNDING_HOURS * _HOUR_NS) == 0)
        own = fills["instrument"] == k
        held = np.concatenate(([0.0], np.cumsum(quantity[own])))[np.searchsorted(fills["step"][own], due)]
        amounts = -FUNDING_RATE * held * market.open[k, due] * ticks[k]
        expected += [(market.ts_open[at], k, amount) for at, amount in zip(due, amounts, strict=True) if abs(amount)]
    if len(expected) != payments.size:
        return float("inf")
    found = sorted(zip(payments["ts"], payments["instrument"], payments["amount"], strict=True))
    gaps = [
        abs(one[2] - other[2]) if one[:2] == other[:2] else np.inf
        for one, other in zip(sorted(expected), found, strict=True)
    ]
    return float(sum(gaps)) / run.spec.balance


def _cash_apart(run: Run) -> float:
    fills = run.world.fills
    quantity, price = _fills(run)
    held = np.bincount(fills["instrument"], quantity, len(run.feeds))
    cash = run.spec.balance - float((quantity * price).sum() + FEE * (abs(quantity) * price).sum())
    ends = cash + float(held @ _closes(run)[:, -1] + run.world.payments["amount"].sum())
    return abs(ends - float(run.world.equity[-1])) / run.spec.balance
