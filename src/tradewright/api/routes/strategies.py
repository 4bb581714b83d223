"""Strategies: what there is, what each may be told, and whether it keeps to the present."""

from __future__ import annotations

import asyncio
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.jobs import JobOut
from tradewright.api.models.strategies import (
    Activated,
    ActivateIn,
    BrokenOut,
    CheckIn,
    CodeOut,
    Origin,
    ParamOut,
    SchemaOut,
    StrategyList,
    StrategyOut,
)
from tradewright.api.problems import problems
from tradewright.api.proving import Proving
from tradewright.bootstrap.server import Server
from tradewright.services.jobs.queue import Order
from tradewright.services.strategy_versions import digest_of
from tradewright.strategy.card import StrategyCard

__all__ = ["router"]

router = APIRouter(prefix="/strategies", tags=["strategies"])

StrategyName = Annotated[
    str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$", description="In any case.", examples=["simple_test"])
]
_BUILT_IN = "tradewright/strategies/"


@router.get("")
async def list_strategies(server: Serving, _: Viewer) -> StrategyList:
    """List strategies: built in, the user's, and installed; and those that cannot be used, with the reason."""
    return await asyncio.to_thread(_listed, server)


def _listed(server: Server) -> StrategyList:
    registry = server.research.strategies()
    items = [_answer(server, registry.describe(name)) for name in registry.names()]
    broken = [BrokenOut(name=one.name, file=FilePath(one.file).name, line=one.line, reason=one.reason)
              for one in registry.broken]  # fmt: skip
    return StrategyList(items=items, broken=broken)


def _answer(server: Server, card: StrategyCard) -> StrategyOut:
    origin: Origin = "installed"
    if _BUILT_IN in card.file:
        origin = "built_in"
    elif FilePath(card.file).is_relative_to(server.settings.strategies_dir.absolute()):
        origin = "yours"
    return StrategyOut.of(card, origin)


async def _card(server: Server, name: str) -> StrategyCard:
    return await asyncio.to_thread(lambda: server.research.strategies().describe(name))


@router.post("/activate", responses=problems(404, 409))
async def activate_strategy(server: Serving, caller: Trader, proof: Proving, wanted: ActivateIn) -> Activated:
    """Let a deployment trade a strategy from now on; what it holds stays. Without a name, the simulation is meant."""
    if wanted.deployment is not None and (await server.desk.deployments.get(wanted.deployment)).mode == "live":
        await proof.demand(caller)
    params = await asyncio.to_thread(_whole, server, wanted)
    name = (await asyncio.to_thread(server.research.strategies().get, wanted.strategy)).name
    if wanted.deployment is None:
        done = await server.simulation.change({"strategy": name, "params": params}, caller.name)
    else:
        done = (await server.desk.swap(wanted.deployment, name, params, caller.name)).deployment
    await server.people.deeds.enter(caller.by, "strategy.activate", done.name, strategy=name, mode=done.mode)
    return Activated(deployment=done.name, strategy=done.terms.strategy, params=dict(done.terms.params),
                     running=done.wanted == "running")  # fmt: skip


def _whole(server: Server, wanted: ActivateIn) -> dict[str, Any]:
    # Every parameter: none of the strategy before is left over.
    return dict(server.research.strategies().create(wanted.strategy, wanted.params).params)


@router.get("/{name}", responses=problems(404))
async def read_strategy(server: Serving, _: Viewer, name: StrategyName) -> StrategyOut:
    """Tell what a strategy says of itself."""
    return _answer(server, await _card(server, name))


@router.get("/{name}/schema", responses=problems(404))
async def read_strategy_schema(server: Serving, _: Viewer, name: StrategyName) -> SchemaOut:
    """Tell what a form for its parameters needs: types, ranges, defaults, presets, timeframes with roles."""
    return SchemaOut.of(await _card(server, name))


@router.get("/{name}/parameters", responses=problems(404))
async def list_strategy_parameters(server: Serving, _: Viewer, name: StrategyName) -> list[ParamOut]:
    """List its parameters, in the order of its code."""
    return [ParamOut.of(one) for one in (await _card(server, name)).params]


@router.get("/{name}/code", responses=problems(404))
async def read_strategy_code(server: Serving, _: Viewer, name: StrategyName) -> CodeOut:
    """Show its code."""
    known = await asyncio.to_thread(server.research.strategies)
    card, text = known.describe(name), known.source(name)
    return CodeOut(name=card.name, file=FilePath(card.file).name, text=text,
                   sha256=digest_of(text))  # fmt: skip


@router.post("/{name}/check", status_code=202, responses=problems(404, 409))
async def check_strategy(server: Serving, caller: Trader, name: StrategyName, wanted: CheckIn) -> JobOut:
    """Have it held to its contract and tested for knowledge of the future; the job's result is the passport."""
    request = await asyncio.to_thread(_checked, server, name, wanted)
    order = Order("strategy_check", f"check of {request['strategy']}", request, caller.name, wanted.priority)
    return JobOut.of((await server.jobs.take(order))[0])


def _checked(server: Server, name: str, wanted: CheckIn) -> dict[str, object]:
    # Whatever is wrong is told now, and not by the job.
    strategy = server.research.strategies().create(name, wanted.params)
    venue, symbol = wanted.venue, wanted.symbol
    if symbol is not None:
        venue, symbol = server.research.coverage.find(symbol, venue, wanted.timeframe or strategy.ltf)
    return {
        "strategy": strategy.name, "params": wanted.params, "symbol": symbol, "venue": venue,
        "timeframe": wanted.timeframe, "seed": wanted.seed,
    }  # fmt: skip
