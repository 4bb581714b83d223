"""Backtests by Backtrader on our data, kept as our own are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderRole, OrderStatus
from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import RunSpec
from tradewright.engine.backtest import Progress, Run, no_progress
from tradewright.engine.commands import no_commands
from tradewright.engine.feed import Feed
from tradewright.engine.grid import make_grid
from tradewright.engine.impact import not_known
from tradewright.engine.wishes import Wishes, merge_wishes
from tradewright.engine.world import new_world
from tradewright.execution.venue_terms import fee_rows, venue_terms
from tradewright.kernels.params import TEAM
from tradewright.kernels.records import FILL, FUNDING, ORDER, PAYMENT, PLAN, SIGNAL, Market, World
from tradewright.ports.foreign_engine import EngineJob, EngineLog, EngineOrder, ForeignEngine, ForeignStrategy
from tradewright.services.backtests import BacktestRequest, Backtests, Kept
from tradewright.services.gated_trader import GatedTrader, fill_record

__all__ = ["BacktraderRuns"]

_FIRST_TARGET = 2
_FREE: Mapping[str, Any] = MappingProxyType(
    {"sizing": "fixed_quantity", "size": 1.0, "min_reward_risk": 0.0, "require_stop": False, "require_target": False}
)


@dataclass(frozen=True, slots=True)
class _Stated:
    # What a run's description takes from a strategy.
    name: str
    version: str
    params: tuple[tuple[str, Any], ...]
    ltf: str
    htf: str | None
    risk: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BacktraderRuns:
    """Runs our strategies, or a file with a `bt.Strategy`, under Backtrader.

    Args:
        backtests: our own, whose data, strategies and results are used.
        engine: Backtrader.
    """

    backtests: Backtests
    engine: ForeignEngine

    def run(self, request: BacktestRequest, progress: Progress = no_progress) -> Kept:
        """Run a request and keep its result; `strategy` may be `file.py` or `file.py:Class`.

        Raises:
            TradewrightError: whatever is wrong with the request, by field; nothing is written then.
        """
        if len(request.instruments) != 1:
            raise InvalidValue("--instrument", ", ".join(request.instruments), "one, as --engine backtrader takes it")
        for name, value in request.limits.items():
            option = f"--{name.replace('_', '-')}"
            raise InvalidValue(option, value, "with --engine tradewright only: Backtrader keeps its own account")
        progress(0, 1)
        path, colon, class_name = request.strategy.rpartition(":")
        path, class_name = (path, class_name) if colon and path.endswith(".py") else (request.strategy, "")
        kept = self._run_file(request, Path(path), class_name) if path.endswith(".py") else self._run_ours(request)
        progress(1, 1)
        return kept

    def _run_ours(self, request: BacktestRequest) -> Kept:
        spec, strategy, feeds = self.backtests.prepare(request)
        if spec.risk.sizing == "kelly":
            raise InvalidValue("--sizing", "kelly", "with --engine tradewright only: Backtrader keeps its own account")
        spec = replace(spec, engine=self.engine.name)
        market = _market(spec, feeds)
        trader = GatedTrader(spec, strategy, feeds[0], market, request.path)
        # The strategy sees the higher timeframe through its own bars, which are joined by their closes.
        log = self.engine.run_trader(_job(spec, replace(feeds[0], htf=None), market), trader)
        world, wishes = trader.told()
        run = _run(spec, feeds[0], market, log, (world, wishes))
        return self.backtests.keep(run, self.backtests.passport(run, strategy))

    def _run_file(self, request: BacktestRequest, path: Path, class_name: str) -> Kept:
        strategy = self.engine.read(path, class_name or None, request.params)
        spec = replace(self.backtests.describe(request, _stated(strategy, request)), engine=self.engine.name)
        if spec.risk.sizing in ("risk_fraction", "kelly"):
            allowed = "fixed_quantity, fixed_notional or equity_fraction: a Backtrader strategy states no stop first"
            raise InvalidValue("--sizing", spec.risk.sizing, allowed)
        feeds = self.backtests.load(spec)
        market = _market(spec, feeds)
        log = self.engine.run_foreign(_job(spec, feeds[0], market), strategy, spec.risk)
        nothing = new_world(market, spec.balance, 0), merge_wishes((), ())
        run = _run(spec, feeds[0], market, log, nothing)
        return self.backtests.keep(run, None, source=strategy.source)


def _stated(strategy: ForeignStrategy, request: BacktestRequest) -> _Stated:
    if request.timeframe is None:
        raise InvalidValue(
            "--timeframe", None, "the length of its bars, such as 15m: a Backtrader strategy states none"
        )
    return _Stated(strategy.name, strategy.version, strategy.params, request.timeframe, None, _FREE)


def _market(spec: RunSpec, feeds: Sequence[Feed]) -> Market:
    # On our grid, without funding: Backtrader knows none.
    if spec.costs.slippage not in ("none", "bps"):
        raise InvalidValue("slippage", spec.costs.slippage, "none or bps, as --engine backtrader takes it")
    if spec.costs.fee_tiers != "none":
        raise InvalidValue("fee_tiers", spec.costs.fee_tiers, "none, as --engine backtrader takes it")
    if spec.risk.trigger_by != "last":
        raise InvalidValue("trigger_by", spec.risk.trigger_by, "last, as --engine backtrader takes it")
    if spec.risk.position_mode != "one_way":
        raise InvalidValue("position_mode", spec.risk.position_mode, "one_way, as --engine backtrader takes it")
    if spec.costs.spread == "recorded":
        raise InvalidValue("spread", spec.costs.spread, "auto or assumed, as --engine backtrader takes it")
    if spec.costs.take_bound > 0.0:
        raise InvalidValue("take_bound", spec.costs.take_bound, "0, as --engine backtrader takes it")
    if spec.risk.price_protect > 0.0:
        raise InvalidValue("price_protect", spec.risk.price_protect, "0, as --engine backtrader takes it")
    specs, tiers = venue_terms([feed.instrument for feed in feeds], spec.costs, spec.risk)
    signals, plans, funding = np.zeros(0, SIGNAL), np.zeros(0, PLAN), np.zeros(0, FUNDING)
    orders = no_commands()
    return Market(
        *make_grid(feeds),
        impact=not_known(len(feeds)),
        spread=not_known(len(feeds)),
        signals=signals,
        plans=plans,
        commands=orders,
        funding=funding,
        specs=specs,
        tiers=tiers,
        fees=fee_rows(spec.costs),
        team=np.zeros(0, TEAM),
    )


def _job(spec: RunSpec, feed: Feed, market: Market) -> EngineJob:
    terms = market.specs[0]
    return EngineJob(
        instrument=feed.instrument,
        bars=feed.bars,
        htf=feed.htf,
        balance=spec.balance,
        maker_rate=float(terms["maker_rate"]),
        taker_rate=float(terms["taker_rate"]),
        cost_rate=float(terms["cost_rate"]),
        leverage=float(terms["leverage"]),
    )


def _run(spec: RunSpec, feed: Feed, market: Market, log: EngineLog, given: tuple[World, Wishes]) -> Run:
    # What Backtrader did, in the records of our own runs.
    world, wishes = given
    fills = [fill_record(fill, market) for fill in log.fills]
    told = world._replace(
        fills=np.concatenate(fills) if fills else np.zeros(0, FILL),
        closed=_order_records(log.orders, market),
        payments=np.zeros(0, PAYMENT),
        refusals=world.refusals[: world.account[0]["n_refusals"]],
        equity=log.equity,
        turnover=world.turnover,
    )
    return Run(spec, (feed,), (feed.instrument,), market._replace(signals=wishes.rows), told, wishes, (0,), "on_bar")


def _order_records(orders: Sequence[EngineOrder], market: Market) -> NDArray[np.void]:
    records = np.zeros(len(orders), ORDER)
    for row, order in zip(records, orders, strict=True):
        for name in ("id", "group", "signal", "type", "role", "status", "code", "side", "lots", "level_ticks"):
            row[name] = getattr(order, name)
        row["origin"] = order.type
        row["filled"] = order.lots if order.status == OrderStatus.FILLED else 0
        row["leg"] = _FIRST_TARGET if order.role == OrderRole.TAKE_PROFIT else 0
        row["stop_ticks"], row["has_stop"] = order.stop_ticks, order.stop_ticks > 0
        row["target_ticks"], row["has_target"] = order.target_ticks, order.target_ticks > 0
        row["step"], row["ts_created"] = order.bar_created, market.ts_close[order.bar_created]
        row["ts_closed"] = market.ts_close[order.bar_closed]
    return records
