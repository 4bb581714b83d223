"""What is held, what was traded, and how well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.asking_for import Reading, Whose
from tradewright.api.models.by_hand import Amount, Asked, asked_by_hand
from tradewright.api.models.desk import DeploymentName, Symbol
from tradewright.api.models.trading import (
    EquityPage,
    EquityView,
    FillPage,
    FillView,
    PartView,
    PerformanceView,
    PortfolioView,
    PositionView,
    TradePage,
    TradeView,
    performance_of,
)
from tradewright.api.problems import problems
from tradewright.api.proving import Proving
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import Absent, InvalidValue
from tradewright.domain.intents import PositionSide
from tradewright.services.desk.overview import Wish
from tradewright.services.paper.by_hand import check_exits

__all__ = ["PerformanceList", "PositionList", "performance_list", "portfolio_of", "position_list", "router"]

router = APIRouter(tags=["portfolio"], responses=problems(404))
_Name = Annotated[DeploymentName, Path(description="Whose it is.", examples=["simulation"])]


class PositionList(BaseModel):
    """Positions, by deployment."""

    items: list[PositionView]


class PerformanceList(BaseModel):
    """Figures, by deployment."""

    items: list[PerformanceView]


async def portfolio_of(server: Server, wish: Wish) -> PortfolioView:
    """Money and positions of several deployments."""
    found = await server.overview.portfolio(wish)
    rows = await server.overview.rows(wish, "positions")
    parts = [PartView.model_validate(part) for part in found.parts]
    held = [PositionView.model_validate(row) for row in rows]
    return PortfolioView.model_validate({**found.sums, "mode": wish.mode, "deployments": parts, "positions": held})


async def position_list(server: Server, wish: Wish) -> PositionList:
    """Positions of several deployments."""
    rows = await server.overview.rows(wish, "positions")
    return PositionList(items=[PositionView.model_validate(row) for row in rows])


async def performance_list(server: Server, wish: Wish) -> PerformanceList:
    """Figures of several deployments."""
    told = await server.overview.told(wish)
    return PerformanceList(
        items=[performance_of(one.name, one.session, facts.get("performance", {})) for one, facts in told]
    )


@router.get("/portfolio")
async def read_portfolio(server: Serving, _: Viewer, wish: Whose) -> PortfolioView:
    """Say what all deployments of a mode are worth, in sum and each."""
    return await portfolio_of(server, wish)


@router.get("/positions")
async def list_positions(server: Serving, _: Viewer, wish: Whose) -> PositionList:
    """List what is held."""
    return await position_list(server, wish)


@router.get("/trades")
async def list_trades(_: Viewer, wish: Whose, reading: Reading) -> TradePage:
    """List round trips, newest first; those that are open among them."""
    page, after = await reading.page("trades", wish)
    return TradePage(items=[TradeView.of(one) for one in page.entries], next=after)


@router.get("/fills")
async def list_fills(_: Viewer, wish: Whose, reading: Reading) -> FillPage:
    """List executions, newest first."""
    page, after = await reading.page("fills", wish)
    return FillPage(items=[FillView.of(one) for one in page.entries], next=after)


@router.get("/equity")
async def list_equity(_: Viewer, wish: Whose, reading: Reading) -> EquityPage:
    """List what deployments were worth at each close, newest first."""
    page, after = await reading.page("equity", wish)
    return EquityPage(items=[EquityView.of(one) for one in page.entries], next=after)


@router.get("/performance")
async def read_performance(server: Serving, _: Viewer, wish: Whose) -> PerformanceList:
    """Give the figures of deployments so far, by the names of a backtest's metrics."""
    return await performance_list(server, wish)


_Which = Annotated[PositionSide | None, Field(description="Which is meant, where a hedge holds both.", examples=[None])]


class ClosePosition(BaseModel):
    """How much of a position is closed."""

    model_config = ConfigDict(extra="forbid")

    instrument: Symbol = Field(examples=["BTC/USDT:USDT"])
    part: float = Field(1.0, gt=0, le=1, description="A fraction of it.", examples=[0.5])
    position_side: _Which = None


class ProtectPosition(BaseModel):
    """Where a position is left: prices of its stop-loss and its take-profit; null leaves them as they are."""

    model_config = ConfigDict(extra="forbid")

    instrument: Symbol = Field(examples=["BTC/USDT:USDT"])
    stop_loss: Amount | None = Field(None, examples=["60000"])
    take_profit: Amount | None = Field(None, examples=["65000"])
    position_side: _Which = None


@router.post("/positions/{deployment}/close", status_code=202, responses=problems(409))
async def close_position(
    server: Serving, caller: Trader, proof: Proving, deployment: _Name, body: ClosePosition
) -> Asked:
    """Close a position, or a part of it, at the market."""
    await _held(server, deployment, body)
    record = {"kind": "close", "symbol": body.instrument, "part": body.part, **_leg(body)}
    return await asked_by_hand(server, (caller, proof), deployment, record, opens=False)


@router.put("/positions/{deployment}/exits", status_code=202, responses=problems(409))
async def protect_position(
    server: Serving, caller: Trader, proof: Proving, deployment: _Name, body: ProtectPosition
) -> Asked:
    """Move the stop-loss or the take-profit of a position, or give it one."""
    held = await _held(server, deployment, body)
    prices = {"stop_loss": body.stop_loss, "take_profit": body.take_profit}
    given = {name: float(price) for name, price in prices.items() if price is not None}
    if not given:
        raise InvalidValue("stop_loss", None, "a price, or one of take_profit, or both")
    check_exits(held["side"] == "long", float(held["price"]), given)
    record = {"kind": "protect", "symbol": body.instrument, **given, **_leg(body)}
    return await asked_by_hand(server, (caller, proof), deployment, record, opens=False)


def _leg(body: ClosePosition | ProtectPosition) -> dict[str, PositionSide]:
    return {} if body.position_side is None else {"position_side": body.position_side}


async def _held(server: Server, name: str, body: ClosePosition | ProtectPosition) -> Mapping[str, Any]:
    wish = Wish((await server.desk.deployments.get(name)).mode, name)
    held = [row for row in await server.overview.rows(wish, "positions") if row["instrument"] == body.instrument]
    meant = [row for row in held if body.position_side in (None, row["side"])]
    if len(meant) > 1:
        raise InvalidValue("position_side", None, f"long or short: {name} holds both of {body.instrument}")
    if not meant:
        side = f"{body.position_side} " if body.position_side else ""
        raise Absent(f"{name} holds nothing {side}of {body.instrument}")
    return meant[0]
