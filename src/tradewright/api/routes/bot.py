"""The bot: all deployments at once."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.desk import BotState, DeploymentName
from tradewright.api.problems import problems
from tradewright.api.proving import Proving
from tradewright.bootstrap.permits import lacks_for_live, orders_led
from tradewright.bootstrap.server import Server

__all__ = ["router"]

router = APIRouter(prefix="/bot", tags=["bot"], responses=problems(404, 409))


class BotStart(BaseModel):
    """Which deployments are meant."""

    model_config = ConfigDict(extra="forbid")

    deployments: list[DeploymentName] | None = Field(
        None, max_length=100, description="null is all; without any, the simulation is begun.", examples=[["trend"]]
    )


async def _state(server: Server) -> BotState:
    known = await server.desk.chosen()
    wanted = [one.name for one in known if one.wanted == "running"]
    running = [one.name for one in known if one.state == "running"]
    return BotState(
        status="running" if wanted else "stopped", is_trading=await server.trades(),
        running=running, wanted=wanted, failed=[one.name for one in known if one.state == "failed"],
    )  # fmt: skip


class Readiness(BaseModel):
    """Whether trading with money may begin, and what it lacks."""

    exchange: str = Field(examples=["binance"])
    is_permitted: bool = Field(description="Whether a deployment with money may be started.")
    lacks: list[str] = Field(
        description="Everything that is missing, as it is to be set.", examples=[["TRADING_MODE=live (trading.mode)"]]
    )
    led_to: list[str] = Field(
        description="Addresses of requests and streams, where they are not the venue's own.", examples=[[]]
    )


@router.get("/readiness")
async def read_readiness(server: Serving, _: Viewer) -> Readiness:
    """Say what trading with money still lacks: mode, approval, switch, keys. Secrets are never told."""
    exchange = server.configured.tree.venue.exchange
    lacks = await asyncio.to_thread(lacks_for_live, server.configured, exchange)
    led = orders_led(server.configured)
    return Readiness(exchange=exchange, is_permitted=not lacks, lacks=list(lacks), led_to=list(led))


@router.get("/status")
async def read_bot_status(server: Serving, _: Viewer) -> BotState:
    """Say which deployments trade, and whether the process in which they do is alive."""
    return await _state(server)


@router.post("/start")
async def start_bot(server: Serving, caller: Trader, proof: Proving, body: BotStart | None = None) -> BotState:
    """Start deployments; with money, a one-time code is asked for where its user has taken codes up."""
    known = await server.desk.chosen()
    names = [one.name for one in known] if body is None or body.deployments is None else body.deployments
    chosen = [(await server.desk.chosen(name=name))[0] for name in names]
    if any(one.mode == "live" for one in chosen):
        await proof.demand(caller)
    for one in chosen:
        await server.desk.start(one.name, caller.name)
    if not names:
        await server.simulation.start({}, caller.name)
    return await _state(server)


@router.post("/stop")
async def stop_bot(server: Serving, caller: Trader, body: BotStart | None = None) -> BotState:
    """Stop deployments; what protects their positions stays at the venue."""
    names = [one.name for one in await server.desk.chosen()]
    for name in names if body is None or body.deployments is None else body.deployments:
        await server.desk.stop(name, caller.name)
    return await _state(server)
