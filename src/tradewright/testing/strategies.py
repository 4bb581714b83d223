"""The conformance suite of strategies, for your tests and ours.

Example::

    from tradewright.testing.strategies import conforming, conforming_folder
    from my_strategies import Breakout

    def test_breakout_keeps_the_contract():
        conforming(Breakout())

    def test_all_of_my_strategies_keep_it():
        conforming_folder(Path("strategies"))
"""

from __future__ import annotations

from pathlib import Path

from tradewright.services.strategies import CheckReport, check_strategy, made_up_bars
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.plugin import load_file
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy

__all__ = ["conforming", "conforming_folder"]


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


def conforming_folder(folder: Path) -> tuple[CheckReport, ...]:
    """Hold every strategy of a folder to the contract, with its default parameters, on a synthetic market.

    Args:
        folder: of strategy files; those whose name begins with an underscore are left alone, as the platform does.

    Returns:
        A report for each strategy, all passed, sorted by name.

    Raises:
        AssertionError: there is no strategy, a file cannot be loaded, or a rule is broken; all faults are named.
    """
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    loaded = Registry(plugin for path in files for plugin in load_file(path))
    faults = [str(broken) for broken in loaded.broken]
    reports = []
    for name in loaded.names():
        try:
            reports.append(conforming(loaded.create(name)))
        except AssertionError as broken:
            faults.append(str(broken))
    if faults or not reports:
        raise AssertionError("\n".join(faults) or f"{folder}: there is no strategy in it")
    return tuple(reports)
