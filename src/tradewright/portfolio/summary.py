"""One call from what the engine logged to everything that is said of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tradewright.domain.instrument import DEFAULT_TIERS
from tradewright.domain.run import ResultWarning, RunResult, RunSpec
from tradewright.domain.times import iso
from tradewright.domain.trade import Trade
from tradewright.portfolio.analysis import Analysis, analyse
from tradewright.portfolio.data_spans import span_facts
from tradewright.portfolio.day_target import target_days
from tradewright.portfolio.metrics import Metrics, compute_metrics, count_refusals
from tradewright.portfolio.parents import parents_head
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.team import team_figures
from tradewright.portfolio.trades import RoundTrips, round_trips
from tradewright.portfolio.warnings import WarningFacts, find_warnings

__all__ = ["Provenance", "Summary", "make_result", "summarise"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a run came from: what no log can tell.

    Args:
        id: of the result.
        created_at: wall time of the run, ISO 8601 UTC.
        spec: of the run.
        fingerprints: SHA-256 of `code`, `data` and `outcome`; that of `spec` is added.
        data: bars, gaps and range per instrument, and assumptions made; plain data.
        missing_bars: bars that the period lacks, all instruments.
        gaps: runs of missing bars.
        assumed_funding: symbols of perpetuals that paid the assumed rate.
        leak_passport: the leak test's verdict, with `passed` and, if it failed, `reason`; None where it was not run.
        last_triggers: symbols whose triggers were to watch the mark, of which none is recorded.
        spans: symbol to the first open and the last close of its bars, UTC ns; empty where that is not known.
    """

    id: str
    created_at: str
    spec: RunSpec
    fingerprints: dict[str, str]
    data: dict[str, Any]
    missing_bars: int = 0
    gaps: int = 0
    assumed_funding: tuple[str, ...] = ()
    leak_passport: dict[str, Any] | None = None
    last_triggers: tuple[str, ...] = ()
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """Trades and figures of a run."""

    trades: tuple[Trade, ...]
    metrics: Metrics


def summarise(log: RunLog, trips: RoundTrips | None = None) -> Summary:
    """Put trades together and compute every figure.

    Args:
        log: of the run.
        trips: that knows the trades up to an earlier call; None puts all of them together.
    """
    trades = round_trips(log) if trips is None else trips.of(log)
    return Summary(trades, compute_metrics(log, trades))


def make_result(log: RunLog, summary: Summary, origin: Provenance) -> RunResult:
    """Write the head of a result: the figures, the warnings, and where they came from."""
    values, spec = summary.metrics.values, origin.spec
    analysis = analyse(log, summary.trades, spec)
    whole = {name: int(values[name] or 0) for name in ("trades", "winning_trades", "losing_trades")}
    return RunResult(
        id=origin.id,
        symbol=",".join(spec.instruments),
        strategy=spec.strategy,
        start_date=iso(int(log.ts_open[0])) if log.ts_open.size else "",
        end_date=iso(int(log.ts_close[-1])) if log.ts_close.size else "",
        initial_balance=log.initial_balance,
        final_balance=log.final_equity,
        total_return=values["total_return"] or 0.0,
        max_drawdown=values["max_drawdown"] or 0.0,
        sharpe_ratio=values["sharpe"],
        total_trades=whole["trades"],
        winning_trades=whole["winning_trades"],
        losing_trades=whole["losing_trades"],
        win_rate=values["win_rate"] or 0.0,
        created_at=origin.created_at,
        spec=spec.as_dict(),
        fingerprints={"spec": spec.fingerprint, **origin.fingerprints},
        metrics=values,
        per_instrument=summary.metrics.per_instrument,
        warnings=_warnings(log, summary, origin, analysis),
        refusals=count_refusals(log),
        leak_passport=origin.leak_passport,
        data={**origin.data, "sampling": summary.metrics.sampling, **_parents(log)},
        analysis=analysis.as_dict(),
        team=team_figures(log, summary.trades),
    )


def _parents(log: RunLog) -> dict[str, Any]:
    return {"parents": parents_head(log)} if log.parents else {}


def _warnings(log: RunLog, summary: Summary, origin: Provenance, analysis: Analysis) -> tuple[ResultWarning, ...]:
    costs, passport = origin.spec.costs, origin.leak_passport
    assumed = (costs.funding_rate, origin.assumed_funding) if origin.assumed_funding else None
    facts = WarningFacts(
        metrics=summary.metrics,
        trades=summary.trades,
        initial_balance=log.initial_balance,
        final_balance=log.final_equity,
        quote=log.instruments[0].quote,
        zero_costs=_is_free(log, origin.spec),
        policy=origin.spec.fills.ambiguity,
        engine=origin.spec.engine,
        missing_bars=origin.missing_bars,
        gaps=origin.gaps,
        leak_passed=None if passport is None else bool(passport.get("passed")),
        leak_where=str((passport or {}).get("reason") or "no bar named"),
        assumed_funding=assumed,
        least_reward_risk=origin.spec.risk.min_reward_risk,
        analysis=analysis,
        last_triggers=origin.last_triggers,
        spans=span_facts(log, origin.spans),
        target_days=target_days(log, origin.spec.limits.day_target),
        default_tiers=tuple(
            dict.fromkeys(i.symbol for i in log.instruments if i.is_perpetual and i.tiers == DEFAULT_TIERS)
        ),
    )
    return find_warnings(facts)


def _is_free(log: RunLog, spec: RunSpec) -> bool:
    # Whether nothing at all is charged for taking: the instrument's own fee counts where the run names none.
    costs = spec.costs
    if costs.has_taker_cost or costs.fee_tiers != "none":
        return False
    return all((i.taker_fee if costs.taker_fee is None else costs.taker_fee) == 0.0 for i in log.instruments)
