"""Every registered strategy keeps the contract, with its defaults and away from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tradewright import Signals, Strategy
from tradewright.domain.run import RiskSpec
from tradewright.market.bars import FloatColumn
from tradewright.services.strategies import find_strategies, made_up_bars
from tradewright.strategy.contract import check_contract
from tradewright.testing.strategies import conforming, conforming_folder

REGISTRY = find_strategies()
VARIANTS: list[tuple[str, dict[str, object]]] = [
    *((name, {}) for name in REGISTRY.names()),
    ("ma_crossover", {"kind": "ema", "fast": 5, "slow": 13}),
    ("ma_crossover", {"fast": 1, "slow": 2, "reward": 5.0}),
    ("simple_test", {"every": 7, "lookback": 3}),
    ("momentum_scanner", {"short": True, "wild": 100.0}),
    ("momentum_scanner", {"short": True, "rsi_length": 7, "macd_fast": 6, "macd_slow": 60, "length_15": 40}),
    ("momentum_scanner", {"length_1": 2, "length_15": 80, "bands_length": 50, "deviations": 3.0, "band": "inside"}),
    ("momentum_scanner", {"band": "beyond", "deviations": 1.0, "macd_slow": 13, "macd_signal": 2}),
    ("smc", {"swing": 2, "htf_swing": 1, "zone": "gap", "displacement": 0.0}),
    ("smc", {"swing": 4, "zone": "block", "sweep_window": 96}),
]


@pytest.mark.parametrize(("name", "values"), VARIANTS)
def test_every_strategy_keeps_the_contract_and_leaks_nothing(name: str, values: Mapping[str, object]) -> None:
    """The public suite, applied to all that is registered; each gives signals, so the checks had something to see."""
    report = conforming(REGISTRY.create(name, values))
    assert report.passport is not None
    assert report.passport.signals > 0


def test_nothing_built_in_is_broken() -> None:
    """Every file in the package of built-in strategies is one."""
    assert () == REGISTRY.broken


class _Bad(Strategy):
    """Shared by the bad examples."""

    version = "1.0"

    def signals(self, bars):
        """Ten honest longs."""
        mask = np.zeros(len(bars), dtype=np.bool_)
        mask[500:5000:450] = True
        return Signals.with_risk(bars, long=mask, risk=1.0)


def _replaced(**columns):
    class Bad(_Bad):
        """Breaks one rule."""

        def signals(self, bars):
            good = super().signals(bars)
            return good._replace(**{name: make(getattr(good, name)) for name, make in columns.items()})

    return Bad


class _Writes(_Bad):
    """Writes into its bars."""

    def signals(self, bars):
        found = super().signals(bars)
        bars.close[:1] += 1.0
        return found


class _Early(_Bad):
    """Signals before its own warm-up."""

    warmup = 1_000


class _TwoMinds(_Bad):
    """Says one thing in `signals`, another in `on_bar`."""

    def on_bar(self, view):
        return view.with_risk("long", 1.0) if view.index == 501 else None


class _Raises(_Bad):
    """Fails whenever it is asked."""

    def signals(self, bars):
        raise ValueError("no")


@pytest.mark.parametrize(
    ("bad", "rule", "detail"),
    [
        (_replaced(bar=lambda bar: bar[::-1]), "bars ascend inside the data", "comes after"),
        (_replaced(bar=lambda bar: bar + 5_000), "bars ascend inside the data", "of 5000"),
        (_replaced(stop_loss=lambda x: x * np.nan), "prices are finite and above 0", "stop_loss is nan"),
        (_replaced(take_profit=lambda x: -x), "prices are finite and above 0", "take_profit is -"),
        (_replaced(entry=lambda x: x * 2.0), "prices are finite and above 0", "a market entry is not the close"),
        (_replaced(stop_loss=lambda x: x + 2.0), "stop and target on their sides", "stop_loss"),
        (_replaced(take_profit=lambda x: x - 9.0), "stop and target on their sides", "take_profit"),
        (_replaced(kind=lambda x: x + 6), "codes, confidence and validity", "kind has values"),
        (_replaced(order_type=lambda x: x + 7), "codes, confidence and validity", "order_type has values"),
        (_replaced(confidence=lambda x: x + 0.1), "codes, confidence and validity", "outside 0 to 1"),
        (_replaced(valid_bars=lambda x: x - 1), "codes, confidence and validity", "below 0"),
        (_replaced(entry=lambda x: x[:-1]), "gives signals", "columns differ in length"),
        (_Writes, "leaves its bars as they are", "written to"),
        (_Early, "no signal in the warm-up", "bar 500, warm-up 1000"),
        (_TwoMinds, "on_bar agrees with signals", "bar 500: signal is long in signals, none in on_bar"),
        (_Raises, "gives signals", "ValueError: no"),
    ],
)
def test_the_suite_names_the_rule_that_is_broken(bad: type[Strategy], rule: str, detail: str) -> None:
    """For each rule a strategy that breaks it fails that rule, with what was seen."""
    closed, _ = made_up_bars(bad())
    failed = {verdict.rule: verdict.detail for verdict in check_contract(bad(), closed) if not verdict.passed}
    assert detail in failed[rule]


def test_the_suite_raises_with_every_fault() -> None:
    """In a test, a broken rule is an assertion that says which."""
    with pytest.raises(AssertionError, match="no signal in the warm-up: bar 500"):
        conforming(_Early())


HONEST = """
from tradewright import Signals, Strategy, ta

class {name}(Strategy):
    \"\"\"Buy new highs.\"\"\"
    version = "1.0.0"
    warmup = {warmup}

    def signals(self, bars):
        top = ta.previous(ta.highest(bars.high, 48))
        return Signals.with_risk(bars, long=ta.crossed_above(bars.close, top), risk=2.0 * ta.atr(bars))
"""


def test_the_suite_takes_a_whole_folder(tmp_path: Path) -> None:
    """Every strategy of every file is held to the contract; files that begin with an underscore are left alone."""
    (tmp_path / "highs.py").write_text(HONEST.format(name="Highs", warmup=48))
    (tmp_path / "more.py").write_text(HONEST.format(name="MoreHighs", warmup=48))
    (tmp_path / "_draft.py").write_text("no python at all")
    assert ["highs", "more_highs"] == [report.name for report in conforming_folder(tmp_path)]


def test_the_suite_names_every_fault_of_a_folder(tmp_path: Path) -> None:
    """A file that cannot be loaded and a strategy that speaks too early, in one message; no strategy is a fault too."""
    with pytest.raises(AssertionError, match="there is no strategy in it"):
        conforming_folder(tmp_path)
    (tmp_path / "broken.py").write_text("import nowhere_to_be_found")
    (tmp_path / "early.py").write_text(HONEST.format(name="Early", warmup=3_000))
    with pytest.raises(AssertionError) as caught:
        conforming_folder(tmp_path)
    assert "broken.py:1: ModuleNotFoundError" in str(caught.value)
    assert "early on 5000 synthetic bars" in str(caught.value)
    assert "no signal in the warm-up" in str(caught.value)


def mean_target(signals: Signals) -> FloatColumn:
    """The targets of each signal, weighed by what they take of the position."""
    plans = signals.plans
    if plans is None:
        return signals.take_profit
    levels = np.stack([signals.take_profit, plans.target2, plans.target3, plans.target4])
    shares = np.stack([plans.share1, plans.share2, plans.share3, plans.share4])
    return np.asarray((levels * shares).sum(axis=0) / shares.sum(axis=0))


@pytest.mark.parametrize("name", REGISTRY.names())
def test_what_a_strategy_signals_is_what_its_class_lets_pass(name: str) -> None:
    """No signal pays less than the reward:risk that the risk rules of its class ask for: the gate would refuse."""
    strategy = REGISTRY.create(name)
    least = RiskSpec(**strategy.risk).min_reward_risk
    signals = strategy.signals(made_up_bars(strategy)[0])
    both = signals.take(signals.has_stop & signals.has_target)
    worth = abs(mean_target(both) - both.entry) / abs(both.entry - both.stop_loss)
    assert both.size > 0
    assert (worth >= least * (1.0 - 1e-9)).all()
