"""How far a session went from the backtest over the same bars."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tradewright.domain.times import iso
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.services.paper.sessions import PaperSession
from tradewright.strategy.registry import Registry

__all__ = ["Drift", "FillDrift", "drift_of", "whole_feeds"]

Fill = tuple[int, str, int, int, int]


@dataclass(frozen=True, slots=True)
class FillDrift:
    """A fill that one of the two has and the other has not.

    Args:
        ts: when, UTC ns.
        symbol: of the instrument.
        side: +1 bought, -1 sold.
        price: quote per base.
        quantity: base.
        is_ours: the session has it; else the backtest.
        why: in words.
    """

    ts: int
    symbol: str
    side: int
    price: float
    quantity: float
    is_ours: bool
    why: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What sets a session and its backtest apart.

    Args:
        is_equal: every fill and every point of equity is the same, to the byte.
        score: fills that both have, as a share of all; 1 where there are none.
        equity: of the session at its end less that of the backtest, quote.
        fills: of the session.
        expected: of the backtest.
        differences: what one of the two has alone, in order of time.
        missed: steps on which the session could not decide.
        acts: what it was asked in between.
    """

    is_equal: bool
    score: float
    equity: float
    fills: int
    expected: int
    differences: tuple[FillDrift, ...]
    missed: int
    acts: int


def drift_of(own: PaperSession, strategies: Registry) -> Drift | None:
    """Run the backtest over a session's bars, and set the two beside each other; None before the first step.

    Raises:
        StrategyError: the strategy fails.
    """
    if not own.steps:
        return None
    ours = own.session.run
    strategy = strategies.create(own.spec.strategy, dict(own.spec.params))
    whole = run_backtest(own.spec, strategy, whole_feeds(own))
    here, there = _fills(ours), _fills(whole)
    both = set(here) & set(there)
    alone = [(fill, True) for fill in here if fill not in both] + [(fill, False) for fill in there if fill not in both]
    everything = len(set(here) | set(there))
    return Drift(
        is_equal=outcome_fingerprint(ours.world) == outcome_fingerprint(whole.world),
        score=len(both) / everything if everything else 1.0,
        equity=float(ours.world.equity[-1] - whole.world.equity[-1]),
        fills=len(here),
        expected=len(there),
        differences=tuple(_told(own, fill, is_ours=is_ours) for fill, is_ours in sorted(alone)),
        missed=own.missed,
        acts=len(own.acts),
    )


def whole_feeds(own: PaperSession) -> tuple[Feed, ...]:
    """The session's instruments with all that its steps held, as a backtest reads them."""
    return tuple(replace(feed, funding=_paid(own, feed.instrument.symbol)) for feed in own.session.feeds)


def _paid(own: PaperSession, symbol: str) -> tuple[IntColumn, FloatColumn] | None:
    paid = [payment for payment in own.steps.funding if payment.symbol == symbol]
    funding = np.array([one.ts for one in paid], np.int64), np.array([one.rate for one in paid], np.float64)
    return funding if paid else None


def _fills(run: Run) -> list[Fill]:
    symbols = [feed.instrument.symbol for feed in run.feeds]
    return [
        (int(fill["ts"]), symbols[int(fill["instrument"])], int(fill["side"]), int(fill["ticks"]), int(fill["lots"]))
        for fill in run.world.fills
    ]


def _told(own: PaperSession, fill: Fill, *, is_ours: bool) -> FillDrift:
    ts, symbol, side, ticks, lots = fill
    instrument = next(feed.instrument for feed in own.begun.feeds if feed.instrument.symbol == symbol)
    price, quantity = instrument.from_ticks(ticks), instrument.from_lots(lots)
    return FillDrift(ts, symbol, side, price, quantity, is_ours, _why(own, ts))


def _why(own: PaperSession, ts: int) -> str:
    acts = [kind for at, kind in own.acts if at > 0 and own.steps.closes[at - 1] <= ts]
    if acts:
        return f"after {acts[-1]} by hand"
    if own.missed and own.missed_closes[0] <= ts:
        return f"after a close that was heard of too late, {iso(own.missed_closes[0])}"
    return "not explained: please report it"
