"""Everything a finished run leaves behind, in one bundle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.instrument import Instrument
from tradewright.kernels.records import COMMAND, SIGNAL, SPEC
from tradewright.market.bars import Bars, FloatColumn, IntColumn

__all__ = ["NO_SIGNALS", "MarkRow", "ParentOrder", "RunLog", "TeamLog", "plain_tag"]


def no_facts(_row: int) -> Mapping[str, Any]:
    """For runs whose signals carry no metadata."""
    return {}


def plain_tag(number: int) -> str:
    """For runs whose tags are numbers."""
    return str(number) if number else ""


class ParentOrder(NamedTuple):
    """An order that was worked by children: what was asked, and how it came to its end.

    Attributes:
        tag: number of it, which its children carry as their parent.
        instrument: row of it.
        algorithm: `twap`, `vwap` or `iceberg`.
        side: +1 buys, -1 sells.
        lots: that were asked for.
        first: step at whose close it began.
        last: step in whose bar its window ends; -1 where it has no end.
        ended: step at whose close it was over, or in which it was; -1 where it is at work still.
        status: `filled`, `expired` with its window, `canceled`, `liquidated` or `working`.
    """

    tag: int
    instrument: int
    algorithm: str
    side: int
    lots: int
    first: int
    last: int
    ended: int
    status: str


class MarkRow(NamedTuple):
    """The mark price of one row of the account at every step, ticks.

    Attributes:
        close: (S,)
        low: (S,)
        high: (S,)
    """

    close: IntColumn
    low: IntColumn
    high: IntColumn


@dataclass(frozen=True, slots=True, eq=False)
class TeamLog:
    """The members of an account. Shapes: M members, K rows of the account, S steps.

    Args:
        names: (M,)
        of_rows: (K,) 1 + place of the member to whom a row belongs.
        capital: (M,) what each began with, quote.
        equity: (M, S) of each at each close, quote.
    """

    names: tuple[str, ...]
    of_rows: IntColumn
    capital: FloatColumn
    equity: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RunLog:
    """What the engine logged, and the market it ran over.

    Shapes: K rows of the account, S steps of the time grid that all instruments share. A row is of one instrument, and
    in a team of one member.

    Args:
        instruments: (K,) in the order of the account's rows.
        bars: (K,) of the traded timeframe, those of the run; maybe loaded one by one when asked for.
        ts_open: (S,) UTC ns.
        ts_close: (S,) UTC ns.
        equity: (S,) at each close, quote.
        initial_balance: quote.
        fills: FILL records in order.
        orders: ORDER records: those that came to their end, in that order, then those that are still open.
        payments: PAYMENT records, funding.
        refusals: REFUSAL records.
        signals: SIGNAL records, to which `signal` fields point; may be empty.
        metadata: gives the facts of a signal by its row.
        insurance: what the venue's fund paid after liquidations, quote.
        ambiguous_bars: bars in which the policy decided and not the data.
        ambiguity_spread: final equity under the policy `best` less that under `worst`, quote.
        specs: SPEC records (K,), fees, leverage and tiers; empty where they are not known.
        tiers: (T, 4): floor, maintenance rate, cum, max leverage; rows of all instruments.
        marks: (K,) the mark prices, maybe laid one by one when asked for; empty where they are not known.
        drilled_bars: bars that left a doubt and were played on finer ones.
        undrilled_bars: bars that left a doubt and had no fitting finer ones, where the run asked for them.
        commands: COMMAND records, to which `command` fields point; empty where there are none.
        parents: orders that were worked by children.
        tag_text: gives the tag that a number in a record stands for.
        team: who trades which rows; None where one strategy trades all of them.
    """

    instruments: tuple[Instrument, ...]
    bars: Sequence[Bars]
    ts_open: IntColumn
    ts_close: IntColumn
    equity: FloatColumn
    initial_balance: float
    fills: NDArray[np.void]
    orders: NDArray[np.void]
    payments: NDArray[np.void]
    refusals: NDArray[np.void]
    signals: NDArray[np.void]
    metadata: Callable[[int], Mapping[str, Any]] = no_facts
    insurance: float = 0.0
    ambiguous_bars: int = 0
    ambiguity_spread: float = 0.0
    specs: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, SPEC))
    tiers: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))
    marks: Sequence[MarkRow] = ()
    drilled_bars: int = 0
    undrilled_bars: int = 0
    commands: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, COMMAND))
    parents: tuple[ParentOrder, ...] = ()
    tag_text: Callable[[int], str] = plain_tag
    team: TeamLog | None = None

    @property
    def final_equity(self) -> float:
        """Equity at the last close; the balance where nothing was run."""
        return float(self.equity[-1]) if self.equity.size else self.initial_balance

    @property
    def days(self) -> float:
        """Length of the run in days, first open to last close."""
        if not self.ts_close.size:
            return 0.0
        return float(self.ts_close[-1] - self.ts_open[0]) / 86_400e9

    def rows_of_bars(self, k: int, steps: IntColumn) -> IntColumn:
        """Rows, among the bars of instrument `k`, of the bars at some steps; where it has none, of its next."""
        return np.searchsorted(self.bars[k].ts_close, self.ts_close[steps]).astype(np.int64)

    def member(self, k: int) -> str:
        """Name of the member to whom a row belongs; empty without a team."""
        return self.team.names[int(self.team.of_rows[k]) - 1] if self.team else ""

    def facts(self, row: int) -> Mapping[str, Any]:
        """Facts behind a signal; none for -1, which is a liquidation."""
        return self.metadata(row) if row >= 0 else {}

    def confidence(self, row: int) -> float:
        """Confidence of a signal; 1 where it is not known."""
        return float(self.signals["confidence"][row]) if 0 <= row < self.signals.size else 1.0


NO_SIGNALS = np.empty(0, SIGNAL)
"""For runs and tests that keep no signals."""
