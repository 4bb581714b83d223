"""Evaluations: every strategy on every instrument, ranked; and sweeps over parameters."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.backtests import BacktestIn, Costs, Fills, Risk
from tradewright.api.models.evaluations import EvaluationOut
from tradewright.api.models.jobs import JobOut
from tradewright.api.models.plain import FrameName, Moment, ResultId, Sent, SymbolName, Value, VenueName, Word, maybe_ns
from tradewright.api.problems import problems
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.services.jobs.queue import Order

__all__ = ["router"]

router = APIRouter(tags=["evaluations"])

EvaluationId = Annotated[ResultId, Path(description="Of the evaluation; the job that makes it has the same.")]
_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}, "description": "The page."}}
_POLICY = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
img-src data:"


class EvaluationIn(Sent):
    """What is to be compared; what is left out stands for all."""

    strategies: list[Word] = Field(default=[], max_length=100)
    symbols: list[SymbolName] = Field(default=[], max_length=100)
    periods: int = Field(4, ge=1, le=60, description="Into how many equal periods the time is cut.")
    venue: VenueName | None = None
    timeframe: FrameName | None = None
    start_date: Moment | None = None
    end_date: Moment | None = None
    initial_balance: float = Field(10_000.0, gt=0, le=1e12)
    seed: int = Field(1, ge=0, le=2**53)
    costs: Costs = Field(default={})
    risk: Risk = Field(default={})
    fills: Fills = Field(default={})
    priority: int = Field(4, ge=0, le=9)


class EvaluationList(BaseModel):
    """Ids of evaluations, newest first."""

    items: list[str]


class SweepIn(Sent):
    """A backtest for each combination of values."""

    backtest: BacktestIn
    grid: dict[Word, Annotated[list[Value], Field(min_length=1, max_length=1_000)]] = Field(
        min_length=1, max_length=10, examples=[{"fast": [10, 20], "slow": [50, 100]}]
    )
    priority: int = Field(3, ge=0, le=9)


@router.post("/evaluations", status_code=202, responses=problems(404, 409))
async def create_evaluation(server: Serving, caller: Trader, wanted: EvaluationIn) -> JobOut:
    """Have strategies run on instruments and ranked, with a heat map, and whether the sample is large enough."""
    request = await asyncio.to_thread(_evaluation, server, wanted)
    order = Order("evaluation", "evaluation of strategies", request, caller.name, wanted.priority)
    return JobOut.of((await server.jobs.take(order))[0])


def _evaluation(server: Server, wanted: EvaluationIn) -> dict[str, Any]:
    registry, coverage = server.research.strategies(), server.research.coverage
    start, end = maybe_ns(wanted.start_date), maybe_ns(wanted.end_date)
    if start is not None and end is not None and start >= end:
        raise InvalidValue("start_date", str(wanted.start_date), "a time before end_date")
    places = [coverage.find(one, wanted.venue, wanted.timeframe or "1h") for one in dict.fromkeys(wanted.symbols)]
    rest: dict[str, Any] = {"balance": wanted.initial_balance, "seed": wanted.seed, "costs": wanted.costs,
                            "risk": wanted.risk, "fills": wanted.fills}  # fmt: skip
    named = {"venue": places[0][0] if places else wanted.venue, "start": start, "end": end,
             "timeframe": str(Timeframe.parse(wanted.timeframe)) if wanted.timeframe else None}  # fmt: skip
    return {
        "strategies": [registry.get(one).name for one in dict.fromkeys(wanted.strategies)],
        "instruments": list(dict.fromkeys(symbol for _, symbol in places)), "periods": wanted.periods,
        "rest": rest | {name: value for name, value in named.items() if value is not None},
    }  # fmt: skip


@router.get("/evaluations")
async def list_evaluations(server: Serving, _: Viewer) -> EvaluationList:
    """List evaluations, newest first."""
    return EvaluationList(items=list(await asyncio.to_thread(server.research.evaluations.ids)))


@router.get("/evaluations/{evaluation_id}", responses=problems(404))
async def read_evaluation(server: Serving, _: Viewer, evaluation_id: EvaluationId) -> EvaluationOut:
    """Tell an evaluation: standings, and the cells of its heat map."""
    return EvaluationOut.model_validate(await asyncio.to_thread(server.research.evaluations.load, evaluation_id))


@router.get("/evaluations/{evaluation_id}/report", response_class=FileResponse, responses={**_PAGE, **problems(404)})
async def read_evaluation_report(server: Serving, _: Viewer, evaluation_id: EvaluationId) -> FileResponse:
    """Give the heat map as a page that needs nothing else."""
    path = await asyncio.to_thread(server.research.evaluations.page, evaluation_id)
    return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@router.post("/sweeps", status_code=202, responses=problems(404, 409))
async def create_sweep(server: Serving, caller: Trader, wanted: SweepIn) -> JobOut:
    """Have a strategy run with every combination of values; the job's result has a row of figures for each."""
    request = await asyncio.to_thread(_sweep, server, wanted)
    order = Order("sweep", request.pop("title"), request, caller.name, wanted.priority, request.pop("identity"))
    job, is_new = await server.jobs.take(order)
    return JobOut.of(job, cached=not is_new)


def _sweep(server: Server, wanted: SweepIn) -> dict[str, Any]:
    plan = server.research.planner.plan_sweep(wanted.backtest.request(), wanted.grid, partial=wanted.backtest.partial)
    return plan.plain() | {"grid": wanted.grid, "title": f"sweep of {plan.title}", "identity": plan.identity}
