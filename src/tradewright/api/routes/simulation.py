"""The simulation: the deployment `simulation`, made when it is first started, and what all simulations hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.asking_for import Reading, whose_simulation
from tradewright.api.models.desk import DeploymentView, SimulationSettings, SimulationState, SimulationView, view_of
from tradewright.api.models.trading import PortfolioView, TradePage, TradeView
from tradewright.api.problems import problems
from tradewright.api.routes.portfolio import (
    PerformanceList,
    PositionList,
    performance_list,
    portfolio_of,
    position_list,
)
from tradewright.services.desk.overview import Wish

__all__ = ["router"]

router = APIRouter(prefix="/simulation", tags=["simulation"], responses=problems(404, 409))
_Wish = Annotated[Wish, Depends(whose_simulation)]


class SimulationStart(SimulationSettings):
    """What is simulated. What is left out stays as it was, or is the usual; other terms begin a new session."""


class SimulationReset(SimulationSettings):
    """What is simulated from now on; what is left out stays as it was."""

    start: bool = Field(False, description="Whether it begins to trade at once.", examples=[True])


@router.get("/status")
async def read_simulation_status(server: Serving, _: Viewer) -> SimulationState:
    """Say how the simulation stands; `stopped`, with what it would trade, before it was ever started."""
    one, told, terms = await server.simulation.found(), await server.simulation.told(), await server.simulation.terms()
    status = told.get("status", {})
    return SimulationState(
        status="stopped" if one is None else one.state, is_running=one is not None and one.state == "running",
        detail="" if one is None else one.detail, session=None if one is None else one.session,
        exchange=server.configured.tree.venue.exchange, initial_balance=Decimal(repr(terms.capital)),
        equity=status.get("equity"), bars=status.get("bars", 0), paused=status.get("paused", False),
        halted=status.get("halted", ""), settings=SimulationView.of(terms),
    )  # fmt: skip


@router.post("/start")
async def start_simulation(server: Serving, caller: Trader, body: SimulationStart | None = None) -> DeploymentView:
    """Start the simulation, or let it go on where it ended."""
    wanted = SimulationStart.model_validate({}) if body is None else body
    return view_of(await server.simulation.start(wanted.said(), caller.name))


@router.post("/stop")
async def stop_simulation(server: Serving, caller: Trader) -> DeploymentView:
    """Stop the simulation; it keeps what it holds, and goes on when it is started again."""
    return view_of(await server.simulation.stop(caller.name))


@router.post("/reset")
async def reset_simulation(server: Serving, caller: Trader, body: SimulationReset | None = None) -> DeploymentView:
    """Begin anew, with the capital at the start; what was traded before stays in the books under its session."""
    wanted = SimulationReset.model_validate({}) if body is None else body
    return view_of(await server.simulation.reset(wanted.said(), caller.name, start=wanted.start))


@router.get("/settings")
async def read_simulation_settings(server: Serving, _: Viewer) -> SimulationView:
    """Say what the simulation trades, and how."""
    return SimulationView.of(await server.simulation.terms())


@router.put("/settings")
async def update_simulation_settings(server: Serving, caller: Trader, body: SimulationSettings) -> SimulationView:
    """Change what the simulation trades. Parameters change while it trades; anything else begins anew."""
    await server.simulation.change(body.said(), caller.name)
    return SimulationView.of(await server.simulation.terms())


@router.get("/portfolio")
async def read_simulation_portfolio(server: Serving, _: Viewer, wish: _Wish) -> PortfolioView:
    """Say what all simulations are worth, in sum and each."""
    return await portfolio_of(server, wish)


@router.get("/positions")
async def list_simulation_positions(server: Serving, _: Viewer, wish: _Wish) -> PositionList:
    """List what simulations hold."""
    return await position_list(server, wish)


@router.get("/trades")
async def list_simulation_trades(_: Viewer, wish: _Wish, reading: Reading) -> TradePage:
    """List round trips of simulations, newest first."""
    page, after = await reading.page("trades", wish)
    return TradePage(items=[TradeView.of(one) for one in page.entries], next=after)


@router.get("/performance")
async def read_simulation_performance(server: Serving, _: Viewer, wish: _Wish) -> PerformanceList:
    """Give the figures of simulations so far."""
    return await performance_list(server, wish)
