"""A configuration that changes while a process runs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.config.source import FileSource
from tradewright.domain.configured import ConfigChange, ConfigVersion
from tradewright.domain.errors import InvalidValue, StoreError
from tradewright.ports.config_source import ConfigReading
from tradewright.services.config_watch import ConfigOutcome, ConfigWatch, Whose
from tradewright.testing.config_history_contract import MemoryHistory, check_config_history
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

START = 1_700_000_000_000_000_000


class _Rig:
    """A file, a watch over it, and something that goes by the section `filtering`."""

    def __init__(self, folder: Path, text: str = "filtering: {min_daily_volume: 1}\n") -> None:
        self.file = folder / "tradewright.yaml"
        self.written = 0
        self.write(text)
        self.history = MemoryHistory()
        self.time = SimulatedClock(START)
        source = FileSource(Sources(environment={}, folder=folder))
        self.watch = ConfigWatch(source, self.history, self.time, Whose("anna", "run-1"))
        self.heard: list[tuple[str, ...]] = []
        self.volume = 1.0
        self.watch.on("filtering", self.apply)

    def write(self, text: str) -> None:
        """Write the file; each time at another moment."""
        self.file.write_text(text, encoding="utf-8")
        self.written += 1
        os.utime(self.file, ns=(self.written * 10**9, self.written * 10**9))

    def apply(self, reading: ConfigReading, changes: Sequence[ConfigChange]) -> Callable[[], None]:
        """Refuse a volume of 13; put any other into effect."""
        volume = reading.tree.filtering.min_daily_volume
        if volume == 13.0:
            raise InvalidValue("filtering.min_daily_volume", volume, "another number")

        def commit() -> None:
            self.volume = volume
            self.heard.append(tuple(one.path for one in changes))

        return commit

    async def looks(self, times: int = 2) -> list[ConfigOutcome]:
        """Look so many times; what came of it."""
        found = [await self.watch.look() for _ in range(times)]
        return [one for one in found if one is not None]


def test_a_change_is_put_into_effect_and_kept(tmp_path: Path) -> None:
    """Once the file stays as it is: with its time, its author, what changed, and the run; and once only."""
    rig = _Rig(tmp_path)

    async def act() -> None:
        first = await rig.watch.begin()
        assert ("start", {"filtering.min_daily_volume": 1.0}) == (first.note, first.values)
        assert first == await rig.watch.begin()
        rig.write("filtering: {min_daily_volume: 2, max_volatility: 9}\nscanner: {interval_s: 20}\n")
        (outcome,) = await rig.looks()
        assert outcome.version is not None
        assert ("scanner.interval_s",) == outcome.unheard
        assert (2, START, "anna", "run-1") == (
            outcome.version.number, outcome.version.at, outcome.version.author, outcome.version.run_id)  # fmt: skip
        assert ConfigChange("filtering.min_daily_volume", 1.0, 2.0) in outcome.version.changes
        assert 2.0 == rig.volume == rig.watch.tree.filtering.min_daily_volume
        assert [] == await rig.looks(5)

    run_simulated(act)
    assert [("filtering.min_daily_volume", "filtering.max_volatility")] == rig.heard


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("filtering: {min_daily_volume: many}\n", "tradewright.yaml:1 filtering.min_daily_volume: 'many'"),
        ("filtering: {min_daily_volum: 2}\n", "is unknown"),
        ("filtering: {min_daily_volume: 13}\n", "give another number"),
        ("filtering: {min_daily_volume: 2}\nsimulation: {initial_capital: 5}\n", "initial_capital cannot change"),
        ("filtering: [", "a file in YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_changes_nothing_and_is_told_once(text: str, words: str, tmp_path: Path) -> None:
    """All or nothing: neither what is right in the file nor the history; a right file afterwards works."""
    rig = _Rig(tmp_path)

    async def act() -> None:
        rig.write(text)
        (outcome,) = await rig.looks(4)
        assert words in outcome.refused
        assert (None, 1.0, 1.0, []) == (
            outcome.version, rig.volume, rig.watch.tree.filtering.min_daily_volume, rig.history.kept)  # fmt: skip
        rig.write("filtering: {min_daily_volume: 4}\n")
        (outcome,) = await rig.looks()
        assert (4.0, "") == (rig.volume, outcome.refused)

    run_simulated(act)


def test_a_file_that_is_being_written_is_not_read(tmp_path: Path) -> None:
    """Half a file may be right by itself: it is read when it has stayed the same for a look."""
    rig = _Rig(tmp_path)

    async def act() -> None:
        for volume in (5, 6, 7):
            rig.write(f"filtering: {{min_daily_volume: {volume}}}\n")
            assert [] == await rig.looks(1)
        await rig.looks(1)

    run_simulated(act)
    assert (7.0, 1) == (rig.volume, len(rig.heard))


def test_what_cannot_be_kept_is_not_put_into_effect(tmp_path: Path) -> None:
    """The version is kept first: without it, nothing changes."""
    rig = _Rig(tmp_path)

    class Full(MemoryHistory):
        async def add(self, version: ConfigVersion) -> ConfigVersion:
            raise StoreError("no room")

    rig.watch._history = Full()
    rig.write("filtering: {min_daily_volume: 2}\n")
    (outcome,) = run_simulated(rig.looks)
    assert ("no room", 1.0) == (outcome.refused, rig.volume)


def test_it_looks_by_the_clock_until_it_is_cancelled(tmp_path: Path) -> None:
    """Every so many seconds; what comes of it is told."""
    rig = _Rig(tmp_path)
    told: list[ConfigOutcome] = []

    async def act() -> None:
        task = asyncio.ensure_future(rig.watch.run(2.0, told.append))
        await rig.time.sleep(3.0)
        rig.write("filtering: {min_daily_volume: 2}\n")
        await rig.time.sleep(6.0)
        task.cancel()

    run_simulated(act)
    assert [2.0] == [one.version.values["filtering.min_daily_volume"] for one in told if one.version]


def test_the_history_of_a_test_is_a_history() -> None:
    """What stands in for a history in tests keeps its contract."""
    run_simulated(lambda: check_config_history(MemoryHistory()))
