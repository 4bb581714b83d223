"""Orders that wait until somebody confirms them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.asking_for import Whose
from tradewright.api.models.desk import DeploymentName
from tradewright.api.models.trading import PendingRow
from tradewright.api.problems import problems
from tradewright.api.proving import Proof, Proving
from tradewright.bootstrap.server import Server
from tradewright.domain.people import Caller
from tradewright.services.pending import Confirming

__all__ = ["router"]

router = APIRouter(prefix="/pending", tags=["pending"], responses=problems(404))
_Name = Annotated[DeploymentName, Path(description="Whose order it is.", examples=["trend"])]
_Order = Annotated[int, Path(ge=1, le=10**9, description="Number of the order.", examples=[12])]


class PendingList(BaseModel):
    """Orders that wait."""

    items: list[PendingRow]


class DecisionView(BaseModel):
    """What became of a decision."""

    deployment: str = Field(examples=["trend"])
    order: int = Field(examples=[12])
    state: Literal["confirmed", "rejected", "asked"] = Field(
        description="`asked`: the session has not answered yet; look at the list.", examples=["confirmed"]
    )
    by: str = Field(examples=["mary"])


@router.get("")
async def list_pending(server: Serving, _: Viewer, wish: Whose) -> PendingList:
    """List orders that wait to be confirmed, each with the seconds that are left by the clock of its venue."""
    rows = await server.overview.pending(wish, server.clock.now_ns())
    usual = Confirming().tolerance
    return PendingList(items=[PendingRow.model_validate({"tolerance": usual, **row}) for row in rows])


@router.post("/{deployment}/{order}/confirm", responses=problems(409))
async def confirm_pending(
    server: Serving, caller: Trader, proof: Proving, deployment: _Name, order: _Order
) -> DecisionView:
    """Let an order go. One decision counts: the second is told (409) what became of the order.

    Where price has moved against it, it is not sent but shown anew (409), to be confirmed at the new price.
    """
    return await _decided(server, (caller, proof), (deployment, order), "confirm")


@router.post("/{deployment}/{order}/reject", responses=problems(409))
async def reject_pending(
    server: Serving, caller: Trader, proof: Proving, deployment: _Name, order: _Order
) -> DecisionView:
    """Drop an order. One decision counts: the second is told (409) what became of the order."""
    return await _decided(server, (caller, proof), (deployment, order), "reject")


async def _decided(
    server: Server, who: tuple[Caller, Proof], what: tuple[str, int], verb: Literal["confirm", "reject"]
) -> DecisionView:
    (caller, proof), (name, order) = who, what
    one = await server.desk.deployments.get(name)
    if one.mode == "live" and verb == "confirm":
        await proof.demand(caller)
    done = await server.deciding.decide(name, order, verb, caller.by)
    await server.people.deeds.enter(caller.by, f"order.{verb}", f"{name} {order}")
    return DecisionView.model_validate(done, from_attributes=True)
