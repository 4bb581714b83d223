"""What a finished run hands over: its logs in one bundle, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import TriggerBy
from tradewright.domain.times import iso
from tradewright.engine.backtest import Run
from tradewright.engine.feed import Feed
from tradewright.engine.fingerprints import data_fingerprint, outcome_fingerprint
from tradewright.engine.marks import missing_marks
from tradewright.engine.spreads import missing_spreads
from tradewright.kernels.records import World
from tradewright.portfolio.run_log import RunLog, TeamLog
from tradewright.portfolio.summary import Provenance

__all__ = ["log_of", "origin_of"]


def log_of(run: Run, ambiguity_spread: float = 0.0) -> RunLog:
    """Bundle a run's logs with the market they speak of; the spread is that of `engine.ambiguity`."""
    account = run.world.account[0]
    return RunLog(
        instruments=tuple(feed.instrument for feed in run.feeds),
        bars=tuple(feed.bars for feed in run.feeds),
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
        marks=(run.market.mark_close, run.market.mark_low, run.market.mark_high),
        drilled_bars=int(account["n_drilled"]),
        undrilled_bars=sum(part.without + part.differing for part in run.drilled),
        commands=run.market.commands,
        parents=run.wishes.parents,
        tag_text=run.wishes.tag_text,
        team=_team(run),
    )


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
    # Several members on one instrument read the same bars.
    pairs = zip(run.feeds, run.assumed_funding, strict=True)
    feeds = list({feed.instrument.symbol: (feed, assumed) for feed, assumed in pairs}.values())
    prints = {"code": code, "data": data_fingerprint(run.feeds, run.drilled), "outcome": outcome_fingerprint(run.world)}
    return Provenance(
        id=result_id,
        created_at=created_at,
        spec=run.spec,
        fingerprints=prints,
        data={
            "instruments": {feed.instrument.symbol: _feed_facts(feed, assumed) for feed, assumed in feeds},
            "funding_paid": int(run.world.payments.size),
            "assumptions": _assumptions([feed for feed, _ in feeds])
            + _spread_assumptions(run)
            + _trigger_assumptions(run),
            **_drilling_facts(run),
        },
        missing_bars=sum(len(feed.missing) for feed, _ in feeds),
        gaps=sum(_gaps(feed) for feed, _ in feeds),
        assumed_funding=tuple(feed.instrument.symbol for feed, assumed in feeds if assumed),
        leak_passport=passport,
    )


def _assumptions(feeds: Sequence[Feed]) -> list[str]:
    words = []
    for feed in feeds:
        if not feed.instrument.is_perpetual:
            continue
        missing, symbol = missing_marks(feed).size, feed.instrument.symbol
        if feed.mark is None:
            words.append(f"mark price of {symbol}: the last price, for no marks of these bars were used")
        elif missing:
            words.append(f"mark price of {symbol}: the last price in {missing:,} bars that have no mark of their own")
    return words


def _spread_assumptions(run: Run) -> list[str]:
    # Where none is recorded at all, the costs of the run say what was assumed.
    pairs = zip(run.feeds, run.market.specs, strict=True)
    known = {feed.instrument.symbol: missing_spreads(feed).size for feed, spec in pairs if spec["has_spread"]}
    return [
        f"spread of {symbol}: the recorded one at each bar's open" + (f"; assumed in {lost:,} bars" if lost else "")
        for symbol, lost in known.items()
    ]


def _trigger_assumptions(run: Run) -> list[str]:
    asked = run.spec.risk.trigger_by == "mark" or bool((run.wishes.rows["trigger_by"] == 1 + TriggerBy.MARK).any())
    asked = asked or bool((run.wishes.commands["trigger_by"] == TriggerBy.MARK).any())
    alone = dict.fromkeys(feed.instrument.symbol for feed in run.feeds if feed.mark is None)
    return [f"triggers on the mark of {symbol}: they watch the last price" for symbol in alone if asked]


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
