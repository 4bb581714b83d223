"""The desk over a database, for whoever answers people."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.config.uses import rules
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.wiring import now_ns

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.domain.deployment import DeploymentTerms
    from tradewright.domain.mode import Mode
    from tradewright.ports.pairs import Pairs
    from tradewright.services.backtests import BacktestRequest
    from tradewright.services.desk.desk import Desk
    from tradewright.services.desk.overview import Overview
    from tradewright.services.desk.simulation import SimulationDesk
    from tradewright.services.moment import Moment

__all__ = ["TRADE", "check_terms", "desk_of", "overview_of", "pairs_of", "request_for", "simulation_of", "usual_terms"]

TRADE = "trade"
"""Name of the process that trades, by which its signs of life are known."""


def desk_of(configured: Configured, database: Database, moment: Moment[Any]) -> Desk:
    """The desk.

    Args:
        configured: that was read at the start.
        database: open.
        moment: for which what was read counts.
    """
    from tradewright.adapters.storage.sql.deployments import SqlDeployments
    from tradewright.adapters.storage.sql.happenings import SqlFacts
    from tradewright.adapters.storage.sql.sessions import SqlSessions
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
    from tradewright.services.desk.desk import Desk
    from tradewright.services.desk.recent import RecentDeployments, RecentFacts

    return Desk(
        RecentDeployments(SqlDeployments(database, now_ns), moment),
        {"simulation": SqlSessions(database, SIM_TABLES, now_ns), "live": SqlSessions(database, LIVE_TABLES, now_ns)},
        RecentFacts(SqlFacts(database), moment),
        lambda mode, terms: asyncio.to_thread(check_terms, configured, mode, terms),
    )


def overview_of(desk: Desk, database: Database, moment: Moment[Any]) -> Overview:
    """What deployments hold and have made."""
    from tradewright.adapters.storage.sql.books import SqlBooks
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
    from tradewright.ports.books import Books
    from tradewright.services.desk.overview import Overview

    books: dict[Mode, Books[Any]] = {
        "simulation": SqlBooks(database, SIM_TABLES), "live": SqlBooks(database, LIVE_TABLES),
    }  # fmt: skip
    return Overview(desk, books, moment)


def pairs_of(database: Database, moment: Moment[Any]) -> Pairs:
    """The pairs that are watched."""
    from tradewright.adapters.storage.sql.pairs import SqlPairs
    from tradewright.services.desk.recent import RecentPairs

    return RecentPairs(SqlPairs(database), moment)


def simulation_of(configured: Configured, desk: Desk, pairs: Pairs) -> SimulationDesk:
    """The deployment that is there for everybody."""
    from tradewright.services.desk.simulation import SimulationDesk

    async def watched() -> tuple[str, ...]:
        known = await pairs.all(configured.tree.venue.exchange)
        return tuple(one.symbol for one in known if one.is_active)

    return SimulationDesk(desk, usual_terms(configured), watched)


def usual_terms(configured: Configured) -> dict[str, Any]:
    """What a deployment takes from the configuration where nothing else is said."""
    tree = configured.tree
    return {
        "capital": tree.simulation.initial_capital, "seed": tree.simulation.seed,
        "context": max(tree.simulation.context_bars, 1), "confirm_orders": tree.trading.confirm_orders,
        "confirm_ttl_s": tree.trading.confirm_ttl_s, **rules(configured),
    }  # fmt: skip


def request_for(terms: DeploymentTerms) -> BacktestRequest:
    """What a deployment trades, as a use case takes it."""
    from tradewright.services.backtests import BacktestRequest

    return BacktestRequest(
        terms.strategy, terms.instruments, timeframe=terms.timeframe, htf=terms.htf, params=dict(terms.params),
        balance=terms.capital, seed=terms.seed, costs=terms.costs, fills=terms.fills, risk=terms.risk,
        limits=terms.limits,
    )  # fmt: skip


def check_terms(configured: Configured, mode: Mode, terms: DeploymentTerms) -> None:
    """Hold the terms of a deployment to what can be run; nothing is asked of a venue.

    Raises:
        InvalidValue, UnknownName, StrategyError: by field.
        NotPermitted: with money, and a condition of live trading is not met.
    """
    from tradewright.bootstrap.permits import permit_for
    from tradewright.bootstrap.wiring import backtests
    from tradewright.domain.errors import InvalidValue

    exchange = configured.tree.venue.exchange
    if mode == "live":
        if terms.matched_by == "engine":
            raise InvalidValue("matched_by", "engine", "venue, with money")
        permit_for(configured, exchange)
    elif terms.matched_by == "venue" and exchange != "practice":
        raise InvalidValue("matched_by", terms.matched_by, f"engine: a simulation sends nothing to {exchange}")
    _check_fields(terms)
    trader = backtests(settings_of(configured))
    request = request_for(terms)
    strategy = trader.strategies.create(request.strategy, request.params)
    try:
        trader.describe(replace(request, venue=exchange, start=None, end=None), strategy)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidValue("terms", str(error), "values of the kinds that the fields have") from error


def _check_fields(terms: DeploymentTerms) -> None:
    from tradewright.domain.errors import InvalidValue
    from tradewright.domain.limits import LimitSpec
    from tradewright.domain.run import CostSpec, FillSpec, RiskSpec

    for part, kind in (("risk", RiskSpec), ("limits", LimitSpec), ("costs", CostSpec), ("fills", FillSpec)):
        known = {one.name for one in fields(kind)}
        for name in getattr(terms, part):
            if name not in known:
                raise InvalidValue(f"{part}.{name}", getattr(terms, part)[name], f"one of {', '.join(sorted(known))}")
