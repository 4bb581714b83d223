"""Risk: what is at stake, what holds deployments back, and the kill switch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.asking_for import Whose
from tradewright.api.models.desk import DeploymentName
from tradewright.api.problems import problems
from tradewright.api.proving import Proving

__all__ = ["router"]

router = APIRouter(prefix="/risk", tags=["risk"], responses=problems(404))


class BudgetView(BaseModel):
    """A limit that is set, and how much of it is used."""

    limit: str = Field(description="A field of the limits or of the risk of a run.", examples=["max_day_loss"])
    used: float = Field(description="In the measure of the limit: a fraction, multiples or a count.", examples=[0.012])
    most: float = Field(examples=[0.03])


class RiskView(BaseModel):
    """What a deployment risks."""

    deployment: str = Field(examples=["trend"])
    equity: Decimal = Field(examples=["10131.25"])
    exposure: Decimal = Field(description="Worth of all positions, whichever way.", examples=["5000"])
    leverage: float = Field(description="Exposure by equity.", examples=[0.49])
    heat: float = Field(description="Lost where every stop fills at its price, a fraction of equity.", examples=[0.01])
    unprotected: list[str] = Field(description="Instruments held without a stop.", examples=[[]])
    max_drawdown: float | None = Field(examples=[0.03])
    value_at_risk: float | None = Field(description="Of its returns so far.", examples=[0.02])
    paused: bool = Field(examples=[False])
    halted: str = Field(description="Why nothing may be opened; empty while all is well.", examples=[""])
    limits: dict[str, Any] = Field(description="On its entries.", examples=[{"max_day_loss": 0.02}])
    budgets: list[BudgetView] = Field(description="Of limits that are set, by name.")


class RiskList(BaseModel):
    """What deployments risk."""

    items: list[RiskView]


class Kill(BaseModel):
    """What is to be stopped."""

    model_config = ConfigDict(extra="forbid")

    deployment: DeploymentName | None = Field(None, description="null is every one.", examples=["trend"])
    flatten: bool = Field(False, description="Also close every position.", examples=[True])


class Calm(BaseModel):
    """What may open positions again."""

    model_config = ConfigDict(extra="forbid")

    deployment: DeploymentName | None = Field(None, description="null is every one.", examples=["trend"])


class Told(BaseModel):
    """Who was told; it is done between two bars, or at once at a venue."""

    deployments: list[str] = Field(examples=[["trend"]])
    wishes: dict[str, list[int]] = Field(
        description="Numbers of what was asked of each; GET /deployments/{name}/answer tells what became of them.",
        examples=[{"trend": [17]}],
    )


def _heat(told: dict[str, Any]) -> float:
    lost = sum(abs(row["price"] - row["stop"]) * abs(row["quantity"]) for row in told["positions"] if row["stop"])
    equity = told["portfolio"]["equity"]
    return float(lost / equity) if equity > 0 else 0.0


@router.get("")
async def read_risk(server: Serving, _: Viewer, wish: Whose) -> RiskList:
    """Say what deployments risk, and what holds them back."""
    items = []
    for one, facts in await server.overview.told(wish):
        told, figures = dict(facts), facts.get("performance", {})
        equity, exposure = told["portfolio"]["equity"], told["portfolio"]["exposure"]
        items.append(RiskView(
            deployment=one.name, equity=equity, exposure=exposure, leverage=exposure / equity if equity > 0 else 0.0,
            heat=_heat(told), unprotected=[row["instrument"] for row in told["positions"] if row["stop"] is None],
            max_drawdown=figures.get("max_drawdown"), value_at_risk=figures.get("value_at_risk"),
            paused=told["status"]["paused"], halted=told["status"].get("halted", ""), limits=dict(one.terms.limits),
            budgets=[BudgetView.model_validate(row) for row in told["portfolio"].get("budgets", ())],
        ))  # fmt: skip
    return RiskList(items=items)


@router.post("/kill", responses=problems(409))
async def kill_trading(server: Serving, caller: Trader, body: Kill) -> Told:
    """Cancel what opens positions and open nothing any more, in one deployment or in all; with `flatten`, close all.

    No one-time code is asked for: what makes safe must be quick.
    """
    wishes: dict[str, list[int]] = {}
    for one in await server.desk.chosen(name=body.deployment):
        if body.deployment is not None or await server.desk.has_begun(one):
            wishes[one.name] = list((await server.desk.kill(one.name, caller.by, flatten=body.flatten)).wishes)
            await server.people.deeds.enter(caller.by, "risk.kill", one.name, flatten=body.flatten)
    return Told(deployments=list(wishes), wishes=wishes)


@router.post("/calm", responses=problems(409))
async def calm_trading(server: Serving, caller: Trader, proof: Proving, body: Calm) -> Told:
    """Let positions be opened again, in one deployment or in all."""
    chosen = [
        one
        for one in await server.desk.chosen(name=body.deployment)
        if body.deployment is not None or await server.desk.has_begun(one)
    ]
    if any(one.mode == "live" for one in chosen):
        await proof.demand(caller)
    wishes: dict[str, list[int]] = {}
    for one in chosen:
        wishes[one.name] = list((await server.desk.calm(one.name, caller.by)).wishes)
        await server.people.deeds.enter(caller.by, "risk.calm", one.name)
    return Told(deployments=list(wishes), wishes=wishes)
