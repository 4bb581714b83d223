"""From what somebody asks for to an order for the queue: checked as a whole before anything waits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.services.backtests import BacktestRequest, Backtests
from tradewright.services.coverage import Coverage
from tradewright.services.sweeps import combinations
from tradewright.strategy.param import Value

__all__ = ["Plan", "Planner"]

Grid = Mapping[str, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A backtest that can be run.

    Args:
        request: in full: with the venue, and symbols as they are stored.
        spec: of the run.
        identity: digest of all that decides the outcome: the run's description, the code, and the stored data.
    """

    request: BacktestRequest
    spec: RunSpec
    identity: str

    @property
    def title(self) -> str:
        """In a few words."""
        return f"{self.spec.strategy} on {', '.join(self.spec.instruments)}, {self.spec.timeframe}"

    def plain(self) -> dict[str, Any]:
        """The request as plain data."""
        data = {name: getattr(self.request, name) for name in BacktestRequest.__dataclass_fields__}
        return {name: _plain(value) for name, value in data.items()}


class Planner:
    """Checks requests.

    Args:
        backtests: with the strategies as they are now.
        coverage: of the stored data.
    """

    def __init__(self, backtests: Callable[[], Backtests], coverage: Coverage) -> None:
        self.backtests, self._coverage = backtests, coverage

    def plan(self, request: BacktestRequest, *, partial: bool = False) -> Plan:
        """Check a backtest's request.

        Args:
            request: symbols may be written as people do.
            partial: what there is of the range will do.

        Raises:
            MissingData: candles are missing.
            TradewrightError: whatever else is wrong, by field.
        """
        service = self.backtests()
        strategy = service.strategies.create(request.strategy, request.params)
        timeframe = Timeframe.parse(request.timeframe or strategy.ltf, "timeframe")
        found = [self._coverage.find(symbol, request.venue, str(timeframe)) for symbol in request.instruments]
        venue = found[0][0]
        full = replace(request, venue=venue, instruments=tuple(symbol for _, symbol in found))
        spec = service.describe(full, strategy)
        for _, symbol in found:
            limits = (None, None) if partial else (spec.start, spec.end)
            self._coverage.check((venue, symbol), timeframe, *limits)
        source = service.strategies.source(spec.strategy)
        parts = [spec.fingerprint, request.path, service.code_fingerprint(source)]
        parts += [self._coverage.stamp(venue, symbol) for symbol in spec.instruments]
        identity = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        return Plan(replace(full, strategy=spec.strategy), spec, identity)

    def plan_sweep(self, request: BacktestRequest, grid: Grid, *, partial: bool = False) -> Plan:
        """Check a sweep's request, with every combination of values.

        Args:
            request: of the backtests; the grid's values take the place of its own.
            grid: parameter to its values.
            partial: see `plan`.

        Raises:
            TradewrightError: whatever is wrong, by field.
        """
        make = self.backtests().strategies.create
        sets = combinations(grid)
        for one in sets:
            make(request.strategy, {**request.params, **one})
        plan = self.plan(replace(request, params={**request.params, **sets[0]}), partial=partial)
        identity = hashlib.sha256(json.dumps([plan.identity, grid], sort_keys=True).encode()).hexdigest()
        return replace(plan, request=replace(plan.request, params=request.params), identity=identity)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if hasattr(value, "items") else value
