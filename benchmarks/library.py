"""Every built-in strategy over a year of five-minute bars: signals, time grid, the compiled loop. No arguments."""

from __future__ import annotations

import time

from jobs import say

from tradewright.domain.timeframe import Timeframe
from tradewright.market.synthetic import synthesise
from tradewright.services.strategies import find_strategies
from tradewright.testing.edge_trials import traded

FIVE = Timeframe.parse("5m")
BARS = 365 * 24 * 12
ROUNDS = 3


def main() -> None:
    """Run each strategy once so that everything is compiled, then measure; one row for each, and their sum."""
    bars = synthesise(FIVE, 1_672_531_200_000_000_000, BARS, 7)
    strategies = find_strategies()
    total = 0.0
    for name in strategies.names():
        strategy, best = strategies.create(name), float("inf")
        for _ in range(ROUNDS + 1):
            begin = time.perf_counter()
            traded(strategy, bars, FIVE)
            best = min(best, time.perf_counter() - begin)
        say(who="tradewright", way=f"year of 5m bars, {name}", seconds=best)
        total += best
    say(who="tradewright", way="year of 5m bars, the library of strategies", seconds=total)


if __name__ == "__main__":
    main()
