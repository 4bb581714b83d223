"""Latency and refusals: the same for the same message, and spread as promised."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tradewright.domain.enums import LatencyModel
from tradewright.kernels.chance import entry_latency, is_refused, normal, response_latency, uniform
from tradewright.kernels.replay_records import LATENCY, Surroundings

NONE = np.zeros(1, LATENCY)


def some_surroundings(**fields: float) -> Surroundings:
    """Ten and twenty ns, unless `fields` say otherwise."""
    plain = dict.fromkeys(Surroundings._fields, 0) | {"entry": 10, "response": 20, "sigma": 0.5, "seed": 7}
    return Surroundings(**plain | fields)  # type: ignore[arg-type]  # numbers of both kinds


def recorded(*rows: tuple[int, int, int]) -> NDArray[np.void]:
    """Recorded latencies: when, there, back."""
    return np.array(list(rows), LATENCY)


def test_uniform_is_uniform() -> None:
    """Numbers lie evenly between 0 and 1, and two streams have nothing in common."""
    one, two = (np.array([uniform(1, n, stream) for n in range(4_000)]) for stream in (1, 2))
    assert 0.0 < one.min() < one.max() < 1.0
    assert 0.5 == pytest.approx(one.mean(), abs=0.02)
    assert 400 == pytest.approx(np.histogram(one, 10, (0, 1))[0], abs=80)
    assert 0.0 == pytest.approx(np.corrcoef(one, two)[0, 1], abs=0.06)
    assert 0.0 == pytest.approx(np.corrcoef(one[1:], one[:-1])[0, 1], abs=0.06)


def test_normal_is_normal() -> None:
    """Mean 0, deviation 1."""
    draws = np.array([normal(3, n, 2) for n in range(20_000)])
    assert (0.0, 1.0) == (pytest.approx(draws.mean(), abs=0.02), pytest.approx(draws.std(), abs=0.015))
    assert 0.0 == pytest.approx((draws**3).mean(), abs=0.07)


@pytest.mark.rule("4.12")
def test_constant_latency() -> None:
    """Every message takes the same time."""
    around = some_surroundings(latency=LatencyModel.CONSTANT.value)
    assert {(10, 20)} == {(entry_latency(around, NONE, n, n), response_latency(around, NONE, n, n)) for n in range(5)}


@pytest.mark.rule("4.12")
def test_lognormal_latency_has_its_median_and_seed() -> None:
    """Half of the messages are faster than the median; the seed decides which, and nothing else does."""
    around = some_surroundings(latency=LatencyModel.LOGNORMAL.value, entry=1_000_000, response=2_000_000)
    there = np.array([entry_latency(around, NONE, n, 0) for n in range(2_000)])
    back = np.array([response_latency(around, NONE, n, 0) for n in range(2_000)])
    assert 1_000_000 == pytest.approx(np.median(there), rel=0.05)
    assert 2_000_000 == pytest.approx(np.median(back), rel=0.05)
    assert 0.5 == pytest.approx(np.log(there).std(), rel=0.05)
    assert there[5] == entry_latency(around, NONE, 5, 99)
    assert there[5] != entry_latency(around._replace(seed=8), NONE, 5, 0)


@pytest.mark.rule("4.12")
@pytest.mark.parametrize(("ts", "there", "back"), [(0, 10, 1), (100, 10, 1), (150, 15, 2), (200, 20, 3), (999, 20, 3)])
def test_recorded_latency_is_interpolated(ts: int, there: int, back: int) -> None:
    """Between two recorded round trips latency is between theirs; outside, it is the nearest one's."""
    around = some_surroundings(latency=LatencyModel.RECORDED.value)
    rows = recorded((100, 10, 1), (200, 20, 3))
    assert (there, back) == (entry_latency(around, rows, 0, ts), response_latency(around, rows, 0, ts))


@pytest.mark.rule("4.12")
def test_recorded_latency_of_nothing_is_no_refusal() -> None:
    """From 10 to 0 ns there are 5 in the middle; only what lies below 0 is a refusal."""
    rows = recorded((100, 10, 1), (200, 0, 0))
    assert entry_latency(some_surroundings(latency=LatencyModel.RECORDED.value), rows, 0, 150) == 5


@pytest.mark.rule("4.12")
def test_recorded_refusal_stands_until_the_next_record() -> None:
    """A refusal is not mixed with its neighbours; the answer still takes its time."""
    around = some_surroundings(latency=LatencyModel.RECORDED.value)
    rows = recorded((100, 10, 1), (200, -30, -4), (300, 20, 3))
    assert [10, -30, 20] == [entry_latency(around, rows, 0, ts) for ts in (150, 250, 300)]
    assert 4 == response_latency(around, rows, 0, 250)


def test_refusals_have_their_frequency() -> None:
    """A venue under load refuses the share that was asked for; by default none."""
    assert not any(is_refused(some_surroundings(), n) for n in range(100))
    busy = some_surroundings(refusal=0.3)
    assert 0.3 == pytest.approx(np.mean([is_refused(busy, n) for n in range(3_000)]), abs=0.03)
