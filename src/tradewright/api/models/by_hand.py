"""What a person asks of a session's orders and positions: left as a wish, and entered into the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field

from tradewright.api.models.desk import Wishes
from tradewright.api.proving import Proof
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import Conflict
from tradewright.domain.people import Caller

__all__ = ["Amount", "Asked", "asked_by_hand"]

Amount = Annotated[Decimal, Field(gt=0, le=10**12, max_digits=30, decimal_places=18)]


class Asked(BaseModel):
    """A wish was left for a session. GET /deployments/{name}/answer tells what became of it."""

    deployment: str = Field(examples=["simulation"])
    session: str = Field(examples=["simulation"])
    asked: str = Field(examples=["place"])
    wishes: Wishes = Field(examples=[[17]])


async def asked_by_hand(
    server: Server, who: tuple[Caller, Proof], name: str, record: Mapping[str, Any], *, opens: bool
) -> Asked:
    """Leave a wish about orders.

    Args:
        server: that answers.
        who: asks, and what proves it; with money, a one-time code may be asked for.
        name: of the deployment.
        record: what is asked.
        opens: whether it may open a position: that needs trading to be enabled.

    Raises:
        Absent: there is no such deployment.
        Conflict: it does not trade now, or trading is not enabled.
    """
    caller, proof = who
    one = await server.desk.deployments.get(name)
    if one.mode == "live":
        await proof.demand(caller)
    if opens and not server.configured.tree.trading.enabled:
        raise Conflict("trading is not enabled; it needs: TRADING_ENABLED=true (trading.enabled)")
    if one.state != "running":
        raise Conflict(f"deployment {name} does not trade now; start it first")
    left = await server.desk.ask(name, {**record, "by": caller.by})
    await server.people.deeds.enter(caller.by, f"order.{record['kind']}", name, **{
        key: value for key, value in record.items() if key != "kind"
    })  # fmt: skip
    return Asked(deployment=name, session=one.session, asked=str(record["kind"]), wishes=list(left.wishes))
