"""Chapters in words: each case has its sentence, with the numbers of its figures."""

from __future__ import annotations

import json

import pytest

from tradewright.domain.enums import Liquidity, OrderRole
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.portfolio.analysis import SENTENCES, analyse
from tradewright.portfolio.trades import round_trips
from tradewright.testing.results import a_busy_run, a_result
from tradewright.testing.run_logs import BTC, Deal, Funding, a_run, bars_of

FLAT = bars_of([100.0, 100.0, 110.0, 110.0], reach=1.0)
SPOT = type(BTC)("BTC/USDT", "binance", tick_size="0.1", lot_size="0.001")
HELD = [Deal(1, 1, 100.0, 1.0)]


def _analysis(log):
    spec = RunSpec("s", "1", (), "binance", ("BTC/USDT:USDT",), "1h", fills=FillSpec(ambiguity="best"))
    return analyse(log, round_trips(log), spec)


CASES = {
    "optimism": ("optimism", a_run(FLAT, [Deal(1, 1, 99.0, 1.0, inside=True, liquidity=Liquidity.MAKER)])),
    "optimism-none": ("optimism", a_run(FLAT, HELD)),
    "costs": ("costs", a_run(FLAT, [Deal(1, 1, 100.0, 1.0, fee=0.1)])),
    "costs-lost": ("costs", a_run(FLAT, [Deal(1, -1, 100.0, 1.0, fee=0.1)])),
    "costs-gained": ("costs", a_run(FLAT, [Deal(1, 1, 100.0, 1.0, fee=0.1)], [Funding(2, 2.0)])),
    "costs-gained-lost": ("costs", a_run(FLAT, [Deal(1, -1, 100.0, 1.0, fee=0.1)], [Funding(2, 2.0)])),
    "costs-none": ("costs", a_run(FLAT, HELD)),
    "doubt": ("doubt", a_run(FLAT, [Deal(1, 1, 100.0, 1.0, flags=1)], ambiguous_bars=1, ambiguity_spread=5.0)),
    "doubt-none": ("doubt", a_run(FLAT, HELD)),
    "margin": ("margin", a_run(FLAT, HELD, balance=50.0)),
    "margin-far": ("margin", a_run(FLAT, HELD)),
    "margin-liquidated": ("margin", a_run(FLAT, [*HELD, Deal(2, -1, 100.0, 1.0, OrderRole.LIQUIDATION)])),
    "margin-spot": ("margin", a_run(FLAT, HELD, instruments=(SPOT,))),
    "margin-none": ("margin", a_run(FLAT)),
    "capacity": ("capacity", a_run(FLAT, HELD)),
    "capacity-none": ("capacity", a_run(FLAT)),
}


@pytest.mark.parametrize("code", CASES)
def test_each_case_has_its_sentence(code):
    """The case is recognised, and its sentence has no empty place."""
    chapter, log = CASES[code]
    found = getattr(_analysis(log), chapter)
    assert code == found.words.code
    assert "{" not in found.words.text


def test_every_sentence_has_its_case():
    """Nothing is written that is never said."""
    assert set(SENTENCES) == set(CASES)


def test_sentences_hold_the_numbers():
    """The words say what the figures say."""
    analysis = _analysis(CASES["doubt"][1])
    assert "The policy best, not the data, decided 1 of 1 fills (100.0 %), in 1 bars." in analysis.doubt.words.text
    assert "changes by 5.00 USDT, which is 0.50 times the net" in analysis.doubt.words.text
    near = _analysis(CASES["margin"][1]).margin
    assert f"a move of {100.0 * near.figures['nearest_liquidation']:.1f} % against" in near.words.text
    assert "at most (2022-01-01 " in near.words.text


def test_funding_that_was_received_is_no_cost():
    """It is told as what came in, beside what went out; trading that was free has no multiple that ends the profit."""
    told = _analysis(CASES["costs-gained"][1]).costs.words.text
    assert told.startswith("Funding received, 2.00 USDT, was more than all costs by 1.90 USDT, 1.90 USDT a trade: ")
    assert "could be 120.0 times as high" in told
    paid, got = (_analysis(a_run(FLAT, HELD, [Funding(2, amount)])).costs.words for amount in (-2.0, 2.0))
    assert ("costs", "costs-gained", "∞", "∞") == (paid.code, got.code, paid.values["times"], got.values["times"])


def test_a_result_carries_the_chapters():
    """The head holds figures, sentence and its numbers for each; it is plain JSON, and costs know each instrument."""
    result = a_result().result
    assert ["optimism", "costs", "doubt", "margin", "capacity"] == list(result.analysis)
    for chapter in result.analysis.values():
        assert {"figures", "code", "text", "values"} == set(chapter)
        assert SENTENCES[chapter["code"]].format(**chapter["values"]) == chapter["text"]
    json.dumps(result.analysis, allow_nan=False)
    costs = result.analysis["costs"]["figures"]
    assert ["BTC/USDT:USDT"] == list(costs["per_instrument"])
    assert costs["per_instrument"]["BTC/USDT:USDT"]["parts"] == costs["parts"]


def test_analysis_of_a_run_without_bars_stands():
    """Every chapter says that there is nothing to say."""
    codes = [
        getattr(_analysis(a_run(bars_of([]))), name).words.code
        for name in ("optimism", "costs", "doubt", "margin", "capacity")
    ]
    assert ["optimism-none", "costs-none", "doubt-none", "margin-none", "capacity-none"] == codes


def test_the_busy_run_is_judged_whole():
    """A run of every kind has every chapter."""
    assert "costs" == _analysis(a_busy_run()).costs.words.code
