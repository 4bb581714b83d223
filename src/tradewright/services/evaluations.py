"""Every strategy on every instrument, ranked."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tradewright.domain.errors import DataError, InvalidValue, StrategyError
from tradewright.domain.result_id import result_id
from tradewright.domain.times import iso
from tradewright.engine.backtest import Progress, no_progress, run_backtest
from tradewright.engine.outcome import log_of
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.sampling import equity_at
from tradewright.portfolio.trades import round_trips
from tradewright.ports.evaluation_store import EvaluationStore
from tradewright.research.evaluation import Cell, Contender, Evaluation, rank, render_evaluation
from tradewright.services.backtests import BacktestRequest, Backtests

__all__ = ["EvaluationRequest", "Evaluations", "KeptEvaluation"]

_HOUR_NS = 3_600_000_000_000
_DAY_NS = 24 * _HOUR_NS
_FEW_DAYS = 30
_DAYS_PER_YEAR = 365.0
_MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What a user asks for.

    Args:
        strategies: names; none for all that can be used.
        instruments: symbols; none for all that are stored.
        periods: into how many equal periods the time is cut.
        rest: of what a backtest may be asked for: `venue`, `timeframe`, `start`, `end`, `balance`, `seed`, `costs`,
            `risk`, `fills`.
    """

    strategies: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    periods: int = 4
    rest: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= self.periods <= _MOST_PERIODS:
            raise InvalidValue("--periods", self.periods, f"a whole number from 1 to {_MOST_PERIODS}")


class KeptEvaluation(NamedTuple):
    """An evaluation that has been stored."""

    evaluation: Evaluation
    skipped: dict[str, str]
    """Strategy to the reason why it could not run."""
    data: dict[str, Any]
    """As it was written."""
    page: Path


class _Ran(NamedTuple):
    # One strategy: what it logged on each instrument.
    strategy: str
    leak_passed: bool
    logs: dict[str, RunLog]
    closes: dict[str, IntColumn]


class _Axis(NamedTuple):
    # Ends of the spans, UTC ns, one more than there are spans; and the first span of each period.
    ends: IntColumn
    per_year: float
    name: str
    cuts: IntColumn


@dataclass(frozen=True, slots=True)
class Evaluations:
    """Runs evaluations and keeps them.

    Args:
        backtests: that run them.
        store: where they are kept.
    """

    backtests: Backtests
    store: EvaluationStore

    def run(self, request: EvaluationRequest, progress: Progress = no_progress) -> KeptEvaluation:
        """Run every strategy on every instrument, each alone with the whole balance, and rank them.

        A strategy that was not named and cannot run is passed over, with the reason.

        Raises:
            TradewrightError: whatever is wrong with the request, or with a strategy that was named.
        """
        instruments = request.instruments or self._stored(request.rest.get("venue"))
        names = request.strategies or self.backtests.strategies.names()
        ran: list[_Ran] = []
        skipped: dict[str, str] = {}
        for place, name in enumerate(names):
            progress(place, len(names))
            try:
                ran.append(self._run(name, instruments, request))
            except (DataError, StrategyError) as error:
                if request.strategies:
                    raise
                skipped[name] = str(error)
        progress(len(names), len(names))
        if not ran:
            raise DataError(f"no strategy could run: {'; '.join(skipped.values())}")
        return self._keep(_ranked(ran, request), skipped, request)

    def _stored(self, venue: str | None) -> tuple[str, ...]:
        stored = self.backtests.market_data.keys()
        symbols = {key.symbol for key in stored if venue in (None, key.venue)}
        if not symbols:
            raise DataError("no candles are stored; see: tradewright data import, tradewright data synth")
        return tuple(sorted(symbols))

    def _run(self, name: str, instruments: tuple[str, ...], request: EvaluationRequest) -> _Ran:
        logs: dict[str, RunLog] = {}
        closes: dict[str, IntColumn] = {}
        passed = True
        for symbol in instruments:
            asked = BacktestRequest(strategy=name, instruments=(symbol,), **request.rest)
            spec, strategy, feeds = self.backtests.prepare(asked)
            run = run_backtest(spec, strategy, feeds, asked.path)
            if not logs:
                passed = bool(self.backtests.passport(run, strategy)["passed"])
            logs[symbol] = log_of(run)
            closes[symbol] = np.array(
                [trade.ts_exit for trade in round_trips(logs[symbol]) if not trade.is_open], np.int64
            )
        return _Ran(strategy.name, passed, logs, closes)

    def _keep(self, evaluation: Evaluation, skipped: dict[str, str], request: EvaluationRequest) -> KeptEvaluation:
        moment: Any = self.backtests.now()
        name = result_id(moment, self.backtests.salt())
        data = {
            "id": name,
            "created_at": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "asked": {"periods": request.periods, **{key: _plain(value) for key, value in request.rest.items()}},
            "skipped": skipped,
            **evaluation.as_dict(),
        }
        return KeptEvaluation(evaluation, skipped, data, self.store.save(name, data, render_evaluation(data)))


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _ranked(ran: list[_Ran], request: EvaluationRequest) -> Evaluation:
    axis = _axis([log for one in ran for log in one.logs.values()], request.periods)
    contenders = [
        Contender(one.strategy, _returns(one, axis), tuple(_cells(one, axis)), one.leak_passed) for one in ran
    ]
    edges = axis.ends[axis.cuts].tolist()
    periods = [(iso(first), iso(last)) for first, last in itertools.pairwise(edges)]
    return rank(contenders, periods, axis.name, axis.per_year, int(request.rest.get("seed", 1)))


def _axis(logs: list[RunLog], periods: int) -> _Axis:
    first = min(int(log.ts_open[0]) for log in logs)
    last = max(int(log.ts_close[-1]) for log in logs)
    is_long = last - first >= _FEW_DAYS * _DAY_NS
    span = _DAY_NS if is_long else _HOUR_NS
    ends = np.arange(first // span, -(-last // span) + 1, dtype=np.int64) * span
    spans = ends.size - 1
    if spans < periods:
        raise InvalidValue("--periods", periods, f"at most {spans}: the bars cover {spans} times an hour")
    cuts = np.linspace(0, spans, periods + 1).round().astype(np.int64)
    return _Axis(ends, _DAYS_PER_YEAR * _DAY_NS / span, "day" if is_long else "hour", cuts)


def _returns(one: _Ran, axis: _Axis) -> FloatColumn:
    """Returns of equal parts of capital in every instrument, put right at each span; 0 where none has bars."""
    rows = np.stack([_own_returns(log, axis) for log in one.logs.values()])
    known = ~np.isnan(rows)
    total = np.sum(np.where(known, rows, 0.0), axis=0)
    return np.asarray(total / np.maximum(np.sum(known, axis=0), 1), np.float64)


def _own_returns(log: RunLog, axis: _Axis) -> FloatColumn:
    # NaN before the first bar and after the last; what follows ruin is no return at all.
    curve = equity_at(log, axis.ends)
    before, after = curve[:-1], curve[1:]
    covered = (axis.ends[1:] > log.ts_open[0]) & (axis.ends[:-1] < log.ts_close[-1]) & (before > 0.0)
    return np.where(covered, after / np.where(before > 0.0, before, 1.0) - 1.0, np.nan)


def _cells(one: _Ran, axis: _Axis) -> list[Cell]:
    cells: list[Cell] = []
    edges = axis.ends[axis.cuts]
    for symbol, log in one.logs.items():
        own = _own_returns(log, axis)
        # A close at a period's very end belongs to it.
        places = np.searchsorted(edges, one.closes[symbol], side="left") - 1
        for period in range(axis.cuts.size - 1):
            part = own[axis.cuts[period] : axis.cuts[period + 1]]
            known = part[~np.isnan(part)]
            gain = float(np.prod(1.0 + known) - 1.0) if known.size else None
            cells.append(Cell(symbol, period, gain, int(np.sum(places == period))))
    return cells
