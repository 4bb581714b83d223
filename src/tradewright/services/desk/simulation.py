"""The simulation: one deployment that is there for everybody, made when it is first started."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tradewright.domain.deployment import Deployment, DeploymentTerms, Wanted
from tradewright.domain.mode import SIMULATION
from tradewright.services.desk.desk import Desk

__all__ = ["SIMULATED", "SimulationDesk"]

SIMULATED = "simulation"
"""Name of the deployment."""
_STRATEGY, _MARKET, _FRAME = "ma_crossover", "BTC/USDT:USDT", "1m"
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SimulationDesk:
    """Starts, stops and changes the simulation.

    Args:
        desk: all deployments.
        usual: what stands where nothing is said.
        watched: symbols of the pairs that are active.
    """

    desk: Desk
    usual: Plain
    watched: Callable[[], Awaitable[tuple[str, ...]]]

    async def found(self) -> Deployment | None:
        """The deployment; None before it was ever started."""
        return next((one for one in await self.desk.deployments.all() if one.name == SIMULATED), None)

    async def terms(self) -> DeploymentTerms:
        """What it trades, or would trade if it were started now."""
        if (one := await self.found()) is not None:
            return one.terms
        instruments = await self.watched() or (_MARKET,)
        return DeploymentTerms(_STRATEGY, instruments, _FRAME, **self.usual)

    async def start(self, said: Plain, by: str) -> Deployment:
        """Let it trade; what is said beside its terms begins anew.

        Raises:
            TradewrightError: what is said cannot be used.
        """
        one = await self.found()
        if one is None:
            return await self._make(said, by, "running")
        if _with(one.terms, said) != one.terms:
            one = await self.change(said, by)
        return await self.desk.start(SIMULATED, by)

    async def told(self) -> Plain:
        """How its session stands, as it was told last; empty where nothing was told."""
        one = await self.found()
        return {} if one is None else await self.desk.told(one)

    async def stop(self, by: str) -> Deployment:
        """Let it trade no more.

        Raises:
            Absent: it was never started.
        """
        return await self.desk.stop(SIMULATED, by)

    async def reset(self, said: Plain, by: str, *, start: bool) -> Deployment:
        """Begin anew, or for the first time; where it trades, or is to, it goes on with another session.

        Raises:
            TradewrightError: what is said cannot be used.
        """
        one = await self.found()
        if one is None:
            return await self._make(said, by, "running" if start else "stopped")
        done = await self.desk.reset(SIMULATED, _with(one.terms, said), by)
        return await self.desk.start(SIMULATED, by) if start else done

    async def change(self, said: Plain, by: str) -> Deployment:
        """Change what it trades: parameters while it trades, anything else by another session.

        Raises:
            TradewrightError: what is said cannot be used.
        """
        one = await self.found()
        if one is None:
            return await self._make(said, by, "stopped")
        terms = _with(one.terms, said)
        if terms == one.terms:
            return one
        if replace(terms, params=one.terms.params) == one.terms:
            return (await self.desk.swap(SIMULATED, None, terms.params, by)).deployment
        return await self.desk.reset(SIMULATED, terms, by)

    async def _make(self, said: Plain, by: str, wanted: Wanted) -> Deployment:
        terms = _with(await self.terms(), said)
        return await self.desk.create(Deployment(SIMULATED, SIMULATION, SIMULATED, terms, wanted, "api", by))


def _with(terms: DeploymentTerms, said: Plain) -> DeploymentTerms:
    # What is said of costs stands beside what was said of them before.
    return replace(terms, **{**said, "costs": {**terms.costs, **said.get("costs", {})}})
