"""How far a session went from the backtest over the same bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradewright.domain.times import iso
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.market.bars import Bars, empty_bars
from tradewright.market.steps import Bar, Step
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
    steps = list(own.steps)
    return tuple(_whole(steps, feed, ran) for feed, ran in zip(own.begun.feeds, own.session.feeds, strict=True))


def _whole(steps: Sequence[Step], feed: Feed, ran: Feed) -> Feed:
    symbol = feed.instrument.symbol
    paid = [payment for step in steps for payment in step.funding if payment.symbol == symbol]
    funding = np.array([one.ts for one in paid], np.int64), np.array([one.rate for one in paid], np.float64)
    marks = [(step.ts_open, step.ts_close, step.marks[symbol]) for step in steps if symbol in step.marks]
    return replace(ran, funding=funding if paid else None, mark=_bars(marks) if feed.mark is not None else None)


def _bars(rows: list[tuple[int, int, Bar]]) -> Bars:
    if not rows:
        return empty_bars()
    prices = np.array([bar for _, _, bar in rows], np.float64).T
    stamps = np.array([(ts_open, ts_close) for ts_open, ts_close, _ in rows], np.int64).T
    return Bars(*(np.ascontiguousarray(column) for column in (*stamps, *prices)))


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
