"""Metrics by hand: edges, counts, sampling, exposure, turnover."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tradewright.domain.enums import Code, OrderRole, OrderStatus
from tradewright.kernels.records import ORDER, REFUSAL
from tradewright.portfolio import costs, drawdown, returns, tail, trade_stats
from tradewright.portfolio.metrics import compute_metrics, count_refusals
from tradewright.portfolio.sampling import daily_equity, sample_returns
from tradewright.portfolio.trades import round_trips
from tradewright.testing.results import a_busy_run
from tradewright.testing.run_logs import BTC, Deal, Funding, a_run, bars_of

HOUR = 3_600_000_000_000
DAY = 24 * HOUR
NOTHING = np.empty(0)


def _metrics(log):
    return compute_metrics(log, round_trips(log))


def test_a_busy_run_has_the_figures_of_a_hand_calculation():
    """Trades of 15.78, -4.2, 1.81 and an open short of 2 from 104 marked at 111, worth -14.2."""
    metrics = _metrics(a_busy_run())
    values = metrics.values
    wins, losses = (110 - 102) * 2 - 0.2 - 0.02, -4.0 - 0.2
    turned = 2.0 - 0.1 - 0.1 + 0.01
    standing = 2 * (111 - 104) - 0.2
    expected = {
        "trades": 3,
        "open_trades": 1,
        "winning_trades": 2,
        "losing_trades": 1,
        "win_rate": 2 / 3,
        "profit_factor": (wins + turned) / -losses,
        "expectancy": (wins + losses + turned) / 3,
        "expectancy_r": (wins / 10 + losses / 4) / 2,
        "payoff": (wins + turned) / 2 / -losses,
        "net_pnl": wins + losses + turned + standing,
        "gross_pnl": 16.05 - 4.0 + 2.0 + 14.0,
        "fees": 0.8,
        "slippage": 0.05,
        "funding": -0.01,
        "entries": 4,
        "exits": 3,
        "take_profits": 1,
        "stop_losses": 1,
        "liquidations": 0,
        "long_trades": 2,
        "short_trades": 1,
        "long_pnl": wins + losses + standing,
        "short_pnl": turned,
        "longest_losing_streak": 1,
        "longest_winning_streak": 1,
        "best_trade": wins,
        "worst_trade": losses,
        "total_return": (wins + losses + turned + standing) / 10_000,
        "exposure": (8 + 5 + 10 + 20) / 60,
    }
    assert expected == {name: pytest.approx(values[name]) for name in expected}
    assert values["trades"] == metrics.per_instrument["BTC/USDT:USDT"]["trades"]


def test_no_trades_leave_ratios_undefined_and_json_clean():
    """Without trades a ratio is None; the whole is JSON without NaN."""
    metrics = _metrics(a_run(bars_of([100.0] * 5)))
    undefined = ("win_rate", "profit_factor", "expectancy", "expectancy_r", "payoff", "sqn", "sharpe", "sortino")
    assert dict.fromkeys(undefined) == {name: metrics.values[name] for name in undefined}
    assert (0.0, 0.0, 0.0) == tuple(metrics.values[name] for name in ("total_return", "max_drawdown", "volatility"))
    assert json.dumps(metrics.values, allow_nan=False)


def test_a_run_without_bars_is_no_accident():
    """No bars: zero return, no days, nothing undefined that is a number."""
    empty = bars_of([])
    log = a_run(empty)
    metrics = _metrics(log)
    assert (0.0, 0.0, 0.0, None) == tuple(metrics.values[n] for n in ("total_return", "days", "exposure", "turnover"))
    assert [10_000.0] == daily_equity(log).tolist()


@pytest.mark.parametrize(("hours", "name", "per_year"), [(719, "bar", 8_760.0), (720, "daily", 365.0)])
def test_risk_is_measured_on_days_from_thirty_of_them(hours, name, per_year):
    """719 hours are short of 30 days: bars; 720 are 30 days: UTC days."""
    sample = sample_returns(a_run(bars_of([100.0] * hours)))
    assert (name, per_year) == (sample.name, sample.per_year)
    assert (30 if name == "daily" else hours) == sample.returns.size


def test_days_end_at_midnight_and_a_day_without_bars_repeats_the_last():
    """A close at midnight belongs to the day before; the last value is that of the last close."""
    closes = np.array([12, 24, 36, 48, 97]) * HOUR + 19_000 * DAY
    opens = closes - 12 * HOUR
    equity = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    bars = bars_of([100.0] * 5)
    log = a_run(bars, ts_open=opens, ts_close=closes, equity=equity, balance=0.5)
    assert [0.5, 2.0, 4.0, 4.0, 4.0, 5.0] == daily_equity(log).tolist()


def test_ruin_ends_the_returns():
    """After equity of zero there is nothing to earn a return on."""
    log = a_run(bars_of([100.0] * 3), equity=np.array([5_000.0, 0.0, 10.0]))
    assert [-0.5, -1.0] == sample_returns(log).returns.tolist()
    assert -1.0 == returns.annual_return(-1.0, 1.0)


def test_ratios_are_undefined_without_variation_or_returns():
    """Rounding noise in equal returns is no variation."""
    same = np.full(50, 0.1)
    assert (None, None) == (returns.sharpe(same, 365), returns.sharpe(NOTHING, 365))
    assert (None, None, None) == (returns.sortino(same, 365), returns.sortino(NOTHING, 365), returns.omega(same))
    assert (None, None) == (returns.volatility(NOTHING, 365), returns.volatility(same[:1], 365))
    assert (None, None) == (tail.value_at_risk(NOTHING), tail.conditional_value_at_risk(NOTHING))
    assert (None, None) == (returns.calmar(0.5, 0.0), returns.calmar(None, 0.1))
    assert (None, None) == (trade_stats.system_quality(np.ones(5)), trade_stats.system_quality(NOTHING))
    assert (None, None) == (trade_stats.payoff(np.ones(3)), trade_stats.profit_factor(np.ones(3)))


def test_annual_return_has_no_number_beyond_all_numbers():
    """A growth that no float can hold, or no time at all, is undefined."""
    assert None is returns.annual_return(10.0, 1e-4)
    assert None is returns.annual_return(0.1, 0.0)
    assert 0.1 == pytest.approx(returns.monthly_return(1.1**12 - 1.0, 1.0))
    assert (None, 1.5) == (returns.finite(math.inf), returns.finite(1.5))


def test_drawdown_length_and_recovery_are_those_of_a_drawing():
    """100, 90, 80, 100, 110, 105: the first fall lasts two closes and three days, its bottom is regained in one."""
    curve = np.array([100.0, 90.0, 80.0, 100.0, 110.0, 105.0])
    found = drawdown.measure_drawdown(curve, np.arange(6) * DAY)
    assert (0.2, 2, 3.0, 1.0) == (pytest.approx(found.depth), *found[1:])
    assert math.sqrt((0.01 + 0.04 + (5 / 110) ** 2) / 6) == pytest.approx(drawdown.ulcer_index(curve))


def test_a_drawdown_that_is_not_regained_lasts_to_the_end():
    """No recovery is None, and the length counts to the last close."""
    found = drawdown.measure_drawdown(np.array([100.0, 120.0, 90.0, 95.0]), np.arange(4) * DAY)
    assert (0.25, 2, 2.0, None) == found
    flat = drawdown.measure_drawdown(np.array([100.0, 100.0, 101.0]), np.arange(3) * DAY)
    assert (0.0, 0, 0.0, None) == flat


def test_system_quality_is_tharps():
    """sqrt(4) * 0.5 / std of (2, -1, 2, -1)."""
    multiples = np.array([2.0, -1.0, 2.0, -1.0])
    assert 2 * 0.5 / np.std(multiples, ddof=1) == pytest.approx(trade_stats.system_quality(multiples))


def test_streaks_are_counted_in_order():
    """The longest run, also at the end."""
    assert (3, 0, 0) == tuple(trade_stats.longest_streak(row) for row in ([True, False, True, True, True], [False], []))


@pytest.mark.parametrize(
    ("deals", "share"),
    [
        ([], 0.0),
        ([Deal(1, 1, 100.0, 1.0), Deal(3, -1, 100.0, 1.0)], 2 / 5),  # bars 1 and 2; left at the open of 3
        ([Deal(1, 1, 100.0, 1.0), Deal(3, -1, 100.0, 1.0, inside=True)], 3 / 5),
        ([Deal(1, 1, 100.0, 1.0, inside=True), Deal(1, -1, 100.0, 1.0, OrderRole.EXIT, True)], 1 / 5),
        ([Deal(1, 1, 100.0, 1.0), Deal(2, -1, 100.0, 2.0)], 4 / 5),  # turned, open to the end
    ],
)
def test_exposure_counts_bars_with_a_position(deals, share):
    """A bar counts if a position was open for some of it."""
    assert share == pytest.approx(costs.exposure(a_run(bars_of([100.0] * 5), deals)))


def test_exposure_does_not_count_an_instrument_twice():
    """Two positions in the same bar are one bar in the market; one long and one short are not flat."""
    bars = bars_of([100.0] * 4)
    eth = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
    deals = [Deal(2, 1, 100.0, 1.0), Deal(2, -1, 100.0, 1.0, instrument=1)]
    assert 0.5 == costs.exposure(a_run((bars, bars), deals, instruments=(BTC, eth)))


def test_turnover_is_traded_value_by_mean_equity():
    """Bought and sold for 100 each with equity of 10,000."""
    log = a_run(bars_of([100.0] * 4), [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 100.0, 1.0)])
    assert 0.02 == pytest.approx(costs.turnover(log))
    assert None is costs.turnover(a_run(bars_of([100.0]), equity=np.zeros(1)))


def test_cost_share_is_of_a_gross_profit():
    """Fees of 1 and funding of 1 take a fifth of 10; of a gross loss there is no share."""
    bars = bars_of([100.0] * 4)
    deals = [Deal(1, 1, 100.0, 1.0, fee=1.0), Deal(3, -1, 110.0, 1.0)]
    assert 0.2 == pytest.approx(_metrics(a_run(bars, deals, [Funding(2, -1.0)])).values["cost_share"])
    losing = [Deal(1, 1, 100.0, 1.0, fee=1.0), Deal(3, -1, 90.0, 1.0)]
    assert None is _metrics(a_run(bars, losing)).values["cost_share"]


def test_refusals_count_denied_signals_and_rejected_entries():
    """By reason, the most frequent first; a rejected exit is no refused signal."""
    refusals = np.zeros(3, REFUSAL)
    refusals["code"] = [Code.STOP_MISSING, Code.REWARD_RISK_TOO_LOW, Code.REWARD_RISK_TOO_LOW]
    orders = np.zeros(2, ORDER)
    orders["status"], orders["code"] = OrderStatus.REJECTED, Code.MARGIN_INSUFFICIENT
    orders["role"] = [OrderRole.ENTRY, OrderRole.STOP_LOSS]
    log = a_run(bars_of([100.0]), refusals=refusals, orders=orders)
    expected = [("reward-risk-too-low", 2), ("margin-insufficient", 1), ("stop-missing", 1)]
    assert expected == list(count_refusals(log).items())


def test_a_trade_ended_in_two_fills_is_one_take_profit():
    """Half of it left at the first target and half at the second: one trade ended at a target, in two exits."""
    deals = [
        Deal(1, 1, 100.0, 2.0),
        Deal(2, -1, 104.0, 1.0, OrderRole.TAKE_PROFIT, inside=True),
        Deal(3, -1, 108.0, 1.0, OrderRole.TAKE_PROFIT, inside=True),
        Deal(4, 1, 100.0, 1.0),
        Deal(5, -1, 104.0, 0.5, OrderRole.TAKE_PROFIT, inside=True),
        Deal(6, -1, 98.0, 0.5, OrderRole.STOP_LOSS, inside=True),
    ]
    values = _metrics(a_run(bars_of([100.0] * 8, reach=10.0), deals)).values
    assert (1, 1, 4) == (values["take_profits"], values["stop_losses"], values["exits"])
