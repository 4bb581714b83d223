"""Processes under one command: started again with growing waits, ended when they give no sign of life."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from tradewright.domain.errors import StoreError
from tradewright.domain.heartbeat import Heartbeat
from tradewright.services.rounds import rounds
from tradewright.services.supervision import Care, Supervisor
from tradewright.testing.memory_bulletin import MemoryBulletin
from tradewright.testing.simulated_time import SimulatedClock, run_simulated


class _Child:
    """A process that ends by itself after some seconds, or when it is asked, or only when it is killed."""

    def __init__(self, pid: int, lives_s: float, *, obeys: bool = True) -> None:
        self.pid, self._lives_s, self._obeys = pid, lives_s, obeys
        self._over: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def ended(self) -> int:
        """Wait for its end."""
        await asyncio.wait(
            [asyncio.ensure_future(asyncio.sleep(self._lives_s)), self._over], return_when="FIRST_COMPLETED"
        )
        return self._over.result() if self._over.done() else 1

    def end(self) -> None:
        """It ends, if it obeys."""
        if self._obeys:
            self._finish(0)

    def kill(self) -> None:
        """It ends."""
        self._finish(-9)

    def _finish(self, code: int) -> None:
        if not self._over.done():
            self._over.set_result(code)


class _Launcher:
    def __init__(self, make: Callable[[int], _Child]) -> None:
        self._make = make
        self.starts: list[tuple[str, float]] = []

    async def start(self, name: str) -> _Child:
        """Start one, and note when."""
        self.starts.append((name, round(asyncio.get_running_loop().time(), 1)))
        return self._make(len(self.starts))


def _supervised(make: Callable[[int], _Child], seconds: float, *names: str) -> tuple[_Launcher, list[str], float]:
    launcher, told, bulletin = _Launcher(make), [], MemoryBulletin()
    clock = SimulatedClock()

    async def act() -> float:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, stop.set)
        supervisor = Supervisor(launcher, bulletin, clock, lambda name, words: told.append(f"{name} {words}"))
        await bulletin.beat(Heartbeat("hangs", "r", 1, clock.now_ns(), 30.0))
        await supervisor.run(names or ("scan",), stop)
        return asyncio.get_running_loop().time()

    return launcher, told, run_simulated(act)


def test_what_dies_at_once_is_started_again_with_growing_waits() -> None:
    """1, 2, 4 … seconds, and never more than a minute."""
    launcher, _, _ = _supervised(lambda pid: _Child(pid, 0.0), 400.0)
    starts = [at for _, at in launcher.starts]
    waits = [round(later - before) for before, later in itertools.pairwise(starts)]
    assert [1, 2, 4, 8, 16, 32, 60, 60, 60, 60] == waits[:10]


def test_after_a_steady_life_the_waits_begin_anew() -> None:
    """What has worked for two minutes is started again after a second, each time."""
    launcher, told, _ = _supervised(lambda pid: _Child(pid, 130.0), 600.0)
    starts = [at for _, at in launcher.starts]
    assert {131} == {round(later - before) for before, later in itertools.pairwise(starts)}
    assert any("ended with 1; it is started again in 1 s" in line for line in told)


def test_what_gives_no_sign_of_life_is_killed_and_started_again() -> None:
    """A process whose last sign is overdue by 90 seconds; one that has given none yet has time."""
    launcher, told, _ = _supervised(lambda pid: _Child(pid, 1e6, obeys=False), 300.0, "hangs", "young")
    assert ("hangs gives no sign of life: it is ended") in told
    assert ["hangs", "young", "hangs"] == [name for name, _ in launcher.starts]
    assert 120.0 <= launcher.starts[2][1] <= 130.0


def test_told_to_stop_it_asks_waits_and_then_kills() -> None:
    """What obeys is over at once; what does not has 20 seconds."""
    assert 10.5 > _supervised(lambda pid: _Child(pid, 1e6), 10.0, "a", "b")[2]
    assert 30.0 <= _supervised(lambda pid: _Child(pid, 1e6, obeys=False), 10.0)[2] <= 30.5


def test_what_cannot_be_started_as_it_is_configured_ends_all() -> None:
    """Its first life ends with the code of bad input: it is not begun again, and the other is ended, too."""
    told: list[str] = []

    async def act() -> None:
        launcher = _Launcher(lambda pid: _Child(pid, 3.0 if pid == 1 else 1e6))
        care = Care(hopeless=1)
        say = lambda name, words: told.append(f"{name} {words}")  # noqa: E731 - a line
        await Supervisor(launcher, MemoryBulletin(), SimulatedClock(), say, care).run(["api", "trade"], asyncio.Event())
        assert ["api", "trade"] == [name for name, _ in launcher.starts]

    run_simulated(act)
    assert "api cannot be started as it is configured; everything is ended" in told


def test_a_database_that_is_away_ends_no_process() -> None:
    """Nobody can say then whether a process hangs."""

    class Away(MemoryBulletin):
        async def beats(self) -> dict[str, Heartbeat]:
            raise StoreError("locked")

    told: list[str] = []

    async def act() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(30.0, stop.set)
        launcher = _Launcher(lambda pid: _Child(pid, 1e6))
        care = Care(late=0.0)
        await Supervisor(launcher, Away(), SimulatedClock(), lambda _, words: told.append(words), care).run(["a"], stop)

    run_simulated(act)
    assert 1 == sum(line.startswith("started") for line in told)
    assert any("cannot be read: locked" in line for line in told)


def test_rounds_are_even_and_go_on_after_failures() -> None:
    """Each begins 60 s after the one before, whatever it took; failures wait 1, 2, 4 s; another error ends them."""
    clock, begun, failed = SimulatedClock(), [], []

    async def act() -> None:
        begun.append(round(clock.monotonic()))
        if len(begun) in {3, 4, 5}:
            raise StoreError("locked")
        if len(begun) == 8:
            raise AssertionError("our own fault")
        await clock.sleep(10.0)

    async def whole() -> str:
        try:
            await rounds(act, lambda: 60.0, clock, lambda why, wait: failed.append((why, wait)))
        except AssertionError as error:
            return str(error)
        return ""

    assert "our own fault" == run_simulated(whole)
    assert [0, 60, 120, 121, 123, 127, 187, 247] == begun
    assert [("locked", 1.0), ("locked", 2.0), ("locked", 4.0)] == failed
