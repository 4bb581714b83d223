"""What is wanted is traded: begun, ended, begun again after a failure, and given up where trying again is no use."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.errors import InvalidValue, VenueUnavailable
from tradewright.services.desk.runner import Runner
from tradewright.testing.memory_desk import MemoryDeployments
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

_ONE = Deployment("trend", "simulation", "trend", DeploymentTerms("x", ("BTC/USDT:USDT",)), "running")


class _Floor:
    """Where trade is told of: what was begun, and what is to come of it."""

    def __init__(self, *ends) -> None:
        self.begun, self.ended, self.said = [], [], []
        self._ends = list(ends)

    async def trade(self, one, stop):
        """Trade until told to stop, or fail as foreseen."""
        self.begun.append(one.session)
        if self._ends and (end := self._ends.pop(0)) is not None:
            raise end
        await stop.wait()
        self.ended.append(one.session)

    def told(self, one, state, detail):
        """See `services.desk.runner.Tell`."""
        self.said.append((one.name, state))


def _run(deployments, floor, seconds, act=None):
    async def whole():
        clock, stop = SimulatedClock(), asyncio.Event()
        running = asyncio.create_task(Runner(deployments, floor.trade, clock, floor.told).run(stop))
        if act is not None:
            await act(clock)
        await clock.sleep(seconds)
        stop.set()
        await running

    run_simulated(whole)


def test_what_is_wanted_is_traded_until_it_is_not():
    """It begins, ends when that is wanted, and begins again."""
    deployments, floor = MemoryDeployments(_ONE), _Floor()

    async def act(clock):
        for wanted in ("stopped", "running"):
            await clock.sleep(2)
            await deployments.change(replace(await deployments.get("trend"), wanted=wanted))

    _run(deployments, floor, 2, act)
    assert ["trend", "trend"] == floor.begun == floor.ended
    assert ["running", "stopped"] * 2 == [state for _, state in floor.said]


def test_what_fails_is_begun_again_with_growing_waits():
    """After 5 and 10 seconds; meanwhile it is said that it failed, and why."""
    floor = _Floor(VenueUnavailable("away"), VenueUnavailable("away"))
    deployments = MemoryDeployments(_ONE)
    _run(deployments, floor, 20)
    assert 3 == len(floor.begun)
    assert ["running", "failed", "running", "failed", "running", "stopped"] == [state for _, state in floor.said]


def test_what_cannot_be_used_is_given_up():
    """A value that is not allowed is no better the second time: it is wanted no more, and the reason stands."""
    deployments, floor = MemoryDeployments(_ONE), _Floor(InvalidValue("fast", -1, "a number above 0"))
    _run(deployments, floor, 60)
    now = deployments.known["trend"]
    assert (1, "stopped", "failed") == (len(floor.begun), now.wanted, now.state)
    assert "fast" in now.detail


def test_our_own_fault_in_one_leaves_the_others_alone():
    """An error that nobody foresaw fails its own deployment only."""
    deployments = MemoryDeployments(_ONE, replace(_ONE, name="other", session="other"))
    floor = _Floor(ZeroDivisionError("x"))
    _run(deployments, floor, 3)
    assert 1 == len(floor.ended)


def test_another_session_is_another_life():
    """Begun anew, the session before ends first, and the new one begins."""
    deployments, floor = MemoryDeployments(_ONE), _Floor()

    async def act(clock):
        await clock.sleep(2)
        await deployments.change(replace(await deployments.get("trend"), session="trend-2"))

    _run(deployments, floor, 2, act)
    assert ["trend", "trend-2"] == floor.begun == floor.ended
