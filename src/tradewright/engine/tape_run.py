"""Run a strategy on ticks and books: a compiled function that looks, waits and sends orders through `kernels.door`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code, LatencyModel, Liquidity, OrderStatus, QueueModel
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import Terms, make_replay
from tradewright.engine.tape_terms import check_terms
from tradewright.kernels.book import FAR
from tradewright.kernels.margin import open_profit, total_equity
from tradewright.kernels.queueing import has_queue
from tradewright.kernels.replay_records import LATENCY, Replay
from tradewright.kernels.replaying import run_on
from tradewright.market.tape import Tape

__all__ = ["TapeOutcome", "run_tape"]

_ROOM = 4_096
_MOST_ROOM = 1 << 26


@dataclass(frozen=True, slots=True)
class TapeOutcome:
    """What a replay left behind. `instrument` of a record is a row of the symbols.

    Args:
        symbols: of the instruments, in the order of their rows.
        payments: PAYMENT, of funding.
        fills: FILL; `step` is the row of the tape in the order in which it happened.
        orders: ORDER, in the order in which they closed; `signal` is the strategy's ref.
        open_orders: ORDER, those that are still open.
        reports: REPORT, what the venue told, and when it was known.
        samples: SAMPLE, the account's worth at fixed times, a row of each instrument at each; the last are the end.
        totals: the account's totals and counts, by name.
        profits: what each instrument brought in, and its open profit at the end, quote, in the order of the symbols.
        volumes: quote of each fill.
        assumptions: what was assumed or left out, in words.
    """

    symbols: tuple[str, ...]
    payments: NDArray[np.void]
    fills: NDArray[np.void]
    orders: NDArray[np.void]
    open_orders: NDArray[np.void]
    reports: NDArray[np.void]
    samples: NDArray[np.void]
    totals: dict[str, float]
    profits: tuple[float, ...]
    volumes: NDArray[np.float64]
    assumptions: tuple[str, ...]

    @property
    def refusals(self) -> dict[str, int]:
        """Requests that were refused, by the name of the reason, the most frequent first.

        What the venue, its filters or the account's limits objected to: new orders, changes and cancels. An order that
        was taken and ended is none of them.
        """
        told = self.reports
        ended = (OrderStatus.CANCELED.value, OrderStatus.FILLED.value)
        refused = (told["code"] != Code.OK) & ~np.isin(told["status"], ended)
        counts = Counter(Code(code).name.lower().replace("_", "-") for code in told["code"][refused].tolist())
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def profit(self) -> float:
        """Equity at the end less equity at the begin, quote."""
        return float(self.samples["equity"][-1] - self.samples["equity"][0])

    @property
    def drawdown(self) -> float:
        """Largest fall of equity from an earlier high between samples, quote, >= 0."""
        equity = self.samples["equity"]
        return float((np.maximum.accumulate(equity) - equity).max())

    @property
    def maker_share(self) -> float:
        """Share of the filled value that rested; 0 without fills."""
        return self.maker_share_of()

    def maker_share_of(self, k: int | None = None) -> float:
        """Share of the filled value of an instrument (None: of all) that rested; 0 without fills."""
        own = np.ones(self.fills.size, np.bool_) if k is None else self.fills["instrument"] == k
        whole = self.volumes[own].sum()
        return float(self.volumes[own & (self.fills["liquidity"] == Liquidity.MAKER)].sum() / whole) if whole else 0.0


def run_tape(
    strategy: Callable[..., object],
    tape: Tape,
    terms: Terms | Instrument | Sequence[Terms | Instrument],
    spec: TapeSpec | None = None,
    latencies: NDArray[np.void] | None = None,
) -> TapeOutcome:
    """Replay a tape for a strategy.

    Args:
        strategy: called with a `Replay`; it calls the functions of `kernels.door`. Compile it with `kernel`.
        tape: made by `market.tape.make_tape`, or of several instruments by `join_tapes`.
        terms: of trading, of several instruments in the order of the tape; an instrument alone is traded for its own
            fees, with the defaults of `RiskSpec`. All are traded on one account: its limits and its tiers of fees are
            the same in all terms.
        spec: assumptions; the careful defaults without.
        latencies: LATENCY by ascending `ts`, for the RECORDED model.

    Raises:
        InvalidValue: an assumption does not suit the tape, terms do not suit each other, or one asks for what a tape
            does not know (`engine.tape_terms`).
        DataError: recorded latencies are needed and absent, or out of order.
    """
    spec = spec or TapeSpec()
    each = _terms_of(terms)
    check_terms(tape, each)
    recorded = np.zeros(0, LATENCY) if latencies is None else latencies
    _check(tape, spec, recorded)
    room = _ROOM
    while True:
        replay = make_replay(tape, each, spec, recorded, room)
        strategy(replay)
        run_on(replay, FAR - 1, False)
        if replay.clock[0]["code"] != Code.NEED_ROOM:
            return _outcome(replay, tape, each)
        room *= 4
        if room > _MOST_ROOM:
            raise DataError(f"the strategy sent more than {_MOST_ROOM:,} requests; it would never end")


def _terms_of(terms: Terms | Instrument | Sequence[Terms | Instrument]) -> list[Terms]:
    given = [terms] if isinstance(terms, Terms | Instrument) else terms
    return [Terms(own, CostSpec(), RiskSpec()) if isinstance(own, Instrument) else own for own in given]


def _check(tape: Tape, spec: TapeSpec, latencies: NDArray[np.void]) -> None:
    if has_queue(int(spec.queue)) and not tape.has_book:
        allowed = "THROUGH or TOUCH for a tape of trades alone: without quotes or depth there is no queue to know"
        raise InvalidValue("queue", QueueModel(spec.queue).name, allowed)
    if spec.latency == LatencyModel.RECORDED and (not latencies.size or (np.diff(latencies["ts"]) < 0).any()):
        raise DataError("the latency model RECORDED needs recorded latencies, in ascending order of ts")


def _outcome(replay: Replay, tape: Tape, terms: Sequence[Terms]) -> TapeOutcome:
    account, clock, world = replay.world.account[0], replay.clock[0], replay.world
    samples = replay.samples[: clock["n_samples"]]
    rows = range(world.positions.size)
    end = np.zeros(len(rows), samples.dtype)
    end["ts"], end["instrument"], end["equity"] = clock["venue_now"], rows, total_equity(world, replay.market)
    end["lots"], end["mark_ticks"] = world.positions["lots"], world.positions["mark_ticks"]
    profits = [
        float(world.positions[k]["earned"]) + open_profit(world, replay.market, k, world.positions[k]["mark_ticks"])
        for k in rows
    ]
    fills = world.fills[: account["n_fills"]]
    names = ("wallet", "realised", "fees", "funding", "slippage", "insurance", "n_liquidations")
    totals = {name: float(account[name]) for name in names}
    totals |= {name: float(clock[name]) for name in ("n_large", "n_crossed")}
    return TapeOutcome(
        symbols=tuple(own.instrument.symbol for own in terms),
        payments=world.payments[: account["n_payments"]],
        fills=fills,
        orders=world.closed[: account["n_closed"]],
        open_orders=np.concatenate([world.orders[k, : world.positions[k]["n_orders"]] for k in rows]),
        reports=replay.reports[: clock["n_reports"]],
        samples=np.concatenate((samples, end)),
        totals=totals,
        profits=tuple(profits),
        volumes=fills["lots"] * replay.market.specs["tick_value"][fills["instrument"]] * fills["ticks"],
        assumptions=(*tape.assumptions, *_notes(replay, terms[0].risk), *_ended(replay, terms)),
    )


def _notes(replay: Replay, risk: RiskSpec) -> list[str]:
    clock, around = replay.clock[0], replay.around
    notes = [
        "the recorded market does not react to our orders",
        f"what is held and ordered is worth at most {risk.max_exposure:g} times equity (max_exposure): more is refused",
    ]
    rows = replay.market.funding
    if rows.size:
        notes.append(
            f"{rows.size} funding times lie within it, at rates from {rows['rate'].min():g} to {rows['rate'].max():g}"
        )
    if clock["n_large"]:
        notes.append(f"{clock['n_large']} orders asked for more than {around.large_share:.0%} of the best level")
    if clock["n_crossed"]:
        notes.append(f"{clock['n_crossed']} messages left the book crossed: the parts of the stream are not in step")
    return notes


def _ended(replay: Replay, terms: Sequence[Terms]) -> list[str]:
    notes = []
    last = int(replay.clock[0]["venue_now"])
    for own, ticker, position in zip(terms, replay.tickers, replay.world.positions, strict=True):
        early = (last - int(ticker["ends"])) / 1e9
        said = f"the recording of {own.instrument.symbol} ends {early:,.3f} s before the last"
        if ticker["n_late"]:
            notes.append(f"{said}: {ticker['n_late']} orders of it came after that, and could not fill")
        if ticker["ends"] < last and position["lots"]:
            notes.append(f"{said}: what is held of it stands at its last mark")
    return notes
