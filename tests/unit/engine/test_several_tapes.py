"""Several instruments on one tape and one account: each trades by itself, and all stand behind each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Code, OrderRole, OrderStatus, QueueModel, TimeInForce
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument, MarginTier
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.domain.tape import TapeSpec
from tradewright.engine.replay import Terms
from tradewright.engine.tape_run import TapeOutcome, run_tape
from tradewright.kernels.compiling import kernel
from tradewright.kernels.door import (
    best_ask,
    best_bid,
    buy,
    elapse,
    held,
    last_trade,
    next_message,
    sell,
    shown_lots,
)
from tradewright.kernels.replay_records import Replay
from tradewright.market.tape import Tape, join_tapes
from tradewright.testing.tapes import MS, a_depth, a_tape, a_trade, of, symbol

GTC = TimeInForce.GTC.value
TIERS = (MarginTier(0.0, 0.05, 50.0),)
A, B = (
    Instrument(
        symbol(k),
        "binance",
        tick_size="1",
        lot_size="1",
        min_notional=0.0,
        maker_fee=0.0,
        taker_fee=0.0,
        liquidation_fee=0.0,
        tiers=TIERS,
    )
    for k in range(2)
)
DEALS = replace(A, taker_fee=0.001), replace(B, taker_fee=0.002)
ALONE = TapeSpec(balance=100.0, queue=QueueModel.TOUCH, entry_ms=0.0, response_ms=0.0)
FREE = CostSpec(slippage_bps=0.0, spread_bps=0.0)
TEN = RiskSpec(leverage=10.0, max_exposure=50.0)
FIRST = a_tape(a_depth(0, {99: 5}, {101: 5}), *[a_trade(ms, 100, 1) for ms in range(1_000, 4_000, 500)])
SECOND = a_tape(a_depth(0, {49: 9}, {50: 9}), *[a_trade(ms, 50, 2) for ms in range(700, 4_400, 400)])

Act = tuple[float, int, int, int]


def acting(*acts: Act) -> Callable[[Replay], None]:
    """A strategy that takes at set times: (ms, side, lots, row of the instrument)."""

    def strategy(replay: Replay) -> None:
        for ms, side, lots, k in acts:
            elapse(replay, round(ms * MS) - int(replay.clock[0]["now"]))
            (buy if side > 0 else sell)(replay, 0, lots, GTC, k)

    return strategy


def joined(first: Tape, second: Tape) -> Tape:
    """Both, side by side."""
    return join_tapes({A.symbol: first, B.symbol: second})


def fields(log: Any, k: int, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of the rows of one instrument."""
    return [tuple(row[name].item() for name in names) for row in log if row["instrument"] == k]


def fills_of(done: TapeOutcome, k: int) -> list[tuple[Any, ...]]:
    """What was filled of an instrument: where the row stands in the tape and among the orders does not count."""
    names = ("ts", "side", "lots", "ticks", "liquidity", "closed_lots", "fee", "slippage", "realised")
    return fields(done.fills, k, *names)


IN_FIRST: Sequence[Act] = ((10, 1, 2, 0), (2_010, -1, 2, 0))
IN_SECOND: Sequence[Act] = ((800, -1, 7, 1), (3_000, 1, 4, 1))


def test_an_idle_instrument_changes_nothing_of_the_other() -> None:
    """The same fills, answers and totals as on its own tape; the second has traded nothing."""
    alone = run_tape(acting(*IN_FIRST), FIRST, DEALS[0])
    both = run_tape(acting(*IN_FIRST), joined(FIRST, SECOND), DEALS)
    assert fills_of(alone, 0) == fills_of(both, 0)
    assert alone.reports.tolist() == both.reports.tolist()
    assert alone.totals == both.totals
    assert (alone.profits[0], 0.0) == both.profits


def test_two_instruments_with_money_enough_are_two_runs() -> None:
    """Each fills as it would alone, and the wallet holds what both brought in."""
    spec = TapeSpec(balance=1e6)
    one = run_tape(acting(*IN_FIRST), FIRST, DEALS[0], spec)
    other = run_tape(acting(*[(ms, side, lots, 0) for ms, side, lots, _ in IN_SECOND]), SECOND, DEALS[1], spec)
    both = run_tape(acting(*sorted([*IN_FIRST, *IN_SECOND])), joined(FIRST, SECOND), DEALS, spec)
    assert (fills_of(one, 0), fills_of(other, 0)) == (fills_of(both, 0), fills_of(both, 1))
    assert both.fills.size == 4
    assert one.totals["wallet"] + other.totals["wallet"] - 1e6 == pytest.approx(both.totals["wallet"], abs=1e-8)
    assert both.profits == pytest.approx((one.profit, other.profit))
    assert sum(both.profits) == pytest.approx(both.profit)
    assert (A.symbol, B.symbol) == both.symbols
    assert [0, -3] == [int(row["lots"]) for row in both.samples[-2:]]


def test_share_of_what_rested_counts_value_not_lots() -> None:
    """Two lots at 101 take, 202 of value; ninety at 49 rest, 4,410: 4,410 of 4,612."""

    def strategy(replay: Replay) -> None:
        elapse(replay, 10 * MS)
        buy(replay, 0, 2, GTC, 0)
        buy(replay, 49, 90, GTC, 1)

    second = a_tape(a_depth(0, {49: 9}, {50: 9}), a_trade(900, 49, 90, -1), a_trade(4_000, 50, 1))
    done = run_tape(strategy, joined(FIRST, second), DEALS, replace(ALONE, balance=10_000.0))

    assert [202.0, 4_410.0] == done.volumes.tolist()
    assert (pytest.approx(4_410 / 4_612), 0.0, 1.0) == (
        done.maker_share,
        done.maker_share_of(0),
        done.maker_share_of(1),
    )


def test_an_instrument_that_ends_before_the_others_says_so_where_it_matters() -> None:
    """FIRST ends at 3.5 s, SECOND at 4.3 s. An order for the first at 4 s does not fill, and what is held is told."""
    tape = joined(FIRST, SECOND)
    late = run_tape(acting((10, 1, 2, 0), (4_000, -1, 2, 0)), tape, DEALS)
    early = run_tape(acting(*IN_FIRST), tape, DEALS)

    assert [101] == late.fills["ticks"].tolist()
    assert [(OrderStatus.PENDING, 2)] == late.open_orders[["status", "lots"]].tolist()
    said = f"the recording of {A.symbol} ends 0.800 s before the last"
    assert late.assumptions[-2:] == (
        f"{said}: 1 orders of it came after that, and could not fill",
        f"{said}: what is held of it stands at its last mark",
    )
    assert not [note for note in early.assumptions if said in note]


def falling(*prices: int) -> Tape:
    """Of the first, trades at 100 at 0 and 10 ms, then one every 10 ms at these prices; of the second all at 100."""
    later = [a_trade(20 + 10 * number, price, 10) for number, price in enumerate(prices)]
    flat = [of(1, a_trade(ms, 100, 10)) for ms in (0, 10, 100)]
    return a_tape(a_trade(0, 100, 10), a_trade(10, 100, 10), *later, *flat)


LONG_BOTH: Sequence[Act] = ((2, 1, 5, 0), (2, 1, 4, 1))


def forced(done: TapeOutcome) -> list[tuple[int, int, int, int]]:
    """Liquidations: ms, row, signed lots, price."""
    rows = [row for row in done.fills if row["role"] == OrderRole.LIQUIDATION]
    return [
        (int(row["ts"]) // MS, int(row["instrument"]), int(row["side"] * row["lots"]), int(row["ticks"]))
        for row in rows
    ]


@pytest.mark.rule("M-7", "M-9")
def test_what_else_is_held_brings_a_liquidation_nearer() -> None:
    """A wallet of 100, 5 long at 100 and maintenance of 5 %.

    Alone: 100 + 5 (p - 100) = 0.25 p at 84.2, so 89 does no harm. With 4 of another at 100, which ask for 20:
    100 + 5 (p - 100) = 0.25 p + 20 at 88.4, so it is closed at 89. 45 are left, enough for the other's 20.
    """
    terms = [Terms(own, FREE, TEN) for own in (A, B)]
    tape = falling(90, 89, 89)
    assert [] == forced(run_tape(acting(LONG_BOTH[0]), tape, terms, ALONE))
    done = run_tape(acting(*LONG_BOTH), tape, terms, ALONE)
    assert [(30, 0, -5, 89)] == forced(done)
    assert (45.0, [0, 4]) == (done.totals["wallet"], [int(row["lots"]) for row in done.samples[-2:]])


@pytest.mark.rule("M-9")
def test_one_liquidation_pulls_the_other_with_it() -> None:
    """At 80 the first has lost all 100: the second falls at the same time, at its own mark."""
    terms = [Terms(own, FREE, TEN) for own in (A, B)]
    done = run_tape(acting(*LONG_BOTH), falling(80), terms, ALONE)
    assert [(20, 0, -5, 80), (20, 1, -4, 100)] == forced(done)
    assert (0.0, 2.0) == (done.totals["wallet"], done.totals["n_liquidations"])
    last = [tuple(row[name].item() for name in ("instrument", "ref", "position")) for row in done.reports[-2:]]
    assert [(0, -1, 0), (1, -1, 0)] == last


def test_isolated_margin_stands_for_itself() -> None:
    """Isolated, with its 50 and maintenance of 5 %, the first falls at 95 already; the second does not feel it."""
    risk = replace(TEN, margin_mode="isolated")
    done = run_tape(acting(*LONG_BOTH), falling(96, 95), [Terms(A, FREE, risk), Terms(B, FREE, TEN)], ALONE)
    # 50 + 5 (p - 100) = 0.25 p at 94.7.
    assert [(30, 0, -5, 95)] == forced(done)
    assert 75.0 == done.totals["wallet"]


@pytest.mark.rule("M-5")
def test_the_gate_counts_what_all_instruments_have_lost() -> None:
    """At 92 equity is 60, of which the first asks for 46: 40 for the second are refused, 10 are not."""
    terms = [Terms(own, FREE, TEN) for own in (A, B)]
    done = run_tape(acting((2, 1, 5, 0), (25, 1, 4, 1), (25, 1, 1, 1)), falling(92), terms, ALONE)
    names = ("ref", "status", "code")
    assert [(1, OrderStatus.REJECTED, Code.MARGIN_INSUFFICIENT), (2, OrderStatus.OPEN, Code.OK)] == fields(
        done.reports, 1, *names
    )[:2]


@pytest.mark.rule("C-4")
def test_funding_comes_by_each_schedule_of_its_own() -> None:
    """The first pays 1 % of 5 x 100 at 15 and 45 ms, the second receives 2 % of 4 x 100 at 30 and 45 ms."""

    def paid(ms: Sequence[float], rate: float) -> Any:
        return np.array([round(one * MS) for one in ms], np.int64), np.full(len(ms), rate)

    terms = [Terms(A, FREE, TEN, paid((15, 45), 0.01)), Terms(B, FREE, TEN, paid((30, 45), -0.02))]
    done = run_tape(acting(*LONG_BOTH), falling(100), terms, ALONE)
    told = [(int(row["ts"]) // MS, int(row["instrument"]), float(row["amount"])) for row in done.payments]
    assert [(15, 0, -5.0), (30, 1, 8.0), (45, 0, -5.0), (45, 1, 8.0)] == told
    assert (106.0, (-10.0, 16.0)) == (done.totals["wallet"], done.profits)


def both_trades() -> Tape:
    """Trades of both in turns; the second's are told later."""
    tapes = [a_tape(*[a_trade(ms, 100 + ms, 3) for ms in range(k, 60, 3)]) for k in range(2)]
    tapes[1].events["ts_local"] += 4 * MS
    return joined(*tapes)


def test_nothing_is_seen_before_it_is_told() -> None:
    """At each message the last trade of each instrument is the last that has been received, and no later one."""
    tape = both_trades()
    seen: list[tuple[int, int, int]] = []

    def watching(replay: Replay) -> None:
        while next_message(replay, 10**12):
            seen.append((int(replay.clock[0]["now"]), last_trade(replay), last_trade(replay, 1)))

    run_tape(watching, tape, (A, B), ALONE)
    assert len(seen) >= tape.events.size - 1
    for now, *prices in seen:
        for k, price in enumerate(prices):
            told = tape.events[(tape.events["instrument"] == k) & (tape.events["ts_local"] <= now)]
            assert price == (told["ticks"][-1] if told.size else 0)


@pytest.mark.rule("T-1")
def test_what_comes_later_changes_nothing_earlier() -> None:
    """Cut off at any time, both tapes give the same fills and answers up to it."""

    def chasing(replay: Replay) -> None:
        while elapse(replay, 2 * MS):
            lead = last_trade(replay, 1) - last_trade(replay)
            (buy if lead > 0 else sell)(replay, 0, 1, GTC, int(lead % 2))

    whole = both_trades()
    spec = replace(ALONE, balance=1e6)
    done = run_tape(chasing, whole, (A, B), spec)
    assert {0, 1} == set(done.fills["instrument"].tolist())
    for end in (20 * MS, 41 * MS):
        happened, known = whole.events["ts_exchange"] < end, whole.events["ts_local"]
        events = whole.events[happened]
        assert known[happened].max() >= end
        cut = whole._replace(events=events, by_exchange=np.argsort(events["ts_exchange"], kind="stable"))
        early = run_tape(chasing, cut, (A, B), spec)
        fills = done.fills[done.fills["ts"] < end]
        assert fills.size > 0
        assert fills.tolist() == early.fills[early.fills["ts"] < end].tolist()
        before = done.reports[done.reports["ts_exchange"] < end].tolist()
        assert before == early.reports[early.reports["ts_exchange"] < end].tolist()


def pair(replay):  # type: ignore[no-untyped-def]  # the compiler finds the types
    """Buys the one and sells the other while the one is behind."""
    while elapse(replay, 300 * MS):
        gap = best_bid(replay, 0) - 2 * best_ask(replay, 1)
        if gap < 0 and held(replay, 0) < 3 and shown_lots(replay, 1, best_bid(replay, 1), 1) > 0:
            buy(replay, best_ask(replay), 1, GTC)
            sell(replay, best_bid(replay, 1), 2, GTC, 1)


def test_a_compiled_strategy_does_the_same() -> None:
    """On books of two instruments: fills and reports to the last bit."""
    tape = joined(FIRST, SECOND)
    plain, compiled = (run_tape(one, tape, DEALS, TapeSpec(balance=1e4)) for one in (pair, kernel(pair)))
    assert {0, 1} == set(plain.fills["instrument"].tolist())
    assert plain.fills.tobytes() == compiled.fills.tobytes()
    assert plain.reports.tobytes() == compiled.reports.tobytes()


def test_a_row_that_is_not_there_has_no_prices_and_takes_no_orders() -> None:
    """Neither behind the last instrument nor before the first."""

    def asking(replay: Replay) -> None:
        elapse(replay, 10 * MS)
        for k in (2, -1):
            assert (0, 0, 0, 0, 0) == (
                best_bid(replay, k),
                best_ask(replay, k),
                held(replay, k),
                last_trade(replay, k),
                shown_lots(replay, 1, 99, k),
            )
            assert -1 == buy(replay, 0, 1, GTC, k)

    assert run_tape(asking, joined(FIRST, SECOND), (A, B)).reports.size == 0


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ((A,), f"terms.*{A.symbol}, {B.symbol}"),
        ((B, A), f"terms.*{A.symbol}, {B.symbol}"),
        ((A, replace(B, symbol="B/ETH:ETH")), "terms"),
        ((Terms(A, CostSpec(), TEN), B), f"risk of {B.symbol}.*of the account"),
        ((A, Terms(B, CostSpec(slippage="square_root"), RiskSpec())), "slippage.*volume_share"),
        ((A, Terms(B, CostSpec(fee_discount=0.1), RiskSpec())), f"fee_discount of {B.symbol}"),
    ],
)
def test_terms_that_do_not_suit_are_refused(terms: Sequence[Any], said: str) -> None:
    """One for each instrument, in the order of the tape; what is of the account is said alike."""
    with pytest.raises(InvalidValue, match=said):
        run_tape(acting(), joined(FIRST, SECOND), terms)


def test_one_wallet_has_one_currency() -> None:
    """Profit in ETH is no money in USDT."""
    other = replace(B, symbol="B/ETH:ETH")
    with pytest.raises(InvalidValue, match=r"instrument.*B/ETH:ETH.*a market in USDT"):
        run_tape(acting(), join_tapes({A.symbol: FIRST, other.symbol: SECOND}), (A, other))
