"""The application: routes, who may ask, errors, what is opened and closed with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tradewright.api.asking import Who
from tradewright.api.guard.standing import stand_guard
from tradewright.api.guard.terms import GuardTerms
from tradewright.api.metrics import Metrics
from tradewright.api.page.files import add_page
from tradewright.api.paths import PREFIX
from tradewright.api.problems import PROBLEMS, add_handlers
from tradewright.api.routes import ROUTERS
from tradewright.api.routes.metrics import router as metrics_router
from tradewright.api.routes.updates import router as updates_router
from tradewright.api.schema import with_problems
from tradewright.api.signpost import Ways, put_up, ways_of
from tradewright.api.who import who_asks
from tradewright.bootstrap.server import Server

__all__ = ["make_app"]


def make_app(
    opening: AbstractAsyncContextManager[Server] | None = None, who: Who = who_asks, guard: GuardTerms | None = None
) -> FastAPI:
    """Make the application.

    Args:
        opening: opens what it works with when it starts, and closes it when it ends; None where only the schema is
            asked for.
        who: finds out who asks.
        guard: what it puts up with; None takes any name for its own.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if opening is None:
            yield
            return
        _lay_routes()
        async with opening as server:
            app.state.server = server
            _follow(app.state.metrics, server)
            yield

    app = FastAPI(
        title="Tradewright", version=version("tradewright"), lifespan=lifespan, openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None, redoc_url=None, generate_unique_id_function=_operation, redirect_slashes=False,
    )  # fmt: skip
    app.state.who = who
    app.state.metrics = Metrics()
    add_handlers(app)
    with_problems(app, (metrics_router, *ROUTERS))
    stand_guard(app, guard or GuardTerms(), app.state.metrics)
    routes, ways = _routes()
    app.router.routes.extend(routes)
    add_page(app)
    put_up(app, ways)
    return app


@cache
def _routes() -> tuple[Sequence[BaseRoute], Ways]:
    # One table for all applications of a process: what FastAPI works out of each route, at the first request that comes
    # by, takes a second for all of them.
    table = APIRouter(generate_unique_id_function=_operation)
    table.include_router(metrics_router)
    laid = [(router, _included(table, router)) for router in ROUTERS]
    table.include_router(updates_router)
    return tuple(table.routes), ways_of(laid)


def _included(table: APIRouter, router: APIRouter) -> Sequence[BaseRoute]:
    known = len(table.routes)
    table.include_router(router, prefix=PREFIX, responses=PROBLEMS)
    return tuple(table.routes[known:])


def _lay_routes() -> None:
    # Before the first request, which would wait for it.
    for route in _routes()[0]:
        route.matches({"type": "http", "method": "GET", "path": "", "root_path": ""})


def _follow(metrics: Metrics, server: Server) -> None:
    jobs = server.jobs
    metrics.follow("listeners", "Who listen to events.", lambda: server.news.listeners)
    metrics.follow("jobs_waiting", "Jobs that wait.", lambda: jobs.standing.waiting)
    metrics.follow("jobs_running", "Jobs that are being done.", lambda: jobs.standing.running)
    metrics.follow("jobs_oldest_seconds", "How long the oldest waiting job has waited.", lambda: jobs.standing.oldest_s)
    metrics.follow("job_workers", "Processes that are there to do jobs.", lambda: jobs.standing.workers)


def _operation(route: APIRoute) -> str:
    # The name of the function: unique, and what a generated client calls.
    return route.name
