"""Use cases, each with the parts of the world that it needs. What is heavy is imported where it is asked for."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.result_store import ResultStore
    from tradewright.services.backtests import Backtests
    from tradewright.services.backtrader_runs import BacktraderRuns
    from tradewright.services.candle_import import CandleImport
    from tradewright.services.evaluations import Evaluations
    from tradewright.services.market_data import MarketData, Shelves
    from tradewright.services.market_upkeep import MarketUpkeep
    from tradewright.services.tapes import TapeRuns
    from tradewright.services.teams import TeamBacktests
    from tradewright.services.windowed_backtests import WindowedBacktests
    from tradewright.strategy.registry import Registry

__all__ = [
    "backtests",
    "backtrader_runs",
    "candle_import",
    "evaluations",
    "market_data",
    "market_upkeep",
    "now",
    "now_ns",
    "results",
    "shelves",
    "strategies",
    "tape_runs",
    "team_backtests",
    "windowed_backtests",
]


def now() -> datetime:
    """Wall time, UTC."""
    return datetime.now(UTC)


def now_ns() -> int:
    """Wall time, UTC ns."""
    return time.time_ns()


def backtests(settings: Settings, known: Registry | None = None) -> Backtests:
    """Backtests over stored market data, of strategies that are found anew or known; their results are kept."""
    from tradewright.adapters.storage.json_results import JsonResults
    from tradewright.bootstrap.code_print import code_fingerprint
    from tradewright.services.backtests import Backtests
    from tradewright.services.strategies import find_strategies

    return Backtests(
        market_data=market_data(settings),
        strategies=known or find_strategies(settings.strategies_dir),
        results=JsonResults(settings.data_dir),
        code_fingerprint=code_fingerprint,
        now=now,
        salt=now_ns,
    )


def backtrader_runs(settings: Settings) -> BacktraderRuns:
    """Backtests by Backtrader over the same data; their results are kept beside ours.

    Raises:
        InvalidValue: the extra `backtrader` is not installed.
    """
    from tradewright.domain.errors import InvalidValue
    from tradewright.services.backtrader_runs import BacktraderRuns

    try:
        from tradewright.adapters.backtrader.engine import BacktraderEngine
    except ModuleNotFoundError as error:
        if error.name != "backtrader":
            raise
        allowed = "tradewright, or install it first: pip install 'tradewright[backtrader]'"
        raise InvalidValue("--engine", "backtrader", allowed) from None
    return BacktraderRuns(backtests(settings), BacktraderEngine())


def tape_runs() -> TapeRuns:
    """Runs over recorded ticks and books."""
    from tradewright.bootstrap.event_files import RecordedFiles
    from tradewright.services.tapes import TapeRuns

    return TapeRuns(RecordedFiles())


def windowed_backtests(settings: Settings, days: int) -> WindowedBacktests:
    """Backtests that hold so many days of bars at a time."""
    from tradewright.services.windowed_backtests import WindowedBacktests

    return WindowedBacktests(backtests(settings), days)


def team_backtests(settings: Settings) -> TeamBacktests:
    """Backtests of several strategies in one account."""
    from tradewright.services.teams import TeamBacktests

    return TeamBacktests(backtests(settings))


def evaluations(settings: Settings) -> Evaluations:
    """Strategies side by side over stored market data."""
    from tradewright.adapters.storage.json_evaluations import JsonEvaluations
    from tradewright.services.evaluations import Evaluations

    return Evaluations(backtests(settings), JsonEvaluations(settings.data_dir))


def market_data(settings: Settings) -> MarketData:
    """Stored market data, to be read."""
    from tradewright.services.market_data import MarketData

    return MarketData(shelves(settings), now_ns)


def candle_import(settings: Settings) -> CandleImport:
    """Import of foreign files."""
    from tradewright.adapters.storage.candle_files import TableFiles
    from tradewright.services.candle_import import CandleImport

    return CandleImport(shelves(settings), TableFiles(), now_ns)


def market_upkeep(settings: Settings) -> MarketUpkeep:
    """Check, repair and make-believe markets."""
    from tradewright.services.market_upkeep import MarketUpkeep

    return MarketUpkeep(shelves(settings), now_ns)


def results(settings: Settings) -> ResultStore:
    """Results of earlier runs."""
    from tradewright.adapters.storage.json_results import JsonResults

    return JsonResults(settings.data_dir)


def strategies(settings: Settings) -> Registry:
    """Built-in strategies, the user's and installed ones."""
    from tradewright.services.strategies import find_strategies

    return find_strategies(settings.strategies_dir)


def shelves(settings: Settings) -> Shelves:
    """Where market data lie."""
    from tradewright.adapters.storage.json_instruments import JsonInstruments
    from tradewright.adapters.storage.parquet_candles import ParquetCandles
    from tradewright.adapters.storage.parquet_funding import ParquetFunding
    from tradewright.services.market_data import Shelves

    root = settings.data_dir
    return Shelves(
        candles=ParquetCandles(root / "candles"),
        marks=ParquetCandles(root / "mark"),
        spreads=ParquetCandles(root / "spread"),
        funding=ParquetFunding(root / "funding"),
        instruments=JsonInstruments(root / "instruments"),
    )
