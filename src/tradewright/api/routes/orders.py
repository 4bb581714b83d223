"""Orders: those that are open, and all that were."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.asking_for import Reading, Whose
from tradewright.api.models.by_hand import Amount, Asked, asked_by_hand
from tradewright.api.models.desk import DeploymentName, Symbol
from tradewright.api.models.trading import OpenOrderView, OrderPage, OrderView
from tradewright.api.problems import problems
from tradewright.api.proving import Proving
from tradewright.domain.errors import Absent
from tradewright.domain.intents import IntentSide, OrderIntent, PositionSide
from tradewright.services.desk.overview import Wish
from tradewright.services.desk.simulation import SIMULATED

__all__ = ["router"]

router = APIRouter(prefix="/orders", tags=["orders"], responses=problems(404))


class OpenOrderList(BaseModel):
    """Orders that are open."""

    items: list[OpenOrderView]


@router.get("")
async def list_orders(_: Viewer, wish: Whose, reading: Reading) -> OrderPage:
    """List orders, open and over, those that changed last first."""
    page, after = await reading.page("orders", wish)
    return OrderPage(items=[OrderView.of(one) for one in page.entries], next=after)


@router.get("/open")
async def list_open_orders(server: Serving, _: Viewer, wish: Whose) -> OpenOrderList:
    """List orders that are open, with their names at the venue."""
    rows = await server.overview.rows(wish, "orders")
    return OpenOrderList(items=[OpenOrderView.model_validate(row) for row in rows])


class NewOrder(BaseModel):
    """An order by hand. Risk may refuse it, as it may those of the strategy."""

    model_config = ConfigDict(extra="forbid")

    deployment: DeploymentName = Field(SIMULATED, description="In whose account.", examples=["simulation"])
    instrument: Symbol = Field(description="One that the deployment trades.", examples=["BTC/USDT:USDT"])
    side: IntentSide = Field(examples=["buy"])
    quantity: Amount = Field(description="Base.", examples=["0.05"])
    type: Literal["market", "limit", "stop", "take_profit"] = Field("market", examples=["limit"])
    price: Amount | None = Field(None, description="Of a limit.", examples=["60000"])
    trigger: Amount | None = Field(None, description="Of a stop, or of a take-profit.", examples=[None])
    reduce_only: bool = Field(False, description="It closes, and never opens.", examples=[False])
    position_side: PositionSide | None = Field(
        None, description="In a hedge, of which position: there this and the side say what closes.", examples=[None]
    )


@router.post("", status_code=202, responses=problems(409))
async def create_order(server: Serving, caller: Trader, proof: Proving, body: NewOrder) -> Asked:
    """Place an order by hand, in the account of a deployment that trades. Trading must be enabled.

    Where orders are confirmed, one that opens a position waits for it, like those of the strategy.
    """
    given = body.model_dump(exclude={"deployment", "instrument", "type"}, exclude_none=True)
    plain: dict[str, Any] = {k: float(value) if isinstance(value, Decimal) else value for k, value in given.items()}
    intent = OrderIntent(**plain, kind=body.type)
    record = {"kind": "place", "symbol": body.instrument, "order": {**plain, "kind": intent.kind}}
    return await asked_by_hand(server, (caller, proof), body.deployment, record, opens=not intent.closes)


@router.delete("/{deployment}/{order}", status_code=202, responses=problems(409))
async def cancel_order(
    server: Serving,
    caller: Trader,
    proof: Proving,
    deployment: Annotated[DeploymentName, Path(examples=["simulation"])],
    order: Annotated[int, Path(ge=1, le=10**9, description="Number of the order.", examples=[12])],
) -> Asked:
    """Take an order back."""
    wish = Wish((await server.desk.deployments.get(deployment)).mode, deployment)
    found = next((row for row in await server.overview.rows(wish, "orders") if row["order"] == order), None)
    if found is None:
        raise Absent(f"order {order} of {deployment}: none that is open")
    record = {"kind": "cancel", "symbol": found["instrument"], "order_id": order}
    return await asked_by_hand(server, (caller, proof), deployment, record, opens=False)
