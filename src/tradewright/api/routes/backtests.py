"""Backtests: asked for, listed, read, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from tradewright.api.asking import Serving, Trader, Viewer
from tradewright.api.models.backtests import BacktestIn, BacktestOut, BacktestPage, BacktestRow, Deleted, TableQuery
from tradewright.api.models.jobs import JobOut
from tradewright.api.models.plain import ResultId
from tradewright.api.paging import place_of, written
from tradewright.api.problems import Refused, problems
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import Absent, InvalidValue
from tradewright.domain.result_mark import ResultMark
from tradewright.services.coverage import spelled
from tradewright.services.jobs.queue import Order
from tradewright.services.result_shelf import Brief

__all__ = ["BacktestId", "router"]

router = APIRouter(prefix="/backtests", tags=["backtests"])

BacktestId = Annotated[ResultId, Path(description="Of the result; the job that makes it has the same.")]
_CONFIRMED = "delete all"


@router.post("", status_code=202, responses={200: {"model": JobOut}, **problems(404, 409)})
async def create_backtest(server: Serving, caller: Trader, wanted: BacktestIn, response: Response) -> JobOut:
    """Have a backtest run. The result gets the job's id. What was asked for before is answered at once, with 200."""
    request = wanted.request()
    plan = await asyncio.to_thread(server.research.planner.plan, request, partial=wanted.partial)
    plain = plan.plain() | ({} if wanted.tag is None else {"tag": wanted.tag})
    order = Order("backtest", plan.title, plain, caller.name, wanted.priority, plan.identity)
    job, is_new = await server.jobs.take(order, lambda done: _is_there(server, done.id))
    if not is_new and job.state == "done":
        response.status_code = 200
    return JobOut.of(job, cached=not is_new)


router.post("/", include_in_schema=False, status_code=202)(create_backtest)


@router.get("")
async def list_backtests(server: Serving, _: Viewer, table: Annotated[TableQuery, Query()]) -> BacktestPage:
    """List results as a table: sorted, filtered, in pages. Results whose files are damaged are left out."""
    place = place_of(table.cursor, (str, int, float, type(None)), str)
    briefs = await asyncio.to_thread(server.research.shelf.briefs)
    marks = await server.research.marks.all()
    fitting = (one for one in briefs if _fits(one, table) and _is_marked(marks.get(one.id, ResultMark()), table))
    found = sorted(fitting, key=_key(table), reverse=table.order == "desc")
    if place is not None:
        found = _after(found, table, place)
    last = found[table.limit - 1] if len(found) > table.limit else None
    mark = None if last is None else written(_value(last, table), last.id)
    return BacktestPage(
        items=[BacktestRow.of(one, marks.get(one.id, ResultMark())) for one in found[: table.limit]], next=mark
    )


def _fits(brief: Brief, table: TableQuery) -> bool:
    if brief.damage:
        return False
    names = {spelled(name) for name in brief.head["symbol"].split(",")}
    is_named = table.strategy is None or table.strategy.lower().replace("-", "_") == brief.head["strategy"]
    return is_named and (table.symbol is None or spelled(table.symbol) in names)


def _is_marked(mark: ResultMark, table: TableQuery) -> bool:
    return (table.tag is None or table.tag in mark.tags) and table.starred in (None, mark.is_starred)


def _value(brief: Brief, table: TableQuery) -> Any:
    return brief.timeframe if table.sort == "timeframe" else brief.head[table.sort]


def _key(table: TableQuery) -> Callable[[Brief], tuple[Any, ...]]:
    return lambda brief: _ordered(_value(brief, table), brief.id)


def _ordered(value: Any, name: str) -> tuple[Any, ...]:
    # What is not defined stands below all numbers.
    return (value is not None, 0 if value is None else value, name)


def _after(found: list[Brief], table: TableQuery, place: list[Any]) -> list[Brief]:
    key, last = _key(table), _ordered(*place)
    try:
        return [one for one in found if (key(one) < last if table.order == "desc" else key(one) > last)]
    except TypeError:
        raise InvalidValue("cursor", table.cursor, "the `next` of a page with the same `sort`") from None


@router.get("/{backtest_id}", responses=problems(404, 409))
async def read_backtest(server: Serving, _: Viewer, backtest_id: BacktestId) -> BacktestOut:
    """Tell a result, whole but for its tables and curves."""
    try:
        return BacktestOut.of(await asyncio.to_thread(server.research.shelf.results.load, backtest_id))
    except Absent:
        await _explain(server, backtest_id)
        raise


async def _is_there(server: Server, backtest_id: str) -> bool:
    return await asyncio.to_thread(server.research.shelf.results.has, backtest_id)


async def _explain(server: Server, backtest_id: str) -> None:
    """Say why a job has no result, if it is one."""
    try:
        job = await server.jobs.get(backtest_id)
    except Absent:
        return
    if not job.has_ended:
        raise Refused(409, "not-finished", f"it is {job.state}, {job.headway.fraction:.0%} done; see the job")
    if job.state != "done":
        raise Refused(409, "not-made", f"its job {'was cancelled' if job.error is None else job.error['detail']}")


@router.delete("/{backtest_id}", responses=problems(404))
async def delete_backtest(server: Serving, _: Trader, backtest_id: BacktestId) -> Deleted:
    """Delete a result. For some days it can be restored."""
    await asyncio.to_thread(server.research.shelf.results.discard, backtest_id)
    server.news.tell("backtest.deleted", {"ids": [backtest_id]})
    return Deleted(deleted=1, ids=[backtest_id])


@router.post("/{backtest_id}/restore", responses=problems(404))
async def restore_backtest(server: Serving, _: Trader, backtest_id: BacktestId) -> BacktestOut:
    """Bring a deleted result back."""
    results = server.research.shelf.results
    await asyncio.to_thread(results.restore, backtest_id)
    server.news.tell("backtest.restored", {"ids": [backtest_id]})
    return BacktestOut.of(await asyncio.to_thread(results.load, backtest_id))


@router.delete("")
async def delete_backtests(
    server: Serving,
    _: Trader,
    confirm: Annotated[str, Query(max_length=20, description=f"`{_CONFIRMED}`, so that it is no slip.")],
) -> Deleted:
    """Delete every result. For some days each can be restored."""
    if confirm != _CONFIRMED:
        raise InvalidValue("confirm", confirm, f"'{_CONFIRMED}'")
    ids = await asyncio.to_thread(_discard_all, server)
    server.news.tell("backtest.deleted", {"ids": ids})
    return Deleted(deleted=len(ids), ids=ids)


def _discard_all(server: Server) -> list[str]:
    results = server.research.shelf.results
    ids = sorted(results.stamps())
    for one in ids:
        results.discard(one)
    return ids
