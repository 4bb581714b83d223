"""Where TA-Lib is not installed, our own indicators and all built-in strategies work as they did."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = "import sys; sys.modules['talib'] = None; "
RUN = HIDDEN + "import pytest; sys.exit(pytest.main(sys.argv[1:]))"
SUITES = ("tests/contract/test_indicators.py", "tests/unit/features/test_own_indicators.py")


def alone(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, from the root of the repository; what it must skip without TA-Lib is no fault in CI."""
    env = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_the_suite_of_indicators_passes_without_talib() -> None:
    """The same tests, over every indicator that is our own."""
    done = alone(RUN, "-p", "no:cacheprovider", "-o", "addopts=", *SUITES)
    assert 0 == done.returncode, done.stdout[-3_000:] + done.stderr[-1_000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > 300


def test_values_are_the_same_bytes_with_talib_and_without() -> None:
    """One spec gives one result on every machine."""
    show = (
        "import hashlib\n"
        "from tradewright.features.native import NATIVE\n"
        "from tradewright.features.catalog import CATALOG\n"
        "from tradewright.features.indicator import Indicator\n"
        "from tradewright.testing.bars import traded\n"
        "from tradewright.testing.indicators import called\n"
        "found = hashlib.sha256()\n"
        "for name in sorted(NATIVE):\n"
        "    for column in called(Indicator(CATALOG[name]), traded(300, 3)):\n"
        "        found.update(column.tobytes())\n"
        "print(found.hexdigest())\n"
    )
    with_it, without = alone(show), alone(HIDDEN + "\n" + show)
    assert 64 == len(with_it.stdout.strip()), with_it.stderr
    assert with_it.stdout == without.stdout


def test_no_built_in_strategy_needs_talib() -> None:
    """Each gives signals on a made-up market, from columns and bar by bar, and keeps its contract."""
    code = HIDDEN + (
        "\nfrom tradewright.services.strategies import find_strategies, made_up_bars\n"
        "from tradewright.strategy.contract import check_contract\n"
        "registry = find_strategies()\n"
        "for name in registry.names():\n"
        "    strategy = registry.create(name)\n"
        "    verdicts = check_contract(strategy, made_up_bars(strategy)[0])\n"
        "    print(name, all(verdict.passed for verdict in verdicts))\n"
    )
    done = alone(code)
    verdicts = dict(line.split() for line in done.stdout.splitlines())
    assert len(verdicts) >= 11, done.stderr[-2_000:]
    assert {"True"} == set(verdicts.values()), verdicts


def test_an_indicator_that_is_not_ours_says_what_is_missing() -> None:
    """The error names the indicator and the package."""
    code = HIDDEN + "from tradewright import ta; ta.ht_sine([1.0, 2.0])"
    said = alone(code).stderr
    assert "InvalidValue: indicator: 'ht_sine' is not allowed" in said
    assert "install the package TA-Lib" in said
