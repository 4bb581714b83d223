"""The head of a result, its tables, and their agreement."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tradewright.domain.enums import OrderRole, OrderType, TimeInForce
from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import CostSpec, RunResult, RunSpec
from tradewright.kernels.records import ORDER, PAYMENT, REFUSAL
from tradewright.portfolio.summary import Provenance, make_result, summarise
from tradewright.portfolio.tables import artifact_tables, facts_text
from tradewright.testing.results import a_result
from tradewright.testing.run_logs import BTC, Deal, a_run, bars_of


def test_the_head_agrees_with_the_metrics():
    """The fourteen plain fields repeat what stands in the metrics."""
    result = a_result().result
    values = result.metrics
    assert (values["total_return"], values["max_drawdown"], values["sharpe"]) == (
        result.total_return,
        result.max_drawdown,
        result.sharpe_ratio,
    )
    assert (3, 2, 1, 2 / 3) == (result.total_trades, result.winning_trades, result.losing_trades, result.win_rate)
    assert ("2022-01-01T00:00:00Z", "2022-01-03T12:00:00Z") == (result.start_date, result.end_date)
    assert pytest.approx(values["net_pnl"]) == result.final_balance - result.initial_balance
    assert "bar" == result.data["sampling"]
    assert {"spec", "code", "data", "outcome"} == set(result.fingerprints)


def test_a_head_survives_json():
    """Written and read, it is the same; it holds no NaN."""
    result = a_result().result
    assert result == RunResult.from_dict(json.loads(json.dumps(result.as_dict(), allow_nan=False)))


def test_a_head_of_before_the_analysis_is_read():
    """A result that was kept without chapters has none, and nothing else is missing."""
    result = a_result().result
    old = {name: value for name, value in result.as_dict().items() if name != "analysis"}
    read = RunResult.from_dict(old)
    assert ({}, result.metrics) == (read.analysis, read.metrics)


@pytest.mark.parametrize("change", [{"surplus": 1}, {"id": None, "warnings": [{"odd": 1}]}])
def test_a_head_with_other_fields_is_refused(change):
    """A field too many, or warnings of another form, are named."""
    with pytest.raises(InvalidValue, match=r"surplus|warnings"):
        RunResult.from_dict(a_result().result.as_dict() | change)


@pytest.mark.parametrize(
    ("passport", "code"),
    [(None, "leak-not-run"), ({"passed": False, "reason": "bar 17"}, "leak-failed"), ({"passed": True}, None)],
)
def test_the_leak_verdict_becomes_a_warning(passport, code):
    """Not run and failed are told; passed is not."""
    codes = [warning.code for warning in a_result(leak_passport=passport).result.warnings]
    assert [code] * (code is not None) == [found for found in codes if found.startswith("leak")]


@pytest.mark.parametrize(
    ("costs", "taker", "free"),
    [
        (CostSpec(0.0, 0.0), 0.0005, False),
        (CostSpec(0.0, 0.0), 0.0, True),
        (CostSpec(0.0, 0.0, taker_fee=0.0), 0.0005, True),
        (CostSpec(1.0, 0.0, taker_fee=0.0), 0.0, False),
        (CostSpec(0.0, 1.0, taker_fee=0.0), 0.0, False),
    ],
)
def test_zero_costs_are_told_where_taking_is_free(costs, taker, free):
    """Fees count as the run charges them: its own, else the instrument's."""
    instrument = type(BTC)("BTC/USDT", "binance", taker_fee=taker)
    log = a_run(bars_of([100.0]), instruments=(instrument,))
    spec = RunSpec("s", "1", (), "binance", ("BTC/USDT",), "1h", costs=costs)
    result = make_result(log, summarise(log), Provenance("i", "t", spec, {}, {}))
    assert free == ("zero-costs" in [warning.code for warning in result.warnings])


def test_default_tiers_are_told_of_perpetuals_only():
    """Spot has no margin, hence no tiers to be wrong about."""
    codes = [warning.code for warning in a_result().result.warnings]
    assert "default-tiers" in codes
    spot = a_run(bars_of([100.0]), instruments=(type(BTC)("BTC/USDT", "binance"),))
    assert "default-tiers" not in [warning.code for warning in a_result(log=spot).result.warnings]


def test_tables_speak_in_prices_and_words():
    """Ticks and lots become prices and quantities, codes become words, what is absent becomes NaN."""
    tables = a_result().tables
    fills, orders = tables["fills"], tables["orders"]
    assert ("buy", "entry", "taker") == (fills["side"][0], fills["role"][0], fills["liquidity"][0])
    assert (102.0, 2.0, True) == (fills["price"][0], fills["quantity"][0], fills["ambiguous"][3])
    assert ("market", 97.0) == (orders["type"][0], orders["stop_loss"][0])
    assert np.isnan(orders["level"][0])
    assert np.isnan(orders["stop_loss"][1])
    assert [15.78, "take_profit"] == [pytest.approx(tables["trades"]["pnl"][0]), tables["trades"]["exit_reason"][0]]
    for name, columns in tables.items():
        assert 1 == len({len(values) for values in columns.values()}), name


def test_the_table_of_orders_tells_what_each_was_placed_as():
    """A triggered stop-limit has become a limit and keeps its trigger; an exit names its place in the bracket."""
    orders = np.zeros(3, ORDER)
    orders["type"] = (OrderType.LIMIT, OrderType.TRAILING_STOP, OrderType.TAKE_PROFIT_MARKET)
    orders["origin"] = (OrderType.STOP_LIMIT, OrderType.TRAILING_STOP, OrderType.TAKE_PROFIT_MARKET)
    orders["role"] = (OrderRole.ENTRY, OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT)
    orders["leg"], orders["callback"], orders["trigger_ticks"] = (0, 1, 3), (0, 15, 0), (1_005, 0, 0)
    orders["time_in_force"] = (TimeInForce.IOC, TimeInForce.GTC, TimeInForce.GTC)
    table = artifact_tables(a_run(bars_of([100.0]), orders=orders), ())["orders"]
    assert ["limit", "trailing_stop", "take_profit_market"] == table["type"]
    assert ["stop_limit", "trailing_stop", "take_profit_market"] == table["origin"]
    assert ["", "trailing_stop", "target_2"] == table["leg"]
    assert (["ioc", "gtc", "gtc"], ["last"] * 3) == (table["time_in_force"], table["trigger_by"])
    np.testing.assert_array_equal([100.5, np.nan, np.nan], table["trigger"])
    np.testing.assert_array_equal([np.nan, 0.015, np.nan], table["callback"])


def test_funding_and_refusals_have_their_tables():
    """Signed positions, marks, rates; reasons in words."""
    payments, refusals = np.zeros(1, PAYMENT), np.zeros(1, REFUSAL)
    payments["lots"], payments["ticks"], payments["amount"] = -1_500, 1_005, 0.3
    refusals["code"], refusals["observed"], refusals["limit"] = 10, 1.5, 3.0
    log = a_run(bars_of([100.0]), payments=payments, refusals=refusals)
    tables = artifact_tables(log, ())
    funding, refused = tables["funding"], tables["refusals"]
    assert (-1.5, 100.5, 0.3) == (funding["position"][0], funding["mark"][0], funding["amount"][0])
    assert ("reward_risk_too_low", 1.5, 3.0) == (refused["reason"][0], refused["observed"][0], refused["limit"][0])


def test_drawdown_of_the_equity_table_counts_from_the_balance():
    """A first close below the balance is a drawdown already."""
    log = a_run(bars_of([100.0, 90.0]), [Deal(1, 1, 100.0, 10.0)], balance=1_000.0)
    assert [0.0, 0.1] == pytest.approx(artifact_tables(log, ())["equity"]["drawdown"].tolist())


def test_facts_are_json_whatever_they_are():
    """What is not finite becomes null, what JSON does not know becomes text."""
    assert '{"a": null, "b": 1, "c": "(1+2j)"}' == facts_text({"b": 1, "a": float("nan"), "c": 1 + 2j})
