"""Decisions on orders that wait: exactly one counts, and everybody else is told what became of the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tradewright.domain.deployment import Deployment
from tradewright.domain.errors import Absent, Conflict
from tradewright.ports.clock import Clock
from tradewright.services.desk.desk import Desk

__all__ = ["Deciding", "Decision"]

Verb = Literal["confirm", "reject"]
_DONE = {"confirm": "confirmed", "reject": "rejected"}
_LOOK_S = 0.1


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a decision.

    Args:
        deployment: whose order it is.
        order: its number.
        state: of the order; `asked` where the session has not answered yet.
        by: who decided.
    """

    deployment: str
    order: int
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class Deciding:
    """Leaves decisions for sessions, and waits for what they say.

    Args:
        desk: the deployments.
        clock: to wait by.
        patience_s: how long an answer is waited for.
    """

    desk: Desk
    clock: Clock
    patience_s: float = 5.0

    async def decide(self, name: str, order: int, verb: Verb, by: str) -> Decision:
        """Let an order go, or drop it.

        Raises:
            Absent: there is no such deployment, or it has no such order.
            Conflict: it does not trade now; somebody else has decided; or price has moved, and it is shown anew.
        """
        (one,) = await self.desk.chosen(name=name)
        before = _waiting(await self.desk.told(one), order)
        if before is None:
            raise self._refusal(one, await self.desk.told(one), order)
        if one.state != "running":
            raise Conflict(f"deployment {name} does not trade now; start it, and the order can be decided")
        await self.desk.ask(name, {"kind": verb, "order_id": order, "by": by})
        until = self.clock.monotonic() + self.patience_s
        while self.clock.monotonic() < until:
            await self.clock.sleep(_LOOK_S)
            told = await self.desk.told(one)
            now = _waiting(told, order)
            if now is None:
                return self._outcome(one, told, order, (verb, by))
            if now["quotes"] != before["quotes"]:
                raise Conflict(
                    f"order {order} is shown anew at {now['price']:g}: price has moved against it; decide again"
                )
        return Decision(name, order, "asked", by)

    def _outcome(self, one: Deployment, told: Mapping[str, Any], order: int, mine: tuple[Verb, str]) -> Decision:
        found = _decided(told, order)
        if found is not None and (found["state"], found["by"]) == (_DONE[mine[0]], mine[1]):
            return Decision(one.name, order, str(found["state"]), mine[1])
        raise self._refusal(one, told, order)

    @staticmethod
    def _refusal(one: Deployment, told: Mapping[str, Any], order: int) -> Absent | Conflict:
        found = _decided(told, order)
        if found is None:
            return Absent(f"order {order} of {one.name}: none that waits")
        by = f" by {found['by']}" if found["by"] else ""
        return Conflict(f"order {order} of {one.name} does not wait any more: {found['state']}{by}")


def _waiting(told: Mapping[str, Any], order: int) -> Mapping[str, Any] | None:
    return next((row for row in told.get("pending", ()) if row["order"] == order), None)


def _decided(told: Mapping[str, Any], order: int) -> Mapping[str, Any] | None:
    return next((row for row in told.get("decided", ()) if row["order"] == order), None)
