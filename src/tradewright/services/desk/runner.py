"""Follows the deployments that are wanted: begins what is to trade, ends what is not, begins again what failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from tradewright.domain.deployment import Deployment, DeploymentState
from tradewright.domain.errors import Absent, Conflict, InvalidValue, StoreError, TradewrightError, UnknownName
from tradewright.ports.clock import Clock
from tradewright.ports.deployments import Deployments

__all__ = ["Runner", "Tell", "Trade"]

Trade = Callable[[Deployment, asyncio.Event], Awaitable[None]]
"""Trades until the event is set, or the session is asked to end."""
Tell = Callable[[Deployment, DeploymentState, str], None]
_FIRST_WAIT_S, _MOST_WAIT_S = 5.0, 300.0


@dataclass
class _Run:
    deployment: Deployment
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Runner:
    """Keeps every deployment that is wanted at its trade.

    Args:
        deployments: which there are.
        trade: trades for one.
        clock: to wait by.
        told: what becomes of each.
        look_s: seconds from one look at the deployments to the next.
    """

    def __init__(self, deployments: Deployments, trade: Trade, clock: Clock, told: Tell, look_s: float = 0.5) -> None:
        self._deployments, self._trade, self._clock, self._told, self._look_s = (
            deployments, trade, clock, told, look_s
        )  # fmt: skip
        self._runs: dict[str, _Run] = {}

    @property
    def running(self) -> int:
        """How many are at their trade."""
        return len(self._runs)

    async def run(self, stop: asyncio.Event) -> None:
        """Follow them until told to stop; all have ended then."""
        try:
            while not stop.is_set():
                # What cannot be read now is read at the next look; what trades goes on meanwhile.
                with suppress(StoreError):
                    await self.look()
                await self._unless(stop, self._look_s)
        finally:
            for one in self._runs.values():
                one.stop.set()
            await asyncio.gather(*(one.task for one in self._runs.values() if one.task), return_exceptions=True)

    async def look(self) -> None:
        """Begin and end what is to be begun and ended.

        Raises:
            StoreError: the deployments cannot be read.
        """
        wanted = {one.name: one for one in await self._deployments.all() if one.wanted == "running"}
        for name, own in self._runs.items():
            if name not in wanted or wanted[name].session != own.deployment.session:
                own.stop.set()
        for name, one in wanted.items():
            if name not in self._runs:
                own = self._runs[name] = _Run(one)
                own.task = asyncio.create_task(self._keep(own))

    async def _keep(self, own: _Run) -> None:
        wait, name = _FIRST_WAIT_S, own.deployment.name
        try:
            while not own.stop.is_set():
                await self._say(own.deployment, "running")
                begun = self._clock.monotonic()
                error = await self._life(own)
                if error is None:
                    break
                if isinstance(error, InvalidValue | UnknownName):
                    # Nothing changes by trying again.
                    await self._give_up(own.deployment)
                    await self._say(own.deployment, "failed", str(error))
                    return
                if self._clock.monotonic() - begun > _MOST_WAIT_S:
                    wait = _FIRST_WAIT_S
                await self._say(own.deployment, "failed", f"{error}; it is begun again in {wait:g} s")
                await self._unless(own.stop, wait)
                wait = min(2 * wait, _MOST_WAIT_S)
            if not own.stop.is_set():
                # It was asked to end by its own name.
                await self._give_up(own.deployment)
            await self._say(own.deployment, "stopped")
        finally:
            self._runs.pop(name, None)

    async def _life(self, own: _Run) -> Exception | None:
        try:
            await self._trade(own.deployment, own.stop)
        except TradewrightError as error:
            return error
        except Exception as error:  # noqa: BLE001 - our own fault in one deployment must not end the others
            return RuntimeError(f"our own fault: {type(error).__name__}: {error}")
        return None

    async def _give_up(self, one: Deployment) -> None:
        # Unless somebody wants something else by now.
        with suppress(StoreError):
            now = await self._deployments.get(one.name)
            if now.session == one.session and now.wanted == "running":
                with suppress(Absent, Conflict):
                    await self._deployments.change(replace(now, wanted="stopped"))

    async def _say(self, one: Deployment, state: DeploymentState, detail: str = "") -> None:
        self._told(one, state, detail)
        with suppress(StoreError):
            await self._deployments.tell_state(one.name, state, detail)

    async def _unless(self, stop: asyncio.Event, seconds: float) -> None:
        waits = asyncio.ensure_future(self._clock.sleep(seconds)), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
