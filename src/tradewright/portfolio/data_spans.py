"""Instruments whose data begin after a run or end before it, and what was held when they ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tradewright.portfolio.run_log import RunLog

__all__ = ["COVERED", "FEW_BARS", "SpanFacts", "span_facts"]

FEW_BARS = 10
"""So many bars may lack at either end: candles are seldom stored to the same minute."""


class SpanFacts(NamedTuple):
    """Data that do not cover a run. Times are UTC ns.

    Attributes:
        later: (symbol, first open) where that is more than `FEW_BARS` after the run's.
        earlier: (symbol, last close) where that is more than `FEW_BARS` before the run's.
        held: (symbol, last close) where a position was held when the instrument's bars ended and the run did not.
        funding: what was settled on such positions after that, quote, above 0 where it was received.
    """

    later: tuple[tuple[str, int], ...] = ()
    earlier: tuple[tuple[str, int], ...] = ()
    held: tuple[tuple[str, int], ...] = ()
    funding: float = 0.0


COVERED = SpanFacts()
"""All data cover all of the run."""


def span_facts(log: RunLog, spans: Mapping[str, tuple[int, int]]) -> SpanFacts:
    """Look at both ends of each instrument's data.

    Args:
        log: what the engine logged.
        spans: symbol to the first open and the last close of its bars; instruments that are not there are left out.
    """
    if not log.ts_open.size:
        return COVERED
    begin, end = int(log.ts_open[0]), int(log.ts_close[-1])
    few = FEW_BARS * int(log.ts_close[0] - log.ts_open[0])
    held: dict[str, int] = {}
    funding = 0.0
    for k, instrument in enumerate(log.instruments):
        last = spans.get(instrument.symbol, (begin, end))[1]
        if last >= end or not _held_at(log, k, last):
            continue
        held[instrument.symbol] = last
        paid = log.payments[(log.payments["instrument"] == k) & (log.payments["ts"] >= last)]
        funding += float(paid["amount"].sum())
    return SpanFacts(
        tuple((symbol, first) for symbol, (first, _) in spans.items() if first > begin + few),
        tuple((symbol, last) for symbol, (_, last) in spans.items() if last < end - few),
        tuple(held.items()),
        funding,
    )


def _held_at(log: RunLog, k: int, ts: int) -> bool:
    fills = log.fills[(log.fills["instrument"] == k) & (log.fills["ts"] <= ts)]
    return int(np.sum(fills["side"] * fills["lots"])) != 0
