"""Whole results for tests: a small run, judged as a real one is."""

from __future__ import annotations

from typing import NamedTuple

from tradewright.domain.enums import OrderRole
from tradewright.domain.run import RunResult, RunSpec
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.summary import Provenance, Summary, make_result, summarise
from tradewright.portfolio.tables import Table, artifact_tables
from tradewright.testing.run_logs import Deal, Funding, a_run, bars_of

__all__ = ["WholeResult", "a_busy_run", "a_result"]


class WholeResult(NamedTuple):
    """A result with all that is stored of it."""

    result: RunResult
    tables: dict[str, Table]
    log: RunLog
    summary: Summary


def a_busy_run() -> RunLog:
    """Make a run of 60 hours with a win, a loss, a reversal and a position left open."""
    closes = [100.0 + (step % 12) for step in range(60)]
    deals = [
        Deal(2, 1, 102.0, 2.0, fee=0.1, slippage=0.05, stop=97.0, target=110.0),
        Deal(9, -1, 110.0, 2.0, OrderRole.TAKE_PROFIT, inside=True, fee=0.1),
        Deal(20, 1, 108.0, 1.0, fee=0.1, stop=104.0),
        Deal(24, -1, 104.0, 1.0, OrderRole.STOP_LOSS, inside=True, fee=0.1, flags=1),
        Deal(30, -1, 106.0, 1.0, fee=0.1),
        Deal(40, 1, 104.0, 3.0, fee=0.3),
    ]
    return a_run(bars_of(closes, reach=1.0), deals, [Funding(8, -0.02), Funding(32, 0.01)])


def a_result(
    result_id: str = "20261121-101530-3f9a",
    created_at: str = "2026-11-21T10:15:30Z",
    strategy: str = "ma_crossover",
    log: RunLog | None = None,
    leak_passport: dict[str, object] | None = None,
) -> WholeResult:
    """Judge a run and put a result together.

    Args:
        result_id: its name.
        created_at: its wall time.
        strategy: its strategy's name.
        log: of the run; None takes `a_busy_run`.
        leak_passport: verdict of the leak test.
    """
    log = log or a_busy_run()
    summary = summarise(log)
    symbols = tuple(instrument.symbol for instrument in log.instruments)
    spec = RunSpec(strategy, "1.0", (("fast", 10), ("slow", 30)), log.instruments[0].venue, symbols, "1h")
    prints = {name: name[0] * 64 for name in ("code", "data", "outcome")}
    origin = Provenance(result_id, created_at, spec, prints, {"bars": log.ts_close.size}, leak_passport=leak_passport)
    result = make_result(log, summary, origin)
    return WholeResult(result, artifact_tables(log, summary.trades), log, summary)
