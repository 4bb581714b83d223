"""Skipping quiet steps of several instruments leaves everything as if each step had been played."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import SignalKind
from tradewright.kernels.loop import decide_step
from tradewright.kernels.playing import play
from tradewright.kernels.records import Market, World
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, digest, run, some_rules

STEPS = 1_300
"""More than two of the stretches that are looked at together."""


def walks(seed: int) -> Market:
    """Three instruments that wander between half and twice their first price, a few orders and long silences."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(3):
        close = (1_000 * np.exp(np.clip(np.cumsum(rng.normal(0, 0.02, STEPS)), -0.7, 0.7))).astype(int)
        first = np.concatenate(([1_000], close[:-1]))
        reach = rng.integers(0, 30, (2, STEPS))
        high, low = np.maximum(first, close) + reach[0], np.minimum(first, close) - reach[1]
        rows.append([tuple(map(int, row)) for row in zip(first, high, low, close, strict=True)])
    wishes = []
    for step in sorted(rng.choice(STEPS - 1, 12, replace=False).tolist()):
        k, kind = int(rng.integers(3)), SignalKind.LONG if rng.random() < 0.5 else SignalKind.SHORT
        close = rows[k][step][3]
        levels = {"stop_ticks": close - kind * 300, "target_ticks": close + kind * 300} if rng.random() < 0.7 else {}
        wishes.append(a_signal(step, kind, instrument=k, **levels))
    return a_market(*rows, signals=wishes, specs=[a_spec() for _ in rows])


def each_step(world: World, market: Market) -> World:
    """Play every step, whether anything can happen in it or not."""
    for step in range(STEPS):
        play(world, market, some_rules(size=1.0), step)
        decide_step(world, market, some_rules(size=1.0), step)
        world.account[0]["step"] = step + 1
    return world


@pytest.mark.parametrize("balance", [2.5, 4.0, 8.0, 10_000.0])
@pytest.mark.parametrize("seed", range(4))
def test_skipping_is_exact_far_from_liquidation_and_near_it(seed: int, balance: float) -> None:
    """Fills, account, orders and the equity of every bar: the same bytes."""
    market = walks(seed)
    assert digest(each_step(a_world(market, balance, lines=200), market)) == digest(
        run(a_world(market, balance, lines=200), market, some_rules(size=1.0))
    )


def test_these_markets_do_liquidate() -> None:
    """Else the test above would hold for nothing."""
    forced = [
        int(run(a_world(market, balance), market, some_rules(size=1.0)).account[0]["n_liquidations"])
        for market in map(walks, range(4))
        for balance in (2.5, 4.0, 8.0)
    ]
    assert sum(count > 0 for count in forced) > 4
