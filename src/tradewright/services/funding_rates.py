"""Funding rates on their way into the store: on whole hours, one for each, and in agreement with what is there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tradewright.domain.errors import DataError
from tradewright.domain.timeframe import SECOND_NS
from tradewright.domain.times import iso
from tradewright.market.bars import FloatColumn, IntColumn
from tradewright.market.merge import MergeOutcome
from tradewright.ports.funding_store import FundingStore

__all__ = ["HOUR_NS", "merge_rates", "one_rate_each", "whole_hours"]

HOUR_NS = 3_600 * SECOND_NS
_MOST_LATE_NS = 60 * SECOND_NS


def whole_hours(ts: IntColumn) -> tuple[IntColumn, tuple[str, ...]]:
    """Move stamps onto the hour; rates are stamped when they are computed, some milliseconds after they are due.

    Returns:
        The stamps moved, and a note where any was.

    Raises:
        DataError: a stamp is more than a minute from any hour.
    """
    hours = (ts + HOUR_NS // 2) // HOUR_NS * HOUR_NS
    late = np.abs(ts - hours)
    if (late > _MOST_LATE_NS).any():
        row = int(np.argmax(late > _MOST_LATE_NS))
        raise DataError(f"row {row + 1}: {iso(int(ts[row]))} is no whole hour, as a funding time should be")
    moved = int((late > 0).sum())
    furthest = int(late.max()) / 1e6 if moved else 0.0
    return hours, (
        f"{moved:,} stamps stood up to {furthest:g} ms beside the hour and were moved onto it",
    ) if moved else ()


def one_rate_each(ts: IntColumn, rate: FloatColumn, now_ns: int, name: str) -> dict[int, float]:
    """Give each time its rate.

    Args:
        ts: UTC ns.
        rate: fraction per payment.
        now_ns: the present, UTC ns.
        name: of the source, for the words of an error.

    Raises:
        DataError: a rate is no fraction, lies in the future, or a time has two.
    """
    rates: dict[int, float] = {}
    for row, (stamp, value) in enumerate(zip(ts.tolist(), rate.tolist(), strict=True), start=1):
        if not abs(value) <= 1.0:
            raise DataError(f"{name}: row {row}: rate {value} is no fraction from -1 to 1")
        if stamp > now_ns:
            raise DataError(f"{name}: row {row}: {iso(stamp)} lies in the future")
        if rates.setdefault(stamp, value) != value:
            raise DataError(f"{name}: row {row}: {iso(stamp)} has two different rates")
    return rates


def merge_rates(
    store: FundingStore, place: tuple[str, str], new: Mapping[int, float], *, name: str, replace: bool = False
) -> MergeOutcome:
    """Unite rates with what is stored under (venue, symbol).

    Raises:
        DataError: a stored rate differs from the new one and `replace` is not given; nothing is written.
    """
    stored = store.load(*place)
    old = dict(zip(stored[0].tolist(), stored[1].tolist(), strict=True)) if stored else {}
    shared = sorted(old.keys() & new.keys())
    conflicts = tuple(stamp for stamp in shared if old[stamp] != new[stamp])
    if conflicts and not replace:
        raise DataError(
            f"{name}: {len(conflicts):,} stored rates differ from the new ones, the first at "
            f"{iso(conflicts[0])}; give --replace-conflicts to take the new ones"
        )
    united = dict(sorted((old | dict(new)).items()))
    if united != old:
        store.save(*place, np.array(list(united), np.int64), np.array(list(united.values()), np.float64))
    return MergeOutcome(len(new) - len(shared), len(shared) - len(conflicts), 0, conflicts)
