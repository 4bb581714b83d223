"""What becomes of a strategy that fails."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.signal import Signal
from tradewright.engine.guard import checked_signals, speaking
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy


class Divides(Strategy):
    """Fail on purpose."""

    version = "1"

    def on_bar(self, view: Any) -> Signal | None:
        """Divide by zero, one call deeper."""
        return self.deeper(0)

    def deeper(self, divisor: int) -> Signal | None:
        """The line that fails."""
        return Signal("long", 1 / divisor)


Elsewhere = type("Divides", (Strategy,), {"version": "1", "__doc__": "All its code is inherited."})


def rows(*bars: int) -> Signals:
    """Exits at the given rows."""
    return Signals.from_list([(bar, Signal("exit")) for bar in bars])


def test_failure_names_file_line_and_what_happened() -> None:
    """The innermost line of the strategy's own code is named."""
    strategy = Divides()
    line = Divides.deeper.__code__.co_firstlineno + 2
    said = rf"test_guard\.py:{line}: divides failed: ZeroDivisionError"
    with pytest.raises(StrategyError, match=said) as caught, speaking(strategy):
        strategy.on_bar(None)

    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_failure_outside_the_strategys_file_names_the_strategy() -> None:
    """An error from a library that it called still says whose it was."""
    with pytest.raises(StrategyError, match="divides: divides failed: JSONDecodeError"), speaking(Elsewhere()):
        json.loads("{")


def test_our_own_errors_pass_as_they_are() -> None:
    """A refusal that says what is wrong already is not wrapped."""
    with pytest.raises(InvalidValue), speaking(Divides()):
        raise InvalidValue("side", "up", "'long' or 'short'")


def test_signals_of_another_type_are_refused() -> None:
    """A strategy that gives a mask learns what it must give."""
    with pytest.raises(StrategyError, match="signals gave ndarray; it must give Signals"):
        checked_signals(Divides(), np.zeros(3, bool), 3)


@pytest.mark.parametrize("bars", [(3,), (-1,), (1, 1), (2, 1)], ids=["beyond", "before", "twice", "backwards"])
def test_signals_outside_the_bars_or_out_of_order_are_refused(bars: tuple[int, ...]) -> None:
    """Rows ascend within the bars."""
    with pytest.raises(StrategyError, match="rows that do not ascend within the 3 bars"):
        checked_signals(Divides(), rows(*bars), 3)


def test_good_signals_pass() -> None:
    """What is right comes back as it is."""
    given = rows(0, 2)
    assert checked_signals(Divides(), given, 3) is given
