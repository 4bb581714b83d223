"""The main job: from a request to a stored result."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import CostSpec, RiskSpec, RunResult, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Progress, Run, no_progress, run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import slice_bars
from tradewright.ports.passport_store import PassportStore
from tradewright.services.market_data import MarketData
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.leak import leak_passport
from tradewright.strategy.param import Value
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy

__all__ = ["BacktestRequest", "Backtests"]

_PASSPORT_BARS = 3_000


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """What a user asks for; what is left out is taken from the strategy or the data.

    Args:
        strategy: name, in any case.
        instruments: symbols.
        venue: where the candles come from; None where only one venue has them.
        timeframe: LTF; None takes the strategy's.
        htf: higher timeframe; None takes the strategy's.
        start: first bar open, UTC ns.
        end: last bar close, UTC ns.
        balance: quote currency.
        params: strategy parameters, text or values.
        seed: of random choices.
        costs: fields of `CostSpec` that differ from the defaults.
        risk: fields of `RiskSpec` that differ from the strategy's.
        path: `auto`, `signals` or `on_bar`.
    """

    strategy: str
    instruments: tuple[str, ...]
    venue: str | None = None
    timeframe: str | None = None
    htf: str | None = None
    start: int | None = None
    end: int | None = None
    balance: float = 10_000.0
    params: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 1
    costs: Mapping[str, Any] = field(default_factory=dict)
    risk: Mapping[str, Any] = field(default_factory=dict)
    path: str = "auto"


@dataclass(frozen=True, slots=True)
class Backtests:
    """Runs backtests.

    Args:
        market_data: where bars come from.
        strategies: those that can be used.
        passports: leak verdicts of earlier runs.
        code_fingerprint: SHA-256 of the platform's code and of a strategy's file.
        now: wall clock.
    """

    market_data: MarketData
    strategies: Registry
    passports: PassportStore
    code_fingerprint: Callable[[type[Strategy]], str]
    now: Callable[[], datetime]

    def prepare(self, request: BacktestRequest) -> tuple[RunSpec, Strategy, tuple[Feed, ...]]:
        """Check a request as a whole and load its data; nothing is written.

        Raises:
            TradewrightError: whatever is wrong, by field.
        """
        strategy = self.strategies.create(request.strategy, request.params)
        spec = self._spec(request, strategy)
        feeds = tuple(self._feed(spec, symbol) for symbol in spec.instruments)
        return spec, strategy, feeds

    def _spec(self, request: BacktestRequest, strategy: Strategy) -> RunSpec:
        timeframe = Timeframe.parse(request.timeframe or strategy.ltf, "--timeframe")
        higher = self._higher(request.htf or strategy.htf, timeframe)
        return RunSpec(
            strategy=strategy.name,
            strategy_version=strategy.version,
            params=strategy.params,
            venue=request.venue or self._only_venue(request.instruments),
            instruments=request.instruments,
            timeframe=str(timeframe),
            htf=str(higher) if higher else None,
            start=request.start,
            end=request.end,
            balance=request.balance,
            seed=request.seed,
            costs=CostSpec(**request.costs),
            risk=replace(RiskSpec(**strategy.risk), **request.risk),
        )

    @staticmethod
    def _higher(text: str | None, timeframe: Timeframe) -> Timeframe | None:
        if text is None:
            return None
        higher = Timeframe.parse(text, "--htf")
        if higher <= timeframe or not timeframe.divides(higher):
            raise InvalidValue("--htf", text, f"a multiple of the timeframe {timeframe}")
        return higher

    def _only_venue(self, symbols: tuple[str, ...]) -> str:
        venues = sorted({key.venue for key in self.market_data.keys() if key.symbol in symbols})
        if len(venues) != 1:
            known = ", ".join(venues) if venues else "none has candles of it; see: tradewright data list"
            raise InvalidValue("--venue", None, f"the venue of {', '.join(symbols)}: {known}")
        return venues[0]

    def _feed(self, spec: RunSpec, symbol: str) -> Feed:
        timeframe = Timeframe.parse(spec.timeframe)
        loaded = self.market_data.load(spec.venue, symbol, timeframe, spec.start, spec.end)
        # Context begins with the first stored bar, so that it is there when the run begins.
        higher = Timeframe.parse(spec.htf) if spec.htf else None
        htf = self.market_data.load(spec.venue, symbol, higher, None, spec.end).bars if higher else None
        source = "" if loaded.source_timeframe == timeframe else f"resampled from {loaded.source_timeframe}"
        return Feed(
            instrument=loaded.instrument,
            bars=loaded.bars,
            htf=htf,
            funding=self.market_data.funding(spec.venue, symbol, spec.start, spec.end),
            missing=loaded.missing,
            filled=loaded.filled,
            source=source,
            fingerprint=loaded.fingerprint,
        )

    def simulate(self, request: BacktestRequest, progress: Progress = no_progress) -> Run:
        """Run a request, without judging or storing what comes out."""
        spec, strategy, feeds = self.prepare(request)
        return run_backtest(spec, strategy, feeds, request.path, progress)

    def passport(self, spec: RunSpec, strategy: Strategy, feed: Feed) -> dict[str, Any]:
        """The leak verdict for this state of the strategy: a kept one, or a new one on the run's last bars."""
        state = f"{self.code_fingerprint(type(strategy))} {strategy.params} {spec.timeframe} {spec.htf}"
        fingerprint = hashlib.sha256(state.encode()).hexdigest()
        kept = self.passports.load(strategy.name, fingerprint)
        if kept is not None:
            return kept
        verdict = leak_passport(strategy, _tail(feed), spec.seed).as_dict()
        self.passports.save(strategy.name, fingerprint, verdict)
        return verdict


def _tail(feed: Feed) -> ClosedBars:
    size = feed.bars.ts_open.size
    return ClosedBars(slice_bars(feed.bars, max(size - _PASSPORT_BARS, 0), size), feed.htf)
