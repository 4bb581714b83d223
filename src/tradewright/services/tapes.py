"""Trade a recorded market: read it, run a strategy under several queue models, and say how far they are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import QueueModel
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import Terms
from tradewright.engine.tape_run import TapeOutcome, run_tape
from tradewright.market.tape import Tape, join_tapes, make_tape
from tradewright.portfolio.tables import fill_columns
from tradewright.ports.event_files import EventFiles
from tradewright.strategy.tape_function import TapeFunction, load_function

__all__ = ["RecordedMarket", "TapeRun", "TapeRuns", "assumed_rates"]

_HOUR_NS = 3_600_000_000_000

_WITH_BOOK = (QueueModel.TOUCH, QueueModel.LOG, QueueModel.RISK_AVERSE, QueueModel.THROUGH)
_TRADES_ALONE = (QueueModel.TOUCH, QueueModel.THROUGH)


@dataclass(frozen=True, slots=True)
class RecordedMarket:
    """A recording and what is traded on it.

    Args:
        path: a stream of a venue's messages, or a table of trades.
        terms: instrument, costs and risk.
    """

    path: Path
    terms: Terms


@dataclass(frozen=True, slots=True)
class TapeRun:
    """Recorded markets under several assumptions.

    Args:
        tape: what was replayed.
        gaps: how often a book was lost.
        left_out: rows that could not be used, in words.
        outcomes: by queue model.
        instruments: in the order of their rows.
    """

    tape: Tape
    gaps: int
    left_out: tuple[str, ...]
    outcomes: dict[QueueModel, TapeOutcome]
    instruments: tuple[Instrument, ...]

    def rows(self) -> list[dict[str, Any]]:
        """The figures of each model, as plain data; money in quote currency.

        Several instruments have no position in common: it is None then, and `parts` has theirs.
        """
        return [
            {
                "queue": model.name.lower(),
                "orders": int(done.orders.size + done.open_orders.size),
                "refused": sum(done.refusals.values()),
                "refusals": done.refusals,
                "fills": int(done.fills.size),
                "volume": float(done.volumes.sum()),
                "profit": done.profit,
                "fees": done.totals["fees"],
                "drawdown": done.drawdown,
                "maker_share": done.maker_share,
                "position": int(done.samples["lots"][-1]) if len(done.symbols) == 1 else None,
            }
            for model, done in self.outcomes.items()
        ]

    def parts(self) -> list[dict[str, Any]]:
        """The figures of each instrument under each model; profits add up to the account's."""
        return [self._part(model, done, k) for model, done in self.outcomes.items() for k in range(len(done.symbols))]

    def _part(self, model: QueueModel, done: TapeOutcome, k: int) -> dict[str, Any]:
        own = done.fills["instrument"] == k
        fills = done.fills[own]
        return {
            "queue": model.name.lower(),
            "symbol": done.symbols[k],
            "orders": sum(int((orders["instrument"] == k).sum()) for orders in (done.orders, done.open_orders)),
            "fills": int(fills.size),
            "volume": float(done.volumes[own].sum()),
            "profit": done.profits[k],
            "fees": float(fills["fee"].sum()),
            "maker_share": done.maker_share_of(k),
            "position": int(done.samples["lots"][k - len(done.symbols)]),
        }

    def fills(self) -> dict[str, list[Any]]:
        """Columns of every fill under each model, as results tell theirs; times UTC ns, money in quote currency.

        `ref` is the strategy's number of the order, -1 of a forced close.
        """
        found: dict[str, list[Any]] = {}
        for model, done in self.outcomes.items():
            fills = done.fills
            own = {"queue": [model.name.lower()] * fills.size, "ts": fills["ts"], "ref": fills["signal"]}
            for name, column in {**own, **fill_columns(fills, self.instruments)}.items():
                found.setdefault(name, []).extend(np.asarray(column).tolist())
        return found

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed or left out, each once; what holds under some models alone names them."""
        under: dict[str, list[str]] = {}
        for model, done in self.outcomes.items():
            for note in dict.fromkeys(done.assumptions):
                under.setdefault(note, []).append(model.name.lower())
        return self.left_out + tuple(
            note if len(models) == len(self.outcomes) else f"{note} (under {', '.join(models)})"
            for note, models in under.items()
        )

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
        markets: Sequence[RecordedMarket],
        strategy: str,
        spec: TapeSpec,
        queues: tuple[QueueModel, ...] = (),
        feed_ms: float | None = None,
    ) -> TapeRun:
        """Read recordings and trade them on one account.

        Args:
            markets: one or more; the order is that of the rows by which the strategy names them.
            strategy: `FILE.py:FUNCTION`, a function of a replay.
            spec: assumptions; its queue model is not looked at.
            queues: under which models; by default those that tell optimism from care, as the recording allows.
            feed_ms: how long after it happened each event is known here; None as recorded.

        Raises:
            DataError: a recording cannot be read, or they have no time in common.
            InvalidValue: by field; `strategy` where there is no such file or function.
            StrategyError: it failed; names file and line.
        """
        function = load_function(strategy)
        symbols = [market.terms.instrument.symbol for market in markets]
        for place, symbol in enumerate(symbols):
            if symbol in symbols[:place]:
                raise InvalidValue("symbol", symbol, "a market that no other of the recordings is of")
        read = [self.files.read(market.path, market.terms.instrument) for market in markets]
        tapes = [make_tape(one.events, feed_ms=feed_ms) for one in read]
        tape = join_tapes(dict(zip(symbols, tapes, strict=True)))
        terms = [replace(market.terms, funding=assumed_rates(market.terms, tape)) for market in markets]
        chosen = queues or (_WITH_BOOK if tape.has_book else _TRADES_ALONE)
        outcomes = {model: _played(function, tape, terms, replace(spec, queue=model)) for model in chosen}
        left_out = tuple(note for one in read for note in one.left_out)
        return TapeRun(tape, sum(one.gaps for one in read), left_out, outcomes, tuple(own.instrument for own in terms))


def assumed_rates(terms: Terms, tape: Tape) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
    """The assumed rate at each funding time of a tape, by the instrument's schedule; None where none is assumed."""
    length, rate = terms.instrument.funding_hours * _HOUR_NS, terms.costs.funding_rate
    if not (length and rate and terms.instrument.is_perpetual):
        return terms.funding
    first, last = tape.span
    times = np.arange(first // length + 1, last // length + 1, dtype=np.int64) * length
    return times, np.full(times.size, rate)


def _played(strategy: TapeFunction, tape: Tape, terms: Sequence[Terms], spec: TapeSpec) -> TapeOutcome:
    with strategy.speaking():
        return run_tape(strategy.function, tape, terms, spec)
