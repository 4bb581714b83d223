"""Deployments, facts and events in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tradewright.domain.deployment import Deployment, DeploymentState
from tradewright.domain.errors import Absent, Conflict
from tradewright.ports.happenings import Happening, SessionFacts, Telling

__all__ = ["MemoryDeployments", "MemoryFacts", "MemoryHappenings"]


class MemoryDeployments:
    """See `ports.deployments.Deployments`.

    Args:
        known: those that are there from the start.
    """

    def __init__(self, *known: Deployment) -> None:
        self.known = {one.name: one for one in known}

    async def all(self) -> Sequence[Deployment]:
        """See `ports.deployments.Deployments.all`."""
        return sorted(self.known.values(), key=lambda one: one.name)

    async def get(self, name: str) -> Deployment:
        """See `ports.deployments.Deployments.get`."""
        if name not in self.known:
            raise Absent(f"deployment {name}: there is none")
        return self.known[name]

    async def add(self, one: Deployment) -> None:
        """See `ports.deployments.Deployments.add`."""
        if one.name in self.known:
            raise Conflict(f"deployment {one.name}: there is one of that name")
        self.known[one.name] = one

    async def change(self, becomes: Deployment) -> Deployment:
        """See `ports.deployments.Deployments.change`."""
        now = await self.get(becomes.name)
        if now.revision != becomes.revision:
            raise Conflict(f"deployment {becomes.name}: somebody has changed it meanwhile; look at it again")
        done = replace(becomes, revision=now.revision + 1, state=now.state, detail=now.detail)
        self.known[becomes.name] = done
        return done

    async def remove(self, name: str) -> None:
        """See `ports.deployments.Deployments.remove`."""
        await self.get(name)
        del self.known[name]

    async def tell_state(self, name: str, state: DeploymentState, detail: str = "") -> None:
        """See `ports.deployments.Deployments.tell_state`."""
        if name in self.known:
            self.known[name] = replace(self.known[name], state=state, detail=detail)


class MemoryFacts:
    """See `ports.happenings.FactBoard`.

    Attributes:
        known: what was put down last, by session.
        tellings: all that was told, oldest first.
    """

    def __init__(self) -> None:
        self.known: dict[str, SessionFacts] = {}
        self.tellings: list[Telling] = []

    async def put(self, facts: Sequence[SessionFacts], tellings: Sequence[Telling] = ()) -> None:
        """See `ports.happenings.FactBoard.put`."""
        self.known |= {one.session: one for one in facts}
        self.tellings += tellings

    async def of(self, session: str) -> SessionFacts | None:
        """See `ports.happenings.FactBoard.of`."""
        return self.known.get(session)

    async def since(self, ts: int) -> Sequence[SessionFacts]:
        """See `ports.happenings.FactBoard.since`."""
        return sorted((one for one in self.known.values() if one.ts >= ts), key=lambda one: one.ts)

    async def forget(self, session: str) -> None:
        """See `ports.happenings.FactBoard.forget`."""
        self.known.pop(session, None)


class MemoryHappenings:
    """See `ports.happenings.HappeningLog`."""

    def __init__(self) -> None:
        self._kept: list[Happening] = []
        self._next = 1

    async def add(self, tellings: Sequence[Telling]) -> None:
        """See `ports.happenings.HappeningLog.add`."""
        for one in tellings:
            self._kept.append(Happening(one.kind, one.data, one.ts, self._next))
            self._next += 1

    async def after(self, number: int, most: int = 1_000) -> Sequence[Happening]:
        """See `ports.happenings.HappeningLog.after`."""
        return [one for one in self._kept if one.number > number][:most]

    async def span(self) -> tuple[int, int]:
        """See `ports.happenings.HappeningLog.span`."""
        return (self._kept[0].number, self._kept[-1].number) if self._kept else (1, 0)

    async def prune(self, keep: int) -> None:
        """See `ports.happenings.HappeningLog.prune`."""
        self._kept = self._kept[-keep:]
