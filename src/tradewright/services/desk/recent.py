"""What many ask at once is read once: deployments and facts as they were a moment ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tradewright.domain.deployment import Deployment, DeploymentState
from tradewright.ports.clock import Clock
from tradewright.ports.deployments import Deployments
from tradewright.ports.happenings import FactBoard, SessionFacts, Telling

__all__ = ["RecentDeployments", "RecentFacts"]

_MOMENT_S = 0.1
_MOST = 1_000


@dataclass
class _Moment:
    # What was read, for a moment; what was being read while somebody wrote is not kept.
    clock: Clock
    kept: dict[str, tuple[float, Any]] = field(default_factory=dict)
    writes: int = 0

    def of(self, name: str) -> tuple[Any] | None:
        found = self.kept.get(name)
        return None if found is None or self.clock.monotonic() - found[0] >= _MOMENT_S else (found[1],)

    def keep(self, name: str, value: Any, writes: int) -> None:
        if writes == self.writes:
            if len(self.kept) >= _MOST:
                self.kept.clear()
            self.kept[name] = (self.clock.monotonic(), value)

    def forget(self) -> None:
        self.writes += 1
        self.kept.clear()


class RecentDeployments:
    """See `ports.deployments.Deployments`: `all` may be a tenth of a second old, but for what was written here.

    Args:
        known: the deployments.
        clock: that says how old something is.
    """

    def __init__(self, known: Deployments, clock: Clock) -> None:
        self._known, self._moment = known, _Moment(clock)

    async def all(self) -> Sequence[Deployment]:
        """See `Deployments`."""
        if (kept := self._moment.of("")) is not None:
            return kept[0]  # type: ignore[no-any-return]  # as it was kept below
        writes = self._moment.writes
        found = await self._known.all()
        self._moment.keep("", found, writes)
        return found

    async def get(self, name: str) -> Deployment:
        """See `Deployments`; as it is now, for whoever wants to change it."""
        return await self._known.get(name)

    async def add(self, one: Deployment) -> None:
        """See `Deployments`."""
        try:
            await self._known.add(one)
        finally:
            self._moment.forget()

    async def change(self, becomes: Deployment) -> Deployment:
        """See `Deployments`."""
        try:
            return await self._known.change(becomes)
        finally:
            self._moment.forget()

    async def remove(self, name: str) -> None:
        """See `Deployments`."""
        try:
            await self._known.remove(name)
        finally:
            self._moment.forget()

    async def tell_state(self, name: str, state: DeploymentState, detail: str = "") -> None:
        """See `Deployments`."""
        try:
            await self._known.tell_state(name, state, detail)
        finally:
            self._moment.forget()


class RecentFacts:
    """See `ports.happenings.FactBoard`: those of a session may be a tenth of a second old, but for what was put here.

    Args:
        board: the facts.
        clock: that says how old something is.
    """

    def __init__(self, board: FactBoard, clock: Clock) -> None:
        self._board, self._moment = board, _Moment(clock)

    async def of(self, session: str) -> SessionFacts | None:
        """See `FactBoard`."""
        if (kept := self._moment.of(session)) is not None:
            return kept[0]  # type: ignore[no-any-return]  # as it was kept below
        writes = self._moment.writes
        found = await self._board.of(session)
        self._moment.keep(session, found, writes)
        return found

    async def since(self, ts: int) -> Sequence[SessionFacts]:
        """See `FactBoard`."""
        return await self._board.since(ts)

    async def put(self, facts: Sequence[SessionFacts], tellings: Sequence[Telling] = ()) -> None:
        """See `FactBoard`."""
        try:
            await self._board.put(facts, tellings)
        finally:
            self._moment.forget()

    async def forget(self, session: str) -> None:
        """See `FactBoard`."""
        try:
            await self._board.forget(session)
        finally:
            self._moment.forget()
