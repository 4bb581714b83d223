"""What a session is told, as plain data and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.domain.run_record import run_spec
from tradewright.engine.feed import Feed
from tradewright.market.bars import Bars, empty_bars
from tradewright.market.steps import Bar, Funding, Step

__all__ = ["Beginning", "beginning_of", "beginning_record", "step_of", "step_record"]


class Beginning(NamedTuple):
    """With what a session begins.

    Attributes:
        spec: of its run.
        feeds: what was known of each instrument.
        code: fingerprint of the code that began it.
    """

    spec: RunSpec
    feeds: tuple[Feed, ...]
    code: str


def beginning_record(begun: Beginning) -> dict[str, Any]:
    """The first record of a session."""
    return {
        "kind": "begin",
        "spec": begun.spec.as_dict(),
        "code": begun.code,
        "feeds": [
            {
                "instrument": feed.instrument.as_dict(),
                "context": _rows(feed.context or empty_bars()),
                "htf": None if feed.htf is None else _rows(feed.htf),
                "has_marks": feed.mark is not None,
            }
            for feed in begun.feeds
        ],
    }


def beginning_of(record: Mapping[str, Any]) -> Beginning:
    """Read what `beginning_record` wrote.

    Raises:
        DataError: it is not the first record of a session.
        InvalidValue: a field has a value that is not allowed.
    """
    try:
        if record["kind"] != "begin":
            raise DataError(f"kind: {record['kind']!r}; a session's first record is 'begin'")
        return Beginning(run_spec(record["spec"]), tuple(_feed(row) for row in record["feeds"]), str(record["code"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"the first record of the session cannot be read ({error!r})") from error


def _feed(row: Mapping[str, Any]) -> Feed:
    return Feed(
        Instrument.from_dict(row["instrument"]),
        empty_bars(),
        htf=None if row["htf"] is None else _bars(row["htf"]),
        mark=empty_bars() if row["has_marks"] else None,
        context=_bars(row["context"]),
    )


def _rows(bars: Bars) -> list[list[float]]:
    return [list(row) for row in zip(*(column.tolist() for column in bars), strict=True)]


def _bars(rows: Sequence[Sequence[float]]) -> Bars:
    if not rows:
        return empty_bars()
    ts_open, ts_close, *prices = zip(*rows, strict=True)
    columns = [np.array(column, np.float64) for column in prices]
    return Bars(np.array(ts_open, np.int64), np.array(ts_close, np.int64), *columns)


def step_record(step: Step, *, is_missed: bool) -> dict[str, Any]:
    """A step as a record; one was missed where a later one had closed before it was heard of."""
    return {
        "kind": "step",
        "is_missed": is_missed,
        "ts_open": step.ts_open,
        "ts_close": step.ts_close,
        "bars": {symbol: list(bar) for symbol, bar in step.bars.items()},
        "marks": {symbol: list(bar) for symbol, bar in step.marks.items()},
        "funding": [list(payment) for payment in step.funding],
    }


def step_of(record: Mapping[str, Any]) -> Step:
    """Read what `step_record` wrote.

    Raises:
        DataError: it is no step.
    """
    try:
        return Step(
            record["ts_open"],
            record["ts_close"],
            {symbol: Bar(*bar) for symbol, bar in record["bars"].items()},
            {symbol: Bar(*bar) for symbol, bar in record["marks"].items()},
            tuple(Funding(*payment) for payment in record["funding"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"a step of the session cannot be read ({error!r})") from error
