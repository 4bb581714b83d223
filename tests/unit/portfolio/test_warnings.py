"""Warnings: each appears on its side of the line, and only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradewright.portfolio.analysis import Analysis, Chapter
from tradewright.portfolio.analysis.sentences import Words
from tradewright.portfolio.data_spans import SpanFacts
from tradewright.portfolio.day_target import TargetDays
from tradewright.portfolio.metrics import Metrics, compute_metrics
from tradewright.portfolio.trades import round_trips
from tradewright.portfolio.warnings import TEXTS, WarningFacts, find_warnings
from tradewright.testing.results import a_busy_run

BUSY = round_trips(a_busy_run())
CALM = {
    "trades": 100,
    "days": 365.0,
    "net_pnl": 100.0,
    "gross_pnl": 150.0,
    "cost_share": 1 / 3,
    "sharpe": 1.5,
    "entries": 100,
    "refused_signals": 3,
    "fills": 200,
    "ambiguous_bars": 0,
    "ambiguous_fills": 0,
    "ambiguity_spread": 0.0,
    "liquidations": 0,
}
CLOSED = tuple(replace(BUSY[1], id=place, pnl=1.0) for place in range(1, 101))


def _facts(values=None, **fields) -> WarningFacts:
    plain = {"initial_balance": 1_000.0, "final_balance": 1_100.0, "quote": "USDT", "leak_passed": True}
    return WarningFacts(metrics=Metrics(CALM | (values or {}), {}, "daily"), **{"trades": CLOSED, **plain, **fields})


def _codes(facts) -> list[str]:
    return [warning.code for warning in find_warnings(facts)]


def test_a_calm_result_has_no_warnings():
    """Nothing is warned of without a reason."""
    assert () == find_warnings(_facts())


def _analysis(spread=0.0, nearest=0.5, touched_share=0.0, high_share=0.01, beyond_volume=0) -> Analysis:
    words = Words("margin-none", {})
    hope = {"touched_share": touched_share, "fills": 200, "touched_fills": 20, "touched_pnl": 5.0}
    room = {"high_share": high_share, "largest_share": 0.5, "limit": 0.1, "beyond_volume": beyond_volume}
    return Analysis(
        optimism=Chapter(hope, words),
        costs=Chapter({}, words),
        doubt=Chapter({"decided_fills": 1, "spread": spread}, words),
        margin=Chapter({"nearest_liquidation": nearest, "nearest_at": "2022-01-01T02:00:00Z"}, words),
        capacity=Chapter(room, words),
    )


@pytest.mark.parametrize(
    ("code", "warned", "calm"),
    [
        ("few-trades", {"values": {"trades": 29}}, {"values": {"trades": 30}}),
        ("short-run", {"values": {"days": 29.9}}, {"values": {"days": 30.0}}),
        ("absurd-growth", {"final_balance": 10_001.0}, {"final_balance": 10_000.0}),
        ("absurd-sharpe", {"values": {"sharpe": 5.01}}, {"values": {"sharpe": 5.0}}),
        ("wallet-exhausted", {"final_balance": 10.0}, {"final_balance": 10.1}),
        ("liquidation", {"values": {"liquidations": 1}}, {"values": {"liquidations": 0}}),
        ("insurance-paid", {"values": {"insurance": 0.01}}, {"values": {"insurance": 0.0}}),
        ("zero-costs", {"zero_costs": True}, {"zero_costs": False}),
        ("high-costs", {"values": {"cost_share": 0.51}}, {"values": {"cost_share": 0.5}}),
        ("costs-beat-profit", {"values": {"gross_pnl": 5.0, "net_pnl": -1.0}}, {"values": {"gross_pnl": -5.0}}),
        ("low-reward-risk", {"least_reward_risk": 1.0}, {"least_reward_risk": 3.0}),
        ("data-gaps", {"missing_bars": 40, "gaps": 2}, {"missing_bars": 0}),
        ("data-begin-later", {"spans": SpanFacts(later=(("B", 0),))}, {"spans": SpanFacts()}),
        ("data-end-earlier", {"spans": SpanFacts(earlier=(("B", 0),))}, {"spans": SpanFacts(later=(("B", 0),))}),
        ("held-past-data", {"spans": SpanFacts(held=(("B", 0),))}, {"spans": SpanFacts(earlier=(("B", 0),))}),
        ("ambiguous-bars", {"values": {"ambiguous_bars": 3}}, {}),
        ("undrilled-bars", {"values": {"undrilled_bars": 1}}, {"values": {"undrilled_bars": 0}}),
        ("funding-assumed", {"assumed_funding": (0.0001, ("BTC/USDT:USDT",))}, {"assumed_funding": None}),
        ("default-tiers", {"default_tiers": ("BTC/USDT:USDT",)}, {}),
        ("triggers-on-last", {"last_triggers": ("BTC/USDT:USDT",)}, {"last_triggers": ()}),
        ("tiers-in-dollars", {"default_tiers": ("XMR/BTC:BTC",)}, {"default_tiers": ("BTC/USDC:USDC",)}),
        ("leak-not-run", {"leak_passed": None}, {"leak_passed": True}),
        ("leak-failed", {"leak_passed": False, "leak_where": "bar 17"}, {"leak_passed": True}),
        ("other-engine", {"engine": "backtrader 1"}, {"engine": "tradewright"}),
        ("ambiguity-decides", {"analysis": _analysis(spread=100.1)}, {"analysis": _analysis(spread=100.0)}),
        ("touched-fills", {"analysis": _analysis(touched_share=0.051)}, {"analysis": _analysis(touched_share=0.05)}),
        ("near-liquidation", {"analysis": _analysis(nearest=0.049)}, {"analysis": _analysis(nearest=0.05)}),
        ("thick-fills", {"analysis": _analysis(high_share=0.11)}, {"analysis": _analysis(high_share=0.1)}),
        ("beyond-volume", {"analysis": _analysis(beyond_volume=1)}, {"analysis": _analysis(beyond_volume=0)}),
        ("day-target", {"target_days": TargetDays(0.02, 3, 12, -0.004)}, {"target_days": None}),
        ("open-at-end", {"trades": BUSY}, {}),
        ("many-refusals", {"values": {"refused_signals": 101}}, {"values": {"refused_signals": 100}}),
        ("one-trade", {"values": {"net_pnl": 1.99}}, {"values": {"net_pnl": 2.0}}),
        ("no-trades", {"trades": (), "values": {"trades": 0}}, {}),
    ],
)
def test_a_warning_appears_on_its_side_of_the_line(code, warned, calm):
    """Just beyond the limit it is there; at the limit it is not."""
    assert code in _codes(_facts(**warned))
    assert code not in _codes(_facts(**calm))


def test_every_warning_is_tested_above():
    """The table names each code once."""
    (mark,) = [m for m in test_a_warning_appears_on_its_side_of_the_line.pytestmark if m.name == "parametrize"]
    assert sorted(TEXTS) == sorted(row[0] for row in mark.args[1])


def test_the_sentence_holds_the_numbers():
    """Words and numbers stand together, and the numbers also apart."""
    figures = {"ambiguous_bars": 3, "ambiguous_fills": 4, "ambiguity_spread": 12.5}
    (warning,) = find_warnings(_facts(figures, policy="best"))
    assert "In 3 bars" in warning.text
    assert "4 of 200 (2.0 %)" in warning.text
    assert "the policy best decided" in warning.text
    values = {"bars": 3, "fills": 4, "all_fills": 200, "share": "2.0 %", "policy": "best", "spread": "12.50 USDT"}
    assert values == warning.values


def test_a_liquidated_account_is_not_called_near_it():
    """What happened needs no warning that it might."""
    codes = _codes(_facts({"liquidations": 1}, analysis=_analysis(nearest=0.0)))
    assert ["liquidation"] == codes


def test_ambiguity_without_fills_is_told():
    """A bar may be ambiguous without a fill."""
    (warning,) = find_warnings(_facts({"ambiguous_bars": 1, "fills": 0}))
    assert "0 of 0 (0.0 %)" in warning.text


def test_the_gravest_come_first():
    """A failed leak test outranks everything."""
    codes = _codes(_facts({"trades": 3, "days": 1.0}, leak_passed=False, zero_costs=True))
    assert ["leak-failed", "few-trades", "short-run", "zero-costs"] == codes


def test_a_single_trade_is_few_and_not_one_of_many():
    """With one trade alone, 'one trade made the profit' says nothing more."""
    log = a_busy_run()
    metrics = compute_metrics(log, BUSY[:1])
    facts = _facts(trades=BUSY[:1])
    assert "one-trade" not in _codes(replace(facts, metrics=metrics))


def test_tiers_are_told_with_the_quote_that_they_are_read_in():
    """Of those instruments alone whose quote is no dollar."""
    found = {one.code: one for one in find_warnings(_facts(default_tiers=("BTC/USDT:USDT", "XMR/BTC:BTC")))}
    assert {"quotes": "BTC", "symbols": "XMR/BTC:BTC"} == found["tiers-in-dollars"].values
    assert "BTC/USDT:USDT, XMR/BTC:BTC" == found["default-tiers"].values["symbols"]
