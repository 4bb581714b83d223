"""Features that go on from where they were say what the whole columns say, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright import Param, Signals, Strategy, ta
from tradewright.domain.timeframe import Timeframe
from tradewright.features.levels import LevelRules
from tradewright.features.recall import CannotGoOnError, Recall
from tradewright.market.bars import Bars, slice_bars
from tradewright.market.synthetic import synthesise
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.contract import check_contract
from tradewright.strategy.last_word import LastWord

SIZE, FIRST, BACK = 420, 300, 3
BARS = synthesise(Timeframe.parse("1h"), 0, SIZE, 11)
OTHER = synthesise(Timeframe.parse("1h"), 0, SIZE, 12)
ANCHORS = (np.arange(SIZE) % 50 == 0).astype(np.float64)


def handed(indicator: ta.Indicator, bars: Bars, begin: int, end: int) -> list[Any]:
    """What a caller hands over of these rows."""
    given = {"bars": bars, "x": BARS.close[begin:end], "y": OTHER.close[begin:end], "anchors": ANCHORS[begin:end]}
    return [given[name] for name in indicator.handed]


def table(found: Any) -> np.ndarray:
    """Outputs, one row each."""
    return np.vstack(found) if isinstance(found, tuple) else np.asarray(found)[None]


def ends() -> list[int]:
    """So many rows each time: one more mostly, now and then several."""
    return [FIRST, *range(FIRST + 1, FIRST + 60), FIRST + 64, FIRST + 65, FIRST + 100, *range(FIRST + 101, SIZE + 1)]


@pytest.mark.parametrize("name", sorted(ta.CATALOG))
def test_every_indicator_goes_on_to_the_last_bit(name: str) -> None:
    """Asked of the last rows alone it gives the bytes of the whole, whether one row is new or many, over a gap too."""
    indicator, recall = getattr(ta, name), Recall(BACK)
    broken = BARS._replace(close=BARS.close.copy(), volume=BARS.volume.copy())
    broken.close[FIRST + 20] = broken.volume[FIRST + 20] = np.nan
    whole = table(indicator(*handed(indicator, broken, 0, SIZE)))

    for end in ends():
        with recall.over(end) as count:
            shown = slice_bars(broken, end - count, end)
            found = table(indicator(*handed(indicator, shown, end - count, end)))
        assert whole[:, end - count : end].tobytes() == np.ascontiguousarray(found).tobytes(), end


def test_what_is_built_of_features_goes_on_too() -> None:
    """Shifts, crossings, and the nearest levels, of columns that are themselves made of features."""

    def told(bars: Bars) -> list[np.ndarray]:
        flow = ta.obv(bars)
        gap = flow - ta.sma(flow, 10)
        near = ta.levels.nearest(bars, 1.5, LevelRules(near=0.5), 14)
        return [
            ta.previous(gap, 7), ta.previous(ta.previous(bars.close), 2), ta.crossed_above(gap, 0.0),
            ta.crossed_below(bars.close, ta.ema(bars.close, 5)), np.asarray(near.support), np.asarray(near.resistance),
        ]  # fmt: skip

    recall, whole = Recall(0), told(BARS)
    assert any(one.any() for one in whole[2:4])

    for end in ends():
        with recall.over(end) as count:
            found = told(slice_bars(BARS, end - count, end))
        for expected, one in zip(whole, found, strict=True):
            assert expected[end - count : end].tobytes() == np.ascontiguousarray(one).tobytes()


def test_what_cannot_go_on_says_so() -> None:
    """Nothing new, other calls, columns of other rows, and features of whole columns."""
    recall = Recall(1)
    with recall.over(100):
        ta.sma(BARS.close[:100], 5)
    with pytest.raises(CannotGoOnError, match="no row is new"), recall.over(100):
        pass
    with pytest.raises(CannotGoOnError, match="rsi"), recall.over(101):
        ta.rsi(BARS.close[99:101], 5)
    with pytest.raises(CannotGoOnError, match="fewer"), recall.over(101):
        pass
    with pytest.raises(CannotGoOnError, match="other rows"), recall.over(101):
        ta.sma(BARS.close[:101], 5)
    with pytest.raises(CannotGoOnError, match="needs whole columns"), Recall(1).over(100):
        ta.structure.swings(slice_bars(BARS, 0, 100), 3)
    assert np.isfinite(ta.sma(BARS.close, 5)[-1])


class Shifted(Strategy):
    """Buys where the close is above that of some bars before; it says how far back it looks."""

    version = "1"
    look_back = 2
    lag: int = Param(2, low=1, high=50, doc="bars")

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        before = np.concatenate((np.full(min(self.lag, len(bars)), np.nan), bars.close[: max(len(bars) - self.lag, 0)]))
        return Signals.with_risk(bars, long=bars.close > before, risk=ta.atr(bars, 3), metadata={"before": before})


class Swinging(Shifted):
    """Calls what needs whole columns."""

    def signals(self, bars: ClosedBars) -> Signals:
        """See the class."""
        ta.structure.swings(bars.ltf, 2)
        return super().signals(bars)


RULE = "shown the last bars alone, says the same"


@pytest.mark.parametrize(
    ("strategy", "passed", "words"),
    [(Shifted(), True, "2 bars"), (Shifted(lag=3), False, "too little"), (Swinging(), False, "whole columns")],
)
def test_the_contract_compares_with_the_whole(strategy: Strategy, passed: bool, words: str) -> None:
    """A look-back that is too short, or of no use, is found."""
    (verdict,) = [one for one in check_contract(strategy, ClosedBars(BARS)) if one.rule == RULE]
    assert (passed, True) == (verdict.passed, words in verdict.detail), verdict


def test_who_cannot_be_shown_the_last_bars_is_shown_all() -> None:
    """The same signals, from all bars each time."""
    word, whole = LastWord(Swinging()), Swinging().signals(ClosedBars(BARS))
    closed = ClosedBars(BARS)

    said = [word.ask(closed.until(row)) for row in range(FIRST, SIZE)]

    assert not word.goes_on
    assert [len(closed.until(row)) for row in range(FIRST, SIZE)] == [count for _, count in said]
    assert whole.bar[whole.bar >= FIRST].tolist() == [count - 1 for one, count in said if count - 1 in one.bar]
