"""The desk, as somebody in a chat sees it: see `services.notifications.chat_desk.Desk`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from tradewright.domain.errors import Conflict
from tradewright.services.desk.desk import Desk

__all__ = ["DeskInChat"]

_FEW = ("session", "strategy", "equity", "bars", "paused", "halted")


class DeskInChat:
    """What is told of all deployments, and decisions on orders that wait.

    Args:
        desk: of the server.
        decided: is told of each decision, for the audit log: who, what, about what.
        confirms_live: whether orders with money may be confirmed in a chat, where nobody is asked for a one-time code;
            dropped they may be in any case.
    """

    def __init__(
        self, desk: Desk, decided: Callable[[str, str, str], Awaitable[None]], *, confirms_live: bool = False
    ) -> None:
        self._desk, self._decided, self._confirms_live = desk, decided, confirms_live

    async def status(self) -> Sequence[Mapping[str, Any]]:
        """How each session stands, in a few words."""
        return [
            {name: told["status"][name] for name in _FEW if name in told["status"]} for _, told in await self._all()
        ]

    async def positions(self) -> Sequence[Mapping[str, Any]]:
        """What is held, over all sessions."""
        return [{"session": name, **row} for name, told in await self._all() for row in told["positions"]]

    async def pending(self) -> Sequence[Mapping[str, Any]]:
        """Orders that wait, each with the deployment whose it is as its `session`."""
        return [{**row, "session": name} for name, told in await self._all() for row in told["pending"]]

    async def decide(self, session: str, order: int, verb: Literal["confirm", "reject"], by: str) -> None:
        """Let an order go, or drop it.

        Raises:
            Absent: there is no such deployment.
            Conflict: the order does not wait any more, or it is one with money.
        """
        waiting = {(row["session"], row["order"]) for row in await self.pending()}
        if (session, order) not in waiting:
            raise Conflict(f"order {order} of {session} does not wait any more")
        (one,) = await self._desk.chosen(name=session)
        if verb == "confirm" and one.mode == "live" and not self._confirms_live:
            raise Conflict("orders with money are confirmed at the page; see: notifications.telegram_confirms_live")
        await self._desk.ask(session, {"kind": verb, "order_id": order, "by": by})
        await self._decided(by, f"order.{verb}", f"{session} {order}")

    async def _all(self) -> list[tuple[str, Mapping[str, Any]]]:
        found = [(one.name, await self._desk.told(one)) for one in await self._desk.chosen()]
        return [(name, told) for name, told in found if told]
