"""What each kind of job does, in a worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.adapters.storage.json_evaluations import JsonEvaluations
from tradewright.bootstrap.data_work import DataWork, Tell
from tradewright.bootstrap.wiring import backtests, evaluations, market_data, strategies
from tradewright.domain.timeframe import Timeframe
from tradewright.services.backtests import BacktestRequest, Backtests
from tradewright.services.desk.beside import beside_as_dict, beside_of
from tradewright.services.evaluations import EvaluationRequest
from tradewright.services.strategies import check_strategy, made_up_bars, recorded_bars
from tradewright.services.sweeps import Sweeps

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings

__all__ = ["JobWork", "Tell"]

_NS = 1_000_000_000
_MOST_NAMED = 200
_STEPS = {"loading": 0.0, "running": 0.1, "judging": 0.6, "saving": 0.9}
"""How much of a backtest is done when a step begins, for a middling one."""
Plain = Mapping[str, Any]


class JobWork:
    """Does jobs.

    Args:
        settings: where things lie.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        data = DataWork(settings)
        self._kinds: dict[str, Callable[[Plain, Tell], dict[str, Any]]] = {
            "backtest": self._backtest, "sweep": self._sweep, "evaluation": self._evaluation,
            "strategy_check": self._strategy_check, "drift": self._drift, "download": data.download,
            "import": data.import_file, "synthetic": data.synthetic, "data_check": data.check,
            "data_repair": data.repair, "features": data.features,
        }  # fmt: skip

    def warm(self) -> None:
        """Load what is compiled, so that no job waits for it."""
        from tradewright.bootstrap.warm import warm_engine

        warm_engine()

    def do(self, job: Plain, tell: Tell) -> dict[str, Any]:
        """Do a job; gives its result.

        Raises:
            TradewrightError: it cannot be done.
        """
        return self._kinds[job["kind"]](job, tell)

    def _backtest(self, job: Plain, tell: Tell) -> dict[str, Any]:
        service = _named(backtests(self._settings), job)
        if service.results.has(job["id"]):
            # It was done, and the server was gone before it heard so.
            return {"result_id": job["id"]}

        def ran(done: int, total: int) -> None:
            tell(_STEPS["running"] + (_STEPS["judging"] - _STEPS["running"]) * done / total, "running")

        kept = service.run(request_of(job["request"]), ran, lambda step: tell(_STEPS[step], step))
        return {"result_id": kept.result.id}

    def _sweep(self, job: Plain, tell: Tell) -> dict[str, Any]:
        request, grid = request_of(job["request"]), job["request"]["grid"]
        rows = Sweeps(backtests(self._settings)).run(request, grid, lambda done, total: tell(done / total, "running"))
        return {"rows": rows}

    def _evaluation(self, job: Plain, tell: Tell) -> dict[str, Any]:
        if job["id"] in JsonEvaluations(self._settings.data_dir).ids():
            return {"evaluation_id": job["id"]}
        plain, service = job["request"], evaluations(self._settings)
        wanted = EvaluationRequest(
            tuple(plain["strategies"]), tuple(plain["instruments"]), plain["periods"], plain["rest"]
        )
        named = replace(service, backtests=_named(service.backtests, job))
        kept = named.run(wanted, lambda done, total: tell(done / total, "running"))
        return {"evaluation_id": kept.data["id"]}

    def _strategy_check(self, job: Plain, tell: Tell) -> dict[str, Any]:
        wish = job["request"]
        strategy = strategies(self._settings).create(wish["strategy"], wish["params"])
        length = Timeframe.parse(wish["timeframe"]) if wish["timeframe"] else None
        tell(0.0, "loading")
        if wish["symbol"]:
            closed, data = recorded_bars(market_data(self._settings), strategy, wish["symbol"], wish["venue"], length)
        else:
            closed, data = made_up_bars(strategy, length, wish["seed"])
        tell(0.2, "checking")
        return check_strategy(strategy, closed, data, wish["seed"]).as_dict()

    def _drift(self, job: Plain, tell: Tell) -> dict[str, Any]:
        wish = job["request"]
        tell(0.0, "loading")
        records = json.loads(Path(wish["path"]).read_text(encoding="utf-8"))
        tell(0.1, "running")
        return beside_as_dict(beside_of(wish["session"], records, strategies(self._settings)), _MOST_NAMED)


def _named(service: Backtests, job: Plain) -> Backtests:
    # Its result is called as the job is: however often it is begun, there is one.
    moment = datetime.fromtimestamp(job["created"] // _NS, UTC)
    return replace(service, now=lambda: moment, salt=lambda: int(job["id"][-4:], 16))


def request_of(plain: Plain) -> BacktestRequest:
    """A backtest's request out of a job's."""
    known = {name: plain[name] for name in BacktestRequest.__dataclass_fields__ if name in plain}
    return BacktestRequest(**known | {"instruments": tuple(plain["instruments"])})
