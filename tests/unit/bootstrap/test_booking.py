"""Books that are filled while a session trades: what a log refuses comes later, and nothing is entered twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tradewright.bootstrap import booking as booking_module
from tradewright.bootstrap.booking import Booker
from tradewright.domain.errors import StoreError
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


class _Keeper:
    """Counts what it is given; fails as often as it is told to."""

    def __init__(self, _books: Any) -> None:
        self.failures, self.spans = 1, list[tuple[int, int]]()

    async def enter(self, one: Any, _known: Any, before: Any, now: Any) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("the database is locked")
        assert ("trend", "simulation") == (one.session, one.mode)
        self.spans.append((before.get("counts", {}).get("steps", 0), now["counts"]["steps"]))


class _Told:
    count = 0

    def played(self, *_: Any) -> None:
        """See `services.paper.trading.Listener`."""
        self.count += 1


def test_what_is_new_is_entered_every_few_seconds_and_what_is_refused_is_entered_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten bars, refused at first; then ten more: each stretch once, and nothing while nothing happens."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    ten, twenty = rig.follow(name, 10), rig.follow(name, 10)
    monkeypatch.setattr(booking_module, "Bookkeeper", _Keeper)
    told: Any = _Told()

    async def work() -> list[tuple[int, int]]:
        clock = SimulatedClock()
        booker = Booker({}, clock)
        running = asyncio.create_task(booker.run())
        hears: Any = booker.hearing("trend", told)
        hears.played(ten, None, None)
        await clock.sleep(6.0)
        keeper: Any = booker._keeper
        assert [] == keeper.spans
        await clock.sleep(20.0)
        hears.played(twenty, None, None)
        await clock.sleep(20.0)
        running.cancel()
        return list(keeper.spans)

    assert [(0, 10), (10, 20)] == run_simulated(work)
    assert 2 == told.count
