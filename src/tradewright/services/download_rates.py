"""Funding rates from a venue: what lies before, between and after the stored ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from tradewright.ports.funding_store import FundingStore
from tradewright.ports.history import History
from tradewright.services.funding_rates import HOUR_NS, merge_rates, one_rate_each, whole_hours

if TYPE_CHECKING:
    from tradewright.services.download_bars import Downloaded

__all__ = ["download_rates"]

_LONGEST = 8 * HOUR_NS
"""No venue of ours pays more seldom."""


async def download_rates(
    store: FundingStore, history: History, span: tuple[int, int], progress: Callable[[int, int], None],
    report: Downloaded,
) -> None:  # fmt: skip
    """Download the rates of a span (UTC ns, both ends included); each page is stored as it comes.

    Args:
        store: takes the rates.
        history: gives them.
        span: first and last time of payment.
        progress: told how far it is, in hours.
        report: is filled in; it names the symbol.

    Raises:
        VenueError: the venue failed for longer than is waited.
        DataError: it gave rates that cannot be, or that differ from stored ones.
    """
    place = (history.venue, report.symbol)
    stored = store.load(*place)
    known = stored[0] if stored else np.empty(0, np.int64)
    inside = known[(known >= span[0]) & (known <= span[1])]
    report.known = len(inside)
    total = (span[1] - span[0]) // HOUR_NS
    for begin, end in _open_runs(inside, *span):
        cursor = begin
        while cursor <= end:
            ts, rate = await history.rates(report.symbol, cursor, end)
            report.pages += 1
            if not len(ts):
                break
            hours, _ = whole_hours(ts)
            name = f"funding of {report.symbol} on {history.venue}"
            new = one_rate_each(hours, rate, end + HOUR_NS, name)
            report.added += merge_rates(store, place, new, name=name).added
            cursor = max(int(ts[-1]), int(hours[-1])) + 1
            progress((cursor - span[0]) // HOUR_NS, total)
    progress(total, total)


def _open_runs(known: np.ndarray[tuple[int], np.dtype[np.int64]], start: int, end: int) -> list[tuple[int, int]]:
    """Where rates may be missing: a payment may be due every hour, or only every eighth."""
    if not len(known):
        return [(start, end)]
    half = HOUR_NS // 2
    long = np.flatnonzero(np.diff(known) > _LONGEST)
    between = [(int(known[row]) + half, int(known[row + 1]) - half) for row in long]
    runs = [(start, int(known[0]) - half), *between, (int(known[-1]) + half, end)]
    return [(begin, stop) for begin, stop in runs if stop >= begin]
