"""Make the state of a replay: a flat account, empty books, and logs with room."""

from __future__ import annotations

from collections.abc import Sequence
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
    TICKER,
    TICKET,
    Book,
    Replay,
    Surroundings,
)
from tradewright.market.tape import Tape
from tradewright.risk.policy import rules_for

__all__ = ["Terms", "funding_rows", "in_time_order", "make_replay", "new_replay", "the_present"]

_NS_PER_MS = 1_000_000
_NS_PER_S = 1_000_000_000
_ORDERS = 32
# What a replay never looks at is no array: each one more is carried through every call, and compiled into it.
_UNUSED: Any = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an instrument of a tape is traded.

    Args:
        instrument: its steps, minimums, fees and tiers hold.
        costs: fees, and what a taker pays where no book is known.
        risk: leverage and margin mode of the instrument, and the limits of the account; what has no effect on a tape
            must be as it is by default.
        funding: times (UTC ns, ascending) and rates; None: none is paid.
    """

    instrument: Instrument
    costs: CostSpec
    risk: RiskSpec
    funding: tuple[NDArray[np.int64], NDArray[np.float64]] | None = None


def make_replay(tape: Tape, terms: Sequence[Terms], spec: TapeSpec, latencies: NDArray[np.void], room: int) -> Replay:
    """The begin of a replay; `room` is the length of its logs.

    Args:
        tape: what is replayed.
        terms: of each instrument; what is the account's own, its limits and its tiers of fees, is read in the first.
        spec: what is assumed.
        latencies: LATENCY, recorded.
        room: of the logs.
    """
    specs, tiers = _venue_terms(terms)
    funding = in_time_order([funding_rows(own.funding, tape, row) for row, own in enumerate(terms)])
    market = the_present(specs, tiers, fee_rows(terms[0].costs), funding)
    rules = rules_for(terms[0].risk, FillSpec(), LimitSpec(), spec.seed)
    return new_replay(tape, market, rules, spec, latencies, room)


def _venue_terms(terms: Sequence[Terms]) -> tuple[NDArray[np.void], NDArray[np.float64]]:
    tables = [venue_terms([own.instrument], own.costs, own.risk) for own in terms]
    start = 0
    for specs, tiers in tables:
        specs["tier_start"] += start
        specs["tier_stop"] += start
        start += len(tiers)
    return np.concatenate([specs for specs, _ in tables]), np.concatenate([tiers for _, tiers in tables])


def new_replay(
    tape: Tape, market: Market, rules: Rules, spec: TapeSpec, latencies: NDArray[np.void], room: int
) -> Replay:
    """As `make_replay`, for a market and rules that are there already."""
    clock = np.zeros(1, CLOCK)
    first, last = tape.span
    rows = len(tape.windows)
    clock["next_arrival"], clock["next_sample"], clock["venue_now"] = FAR, first, first - 1
    clock["next_expiry"] = FAR
    clock["next_funding"] = market.funding["ts"][0] if market.funding.size else FAR
    clock["now"] = min(first, int(tape.events["ts_local"].min()))
    sample = int(spec.sample_ms * _NS_PER_MS)
    tickers = np.zeros(rows, TICKER)
    tickers["ends"] = _ends(tape)
    return Replay(
        world=_world(rows, spec.balance, room, market.funding.size),
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
        samples=np.zeros(rows * ((last - first) // sample + 1), SAMPLE),
        latencies=_plain(latencies) if latencies.size else np.zeros(1, LATENCY),
        tickers=tickers,
        clock=clock,
        around=_surroundings(spec, sample),
    )


def _ends(tape: Tape) -> NDArray[np.int64]:
    # What is the last of all ends with the tape: until then nothing says that its book stands still.
    ends = np.zeros(len(tape.windows), np.int64)
    np.maximum.at(ends, tape.events["instrument"], tape.events["ts_exchange"])
    return np.where(ends < tape.span[1], ends, FAR)


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
        soonest_date=int(spec.gtd_least_s * _NS_PER_S),
    )


def _book(tape: Tape) -> Book:
    top = np.zeros(len(tape.windows), BOOK)
    top["best_ask"], top["bid_floor"] = FAR, FAR
    width = 0
    for own, window in zip(top, tape.windows, strict=True):
        own["low"], own["high"], own["base"] = window.low, window.high, window.low - width
        width += window.high - window.low + 1
    return Book(np.zeros(width, np.int64), np.zeros(width, np.int64), top)


def _world(rows: int, balance: float, room: int, payments: int) -> World:
    account = np.zeros(1, ACCOUNT)
    account["wallet"], account["next_order_id"] = balance, 1
    return World(
        account=account,
        positions=np.zeros(rows, POSITION),
        orders=np.zeros((rows, _ORDERS), ORDER),
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


def funding_rows(
    rates: tuple[NDArray[np.int64], NDArray[np.float64]] | None, tape: Tape, k: int = 0
) -> NDArray[np.void]:
    """FUNDING rows of an instrument, of the times that lie within a tape, after its first event."""
    first, last = tape.span
    ts, rate = rates or (np.zeros(0, np.int64), np.zeros(0))
    inside = (ts > first) & (ts <= last)
    rows = np.zeros(int(inside.sum()), FUNDING)
    rows["ts"], rows["rate"], rows["at_open"], rows["instrument"] = ts[inside], rate[inside], True, k
    return rows


def in_time_order(schedules: Sequence[NDArray[np.void]]) -> NDArray[np.void]:
    """FUNDING rows of several instruments as one schedule; at one time in the order of the instruments."""
    rows = np.concatenate(schedules)
    return rows[np.lexsort((rows["instrument"], rows["ts"]))]


def the_present(
    specs: NDArray[np.void], tiers: NDArray[np.float64], fees: NDArray[np.float64], funding: NDArray[np.void]
) -> Market:
    """A market of one bar, the present moment, with the columns by which fills are settled and margin is judged."""
    shape = (specs.size, 1)
    columns: dict[str, Any] = dict.fromkeys(Market._fields, _UNUSED)
    columns |= {name: np.zeros(1, np.int64) for name in ("ts_open", "ts_close")}
    columns |= {name: np.zeros(shape, np.int64) for name in ("open", "close", "mark_open", "volume")}
    columns |= {
        "impact": np.zeros(shape),
        "spread": np.zeros(shape),
        "commands": np.zeros(1, COMMAND),
        "signals": np.zeros(0, SIGNAL),
    }
    columns["funding"] = funding
    return Market(**columns | {"specs": specs, "tiers": tiers, "fees": fees, "team": np.zeros(0, TEAM)})
