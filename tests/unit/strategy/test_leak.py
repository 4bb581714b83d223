"""The leak passport against strategies that look ahead, and honest ones."""

from __future__ import annotations

import time

import pytest

from tradewright import Strategy
from tradewright.services.strategies import made_up_bars
from tradewright.strategy.leak import leak_passport
from tradewright.testing.leaky import CLEAN, LEAKY


@pytest.mark.rule("T-5")
@pytest.mark.parametrize("leaky", LEAKY, ids=lambda leaky: leaky.__name__)
@pytest.mark.parametrize("seed", [7, 8])
def test_every_planted_leak_is_caught_and_its_cause_named(leaky: type[Strategy], seed: int) -> None:
    """A strategy that knows the future fails; the finding has bar, time, column, both values and the likely cause."""
    closed, _ = made_up_bars(leaky(), seed=seed)
    passport = leak_passport(leaky(), closed)
    assert not passport.passed
    assert any(LEAKY[leaky] in finding.cause for finding in passport.findings), passport.findings
    for finding in passport.findings:
        assert finding.bar <= finding.known_bar < 5_000
        assert finding.before != finding.after
        assert finding.ts.endswith("Z")


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.__name__)
@pytest.mark.parametrize("seed", [7, 8])
def test_honest_strategies_raise_no_alarm(clean: type[Strategy], seed: int) -> None:
    """Strategies that look much like the leaky ones, but honest, pass; they do give signals."""
    closed, _ = made_up_bars(clean(), seed=seed)
    passport = leak_passport(clean(), closed)
    assert () == passport.findings
    assert passport.signals > 0


def test_the_passport_says_how_much_was_tried() -> None:
    """At least 50 cuts and 20 scrambles; the same seed gives the same passport."""
    closed, _ = made_up_bars(CLEAN[0]())
    passport = leak_passport(CLEAN[0](), closed, seed=3)
    assert passport.cuts >= 50
    assert passport.scrambles >= 20
    assert passport == leak_passport(CLEAN[0](), closed, seed=3)
    assert {"passed", "findings", "params", "seed"} <= passport.as_dict().keys()


def test_a_strategy_that_changes_its_mind_fails() -> None:
    """Random signals are no leak but make every result worthless; the cause says so."""

    class Moody(CLEAN[0]):
        """Different each time."""

        calls = 0

        def longs(self, bars):
            Moody.calls += 1
            found = super().longs(bars).copy()
            found[100] = Moody.calls % 2 == 0
            return found

    closed, _ = made_up_bars(Moody())
    (finding,) = leak_passport(Moody(), closed).findings
    assert ("repeat", 100) == (finding.test, finding.bar)
    assert "not deterministic" in finding.cause


def test_a_strategy_that_breaks_on_less_data_fails() -> None:
    """An exception on a prefix is a finding, not a crash."""

    class Brittle(CLEAN[0]):
        """Needs a thousand bars."""

        def longs(self, bars):
            return super().longs(bars) & (bars.close[999] > 0.0)

    closed, _ = made_up_bars(Brittle())
    finding = leak_passport(Brittle(), closed).findings[0]
    assert ("error", "fails on other bars") == (finding.column, finding.cause)
    assert "IndexError" in finding.after


def test_no_bars_at_all_pass_with_nothing_tried() -> None:
    """An empty market is no crash; the counts say that nothing was tested."""
    closed, _ = made_up_bars(CLEAN[0]())
    empty = type(closed)(closed.until(0).ltf._replace(**{n: c[:0] for n, c in closed.ltf._asdict().items()}))
    passport = leak_passport(CLEAN[0](), empty)
    assert (True, 0, 0, 0) == (passport.passed, passport.signals, passport.cuts, passport.scrambles)


def test_five_thousand_bars_take_less_than_five_seconds() -> None:
    """A passport is cheap enough to be made before every backtest."""
    closed, _ = made_up_bars(CLEAN[0]())
    leak_passport(CLEAN[0](), closed)
    began = time.perf_counter()
    leak_passport(CLEAN[0](), closed)
    assert time.perf_counter() - began < 5.0
