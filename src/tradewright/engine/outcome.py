"""What a finished run hands over: its logs in one bundle, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import TriggerBy
from tradewright.domain.times import iso
from tradewright.engine.backtest import Run
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import data_fingerprint, feed_fingerprint, outcome_fingerprint
from tradewright.engine.grid import lay_grid
from tradewright.engine.marks import missing_marks
from tradewright.engine.one_by_one import OneByOne
from tradewright.engine.spans import spans_of
from tradewright.engine.spreads import missing_spreads
from tradewright.kernels.records import World
from tradewright.market.bars import Bars
from tradewright.portfolio.run_log import MarkRow, RunLog, TeamLog
from tradewright.portfolio.summary import Provenance

__all__ = ["log_of", "origin_of"]


def log_of(run: Run, ambiguity_spread: float = 0.0) -> RunLog:
    """Bundle a run's logs with the market they speak of; the spread is that of `engine.ambiguity`."""
    account = run.world.account[0]
    return RunLog(
        instruments=run.instruments,
        bars=_bars(run),
        ts_open=run.market.ts_open,
        ts_close=run.market.ts_close,
        equity=run.world.equity,
        initial_balance=run.spec.balance,
        fills=run.world.fills,
        orders=_every_order(run.world),
        payments=run.world.payments,
        refusals=run.world.refusals,
        signals=run.market.signals,
        metadata=run.wishes.metadata,
        insurance=float(account["insurance"]),
        ambiguous_bars=int(account["n_ambiguous"]),
        ambiguity_spread=ambiguity_spread,
        specs=run.market.specs,
        tiers=run.market.tiers,
        marks=_marks(run),
        drilled_bars=int(account["n_drilled"]),
        undrilled_bars=sum(part.without + part.differing for part in run.drilled),
        commands=run.market.commands,
        parents=run.wishes.parents,
        tag_text=run.wishes.tag_text,
        team=_team(run),
    )


def _bars(run: Run) -> Sequence[Bars]:
    if isinstance(run.feeds, tuple):
        return tuple(feed.bars for feed in run.feeds)
    return OneByOne(len(run.feeds), lambda k: run.feeds[k].bars)


def _marks(run: Run) -> Sequence[MarkRow]:
    market = run.market
    if isinstance(run.feeds, tuple):
        return tuple(map(MarkRow, market.mark_close, market.mark_low, market.mark_high))

    def row(k: int) -> MarkRow:
        grid = lay_grid([run.feeds[k]], market.ts_open)
        return MarkRow(grid.mark_close[0], grid.mark_low[0], grid.mark_high[0])

    return OneByOne(len(run.feeds), row)


def _team(run: Run) -> TeamLog | None:
    if not run.spec.team:
        return None
    names = tuple(member.name for member in run.spec.team)
    return TeamLog(names, run.market.specs["member"], run.market.team["capital"], run.world.shares)


def _every_order(world: World) -> NDArray[np.void]:
    waiting = [world.orders[k, :count] for k, count in enumerate(world.positions["n_orders"].tolist()) if count]
    return np.concatenate([world.closed, *waiting]) if waiting else world.closed


def origin_of(run: Run, result_id: str, created_at: str, code: str, passport: dict[str, Any] | None) -> Provenance:
    """Say where a run came from.

    Args:
        run: that has finished.
        result_id: under which it will be kept.
        created_at: wall time, ISO 8601 UTC.
        code: SHA-256 of the code that ran.
        passport: the leak test's verdict, or None.
    """
    # Several members on one instrument read the same bars. Each feed is looked at once: it may be loaded for that.
    found: dict[str, _Told] = {}
    spans: dict[str, tuple[int, int]] = {}
    feed_prints = []
    for k, feed in enumerate(run.feeds):
        found[feed.instrument.symbol] = _told(feed, run.assumed_funding[k], bool(run.market.specs["has_spread"][k]))
        feed_prints.append(feed_fingerprint(feed))
        spans |= spans_of([feed])
    told = found.values()
    on_last = _last_triggers(run, [symbol for symbol, one in found.items() if one.facts["mark"] == "last"])
    data = data_fingerprint(feed_prints, run.drilled)
    prints = {"code": code, "data": data, "outcome": outcome_fingerprint(run.world)}
    return Provenance(
        id=result_id,
        created_at=created_at,
        spec=run.spec,
        fingerprints=prints,
        data={
            "instruments": {symbol: one.facts for symbol, one in found.items()},
            "funding_paid": int(run.world.payments.size),
            "assumptions": [words for one in told for words in one.of_mark]
            + [words for one in told for words in one.of_spread]
            + [f"triggers on the mark of {symbol}: they watch the last price" for symbol in on_last],
            **_drilling_facts(run),
        },
        missing_bars=sum(one.facts["missing_bars"] for one in told),
        gaps=sum(one.facts["gaps"] for one in told),
        assumed_funding=tuple(symbol for symbol, one in found.items() if one.facts["funding_assumed"]),
        leak_passport=passport,
        last_triggers=on_last,
        spans=spans,
    )


class _Told(NamedTuple):
    # What a result says of an instrument's data: facts, and what was assumed of its marks and of its spread, in words.
    facts: dict[str, Any]
    of_mark: list[str]
    of_spread: list[str]


def _told(feed: Feed, assumed_funding: int, has_spread: bool) -> _Told:
    of_spread = _spread_assumptions(feed) if has_spread else []
    return _Told(_feed_facts(feed, assumed_funding), _mark_assumptions(feed), of_spread)


def _mark_assumptions(feed: Feed) -> list[str]:
    if not feed.instrument.is_perpetual:
        return []
    missing, symbol = missing_marks(feed).size, feed.instrument.symbol
    if feed.mark is None:
        return [f"mark price of {symbol}: the last price, for no marks of these bars were used"]
    if missing:
        return [f"mark price of {symbol}: the last price in {missing:,} bars that have no mark of their own"]
    return []


def _spread_assumptions(feed: Feed) -> list[str]:
    # Where none is recorded at all, the costs of the run say what was assumed.
    lost = missing_spreads(feed).size
    words = f"spread of {feed.instrument.symbol}: the recorded one at each bar's open"
    return [words + (f"; assumed in {lost:,} bars" if lost else "")]


def _last_triggers(run: Run, unmarked: Sequence[str]) -> tuple[str, ...]:
    # Instruments without marks whose triggers were to watch them.
    asked = run.spec.risk.trigger_by == "mark" or bool((run.wishes.rows["trigger_by"] == 1 + TriggerBy.MARK).any())
    asked = asked or bool((run.wishes.commands["trigger_by"] == TriggerBy.MARK).any())
    return tuple(unmarked) if asked else ()


def _drilling_facts(run: Run) -> dict[str, Any]:
    if not run.spec.fills.drills:
        return {}
    pairs = zip(run.feeds, run.drilled, strict=True)
    return {"drilled": {feed.instrument.symbol: asdict(part) for feed, part in pairs}}


def _gaps(feed: Feed) -> int:
    # Runs of missing bars: a new one begins where the step from one missing bar to the next is not the usual one.
    missing = np.array(feed.missing, np.int64)
    if missing.size < 2:  # noqa: PLR2004 - one bar is one gap
        return int(missing.size)
    steps = np.diff(missing)
    return 1 + int(np.sum(steps != steps.min()))


def _feed_facts(feed: Feed, assumed_funding: int) -> dict[str, Any]:
    return {
        "bars": int(feed.bars.ts_open.size),
        "first_open": iso(int(feed.bars.ts_open[0])),
        "last_close": iso(int(feed.bars.ts_close[-1])),
        "missing_bars": len(feed.missing),
        "missing": [iso(ts) for ts in feed.missing],
        "gaps": _gaps(feed),
        "filled_bars": feed.filled,
        "source": feed.source,
        "fingerprint": feed.fingerprint,
        "funding_assumed": assumed_funding,
        "mark": "last" if feed.mark is None else "recorded",
        "marks_missing": int(missing_marks(feed).size) if feed.mark is not None else 0,
        "instrument": feed.instrument.as_dict(),
    }
