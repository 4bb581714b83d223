"""The conformance suite of strategies, for your tests and ours.

Example::

    from tradewright.testing.strategies import conforming
    from my_strategies import Breakout

    def test_breakout_keeps_the_contract():
        conforming(Breakout())
"""

from __future__ import annotations

from tradewright.services.strategies import CheckReport, check_strategy, made_up_bars
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.strategy import Strategy

__all__ = ["conforming"]


def conforming(strategy: Strategy, closed: ClosedBars | None = None) -> CheckReport:
    """Hold a strategy to the whole contract, the leak test included.

    Args:
        strategy: with the parameters to check.
        closed: bars to check on; a synthetic market of 5,000 bars by default.

    Returns:
        The report, all passed.

    Raises:
        AssertionError: a rule is broken; the message names it, and what was seen.
    """
    bars, data = (closed, f"{len(closed)} bars") if closed is not None else made_up_bars(strategy)
    report = check_strategy(strategy, bars, data)
    faults = [f"{verdict.rule}: {verdict.detail}" for verdict in report.verdicts if not verdict.passed]
    if report.passport:
        found = report.passport.findings
        faults += [f"bar {leak.bar} ({leak.ts}) {leak.column} {leak.after}: {leak.cause}" for leak in found]
    if faults:
        raise AssertionError(f"{strategy.name} on {data}: " + "; ".join(faults))
    return report
