"""A module for each resource; `ROUTERS` is all of them."""

from __future__ import annotations

from fastapi import APIRouter

from tradewright.api.routes import (
    account,
    audit,
    backtest_details,
    backtests,
    bot,
    charts,
    data,
    deployments,
    drift,
    evaluations,
    events,
    exports,
    jobs,
    journal,
    keys,
    notifications,
    orders,
    pairs,
    pending,
    portfolio,
    risk,
    session,
    settings,
    signals,
    simulation,
    sources,
    status,
    strategies,
    tokens,
    users,
)

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (
    status.router,
    events.router,
    session.router,
    account.router,
    users.router,
    tokens.router,
    notifications.router,
    deployments.router,
    drift.router,
    simulation.router,
    bot.router,
    portfolio.router,
    orders.router,
    pending.router,
    signals.router,
    pairs.router,
    risk.router,
    exports.router,
    backtest_details.router,
    backtests.router,
    jobs.router,
    settings.router,
    keys.router,
    audit.router,
    journal.router,
    strategies.router,
    sources.router,
    data.router,
    charts.router,
    evaluations.router,
    # A resource is added here in one line.
)
