"""A made-up market that looks like one."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.market.quality import check
from tradewright.market.synthetic import Crowd, SyntheticMarket, default_tick, synthesise
from tradewright.testing.candles import MINUTE, START

DAYS = 30


@pytest.fixture(scope="module")
def market():
    """Thirty days of one-minute bars."""
    return synthesise(MINUTE, START, DAYS * 1_440, seed=7)


def _correlation(one, other):
    return float(np.corrcoef(one, other)[0, 1])


def test_synthesise_is_sound_and_on_the_tick(market):
    """No fault, no gap, every price a multiple of the tick, every bar opening where the last closed."""
    report = check(market, MINUTE, 2**62)
    assert report.is_sound
    assert 0 == report.missing_count
    for column in (market.open, market.high, market.low, market.close):
        assert np.array_equal(np.rint(column * 10) / 10, column)
    assert np.array_equal(market.close[:-1], market.open[1:])
    assert (market.volume > 0).all()


def test_synthesise_has_the_facts_of_real_markets(market):
    """Fat tails, clustered volatility, unpredictable direction, volume that follows the range."""
    returns = np.diff(np.log(market.close))
    centred = returns - returns.mean()
    assert (centred**4).mean() / returns.var() ** 2 > 4
    size = np.abs(returns)
    assert _correlation(size[:-1], size[1:]) > 0.1
    assert _correlation(size[:-60], size[60:]) > 0.05
    assert abs(_correlation(returns[:-1], returns[1:])) < 0.05
    assert _correlation(market.volume, market.high - market.low) > 0.3


def test_synthesise_trades_most_while_europe_and_america_are_awake(market):
    """Volume and range are larger from 13 to 16 h UTC than from 19 to 22 h."""
    hour = market.ts_open // (3_600 * 10**9) % 24
    busy, quiet = (hour >= 13) & (hour < 16), (hour >= 19) & (hour < 22)
    assert market.volume[busy].mean() > 1.3 * market.volume[quiet].mean()
    spread = market.high - market.low
    assert spread[busy].mean() > 1.1 * spread[quiet].mean()


def test_synthesise_gives_the_same_bytes_for_the_same_seed_and_others_for_another():
    """The seed decides everything."""
    one, again, other = (synthesise(MINUTE, START, 500, seed) for seed in (1, 1, 2))
    assert [c.tobytes() for c in one] == [c.tobytes() for c in again]
    assert one.close.tobytes() != other.close.tobytes()


def test_synthesise_keeps_the_level_and_yearly_volatility_asked_for():
    """Price level and volatility are those of the market described, within the scatter of its regimes."""
    hour = Timeframe.parse("1h")
    bars = synthesise(hour, START, 8_760, 3, SyntheticMarket(price=0.5, tick_size="0.00001", volatility=1.0))
    assert 0.5 == bars.open[0]
    assert 0.7 < np.diff(np.log(bars.close)).std() * np.sqrt(8_760) < 1.6


def test_default_tick_has_six_digits():
    """The price step follows the price level and is plain decimal text."""
    assert ("0.1", "0.00001", "1", "0.0000000001") == tuple(
        default_tick(p) for p in (20_000.0, 1.0, 100_000.0, 0.00002)
    )


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: synthesise(MINUTE, START, 0, 1), "count: 0"),
        (lambda: synthesise(MINUTE, START, 1, -1), "seed: -1"),
        (lambda: SyntheticMarket(price=0.0), "price: 0.0"),
        (lambda: SyntheticMarket(volatility=float("nan")), "volatility: nan"),
    ],
)
def test_synthesise_refuses_senseless_wishes(build, said):
    """A wish outside its range is named with its value."""
    with pytest.raises(InvalidValue, match=said):
        build()


def test_markets_of_one_crowd_move_together():
    """Closes of two markets of a crowd are correlated; without one, or with another crowd, they are not."""

    def moves(seed, crowd):
        return np.diff(np.log(synthesise(MINUTE, START, 20_000, seed, crowd=crowd).close))

    one, other, stranger = moves(1, Crowd(9, 0.8)), moves(2, Crowd(9, 0.8)), moves(3, Crowd(8, 0.8))
    assert 0.55 < np.corrcoef(one, other)[0, 1] < 0.85
    assert abs(np.corrcoef(one, stranger)[0, 1]) < 0.05
    assert abs(np.corrcoef(moves(1, None), moves(2, None))[0, 1]) < 0.05


def test_crowd_without_correlation_changes_nothing():
    """A crowd that moves nobody leaves a market as it is drawn by itself."""
    alone, beside = synthesise(MINUTE, START, 100, 1), synthesise(MINUTE, START, 100, 1, crowd=Crowd(9, 0.0))
    np.testing.assert_array_equal(alone.close, beside.close)


@pytest.mark.parametrize("correlation", [-0.1, 1.0])
def test_crowd_that_cannot_be_is_refused(correlation):
    """Two markets are no more alike than one."""
    with pytest.raises(InvalidValue, match="correlation"):
        Crowd(1, correlation)
