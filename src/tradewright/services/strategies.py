"""Finding strategies (built in, in the user's folder, in installed packages) and checking them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import tradewright.strategies
from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import slice_bars
from tradewright.market.resample import resample
from tradewright.market.synthetic import synthesise
from tradewright.services.market_data import MarketData
from tradewright.services.order_leak import with_orders
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.contract import Verdict, check_contract
from tradewright.strategy.leak import LeakPassport, leak_passport
from tradewright.strategy.plugin import BrokenPlugin, Plugin, load_file, load_module, load_object
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy

__all__ = [
    "ENTRY_POINT_GROUP",
    "CheckReport",
    "check_strategy",
    "find_strategies",
    "made_up_bars",
    "recorded_bars",
    "strategy_from_file",
]

ENTRY_POINT_GROUP = "tradewright.strategies"
_CHECK_BARS = 5_000
_START_NS = 1_704_067_200_000_000_000  # 2024-01-01


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of one strategy found.

    Args:
        name: the strategy.
        data: what it was checked on, in words.
        verdicts: the rules of the contract.
        passport: the leak test; None where the contract already failed so badly that there are no signals.
    """

    name: str
    data: str
    verdicts: tuple[Verdict, ...]
    passport: LeakPassport | None

    @property
    def passed(self) -> bool:
        """Whether every rule holds and nothing leaked."""
        return all(verdict.passed for verdict in self.verdicts) and self.passport is not None and self.passport.passed

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "data": self.data,
            "passed": self.passed,
            "verdicts": [asdict(verdict) for verdict in self.verdicts],
            "leak_passport": self.passport.as_dict() if self.passport else None,
        }


def find_strategies(folder: Path | None = None) -> Registry:
    """Load every strategy there is; what is broken is listed in the registry and stops nothing.

    Args:
        folder: the user's plug-ins: each `*.py` in it whose name does not begin with an underscore. A folder that does
            not exist holds none.
    """
    found = [*_built_in(), *_in_folder(folder), *_installed()]
    return Registry(found)


def strategy_from_file(path: Path) -> Registry:
    """Load the strategies of one file alone.

    Raises:
        StrategyError: there is no such file, or none of its strategies can be used.
    """
    if not path.is_file():
        raise StrategyError(f"{path}: there is no such file")
    registry = Registry(load_file(path))
    if not registry.names():
        raise StrategyError(str(registry.broken[0]))
    return registry


def check_strategy(strategy: Strategy, closed: ClosedBars, data: str, seed: int = 1) -> CheckReport:
    """Hold a strategy to its contract, and test it for leaks, on these bars.

    Args:
        strategy: with the parameters to check.
        closed: what it is shown.
        data: the bars in words.
        seed: of the leak test.
    """
    verdicts = check_contract(strategy, closed)
    gives = all(verdict.passed for verdict in verdicts if verdict.rule == "gives signals")
    passport = with_orders(leak_passport(strategy, closed, seed), strategy, closed) if gives else None
    return CheckReport(strategy.name, data, verdicts, passport)


def made_up_bars(strategy: Strategy, timeframe: Timeframe | None = None, seed: int = 7) -> tuple[ClosedBars, str]:
    """Draw a synthetic market of 5,000 bars for a strategy to be checked on, and say what it is."""
    ltf = timeframe or Timeframe.parse(strategy.ltf)
    bars = synthesise(ltf, _START_NS, _CHECK_BARS, seed)
    htf = resample(bars, ltf, _higher(strategy.htf, ltf)) if strategy.htf else None
    return ClosedBars(bars, htf), f"{_CHECK_BARS} synthetic bars of {ltf}, seed {seed}"


def recorded_bars(
    market: MarketData, strategy: Strategy, symbol: str, venue: str | None, timeframe: Timeframe | None
) -> tuple[ClosedBars, str]:
    """Load the last 5,000 stored bars for a strategy to be checked on, and say what they are.

    Raises:
        InvalidValue: no venue is named, and not exactly one has candles of the symbol.
        DataError: nothing fitting is stored.
    """
    stored = market.keys()
    venues = sorted({key.venue for key in stored if key.symbol == symbol})
    if venue is None and len(venues) != 1:
        raise InvalidValue("--venue", None, f"a venue that has candles of {symbol}: {', '.join(venues) or 'none has'}")
    venue = venue or venues[0]
    ltf = timeframe or Timeframe.parse(strategy.ltf)
    bars = market.load(venue, symbol, ltf).bars
    size = bars.close.size
    htf = market.load(venue, symbol, _higher(strategy.htf, ltf)).bars if strategy.htf else None
    last = slice_bars(bars, max(size - _CHECK_BARS, 0), size)
    return ClosedBars(last, htf), f"the last {last.close.size} bars of {symbol} {ltf} on {venue}"


def _higher(text: str, ltf: Timeframe) -> Timeframe:
    htf = Timeframe.parse(text)
    if htf <= ltf or not ltf.divides(htf):
        raise InvalidValue("--timeframe", str(ltf), f"a timeframe of which {htf} is a multiple")
    return htf


def _built_in() -> Iterator[Plugin | BrokenPlugin]:
    package = tradewright.strategies
    for module in pkgutil.iter_modules(package.__path__):
        yield from load_module(f"{package.__name__}.{module.name}", str(Path(package.__path__[0], f"{module.name}.py")))


def _in_folder(folder: Path | None) -> Iterator[Plugin | BrokenPlugin]:
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("_"):
            yield from load_file(path)


def _installed() -> Iterator[Plugin | BrokenPlugin]:
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=_order):
        yield from load_object(point.name, point.value, point.load)


def _order(point: EntryPoint) -> tuple[str, str]:
    return point.name, point.value
