"""A session beside the backtest over its bars, told alike wherever its orders were matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tradewright.services.live.drift import Executed, VenueDrift, venue_drift
from tradewright.services.live.session import LiveSession
from tradewright.services.paper.drift import Drift, drift_of
from tradewright.services.session_facts import session_of
from tradewright.strategy.registry import Registry

__all__ = ["Apart", "Beside", "beside_as_dict", "beside_of"]


@dataclass(frozen=True, slots=True)
class Apart:
    """An execution that is not the same in both.

    Args:
        ts: when, UTC ns.
        instrument: symbol.
        side: +1 bought, -1 sold.
        ours: price of the session, quote per base; None where it has none.
        expected: price of the backtest; None where it has none.
        why: in words.
    """

    ts: int
    instrument: str
    side: int
    ours: float | None
    expected: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What sets a session and its backtest apart.

    Args:
        score: executions that both have, as a share of all; 1 where there are none.
        equity: the session's at its end less the backtest's, quote.
        ours: executions of the session.
        expected: executions of the backtest.
        worse_bps: by how much our prices were worse, basis points; None where both are matched here.
        apart: what is not the same, in order of time.
    """

    score: float
    equity: float
    ours: int
    expected: int
    worse_bps: float | None
    apart: tuple[Apart, ...]


def beside_of(name: str, records: Sequence[Mapping[str, Any]], strategies: Registry) -> Beside | None:
    """Play a session again, run the backtest over its bars, and set the two beside each other; None before a step.

    Args:
        name: of the session.
        records: of its journal.
        strategies: that are known.

    Raises:
        DataError: the records are not those of a session.
        StrategyError: the strategy fails.
        UnknownName: its strategy is not there any more.
    """
    known = session_of(name, records, strategies)
    if isinstance(known, LiveSession):
        at_venue = venue_drift(known, strategies)
        return None if at_venue is None else _at_venue(at_venue)
    here = drift_of(known, strategies)
    return None if here is None else _here(here)


def beside_as_dict(found: Beside | None, most: int) -> dict[str, Any]:
    """Plain data for JSON, with the newest differences first.

    Args:
        found: what sets the two apart; None where nothing has been played.
        most: differences that are named; all are counted.
    """
    if found is None:
        return {"played": False}
    figures = {name: getattr(found, name) for name in ("score", "equity", "ours", "expected", "worse_bps")}
    newest = [asdict(one) for one in reversed(found.apart[-most:])]
    return {"played": True, **figures, "differences": len(found.apart), "apart": newest}


def _here(drift: Drift) -> Beside:
    rows = tuple(
        Apart(one.ts, one.symbol, one.side, one.price if one.is_ours else None, None if one.is_ours else one.price,
              one.why)
        for one in drift.differences
    )  # fmt: skip
    return Beside(drift.score, drift.equity, drift.fills, drift.expected, None, rows)


def _at_venue(drift: VenueDrift) -> Beside:
    rows = []
    for one in drift.orders:
        known = one.ours or one.expected
        if known is not None and (one.why or one.worse_bps):
            ours, expected = _price(one.ours), _price(one.expected)
            rows.append(Apart(known.ts, one.instrument, known.side, ours, expected, one.why))
    counts = sum(one.ours is not None for one in drift.orders), sum(one.expected is not None for one in drift.orders)
    return Beside(drift.score, drift.equity, *counts, drift.worse_bps, tuple(rows))


def _price(one: Executed | None) -> float | None:
    return None if one is None else one.price
