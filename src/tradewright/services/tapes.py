"""Trade a recorded market: read it, run a strategy under several queue models, and say how far they are apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import QueueModel
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import Terms
from tradewright.engine.tape_run import TapeOutcome, run_tape
from tradewright.market.tape import Tape, make_tape
from tradewright.ports.event_files import EventFiles
from tradewright.strategy.tape_function import TapeFunction, load_function

__all__ = ["TapeRun", "TapeRuns", "assumed_rates"]

_HOUR_NS = 3_600_000_000_000

_WITH_BOOK = (QueueModel.TOUCH, QueueModel.LOG, QueueModel.RISK_AVERSE, QueueModel.THROUGH)
_TRADES_ALONE = (QueueModel.TOUCH, QueueModel.THROUGH)


@dataclass(frozen=True, slots=True)
class TapeRun:
    """One recorded market under several assumptions.

    Args:
        tape: what was replayed.
        gaps: how often its book was lost.
        left_out: rows that could not be used, in words.
        outcomes: by queue model.
        quote_per_step: worth of one lot that moves one tick.
    """

    tape: Tape
    gaps: int
    left_out: tuple[str, ...]
    outcomes: dict[QueueModel, TapeOutcome]
    quote_per_step: float

    def rows(self) -> list[dict[str, Any]]:
        """The figures of each model, as plain data; money in quote currency."""
        return [
            {
                "queue": model.name.lower(),
                "orders": int(done.orders.size + done.open_orders.size),
                "fills": int(done.fills.size),
                "volume": float((done.fills["lots"] * done.fills["ticks"]).sum()) * self.quote_per_step,
                "profit": done.profit,
                "fees": done.totals["fees"],
                "drawdown": done.drawdown,
                "maker_share": done.maker_share,
                "position": int(done.samples["lots"][-1]),
            }
            for model, done in self.outcomes.items()
        ]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed or left out, each once."""
        told = (*self.left_out, *(note for done in self.outcomes.values() for note in done.assumptions))
        return tuple(dict.fromkeys(told))

    @property
    def spread(self) -> float:
        """Profit under the kindest model less that under the harshest: what hangs on an assumption, quote."""
        profits = [done.profit for done in self.outcomes.values()]
        return max(profits) - min(profits)


@dataclass(frozen=True, slots=True)
class TapeRuns:
    """Runs over recorded markets.

    Args:
        files: reads them.
    """

    files: EventFiles

    def run(
        self,
        recording: Path,
        strategy: str,
        terms: Terms,
        spec: TapeSpec,
        queues: tuple[QueueModel, ...] = (),
        feed_ms: float | None = None,
    ) -> TapeRun:
        """Read a recording and trade it.

        Args:
            recording: a stream of a venue's messages, or a table of trades.
            strategy: `FILE.py:FUNCTION`, a function of a replay.
            terms: instrument, costs and risk.
            spec: assumptions; its queue model is not looked at.
            queues: under which models; by default those that tell optimism from care, as the recording allows.

            feed_ms: how long after it happened each event is known here; None as recorded.

        Raises:
            DataError: the recording cannot be read.
            InvalidValue: by field; `strategy` where there is no such file or function.
            StrategyError: it failed; names file and line.
        """
        function = load_function(strategy)
        read = self.files.read(recording, terms.instrument)
        tape = make_tape(read.events, feed_ms=feed_ms)
        terms = replace(terms, funding=assumed_rates(terms, tape))
        chosen = queues or (_WITH_BOOK if tape.has_book else _TRADES_ALONE)
        outcomes = {model: _played(function, tape, terms, replace(spec, queue=model)) for model in chosen}
        worth = terms.instrument.from_ticks(1) * terms.instrument.from_lots(1)
        return TapeRun(tape, read.gaps, read.left_out, outcomes, worth)


def assumed_rates(terms: Terms, tape: Tape) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
    """The assumed rate at each funding time of a tape, by the instrument's schedule; None where none is assumed."""
    length, rate = terms.instrument.funding_hours * _HOUR_NS, terms.costs.funding_rate
    if not (length and rate and terms.instrument.is_perpetual):
        return terms.funding
    first, last = (int(tape.events["ts_exchange"][tape.by_exchange[row]]) for row in (0, -1))
    times = np.arange(first // length + 1, last // length + 1, dtype=np.int64) * length
    return times, np.full(times.size, rate)


def _played(strategy: TapeFunction, tape: Tape, terms: Terms, spec: TapeSpec) -> TapeOutcome:
    with strategy.speaking():
        return run_tape(strategy.function, tape, terms, spec)
