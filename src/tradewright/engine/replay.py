"""Make the state of a replay: a flat account, empty books, and logs with room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.instrument import Instrument
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec
from tradewright.domain.tape import TapeSpec
from tradewright.execution.venue_terms import fee_rows, venue_terms
from tradewright.kernels.book import FAR
from tradewright.kernels.params import TEAM, Rules
from tradewright.kernels.records import (
    ACCOUNT,
    COMMAND,
    DAYS_KEPT,
    FILL,
    FUNDING,
    ORDER,
    PAYMENT,
    POSITION,
    RESULTS_KEPT,
    SIGNAL,
    Market,
    World,
)
from tradewright.kernels.replay_records import (
    BOOK,
    CLOCK,
    LATENCY,
    REPORT,
    REQUEST,
    SAMPLE,
    TICKET,
    Book,
    Replay,
    Surroundings,
)
from tradewright.market.tape import Tape
from tradewright.risk.policy import rules_for

__all__ = ["Terms", "funding_rows", "make_replay", "new_replay", "the_present"]

_NS_PER_MS = 1_000_000
_ORDERS = 32
# What a replay never looks at is no array: each one more is carried through every call, and compiled into it.
_UNUSED: Any = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a tape is traded.

    Args:
        instrument: its steps, minimums, fees and tiers hold.
        costs: fees, and what a taker pays where no book is known.
        risk: leverage, margin mode and the limits of the account; what it says of signals has no meaning here.
        funding: times (UTC ns, ascending) and rates; None: none is paid.
    """

    instrument: Instrument
    costs: CostSpec
    risk: RiskSpec
    funding: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None


def make_replay(tape: Tape, terms: Terms, spec: TapeSpec, latencies: NDArray[np.void], room: int) -> Replay:
    """The begin of a replay; `room` is the length of its logs."""
    specs, tiers = venue_terms([terms.instrument], terms.costs, terms.risk)
    market = the_present(specs, tiers, fee_rows(terms.costs), funding_rows(terms.funding, tape))
    return new_replay(tape, market, rules_for(terms.risk, FillSpec(), LimitSpec(), spec.seed), spec, latencies, room)


def new_replay(
    tape: Tape, market: Market, rules: Rules, spec: TapeSpec, latencies: NDArray[np.void], room: int
) -> Replay:
    """As `make_replay`, for a market and rules that are there already."""
    clock = np.zeros(1, CLOCK)
    first, last = (int(tape.events["ts_exchange"][tape.by_exchange[row]]) for row in (0, -1))
    clock["next_arrival"], clock["next_sample"], clock["venue_now"] = FAR, first, first - 1
    clock["next_funding"] = market.funding["ts"][0] if market.funding.size else FAR
    clock["now"] = min(first, int(tape.events["ts_local"].min()))
    sample = int(spec.sample_ms * _NS_PER_MS)
    return Replay(
        world=_world(spec.balance, room, market.funding.size),
        market=market,
        rules=rules,
        tape=_plain(tape.events),
        by_exchange=_plain(tape.by_exchange),
        book=_book(tape),
        seen=_book(tape),
        tickets=np.zeros(room, TICKET),
        requests=np.zeros(2 * room, REQUEST),
        pending=np.zeros(room, np.int64),
        reports=np.zeros(4 * room, REPORT),
        samples=np.zeros((last - first) // sample + 1, SAMPLE),
        latencies=_plain(latencies) if latencies.size else np.zeros(1, LATENCY),
        clock=clock,
        around=_surroundings(spec, sample),
    )


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    # Kernels are compiled for one layout: a view in steps, or one that is only read, would compile them all again.
    return np.require(array, requirements=["C", "W"])


def _surroundings(spec: TapeSpec, sample: int) -> Surroundings:
    return Surroundings(
        queue=int(spec.queue),
        power=float(spec.power),
        latency=int(spec.latency),
        entry=int(spec.entry_ms * _NS_PER_MS),
        response=int(spec.response_ms * _NS_PER_MS),
        sigma=float(spec.sigma),
        refusal=float(spec.refusal),
        seed=int(spec.seed),
        impact=spec.impact,
        large_share=float(spec.large_share),
        self_trade=int(spec.self_trade),
        sample=sample,
    )


def _book(tape: Tape) -> Book:
    top = np.zeros(1, BOOK)
    top["base"], top["best_ask"], top["bid_floor"] = tape.low, FAR, FAR
    width = tape.high - tape.low + 1
    return Book(np.zeros(width, np.int64), np.zeros(width, np.int64), top)


def _world(balance: float, room: int, payments: int) -> World:
    account = np.zeros(1, ACCOUNT)
    account["wallet"], account["next_order_id"] = balance, 1
    return World(
        account=account,
        positions=np.zeros(1, POSITION),
        orders=np.zeros((1, _ORDERS), ORDER),
        fills=np.zeros(room, FILL),
        closed=np.zeros(room, ORDER),
        payments=np.zeros(payments, PAYMENT),
        refusals=_UNUSED,
        equity=np.zeros(1),
        kept_account=_UNUSED,
        kept_positions=_UNUSED,
        kept_orders=_UNUSED,
        turnover=np.zeros(DAYS_KEPT),
        kept_turnover=_UNUSED,
        shares=np.zeros((0, 1)),
        results=np.zeros((1, RESULTS_KEPT)),
    )


def funding_rows(rates: tuple[NDArray[np.int64], NDArray[np.float64]] | None, tape: Tape) -> NDArray[np.void]:
    """FUNDING rows of the times that lie within a tape, after its first event."""
    first, last = (int(tape.events["ts_exchange"][tape.by_exchange[row]]) for row in (0, -1))
    ts, rate = rates or (np.zeros(0, np.int64), np.zeros(0))
    inside = (ts > first) & (ts <= last)
    rows = np.zeros(int(inside.sum()), FUNDING)
    rows["ts"], rows["rate"], rows["at_open"] = ts[inside], rate[inside], True
    return rows


def the_present(
    specs: NDArray[np.void], tiers: NDArray[np.float64], fees: NDArray[np.float64], funding: NDArray[np.void]
) -> Market:
    """A market of one bar, the present moment, with the columns by which fills are settled and margin is judged."""
    columns: dict[str, Any] = dict.fromkeys(Market._fields, _UNUSED)
    columns |= {name: np.zeros(1, np.int64) for name in ("ts_open", "ts_close")}
    columns |= {name: np.zeros((1, 1), np.int64) for name in ("open", "close", "mark_open", "volume")}
    columns |= {
        "impact": np.zeros((1, 1)),
        "spread": np.zeros((1, 1)),
        "commands": np.zeros(1, COMMAND),
        "signals": np.zeros(0, SIGNAL),
    }
    columns["funding"] = funding
    return Market(**columns | {"specs": specs, "tiers": tiers, "fees": fees, "team": np.zeros(0, TEAM)})
