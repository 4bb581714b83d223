"""Which deployments there are: written by who wants something of them, followed by the process that trades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradewright.domain.deployment import Deployment, DeploymentState

__all__ = ["Deployments"]


class Deployments(Protocol):
    """Each method may raise `StoreError`: the database cannot be used now, and nothing was changed."""

    async def all(self) -> Sequence[Deployment]:
        """Every one, by name."""
        ...

    async def get(self, name: str) -> Deployment:
        """One by its name.

        Raises:
            Absent: there is none.
        """
        ...

    async def add(self, one: Deployment) -> None:
        """A new one.

        Raises:
            Conflict: there is one of that name.
        """
        ...

    async def change(self, becomes: Deployment) -> Deployment:
        """Change one that still stands at the revision that is given; gives it with the next.

        Raises:
            Absent: there is none any more.
            Conflict: somebody has changed it meanwhile.
        """
        ...

    async def remove(self, name: str) -> None:
        """Forget one; its sessions' journals stay.

        Raises:
            Absent: there is none.
        """
        ...

    async def tell_state(self, name: str, state: DeploymentState, detail: str = "") -> None:
        """Say how one stands; its revision stays."""
        ...
