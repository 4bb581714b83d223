"""Sources of strategies: as results were made with them, and as they are now."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.sources import SourceOut, VersionOut
from tradewright.api.problems import problems
from tradewright.api.routes.backtests import BacktestId
from tradewright.api.routes.strategies import StrategyName
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import Absent, StrategyError, UnknownName
from tradewright.services.strategy_versions import StrategyVersion, digest_of, versions_of

__all__ = ["router"]

router = APIRouter(tags=["strategies"])

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="Of the source.")]


@router.get("/backtests/{backtest_id}/source", tags=["backtests"], responses=problems(404))
async def read_backtest_source(server: Serving, _: Viewer, backtest_id: BacktestId) -> SourceOut:
    """Show the source of the strategy that a result was made with."""
    return await asyncio.to_thread(_of_result, server, backtest_id)


def _of_result(server: Server, backtest_id: str) -> SourceOut:
    results = server.research.shelf.results
    result = results.load(backtest_id)
    digest = result.fingerprints.get("source")
    if digest is None:
        raise Absent(f"result {backtest_id!r} is of before the source of the strategy was kept")
    return SourceOut(strategy=result.strategy, sha256=digest, text=results.source(digest))


@router.get("/strategies/{name}/versions", responses=problems(404))
async def list_strategy_versions(server: Serving, _: Viewer, name: StrategyName) -> list[VersionOut]:
    """List what was run under a strategy's name: each source, when first and last, how often; and what there is now."""
    found = await asyncio.to_thread(_versions, server, name)
    return [VersionOut.of(one) for one in found[1]]


@router.get("/strategies/{name}/versions/{sha256}", responses=problems(404))
async def read_strategy_version(server: Serving, _: Viewer, name: StrategyName, sha256: Sha256) -> SourceOut:
    """Show one of these sources."""
    return await asyncio.to_thread(_source, server, name, sha256)


def _versions(server: Server, name: str) -> tuple[str | None, list[StrategyVersion]]:
    """The source that would run now, and every version; of a strategy that is gone, what results know."""
    now, spelled, current, unknown = None, name.lower().replace("-", "_"), None, None
    try:
        known = server.research.strategies()
        card, now = known.describe(name), known.source(name)
        spelled = card.name
        current = digest_of(now), card.version
    except (UnknownName, StrategyError) as error:
        unknown = error
    found = versions_of(server.research.shelf.briefs(), spelled, current)
    if unknown is not None and not found:
        raise unknown
    return now, found


def _source(server: Server, name: str, sha256: str) -> SourceOut:
    now, found = _versions(server, name)
    one = next((one for one in found if one.digest == sha256 and one.is_kept), None)
    if one is None:
        raise Absent(f"no source {sha256[:12]!r} of {name!r} is kept")
    text = now if now is not None and one.is_current else server.research.shelf.results.source(sha256)
    return SourceOut(strategy=name, sha256=sha256, text=text)
