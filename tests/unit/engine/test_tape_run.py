"""A strategy on a tape, through the public call."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import Code, LatencyModel, QueueModel, TimeInForce
from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.domain.tape import TapeSpec
from tradewright.engine import tape_run, tape_terms
from tradewright.engine.replay import Terms
from tradewright.engine.tape_run import run_tape
from tradewright.kernels.door import buy, elapse, sell
from tradewright.kernels.replay_records import LATENCY, Replay
from tradewright.testing.tapes import MS, a_depth, a_tape, a_trade

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="1", lot_size="1", min_notional=0.0, taker_fee=0.001)
GTC = TimeInForce.GTC.value
TAPE = a_tape(a_depth(0, {99: 5}, {101: 5}), *[a_trade(ms, 100, 1) for ms in range(1_000, 4_000, 500)])


def idle(_: Replay) -> None:
    """Wants nothing."""


def round_trip(replay: Replay) -> None:
    """Buys two at once, sells them 2 s later."""
    elapse(replay, 10 * MS)
    buy(replay, 0, 2, GTC)
    elapse(replay, 2_000 * MS)
    sell(replay, 0, 2, GTC)


def test_round_trip_costs_spread_and_fees() -> None:
    """Two lots bought at 101 and sold at 99: 4 of spread, and a tenth of a percent of 400."""
    done = run_tape(round_trip, TAPE, BTC)
    assert [101, 99] == done.fills["ticks"].tolist()
    assert -4.4 == pytest.approx(done.profit)
    assert (4.4, 0.0, 0.4) == pytest.approx((done.drawdown, done.maker_share, done.totals["fees"]))
    assert (2, 0) == (done.orders.size, done.open_orders.size)
    assert [0, 2, 2, 0] == done.samples["lots"][[0, 1, 2, -1]].tolist()
    assert "2 orders asked for more than 10% of the best level" in done.assumptions


def test_idle_strategy_changes_nothing() -> None:
    """The account is sampled from the first event to the last, and stays as it was."""
    done = run_tape(idle, TAPE, BTC, TapeSpec(balance=50.0))
    assert {50.0} == set(done.samples["equity"].tolist())
    assert [0, 1_000, 2_000, 3_000, 3_500] == (done.samples["ts"] // MS).tolist()
    assert (0.0, 0.0, 0.0) == (done.profit, done.drawdown, done.maker_share)


def test_costs_stand_above_the_instrument() -> None:
    """A fee that the run names holds instead of the instrument's."""
    assert -4.0 == pytest.approx(run_tape(round_trip, TAPE, Terms(BTC, CostSpec(taker_fee=0.0), RiskSpec())).profit)


def test_logs_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strategy with more orders than the first logs hold is played again with more room, and loses nothing."""
    monkeypatch.setattr(tape_run, "_ROOM", 100)

    def busy(replay: Replay) -> None:
        while elapse(replay, 50 * MS):
            for side in (buy, sell):
                side(replay, 0, 1, GTC)

    done = run_tape(busy, TAPE, BTC, TapeSpec(balance=1e9))
    assert done.fills.size > 100
    assert {Code.OK.value} == set(done.reports["code"].tolist())


def test_slippage_that_a_tape_cannot_tell_is_refused() -> None:
    """The square-root law needs the days before the tape."""
    terms = Terms(BTC, CostSpec(slippage="square_root"), RiskSpec())
    with pytest.raises(InvalidValue, match="volume_share"):
        run_tape(idle, TAPE, terms)


@pytest.mark.parametrize(
    ("risk", "field", "said"),
    [
        ({"position_mode": "hedge"}, "position_mode", "hedge.*one_way.*nets"),
        ({"mark_price": "recorded"}, "mark_price", "recorded.*auto.*middle of the book"),
        ({"mark_price": "last"}, "mark_price", "last.*auto"),
        ({"trigger_by": "mark"}, "trigger_by", "mark.*last.*submit_by_mark"),
        ({"price_protect": 0.01}, "price_protect", r"0\.01.*0\.0"),
        ({"market_price": "book"}, "market_price", "book.*auto"),
        ({"self_trade": "none"}, "self_trade", r"none.*TapeSpec\.self_trade"),
        ({"sizing": "fixed_notional"}, "sizing", "no signals"),
        ({"size": 0.02}, "size", "no signals"),
        ({"min_reward_risk": 1.0}, "min_reward_risk", "no signals"),
        ({"require_stop": False}, "require_stop", "no signals"),
        ({"require_target": False}, "require_target", "no signals"),
        ({"on_opposite": "close"}, "on_opposite", "no signals"),
        ({"take_profit": "limit"}, "take_profit", "no signals"),
        ({"kelly_trades": 40}, "kelly_trades", "no signals"),
        ({"kelly_start": 0.02}, "kelly_start", "no signals"),
        ({"kelly_cap": 0.02}, "kelly_cap", "no signals"),
    ],
)
def test_what_a_tape_does_not_know_of_risk_is_refused_by_name(risk: dict[str, Any], field: str, said: str) -> None:
    """Nothing that is asked for is ignored: field, value, what is allowed, and why."""
    with pytest.raises(InvalidValue, match=f"^{field}.*{said}"):
        run_tape(idle, TAPE, Terms(BTC, CostSpec(), RiskSpec(**risk)))


def test_every_field_of_risk_and_costs_has_an_effect_or_is_refused() -> None:
    """A field that is new says which of the two: here is what has an effect, all others are refused by name."""
    risk = {"leverage", "margin_mode", "max_exposure", "max_positions", "max_position"}
    costs = {"maker_fee", "taker_fee", "fee_tiers", "fee_discount", "take_bound", "spread_bps", "funding_rate"}
    costs |= {"slippage", "slippage_bps", "slippage_ticks", "slippage_impact"}
    assert {field.name for field in fields(RiskSpec)} - risk == set(tape_terms.IDLE_OF_RISK)
    assert {field.name for field in fields(CostSpec)} - costs == set(tape_terms.IDLE_OF_COSTS)


@pytest.mark.rule("C-4")
@pytest.mark.parametrize(
    ("ts", "rates", "said"),
    [
        ([1, 2], [0.1], "funding of BTC/USDT:USDT.*a rate for each time"),
        ([[1, 2]], [[0.1, 0.1]], "funding of BTC/USDT:USDT.*one dimension"),
        ([1.5], [0.1], "times in funding of BTC/USDT:USDT.*float64.*whole ns"),
        ([5, 3], [0.1, 0.1], "times in funding of BTC/USDT:USDT.*3.*ascending: it comes after 5"),
        ([5, 5], [0.1, 0.1], "times in funding of BTC/USDT:USDT.*5.*ascending: it comes after 5"),
        ([5, 6], [0.1, float("nan")], "rates in funding of BTC/USDT:USDT.*nan.*finite"),
        ([5, 6], [float("inf"), 0.1], "rates in funding of BTC/USDT:USDT.*inf.*finite"),
    ],
)
def test_times_and_rates_of_funding_that_do_not_suit_are_refused(ts: Any, rates: Any, said: str) -> None:
    """A rate that is no number would make the wallet none; times out of order would be paid at another time."""
    with pytest.raises(InvalidValue, match=said):
        run_tape(idle, TAPE, Terms(BTC, CostSpec(), RiskSpec(), (np.array(ts), np.array(rates))))


@pytest.mark.parametrize("spread", ["assumed", "recorded"])
def test_spread_of_bars_is_refused(spread: Any) -> None:
    """A tape has its book, or trades and `spread_bps`."""
    with pytest.raises(InvalidValue, match=f"spread.*{spread}.*auto"):
        run_tape(idle, TAPE, Terms(BTC, CostSpec(spread=spread), RiskSpec()))


def test_a_rate_of_funding_without_its_times_is_refused() -> None:
    """What is paid is said by times and rates; 0 is what is paid without them, and spot pays none."""
    with pytest.raises(InvalidValue, match=r"funding_rate.*0\.0003.*Terms\.funding"):
        run_tape(idle, TAPE, Terms(BTC, CostSpec(funding_rate=0.0003), RiskSpec()))

    spot = Instrument("BTC/USDT", "binance", tick_size="1", lot_size="1", min_notional=0.0)
    never = (np.zeros(0, np.int64), np.zeros(0))
    for terms in (
        Terms(BTC, CostSpec(funding_rate=0.0), RiskSpec()),
        Terms(BTC, CostSpec(funding_rate=0.0003), RiskSpec(), never),
        Terms(spot, CostSpec(funding_rate=0.0003), RiskSpec()),
    ):
        assert 0.0 == run_tape(idle, TAPE, terms).profit


def test_order_of_a_strategy_ends_at_its_date() -> None:
    """Bid at 98 till 1,200 ms, sent at 10 and known as open at 30: it ends then, as the run's orders tell."""

    def bid(replay: Replay) -> None:
        elapse(replay, 10 * MS)
        buy(replay, 98, 2, TimeInForce.GTD.value, until=1_200 * MS)

    (order,) = run_tape(bid, TAPE, BTC, TapeSpec(gtd_least_s=0.0)).orders
    assert (1_200 * MS, TimeInForce.GTD, 0) == tuple(
        int(order[name]) for name in ("ts_closed", "time_in_force", "filled")
    )


def test_queue_needs_a_book() -> None:
    """A tape of trades alone knows no queue: the error says what to take."""
    with pytest.raises(InvalidValue, match=r"queue.*THROUGH or TOUCH"):
        run_tape(idle, a_tape(a_trade(0, 100, 1)), BTC)
    assert 0.0 == run_tape(idle, a_tape(a_trade(0, 100, 1)), BTC, TapeSpec(queue=QueueModel.TOUCH)).profit


def test_recorded_latency_must_be_given_in_order() -> None:
    """The model needs records by ascending time."""
    spec = TapeSpec(latency=LatencyModel.RECORDED)
    rows = np.array([(5, 1, 1), (0, 1, 1)], LATENCY)
    for latencies in (None, rows):
        with pytest.raises(DataError, match="RECORDED"):
            run_tape(idle, TAPE, BTC, spec, latencies=latencies)
    assert 0.0 == run_tape(idle, TAPE, BTC, spec, latencies=rows[::-1]).profit


def test_crossed_book_is_said() -> None:
    """A stream whose parts are out of step is named in the assumptions."""
    tape = a_tape(a_depth(0, {99: 5}, {101: 5}), a_depth(1, {103: 5}, {}), a_trade(2, 100, 1))
    assert "1 messages left the book crossed" in run_tape(idle, tape, BTC).assumptions[-1]
