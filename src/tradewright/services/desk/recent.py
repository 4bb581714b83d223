"""What many ask at once is read once: deployments, facts and pairs as they were a moment ago.

Whoever hears an event and asks what has come of it is not told what was before: `News` lets the moment go first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradewright.domain.deployment import Deployment, DeploymentState
from tradewright.domain.pair import Pair
from tradewright.ports.deployments import Deployments
from tradewright.ports.happenings import FactBoard, SessionFacts, Telling
from tradewright.ports.pairs import Pairs
from tradewright.services.moment import Moment

__all__ = ["MOMENT_S", "RecentDeployments", "RecentFacts", "RecentPairs"]

MOMENT_S = 0.25
"""How old something may be that is told, s; not older than the last event that was told."""


class RecentDeployments:
    """See `ports.deployments.Deployments`: `all` may be a moment old, but for what was written here.

    Args:
        known: the deployments.
        moment: for which what was read counts.
    """

    def __init__(self, known: Deployments, moment: Moment[Any]) -> None:
        self._known, self._moment = known, moment

    async def all(self) -> Sequence[Deployment]:
        """See `Deployments`."""
        found: Sequence[Deployment] = await self._moment.of("deployments", self._known.all)
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
    """See `ports.happenings.FactBoard`: those of a session may be a moment old, but for what was put here.

    Args:
        board: the facts.
        moment: for which what was read counts.
    """

    def __init__(self, board: FactBoard, moment: Moment[Any]) -> None:
        self._board, self._moment = board, moment

    async def of(self, session: str) -> SessionFacts | None:
        """See `FactBoard`."""
        found: SessionFacts | None = await self._moment.of(f"facts {session}", lambda: self._board.of(session))
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


class RecentPairs:
    """See `ports.pairs.Pairs`: they may be a moment old, but for what was written here.

    Args:
        pairs: that are watched.
        moment: for which what was read counts.
    """

    def __init__(self, pairs: Pairs, moment: Moment[Any]) -> None:
        self._pairs, self._moment = pairs, moment

    async def all(self, venue: str) -> Sequence[Pair]:
        """See `Pairs`."""
        found: Sequence[Pair] = await self._moment.of(f"pairs {venue}", lambda: self._pairs.all(venue))
        return found

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
