"""What many ask at once is read once: deployments, facts and pairs as they were a moment ago."""

from __future__ import annotations

from collections.abc import Sequence

from tradewright.domain.deployment import Deployment, DeploymentState
from tradewright.domain.pair import Pair
from tradewright.ports.clock import Clock
from tradewright.ports.deployments import Deployments
from tradewright.ports.happenings import FactBoard, SessionFacts, Telling
from tradewright.ports.pairs import Pairs
from tradewright.services.moment import Moment

__all__ = ["MOMENT_S", "RecentDeployments", "RecentFacts", "RecentPairs"]

MOMENT_S = 0.1
"""How old something may be that is told, s."""


class RecentDeployments:
    """See `ports.deployments.Deployments`: `all` may be a tenth of a second old, but for what was written here.

    Args:
        known: the deployments.
        clock: that says how old something is.
    """

    def __init__(self, known: Deployments, clock: Clock) -> None:
        self._known = known
        self._moment = Moment[Sequence[Deployment]](MOMENT_S, clock.monotonic)

    async def all(self) -> Sequence[Deployment]:
        """See `Deployments`."""
        return await self._moment.of("", self._known.all)

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
        self._board = board
        self._moment = Moment[SessionFacts | None](MOMENT_S, clock.monotonic)

    async def of(self, session: str) -> SessionFacts | None:
        """See `FactBoard`."""
        return await self._moment.of(session, lambda: self._board.of(session))

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


class RecentPairs:
    """See `ports.pairs.Pairs`: they may be a tenth of a second old, but for what was written here.

    Args:
        pairs: that are watched.
        clock: that says how old something is.
    """

    def __init__(self, pairs: Pairs, clock: Clock) -> None:
        self._pairs = pairs
        self._moment = Moment[Sequence[Pair]](MOMENT_S, clock.monotonic)

    async def all(self, venue: str) -> Sequence[Pair]:
        """See `Pairs`."""
        return await self._moment.of(venue, lambda: self._pairs.all(venue))

    async def add(self, pair: Pair) -> None:
        """See `Pairs`."""
        try:
            await self._pairs.add(pair)
        finally:
            self._moment.forget()

    async def change(self, pair: Pair) -> None:
        """See `Pairs`."""
        try:
            await self._pairs.change(pair)
        finally:
            self._moment.forget()

    async def remove(self, venue: str, symbol: str) -> None:
        """See `Pairs`."""
        try:
            await self._pairs.remove(venue, symbol)
        finally:
            self._moment.forget()
