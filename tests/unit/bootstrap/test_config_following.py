"""A session of one command goes by the configuration while it trades."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.config.source import FileSource
from tradewright.bootstrap.config_following import MOMENTUM, swapping, told
from tradewright.services.config_watch import ConfigWatch, Whose
from tradewright.services.strategies import find_strategies
from tradewright.testing.config_history_contract import MemoryHistory
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


class _Rig:
    """A file, and a session that notes what is asked of it."""

    def __init__(self, folder: Path, given: Mapping[str, Any], *, is_momentum: bool = True) -> None:
        self.file, self.written = folder / "tradewright.yaml", 0
        self.write("momentum: {rsi_period: 14}\n")
        source = FileSource(Sources(environment={}, folder=folder))
        self.watch = ConfigWatch(source, MemoryHistory(), SimulatedClock(0), Whose("anna", "run-1"))
        self.asked: list[Mapping[str, Any]] = []
        self.said: list[str] = []
        if is_momentum:
            self.watch.on("momentum", swapping(find_strategies(), self.swap, given))

    def write(self, text: str) -> None:
        """Write the file; each time at another moment."""
        self.file.write_text(text, encoding="utf-8")
        self.written += 1
        os.utime(self.file, ns=(self.written * 10**9, self.written * 10**9))

    async def swap(self, params: Mapping[str, Any]) -> None:
        """See the class."""
        self.asked.append(params)

    def after(self, text: str) -> list[str]:
        """What is said once the file is like this."""

        async def act() -> None:
            self.write(text)
            for _ in range(2):
                if (outcome := await self.watch.look()) is not None:
                    told(self.said.append)(outcome)
            await asyncio.sleep(0)

        run_simulated(act)
        return self.said


@pytest.mark.parametrize("given", [{}, {"oversold": 30.0}])
def test_a_changed_parameter_is_asked_of_the_session_and_what_the_command_gave_stays(
    tmp_path: Path, given: dict[str, float]
) -> None:
    """All parameters go with it, so that a key that is taken out goes back to its usual value; not those of `--set`."""
    rig = _Rig(tmp_path, given)
    said = rig.after("momentum: {rsi_period: 9, rsi_oversold: 25}\n")
    usual = dict(find_strategies().create(MOMENTUM, {}).params)
    (asked,) = rig.asked
    changed = {name: value for name, value in asked.items() if value != usual[name]}
    assert set(usual) - set(given) == set(asked)
    assert sorted([9, *([] if given else [25.0])]) == sorted(changed.values())
    assert ["configuration version 1 is in effect: momentum.rsi_period, momentum.rsi_oversold"] == said


def test_what_cannot_be_used_or_changed_is_said_and_nothing_is_asked(tmp_path: Path) -> None:
    """A value that the strategy refuses, a key that is fixed while a session trades: nothing of the file is used."""
    rig = _Rig(tmp_path, {})
    said = rig.after("momentum: {rsi_period: 9, macd_fast: 30, macd_slow: 10}\n")
    assert ([], 1) == (rig.asked, len(said))
    said = rig.after("momentum: {rsi_period: 9}\nrisk: {size: 0.02}\n")
    assert ([], True) == (rig.asked, "risk.size cannot change while this runs" in said[1])


def test_another_strategy_goes_by_none_of_it_and_that_is_said(tmp_path: Path) -> None:
    """The version is kept; the session goes on as it is."""
    said = _Rig(tmp_path, {}, is_momentum=False).after("momentum: {rsi_period: 9}\n")
    assert "nothing here goes by momentum.rsi_period" == said[1]
