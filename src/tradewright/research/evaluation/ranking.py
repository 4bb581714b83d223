"""Rank strategies by Sharpe ratio after costs, with intervals, and say where the sample cannot tell them apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.portfolio.returns import sharpe
from tradewright.research.evaluation.resampling import block_length, stationary_rows

__all__ = ["Cell", "Contender", "Evaluation", "Standing", "Verdict", "rank"]

Verdict = Literal["best", "behind", "not_told_apart", "few_trades", "no_figures", "leaks"]

MIN_TRADES = 30
MIN_SPANS = 30
_DRAWS = 2_000
_LOW, _HIGH = 2.5, 97.5
_CONFIDENCE_Z = 1.96


@dataclass(frozen=True, slots=True)
class Cell:
    """What one strategy did on one instrument in one period.

    Args:
        instrument: symbol.
        period: its place among the periods, 0 the oldest.
        total_return: fraction, after costs; None where there are no bars.
        trades: round trips that closed in it.
    """

    instrument: str
    period: int
    total_return: float | None
    trades: int


class Contender(NamedTuple):
    """A strategy as it is compared.

    Attributes:
        strategy: registered name.
        returns: (T,) of spans that all contenders share, after costs, the instruments weighing the same.
        cells: what it did where.
        leak_passed: verdict of the leak test.
    """

    strategy: str
    returns: FloatColumn
    cells: tuple[Cell, ...]
    leak_passed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a strategy stands.

    Args:
        rank: 1 for the highest Sharpe ratio.
        strategy: registered name.
        sharpe: annualised, after costs; None without variation.
        low: lower end of its 95 % interval.
        high: upper end.
        best_chance: share of the resamples in which it is the best.
        behind_low: lower end of the 95 % interval of how far the first is ahead of it; None for the first.
        total_return: of equal parts in every instrument, fraction.
        worst_period: lowest of its cells, fraction.
        trades: round trips in all.
        verdict: `best` or `behind` where the sample says so; else why it does not. `leaks` stands last.
        spans_needed: about how many spans it would take to tell it from the first; None for the first, or for equals.
    """

    rank: int
    strategy: str
    sharpe: float | None
    low: float | None
    high: float | None
    best_chance: float | None
    behind_low: float | None
    total_return: float
    worst_period: float | None
    trades: int
    verdict: Verdict
    spans_needed: int | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A ranking with all it rests on.

    Args:
        standings: best first.
        cells: by strategy.
        periods: (first, last) of each period, ISO times.
        instruments: symbols.
        span: `day` or `hour`: what returns are taken over.
        spans: how many.
        mean_block: of the resampling, spans.
        told: whether the sample says which one is the best.
    """

    standings: tuple[Standing, ...]
    cells: dict[str, tuple[Cell, ...]]
    periods: tuple[tuple[str, str], ...]
    instruments: tuple[str, ...]
    span: str
    spans: int
    mean_block: float
    told: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def _place(one: Contender, value: float) -> tuple[bool, float, str]:
    # What knows the future stands last, whatever it earned.
    return not one.leak_passed, math.inf if math.isnan(value) else -value, one.strategy


class _Draws(NamedTuple):
    # Sharpe ratios of the sample (S,) and of its resamples (S, B); NaN where there is no variation.
    values: FloatColumn
    resampled: NDArray[np.float64]
    mean_block: float


def rank(
    contenders: Sequence[Contender],
    periods: Sequence[tuple[str, str]],
    span: str,
    per_year: float,
    seed: int,
) -> Evaluation:
    """Rank contenders.

    Args:
        contenders: at least one, with returns of one length.
        periods: (first, last) of each period, ISO times.
        span: what a return is taken over.
        per_year: spans in a year.
        seed: of the resampling; all contenders are resampled along the same rows, so that what hits all of them alike
            does not blur how they differ.
    """
    draws = _draw(contenders, per_year, seed)
    order = sorted(range(len(contenders)), key=lambda s: _place(contenders[s], float(draws.values[s])))
    standings = tuple(_standing(place, s, order[0], contenders, draws) for place, s in enumerate(order))
    return Evaluation(
        standings=standings,
        cells={contenders[s].strategy: contenders[s].cells for s in order},
        periods=tuple(periods),
        instruments=tuple(dict.fromkeys(cell.instrument for one in contenders for cell in one.cells)),
        span=span,
        spans=int(contenders[0].returns.size),
        mean_block=draws.mean_block,
        told=standings[0].verdict == "best",
    )


def _draw(contenders: Sequence[Contender], per_year: float, seed: int) -> _Draws:
    size = contenders[0].returns.size
    values = np.array([_or_nan(sharpe(one.returns, per_year)) for one in contenders])
    if not size:
        return _Draws(values, np.full((len(contenders), _DRAWS), math.nan), 1.0)
    mean_block = max(block_length(one.returns) for one in contenders)
    rows = stationary_rows(size, mean_block, _DRAWS, seed)
    resampled = np.stack([_sharpes(one.returns, rows, per_year) for one in contenders])
    return _Draws(values, resampled, mean_block)


def _sharpes(returns: FloatColumn, rows: IntColumn, per_year: float) -> FloatColumn:
    samples = returns[rows]
    spread = np.std(samples, axis=1, ddof=1) if returns.size > 1 else np.zeros(rows.shape[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.mean(samples, axis=1) / spread * math.sqrt(per_year)
    return np.where(spread > 0.0, ratio, math.nan)


def _standing(place: int, s: int, first: int, contenders: Sequence[Contender], draws: _Draws) -> Standing:
    one = contenders[s]
    trades = sum(cell.trades for cell in one.cells)
    low, high = _interval(draws.resampled[s])
    lead = draws.resampled[first] - draws.resampled[s]
    behind_low = _interval(lead)[0] if s != first else None
    known = [cell.total_return for cell in one.cells if cell.total_return is not None]
    return Standing(
        rank=place + 1,
        strategy=one.strategy,
        sharpe=_or_none(draws.values[s]),
        low=low,
        high=high,
        best_chance=_best_chance(draws, s),
        behind_low=behind_low,
        total_return=float(np.prod(1.0 + one.returns) - 1.0),
        worst_period=min(known, default=None),
        trades=trades,
        verdict=_verdict(s, first, contenders, draws),
        spans_needed=_spans_needed(draws, s, first, one.returns.size),
    )


def _verdict(s: int, first: int, contenders: Sequence[Contender], draws: _Draws) -> Verdict:
    one = contenders[s]
    if not one.leak_passed:
        return "leaks"
    if math.isnan(draws.values[s]) or one.returns.size < MIN_SPANS:
        return "no_figures"
    if sum(cell.trades for cell in one.cells) < MIN_TRADES:
        return "few_trades"
    if s == first:
        others = [other for other, rival in enumerate(contenders) if other != first and rival.leak_passed]
        ahead = all(_is_ahead(draws, first, other) for other in others)
        return "best" if others and ahead else "not_told_apart"
    return "behind" if _is_ahead(draws, first, s) else "not_told_apart"


def _is_ahead(draws: _Draws, first: int, other: int) -> bool:
    if math.isnan(draws.values[other]):
        return True
    low, _ = _interval(draws.resampled[first] - draws.resampled[other])
    return low is not None and low > 0.0


def _best_chance(draws: _Draws, s: int) -> float | None:
    if math.isnan(draws.values[s]):
        return None
    filled = np.where(np.isnan(draws.resampled), -np.inf, draws.resampled)
    return float(np.mean(np.argmax(filled, axis=0) == s))


def _spans_needed(draws: _Draws, s: int, first: int, spans: int) -> int | None:
    # The error of a mean falls with the root of the sample's size.
    lead = float(draws.values[first] - draws.values[s])
    error = float(np.std(draws.resampled[first] - draws.resampled[s])) if s != first else math.nan
    if not (lead > 0.0 and error > 0.0):
        return None
    return math.ceil(spans * (_CONFIDENCE_Z * error / lead) ** 2)


def _interval(draws: FloatColumn) -> tuple[float | None, float | None]:
    known = draws[~np.isnan(draws)]
    if not known.size:
        return None, None
    low, high = np.percentile(known, (_LOW, _HIGH))
    return float(low), float(high)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
